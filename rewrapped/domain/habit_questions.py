"""Questions about when and how: of the habits page, and of the hours on other pages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rewrapped.domain.amount_questions import Listed
from rewrapped.domain.notebooks import Mark
from rewrapped.domain.templates import chart_cell, sql_cell, text_cell


def listed() -> Iterator[Listed]:
    """Return word, title and cells of each."""
    return chain(_clocks(), _sessions(), _said())


def _clocks() -> Iterator[Listed]:
    yield (
        "hours",
        "Plays by hour of the day",
        (
            sql_cell(
                "by_hour",
                """
    SELECT hour, count(*) FILTER (is_play) AS plays, round(sum(minutes)) AS minutes
    FROM plays
    GROUP BY hour
    ORDER BY hour
    """,
            ),
            chart_cell("by_hour", Mark.BAR, "hour", "plays"),
        ),
    )
    yield (
        "week",
        "Plays by weekday and hour",
        (
            text_cell("An hour of the week without any row isn't listed."),
            sql_cell(
                "week",
                """
    SELECT
      ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'][weekday + 1] AS day,
      hour,
      count(*) FILTER (is_play) AS plays,
      round(sum(minutes)) AS minutes
    FROM plays
    GROUP BY weekday, hour
    ORDER BY weekday, hour
    """,
            ),
            chart_cell("week", Mark.HEAT, "hour", "day", "plays"),
        ),
    )
    yield (
        "months-of-years",
        "Hours by month, year over year",
        (
            sql_cell(
                "months",
                """
    SELECT year(day) AS year, month(day) AS month, round(sum(minutes) / 60, 1) AS hours
    FROM plays
    GROUP BY ALL
    ORDER BY year, month
    """,
            ),
            chart_cell("months", Mark.HEAT, "month", "year", "hours"),
        ),
    )
    yield (
        "streaks",
        "Days in a row",
        (
            text_cell("Every run of days with a play, the longest first."),
            sql_cell(
                "streaks",
                """
    WITH days AS (
      SELECT DISTINCT day FROM plays WHERE is_play
    ), runs AS (
      SELECT day, day - row_number() OVER (ORDER BY day)::INTEGER AS run FROM days
    )
    SELECT count(*) AS days, min(day) AS from_day, max(day) AS to_day
    FROM runs
    GROUP BY run
    ORDER BY days DESC, to_day DESC
    LIMIT 25
    """,
            ),
        ),
    )


def _sessions() -> Iterator[Listed]:
    sittings = sql_cell(
        "sessions",
        """
    WITH moments AS (
      SELECT
        epoch_us(ended_at) AS ended,
        epoch_us(ended_at) - (minutes * 60000000)::BIGINT AS started,
        local_at - to_microseconds((minutes * 60000000)::BIGINT) AS local_start,
        is_play
      FROM plays
    ), since AS (
      SELECT *, min(started) OVER (ORDER BY ended ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS earliest
      FROM moments
    ), parted AS (
      SELECT *, coalesce(earliest - lag(ended) OVER (ORDER BY ended) > 20 * 60000000, true) AS is_first
      FROM since
    ), numbered AS (
      SELECT *, count(*) FILTER (is_first) OVER (ORDER BY ended ROWS UNBOUNDED PRECEDING) AS session
      FROM parted
    )
    SELECT
      min(local_start) AS began_at,
      (max(ended) - min(started)) / 60000000 AS minutes,
      count(*) FILTER (is_play) AS plays
    FROM numbered
    GROUP BY session
    HAVING plays > 0
    ORDER BY began_at
    """,
    )
    says = text_cell("A session goes on while the next row begins at most 20 minutes after the last one ended.")
    yield (
        "sessions-length",
        "How long sessions last",
        (
            says,
            sittings,
            sql_cell(
                "lengths",
                """
    SELECT
      CASE
        WHEN minutes < 15 THEN 'below 15 min' WHEN minutes < 30 THEN '15–30 min' WHEN minutes < 60 THEN '30–60 min'
        WHEN minutes < 120 THEN '1–2 h' WHEN minutes < 240 THEN '2–4 h' ELSE '4 h or more'
      END AS length,
      count(*) AS sessions
    FROM sessions
    GROUP BY length
    ORDER BY min(minutes)
    """,
            ),
            chart_cell("lengths", Mark.BAR, "length", "sessions"),
        ),
    )
    yield (
        "sessions-begin",
        "When sessions begin",
        (
            says,
            sittings,
            sql_cell(
                "beginnings",
                """
    SELECT hour(began_at) AS hour, count(*) AS sessions
    FROM sessions
    GROUP BY hour
    ORDER BY hour
    """,
            ),
            chart_cell("beginnings", Mark.BAR, "hour", "sessions"),
        ),
    )


def _said() -> Iterator[Listed]:
    yield (
        "answers",
        "Skips, shuffle and offline by month",
        (
            text_cell("Shares of the rows whose source says it, in per cent."),
            sql_cell(
                "answers",
                """
    SELECT
      date_trunc('month', day)::DATE AS month,
      round(100 * avg(skipped::INT), 1) AS skipped,
      round(100 * avg(shuffle::INT), 1) AS shuffle,
      round(100 * avg(offline::INT), 1) AS offline
    FROM plays
    GROUP BY month
    ORDER BY month
    """,
            ),
            chart_cell("answers", Mark.LINE, "month", "skipped"),
        ),
    )
    for word, column in (("devices", "platform"), ("countries", "country")):
        yield (
            word,
            f"{word.capitalize()} by month",
            (
                text_cell("Shares of the rows whose source says it, in per cent."),
                sql_cell(
                    word,
                    f"""
    SELECT
      date_trunc('month', day)::DATE AS month,
      {column},
      round(100 * count(*) / sum(count(*)) OVER (PARTITION BY date_trunc('month', day)), 1) AS share
    FROM plays
    WHERE {column} IS NOT NULL
    GROUP BY date_trunc('month', day), {column}
    ORDER BY month, share DESC
    """,
                ),
                chart_cell(word, Mark.BAR, "month", "share", column),
            ),
        )
