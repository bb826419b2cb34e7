"""Notebooks to begin with: questions people ask of their years, each with its cells ready to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rewrapped.domain.notebooks import Cell, CellKind, Choice, Gather, Mark, Notebook


@dataclass(frozen=True, slots=True)
class Template:
    """A notebook to begin with; `key` stands in addresses, `says` tells what it answers."""

    key: str
    says: str
    notebook: Notebook


def _template(key: str, title: str, says: str, *cells: Cell) -> Template:
    numbered = (Cell(cell.kind, cell.text, cell.name, cell.choice, f"{key}-{at}") for at, cell in enumerate(cells))
    return Template(key, says, Notebook(title, tuple(numbered), "range=all"))


def text_cell(markdown: str) -> Cell:
    """Return a note."""
    return Cell(CellKind.TEXT, markdown)


def sql_cell(name: str, query: str) -> Cell:
    """Return a query whose lines are indented by four."""
    return Cell(CellKind.SQL, "\n".join(line[4:] for line in query.strip("\n").rstrip().split("\n")), name)


def chart_cell(source: str, mark: Mark, x: str, y: str, colour: str = "", gather: Gather = Gather.NONE) -> Cell:
    """Return a chart of a result."""
    return Cell(CellKind.CHART, choice=Choice(source, mark, x, y, colour, gather))


def _listed() -> Iterator[Template]:
    yield _template(
        "hours",
        "Hours by month",
        "How much you listened, month by month, and year by year.",
        text_cell(
            "How many hours each month held. Every row of music counts, whether it was long enough for a play or not."
        ),
        sql_cell(
            "monthly",
            """
    SELECT
      date_trunc('month', local_at)::DATE AS month,
      round(sum(minutes) / 60, 1) AS hours,
      count(*) FILTER (is_play) AS plays
    FROM plays
    GROUP BY month
    ORDER BY month
    """,
        ),
        chart_cell("monthly", Mark.BAR, "month", "hours"),
        text_cell("The same by year: a cell can read the result of an earlier one by its name."),
        sql_cell(
            "yearly",
            """
    SELECT
      year(month) AS year,
      round(sum(hours)) AS hours,
      sum(plays) AS plays
    FROM monthly
    GROUP BY year
    ORDER BY year
    """,
        ),
    )
    yield _template(
        "discoveries",
        "Artists discovered by month",
        "When new artists came into your life, and which of them stayed.",
        text_cell(
            "An artist is discovered in the month of the first play. *Stayed* are those with 20 plays or more since."
        ),
        sql_cell(
            "first_plays",
            """
    SELECT
      artist,
      min(local_at) AS first_at,
      count(*) AS plays
    FROM plays
    WHERE is_play AND artist IS NOT NULL
    GROUP BY artist
    ORDER BY first_at
    """,
        ),
        sql_cell(
            "discovered",
            """
    SELECT
      date_trunc('month', first_at)::DATE AS month,
      if(plays >= 20, 'stayed', 'passed by') AS became,
      count(*) AS artists
    FROM first_plays
    GROUP BY month, became
    ORDER BY month
    """,
        ),
        chart_cell("discovered", Mark.BAR, "month", "artists", "became"),
    )
    yield _template(
        "comebacks",
        "Comeback artists",
        "Who came back after at least half a year of silence, and how strongly.",
        text_cell(
            "Artists you left alone for 180 days or longer, and then played again. At least 15 plays on both sides."
        ),
        sql_cell(
            "breaks",
            """
    WITH days AS (
      SELECT DISTINCT artist, day
      FROM plays
      WHERE is_play AND artist IS NOT NULL
    ), after AS (
      SELECT artist, day, lag(day) OVER of_artist AS before
      FROM days
      WINDOW of_artist AS (PARTITION BY artist ORDER BY day)
    )
    SELECT artist, day AS back_on, day - before AS days_away
    FROM after
    WHERE days_away >= 180
    ORDER BY days_away DESC
    """,
        ),
        sql_cell(
            "comebacks",
            """
    SELECT
      b.artist, b.back_on, b.days_away,
      count(*) FILTER (p.day < b.back_on) AS plays_before,
      count(*) FILTER (p.day >= b.back_on) AS plays_since
    FROM breaks b
    JOIN plays p ON p.artist = b.artist AND p.is_play
    GROUP BY ALL
    HAVING plays_before >= 15 AND plays_since >= 15
    ORDER BY days_away DESC
    LIMIT 25
    """,
        ),
        chart_cell("comebacks", Mark.POINT, "days_away", "plays_since"),
    )
    yield _template(
        "skips",
        "When you skip",
        "Your skip rate by hour of the day, and on which devices.",
        text_cell("Of the rows whose source says whether they were skipped, how many were."),
        sql_cell(
            "skips_by_hour",
            """
    SELECT hour, round(100 * avg(skipped::INT), 1) AS skipped_percent, count(*) AS songs
    FROM plays
    WHERE skipped IS NOT NULL
    GROUP BY hour
    ORDER BY hour
    """,
        ),
        chart_cell("skips_by_hour", Mark.BAR, "hour", "skipped_percent"),
        sql_cell(
            "skips_by_device",
            """
    SELECT platform, round(100 * avg(skipped::INT), 1) AS skipped_percent, count(*) AS songs
    FROM plays
    WHERE skipped IS NOT NULL AND platform IS NOT NULL
    GROUP BY platform
    HAVING songs >= 100
    ORDER BY skipped_percent DESC
    """,
        ),
    )
    yield _template(
        "obsessions",
        "One-day obsessions",
        "The tracks you played over and over on a single day.",
        text_cell("The most plays of one track within one of your days."),
        sql_cell(
            "obsessions",
            """
    SELECT title, artist, day, count(*) AS plays
    FROM plays
    WHERE is_play AND title IS NOT NULL
    GROUP BY title, artist, day
    ORDER BY plays DESC, day
    LIMIT 25
    """,
        ),
        chart_cell("obsessions", Mark.POINT, "day", "plays"),
    )
    yield _template(
        "albums",
        "Albums heard as albums",
        "Days on which you heard most of an album in one go.",
        text_cell("An album counts as heard on a day with at least six of its tracks, and half of all you know of it."),
        sql_cell(
            "album_days",
            """
    SELECT
      artist, album, day,
      count(DISTINCT title) AS tracks
    FROM plays
    WHERE is_play AND album IS NOT NULL
    GROUP BY artist, album, day
    HAVING tracks >= 6
    ORDER BY tracks DESC
    """,
        ),
        sql_cell(
            "heard_whole",
            """
    WITH known AS (
      SELECT artist, album, count(DISTINCT title) AS known
      FROM plays
      WHERE is_play
      GROUP BY artist, album
    )
    SELECT
      artist, album,
      count(*) AS days,
      max(tracks) AS most_tracks,
      max(known) AS tracks_you_know
    FROM album_days
    JOIN known USING (artist, album)
    WHERE tracks * 2 >= known
    GROUP BY artist, album
    ORDER BY days DESC, album
    LIMIT 25
    """,
        ),
        chart_cell("heard_whole", Mark.BAR, "album", "days"),
    )
    yield _template(
        "weekends",
        "Weekday and weekend taste",
        "Which artists belong to your working week, and which to your weekend.",
        text_cell("Each artist's share of the plays of weekdays and of weekends. A lift of 2 is twice the share."),
        sql_cell(
            "lift",
            """
    WITH counted AS (
      SELECT
        artist,
        count(*) FILTER (weekday < 5) AS weekdays,
        count(*) FILTER (weekday >= 5) AS weekends
      FROM plays
      WHERE is_play AND artist IS NOT NULL
      GROUP BY artist
      HAVING count(*) >= 60
    ), shares AS (
      SELECT artist, weekdays, weekends,
        weekdays / sum(weekdays) OVER () AS of_weekdays,
        weekends / sum(weekends) OVER () AS of_weekends
      FROM counted
    )
    SELECT
      artist, weekdays, weekends,
      round(of_weekends / nullif(of_weekdays, 0), 2) AS weekend_lift
    FROM shares
    ORDER BY weekend_lift DESC
    """,
        ),
        chart_cell("lift", Mark.POINT, "weekdays", "weekends", "weekend_lift"),
        text_cell("And the week as a whole, by hour."),
        sql_cell(
            "week",
            """
    SELECT
      hour,
      ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][weekday + 1] AS day,
      count(*) AS plays
    FROM plays
    WHERE is_play
    GROUP BY hour, weekday
    ORDER BY weekday, hour
    """,
        ),
        chart_cell("week", Mark.HEAT, "hour", "day", "plays"),
    )
    yield _template(
        "gaps",
        "The longest silences",
        "The longest times without any music, and what broke them.",
        text_cell("The time from the end of one row to the beginning of the next."),
        sql_cell(
            "gaps",
            """
    SELECT
      previous_at::TIMESTAMP(0) AS quiet_from,
      (local_at - to_milliseconds(ms_played))::TIMESTAMP(0) AS quiet_until,
      round(date_diff('minute', previous_at, local_at - to_milliseconds(ms_played)) / 60, 1) AS hours,
      title AS broken_by,
      artist
    FROM (SELECT *, lag(local_at) OVER (ORDER BY ended_at) AS previous_at FROM plays)
    WHERE previous_at IS NOT NULL
    ORDER BY hours DESC
    LIMIT 25
    """,
        ),
        chart_cell("gaps", Mark.POINT, "quiet_from", "hours"),
    )


TEMPLATES: tuple[Template, ...] = tuple(_listed())


def find_template(key: str) -> Template | None:
    """Return the template with this key, None when there is none."""
    return next((template for template in TEMPLATES if template.key == key), None)


def blank() -> Notebook:
    """Return what a new notebook begins with."""
    query = (
        "SELECT artist, count(*) AS plays\nFROM plays\nWHERE is_play\nGROUP BY artist\nORDER BY plays DESC\nLIMIT 20"
    )
    return Notebook("Untitled notebook", (Cell(CellKind.SQL, query, "top_artists"),))
