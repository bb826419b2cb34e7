"""Questions of the insights bench about change: ranks, spread, discoveries and comebacks, as both sides answer them.

What a history keeps of its items is looked up anew each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bench.questions import Answer, Question
from rewrapped.history import absences, discoveries, diversity, ranks
from rewrapped.history.ever import ever
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_number
from rewrapped.history.periods import Period, tally
from rewrapped.history.tops import Noun

_SHOWN = 50
_BY_MONTH = """
    with grouped as (
        select month, artist, count(*) filter (is_play) as plays, sum(heard_ms) as heard
        from plays where {where} and artist >= 0 group by month, artist
    ), ranked as (
        select *, row_number() over (partition by month order by plays desc, heard desc, artist) as place,
            sum(plays) over (partition by month) as total
        from grouped where plays > 0
    )
"""
_STANDINGS = f"{_BY_MONTH} select month, place, artist, plays from ranked where place <= 10 order by all"
_DIVERSITY = f"""
    {_BY_MONTH}, firsts as (select artist, min(month) as first from plays where is_play group by artist)
    select month, sum(plays), count(*), exp(-sum(plays / total * ln(plays / total))),
        sum(plays) filter (place <= 10) / any_value(total),
        coalesce(sum(plays) filter (first = month), 0) / any_value(total)
    from ranked join firsts using (artist) group by month order by month
"""
_DISCOVERIES = """
    with lives as (
        select artist, min(day) as first, max(day) as last, arg_min(month, ended_at) as month
        from plays where is_play and artist >= 0 group by artist
    )
    select month, count(*), count(*) filter (first + 90 <= (select max(day) from plays)),
        count(*) filter (last - first >= 90)
    from lives group by month order by month
"""
_COMEBACKS = f"""
    with ordered as (
        select artist, day, lag(day) over run as left_day, row_number() over run - 1 as before,
            count(*) over (partition by artist) as total
        from plays where is_play and artist >= 0
        window run as (partition by artist order by ended_at, rowid)
    ), latest as (
        select artist, arg_max(left_day, before) as left_day, arg_max(day, before) as back_day, max(before) as before,
            any_value(total) - max(before) as since
        from ordered where day - left_day >= 180 and before >= 10 group by artist
    )
    select artist, left_day, back_day, before, since from latest
    order by since desc, back_day - left_day desc, artist limit {_SHOWN}
"""


def _standings_rows(found: ranks.Standings) -> Answer:
    first = _month(found.starts_on[0])
    return [
        (first + int(number), int(place) + 1, int(found.codes[number, place]), int(found.plays[number, place]))
        for number, place in np.argwhere(found.codes >= 0)
    ]


def _diversity_rows(found: pd.DataFrame) -> Answer:
    return [(_month(row[0]), *row[1:]) for row in found.itertuples(index=False) if row.plays]


def _discoveries(whole: History) -> pd.DataFrame:
    return discoveries.by_period(whole, discoveries.found(whole, whole, Noun.ARTISTS), Period.MONTH)


def _comebacks(whole: History) -> tuple[absences.Comeback, ...]:
    return absences.comebacks(whole, whole, Noun.ARTISTS, _SHOWN)


def _discovery_rows(found: pd.DataFrame) -> Answer:
    return [(_month(row[0]), *row[1:4]) for row in found.itertuples(index=False) if row.found]


def _comeback_rows(found: Sequence[absences.Comeback]) -> Answer:
    return [
        (one.code, day_number(one.left_on), day_number(one.back_on), one.plays_before, one.plays_since) for one in found
    ]


def _month(on: Any) -> int:
    return int((on.year - 1970) * 12 + on.month - 1)


def questions(whole: History) -> tuple[Question, ...]:
    """Return the questions about a history as built; the last two look at all of it, whatever the filter."""

    def anew() -> History:
        """Return the same history as somebody new, of whom nothing is kept."""
        return replace(whole)

    return (
        Question(
            "first ten of each month",
            True,
            lambda view: ranks.standings(tally(view, Noun.ARTISTS, Period.MONTH), 10, 1),
            _standings_rows,
            _STANDINGS,
        ),
        Question(
            "spread by month",
            False,
            lambda view: diversity.diversity(tally(view, Noun.ARTISTS, Period.MONTH), ever(anew(), Noun.ARTISTS), 1),
            _diversity_rows,
            _DIVERSITY,
        ),
        Question("discoveries by month", False, lambda _: _discoveries(anew()), _discovery_rows, _DISCOVERIES),
        Question("comebacks", False, lambda _: _comebacks(anew()), _comeback_rows, _COMEBACKS),
    )
