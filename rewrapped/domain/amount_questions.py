"""Questions about how much and of what: of the overview, the tops, and the two sides of a comparison."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rewrapped.domain.notebooks import Cell, Mark
from rewrapped.domain.templates import chart_cell, sql_cell, text_cell

Listed = tuple[str, str, tuple[Cell, ...]]

#: What an item of each noun is grouped by, and what has to be known of it.
NAMED = {"artists": "artist", "albums": "album, artist", "tracks": "title, artist, uri"}
KNOWN = {"artists": "artist IS NOT NULL", "albums": "album IS NOT NULL", "tracks": "true"}
#: Which of these columns is its name.
FIRST = {"artists": "artist", "albums": "album", "tracks": "title"}
_BUCKETS = ("day", "week", "month")


def listed() -> Iterator[Listed]:
    """Return word, title and cells of each."""
    return chain(_amounts(), _tops())


def _amounts() -> Iterator[Listed]:
    yield (
        "figures",
        "The figures of a time",
        (
            text_cell("Time counts every row, plays or not. Artists and days count when they have a play."),
            sql_cell(
                "figures",
                """
    SELECT
      round(sum(minutes) / 60, 1) AS hours,
      count(*) FILTER (is_play) AS plays,
      count(DISTINCT artist) FILTER (is_play) AS artists,
      count(DISTINCT day) FILTER (is_play) AS days
    FROM plays
    """,
            ),
        ),
    )
    for bucket in _BUCKETS:
        yield (
            f"time-{bucket}",
            f"Plays and hours by {bucket}",
            (
                text_cell(f"A {bucket} without any row isn't listed."),
                sql_cell(
                    "over_time",
                    f"""
    SELECT
      date_trunc('{bucket}', day)::DATE AS {bucket},
      count(*) FILTER (is_play) AS plays,
      round(sum(minutes) / 60, 1) AS hours
    FROM plays
    GROUP BY {bucket}
    ORDER BY {bucket}
    """,
                ),
                chart_cell("over_time", Mark.BAR, bucket, "hours"),
            ),
        )
    yield (
        "running",
        "Hours added up, day by day",
        (
            sql_cell(
                "running",
                """
    SELECT
      day,
      round(sum(sum(minutes)) OVER (ORDER BY day) / 60, 1) AS hours_so_far
    FROM plays
    GROUP BY day
    ORDER BY day
    """,
            ),
            chart_cell("running", Mark.LINE, "day", "hours_so_far"),
        ),
    )
    yield (
        "latest",
        "What was played last",
        (
            sql_cell(
                "latest",
                """
    SELECT local_at, title, artist, album
    FROM plays
    WHERE is_play
    ORDER BY ended_at DESC
    LIMIT 8
    """,
            ),
        ),
    )


def _tops() -> Iterator[Listed]:
    orders = {"plays": ("plays DESC, minutes DESC", "plays > 0"), "time": ("minutes DESC, plays DESC", "minutes > 0")}
    for noun, names in NAMED.items():
        for by, (order, ranked) in orders.items():
            yield (
                f"top-{noun}-{by}",
                f"Your top {noun} by {by}",
                (
                    text_cell("Equal ones are settled by the other measure, then by name."),
                    sql_cell(
                        "tops",
                        f"""
    SELECT {names}, count(*) FILTER (is_play) AS plays, sum(minutes) AS minutes
    FROM plays
    WHERE {KNOWN[noun]}
    GROUP BY {names}
    HAVING {ranked}
    ORDER BY {order}, lower({FIRST[noun]})
    LIMIT 50
    """,
                    ),
                    chart_cell("tops", Mark.BAR, FIRST[noun], "plays" if by == "plays" else "minutes"),
                ),
            )
