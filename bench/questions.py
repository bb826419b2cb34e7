"""The first ten questions of the insights bench: as the engine answers them, and as DuckDB does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rewrapped.history import habits, listing, streaks, timeline, tops, totals
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_number, day_of
from rewrapped.history.tops import Measure, Noun

_SHOWN = 50

Answer = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Question:
    """One question: how the engine answers, and how DuckDB does ({where} is the filter)."""

    name: str
    is_filtered: bool
    ask: Callable[[History], Any]
    plain: Callable[[Any], Answer]  # the engine's answer as rows, not timed
    sql: str


_KNOWN_MS = "coalesce(sum(heard_ms) filter (not is_estimated), 0)"
_ESTIMATED_MS = "coalesce(sum(heard_ms) filter (is_estimated), 0)"
_FIGURES = f"count(*) filter (is_play), {_KNOWN_MS} / 60000, {_ESTIMATED_MS} / 60000"
_TOP = """
    with grouped as (
        select {noun} as code, count(*) filter (is_play) as plays, sum(heard_ms) as heard,
            {known} as known, {estimated} as estimated
        from plays where {{where}} group by {noun}
    ), best as (
        select *, (select sum({value}) from grouped) as total from grouped
        where plays > 0 order by {order}, code limit {limit}
    )
    select code + 1, name, plays, known / 60000, estimated / 60000, {value} / total
    from best join {noun}s using (code) order by {order}, code
"""
_STREAK = """
    with days as (select distinct day from plays where {where} and is_play),
    runs as (select day - row_number() over (order by day) as run, day from days)
    select count(*), min(day), max(day) from runs group by run order by 1 desc, 2 desc limit 1
"""
_TOTALS = f"""
    select {_FIGURES}, count(distinct track) filter (is_play), count(distinct artist) filter (is_play),
        count(distinct album) filter (is_play), count(distinct day) filter (is_play),
        min(ended_at) filter (is_play), max(ended_at) filter (is_play),
        count(*) filter ((flags & 12) = 12) / count(*) filter ((flags & 8) = 8)
    from plays where {{where}}
"""
_BY_MONTH = f"select month, {_FIGURES} from plays where {{where}} group by month order by month"
_BY_DAY = f"select day, {_FIGURES} from plays where {{where}} group by day order by day"
_BY_WEEK_HOUR = f"select weekday, hour, {_FIGURES} from plays where {{where}} group by all order by all"
_MONTHS_OF_TOP = f"""
    with best as (
        select artist, row_number() over (order by plays desc, heard desc, artist) as place from (
            select artist, count(*) filter (is_play) as plays, sum(heard_ms) as heard
            from plays where {{where}} group by artist
        ) order by place limit {_SHOWN}
    )
    select place, month, count(*) from plays join best using (artist)
    where {{where}} and is_play group by all order by all
"""
_RECENT = f"""
    select ended_at, names.name, artists.name, heard_ms, platform, country from plays
    join tracks as names on names.code = track join artists on artists.code = artist
    where {{where}} and is_play order by ended_at desc, plays.rowid desc limit {_SHOWN}
"""


def _top_sql(noun: str, by: Measure) -> str:
    value, other = ("plays", "heard") if by is Measure.PLAYS else ("heard", "plays")
    return _TOP.format(
        noun=noun,
        value=value,
        known=_KNOWN_MS,
        estimated=_ESTIMATED_MS,
        limit=_SHOWN,
        order=f"{value} desc, {other} desc",
    )


# The engine's side ----------------------------------------------------------------------------------


def _totals_row(found: totals.Totals) -> Answer:
    first, last = (round(at.timestamp()) * 1_000_000 for at in (found.first_play_at, found.last_play_at) if at)
    counts = (found.tracks, found.artists, found.albums, found.days)
    return [(found.plays, found.minutes, found.estimated_minutes, *counts, first, last, found.skipped_share)]


def _top_rows(found: tuple[tops.Top, ...]) -> Answer:
    return [(top.id, top.name, top.plays, top.minutes, top.estimated_minutes, top.share) for top in found]


def _bucket_rows(unit: str) -> Callable[[pd.DataFrame], Answer]:
    def rows(found: pd.DataFrame) -> Answer:
        numbers = found["start_on"].to_numpy().astype(f"datetime64[{unit}]").astype(int)
        kept = found[["plays", "minutes", "estimated_minutes"]].itertuples(index=False)
        return [(int(number), *row) for number, row in zip(numbers, kept, strict=True) if any(row)]

    return rows


def _week_rows(found: pd.DataFrame) -> Answer:
    kept = found[["weekday", "hour", "plays", "minutes", "estimated_minutes"]]
    return [tuple(row) for row in kept.itertuples(index=False)]


def _streak_row(found: streaks.Streaks) -> Answer:
    best = found.longest
    assert best.start_on
    assert best.last_on
    return [(best.days, day_number(best.start_on), day_number(best.last_on))]


def _months_of_top(view: History) -> tops.Months:
    return tops.months(view, Noun.ARTISTS, [top.id for top in tops.artists(view, _SHOWN)])


def _months_rows(found: tops.Months) -> Answer:
    first = (found.months[0].year - 1970) * 12 + found.months[0].month - 1
    return [(place + 1, first + month, int(found.plays[place, month])) for place, month in np.argwhere(found.plays > 0)]


def _recent_rows(found: tuple[listing.Row, ...]) -> Answer:
    return [
        (round(row.ended_at.timestamp()) * 1_000_000, row.title, row.artist, row.heard_ms, row.platform, row.country)
        for row in found
    ]


QUESTIONS = (
    Question("totals", False, totals.totals, _totals_row, _TOTALS),
    Question(
        "top tracks by plays", True, lambda view: tops.tracks(view, _SHOWN), _top_rows, _top_sql("track", Measure.PLAYS)
    ),
    Question(
        "top artists by time",
        False,
        lambda view: tops.artists(view, _SHOWN, Measure.TIME),
        _top_rows,
        _top_sql("artist", Measure.TIME),
    ),
    Question(
        "top albums by plays", True, lambda view: tops.albums(view, _SHOWN), _top_rows, _top_sql("album", Measure.PLAYS)
    ),
    Question("hour by weekday", False, habits.hour_by_weekday, _week_rows, _BY_WEEK_HOUR),
    Question("by day", True, lambda view: timeline.timeline(view, timeline.Bucket.DAY), _bucket_rows("D"), _BY_DAY),
    Question(
        "by month", False, lambda view: timeline.timeline(view, timeline.Bucket.MONTH), _bucket_rows("M"), _BY_MONTH
    ),
    Question("longest streak", True, lambda view: streaks.streaks(view, day_of(20_000)), _streak_row, _STREAK),
    Question("months of the top artists", False, _months_of_top, _months_rows, _MONTHS_OF_TOP),
    Question("recent plays", True, lambda view: listing.recent(view, _SHOWN), _recent_rows, _RECENT),
)
