"""Questions about how listening changed: of the evolution page, and of artists over time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rewrapped.domain.amount_questions import FIRST, KNOWN, NAMED, Listed
from rewrapped.domain.notebooks import Cell, Mark
from rewrapped.domain.templates import chart_cell, sql_cell, text_cell

_PERIODS = ("month", "quarter", "year")
_WHOLE = (
    "This looks at your whole history: choose **All time**, and no other filter, for the numbers of the Evolution page."
)

_KNOWN_DAYS = "Days in months without any row are unknown: they make nobody's absence longer."


def listed() -> Iterator[Listed]:
    """Return word, title and cells of each."""
    each = ((noun, period) for noun in NAMED for period in _PERIODS)
    over_time = chain.from_iterable((_ranks(*one), _spread(*one), _found(*one)) for one in each)
    return chain([_artist_months()], over_time, map(_comebacks, NAMED), map(_lapsed, NAMED))


def _artist_months() -> Listed:
    return (
        "artist-months",
        "Your top artists, month by month",
        (
            sql_cell(
                "artist_months",
                """
    WITH best AS (
      SELECT artist
      FROM plays
      WHERE is_play AND artist IS NOT NULL
      GROUP BY artist
      ORDER BY count(*) DESC, sum(minutes) DESC, lower(artist)
      LIMIT 5
    )
    SELECT date_trunc('month', day)::DATE AS month, artist, count(*) AS plays
    FROM plays
    JOIN best USING (artist)
    WHERE is_play
    GROUP BY ALL
    ORDER BY month, artist
    """,
            ),
            chart_cell("artist_months", Mark.LINE, "month", "plays", "artist"),
        ),
    )


def _ranks(noun: str, period: str) -> Listed:
    names = NAMED[noun]
    return (
        f"ranks-{noun}-{period}",
        f"The first ten {noun} of each {period}",
        (
            text_cell(f"A {period} with fewer than 10 plays ranks nobody: its order would be chance."),
            sql_cell(
                "ranks",
                f"""
    WITH counted AS (
      SELECT
        date_trunc('{period}', day)::DATE AS {period}, {names},
        count(*) FILTER (is_play) AS plays, sum(minutes) AS minutes
      FROM plays
      WHERE {KNOWN[noun]}
      GROUP BY ALL
      HAVING plays > 0
    )
    SELECT
      {period},
      row_number() OVER (PARTITION BY {period} ORDER BY plays DESC, minutes DESC, lower({FIRST[noun]})) AS rank,
      {names}, plays
    FROM counted
    QUALIFY rank <= 10 AND sum(plays) OVER (PARTITION BY {period}) >= 10
    ORDER BY {period}, rank
    """,
            ),
            chart_cell("ranks", Mark.LINE, period, "rank", FIRST[noun]),
        ),
    )


def _spread(noun: str, period: str) -> Listed:
    names = NAMED[noun]
    return (
        f"spread-{noun}-{period}",
        f"How many {noun} share your plays",
        (
            text_cell(
                "The effective number is exp(−Σ p ln p), p being each one's share of the plays (Hill 1973, Jost 2006). "
                f"A {period} with fewer than 30 plays has none."
            ),
            sql_cell(
                "spread",
                f"""
    WITH counted AS (
      SELECT date_trunc('{period}', day)::DATE AS {period}, {names}, count(*) AS n
      FROM plays
      WHERE is_play AND {KNOWN[noun]}
      GROUP BY ALL
    )
    SELECT
      {period},
      sum(n) AS plays,
      count(*) AS different,
      round(sum(n) * exp(-sum(n * ln(n)) / sum(n)), 1) AS effective,
      round(100 * list_sum(list_sort(list(n), 'DESC')[:10]) / sum(n), 1) AS ten_most_played
    FROM counted
    GROUP BY {period}
    HAVING sum(n) >= 30
    ORDER BY {period}
    """,
            ),
            chart_cell("spread", Mark.LINE, period, "effective"),
        ),
    )


def _found(noun: str, period: str) -> Listed:
    names = NAMED[noun]
    return (
        f"found-{noun}-{period}",
        f"{noun.capitalize()} discovered by {period}",
        (
            text_cell(f"{_WHOLE} *Stayed* are those you played again 90 days or more after their first play."),
            sql_cell(
                "discoveries",
                f"""
    SELECT {names}, min(day) AS first_play, max(day) AS last_play, count(*) AS plays
    FROM plays
    WHERE is_play AND {KNOWN[noun]}
    GROUP BY {names}
    ORDER BY plays DESC, first_play
    """,
            ),
            sql_cell(
                "found",
                f"""
    SELECT
      date_trunc('{period}', first_play)::DATE AS {period},
      count(*) AS discovered,
      count(*) FILTER (first_play + 90 <= (SELECT max(day) FROM plays)) AS judged,
      count(*) FILTER (last_play - first_play >= 90) AS stayed
    FROM discoveries
    GROUP BY {period}
    ORDER BY {period}
    """,
            ),
            chart_cell("found", Mark.BAR, period, "discovered"),
        ),
    )


def _known_days() -> Cell:
    return sql_cell(
        "known_days",
        """
    SELECT unnested.day::DATE AS day, row_number() OVER (ORDER BY unnested.day) AS number
    FROM (
      SELECT unnest(generate_series(month, month + INTERVAL 1 MONTH - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS day
      FROM (SELECT DISTINCT date_trunc('month', day)::TIMESTAMP AS month FROM plays)
    ) unnested
    """,
    )


def _comebacks(noun: str) -> Listed:
    names = NAMED[noun]
    return (
        f"comebacks-{noun}",
        f"{noun.capitalize()} that came back",
        (
            text_cell(f"{_WHOLE} {_KNOWN_DAYS}"),
            _known_days(),
            sql_cell(
                "comebacks",
                f"""
    WITH ordered AS (
      SELECT
        {names}, day,
        lag(day) OVER item AS left_on,
        row_number() OVER item - 1 AS plays_before,
        count(*) OVER (PARTITION BY {names}) AS all_plays
      FROM plays
      WHERE is_play AND {KNOWN[noun]}
      WINDOW item AS (PARTITION BY {names} ORDER BY ended_at)
    )
    SELECT
      {names}, left_on, ordered.day AS back_on, back.number - gone.number AS days_away,
      plays_before, all_plays - plays_before AS plays_since
    FROM ordered
    JOIN known_days back ON back.day = ordered.day
    JOIN known_days gone ON gone.day = left_on
    WHERE days_away >= 180 AND plays_before >= 10
    QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY ordered.day DESC) = 1
    ORDER BY plays_since DESC, days_away DESC
    LIMIT 100
    """,
            ),
            chart_cell("comebacks", Mark.POINT, "days_away", "plays_since"),
        ),
    )


def _lapsed(noun: str) -> Listed:
    names = NAMED[noun]
    return (
        f"lapsed-{noun}",
        f"{noun.capitalize()} that fell silent",
        (
            text_cell(f"{_WHOLE} {_KNOWN_DAYS}"),
            _known_days(),
            sql_cell(
                "lapsed",
                f"""
    WITH counted AS (
      SELECT
        year(day) AS year, {names},
        count(*) FILTER (is_play) AS plays, sum(minutes) AS minutes, max(day) FILTER (is_play) AS last_in_year
      FROM plays
      WHERE {KNOWN[noun]}
      GROUP BY ALL
      HAVING plays > 0
    ), ranked AS (
      SELECT
        *,
        row_number() OVER (PARTITION BY year ORDER BY plays DESC, minutes DESC, lower({FIRST[noun]})) AS rank,
        sum(plays) OVER (PARTITION BY year) AS plays_of_year,
        max(last_in_year) OVER (PARTITION BY {names}) AS last_play
      FROM counted
    )
    SELECT year AS best_year, rank, {names}, plays, last_play, latest.number - last.number AS days_silent
    FROM ranked
    JOIN known_days last ON last.day = last_play
    JOIN known_days latest ON latest.day = (SELECT max(day) FROM plays)
    WHERE rank <= 10 AND plays_of_year >= 10
      AND year < (SELECT max(year(day)) FROM plays)
      AND days_silent >= 180
    QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY rank, year DESC) = 1
    ORDER BY rank, plays DESC
    """,
            ),
        ),
    )
