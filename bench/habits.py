"""Questions of the insights bench about habits: sittings, shares, and staying with one artist or track."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bench.questions import Answer, Question
from rewrapped.history import insistence, shares, sittings
from rewrapped.history.insistence import ArtistStreak, Repeat
from rewrapped.history.localtime import day_number
from rewrapped.history.shares import Groups
from rewrapped.history.sittings import Sittings

_SITTINGS = """
    with starts as (select rowid as row, ended_at, is_play, ended_at - heard_ms::bigint * 1000 as started
        from plays where {where}),
    ordered as (select *, lag(ended_at) over rows as before,
            min(started) over (order by ended_at desc, row desc rows unbounded preceding) as since
        from starts window rows as (order by ended_at, row)),
    parted as (select *, sum(coalesce((since - before > 1200000000)::int, 0)) over
            (order by ended_at, row rows unbounded preceding) as sitting
        from ordered),
    found as (select (max(ended_at) - min(since)) / 60000000 as minutes, count(*) filter (is_play) as plays
        from parted group by sitting having plays > 0)
    select count(*), sum(plays)::bigint, median(minutes), max(minutes) from found
"""
_ANSWERS = """
    select month, count(*),
        count(*) filter ((flags & 12) = 12), count(*) filter ((flags & 8) = 8),
        count(*) filter ((flags & 3) = 3), count(*) filter ((flags & 2) = 2),
        count(*) filter ((flags & 48) = 48), count(*) filter ((flags & 32) = 32)
    from plays where {where} group by month order by month
"""
_PLATFORMS = """
    select month, platform::varchar as name, count(*) from plays
    where {where} and platform != '' group by month, name order by month, name
"""
_ARTIST_STREAK = """
    with days as (select distinct artist, day from plays where {where} and is_play and artist >= 0),
    runs as (select artist, day, day - row_number() over (partition by artist order by day) as run from days)
    select count(*), max(day), artist + 1 from runs group by artist, run order by 1 desc, 2 desc, artist limit 1
"""
_ON_REPEAT = """
    with ordered as (select rowid as row, day, track, row_number() over (order by ended_at, rowid)
            - row_number() over (partition by track order by ended_at, rowid) as run
        from plays where {where} and is_play)
    select count(*), track + 1, max(day) from ordered group by track, run order by 1 desc, max(row) desc limit 1
"""
_IN_A_DAY = """
    select count(*), track + 1, day from plays where {where} and is_play
    group by day, track order by 1 desc, day desc, track desc limit 1
"""


def _sitting_row(found: Sittings) -> Answer:
    return [(len(found), int(found.plays.sum()), found.typical_minutes, float(found.minutes.max()))]


def _answer_rows(found: pd.DataFrame) -> Answer:
    month = found["start_on"].to_numpy().astype("datetime64[M]").astype(int)
    rows = [(int(number), *row[1:]) for number, row in zip(month, found.itertuples(index=False), strict=True)]
    return [row for row in rows if row[1]]


def _group_rows(found: Groups) -> Answer:
    month = found.start_on.astype("datetime64[M]").astype(int)
    every = [(int(month[at]), found.names[of], int(found.rows[at, of])) for at, of in np.argwhere(found.rows > 0)]
    return sorted(every)


def _artist_row(found: ArtistStreak) -> Answer:
    assert found.streak.last_on
    return [(found.streak.days, day_number(found.streak.last_on), found.artist.id)]


def _repeat_row(found: Repeat) -> Answer:
    return [(found.plays, found.track.id, day_number(found.last_on))]


QUESTIONS = (
    Question("sittings", False, sittings.sittings, _sitting_row, _SITTINGS),
    Question("skips, shuffle, offline by month", True, shares.answers, _answer_rows, _ANSWERS),
    Question("devices by month", False, shares.platforms, _group_rows, _PLATFORMS),
    Question("longest streak of an artist", False, insistence.artist_streak, _artist_row, _ARTIST_STREAK),
    Question("track on repeat", False, insistence.on_repeat, _repeat_row, _ON_REPEAT),
    Question("most plays of a track in a day", True, insistence.most_in_a_day, _repeat_row, _IN_A_DAY),
)
