"""Who was away: comebacks, and favourites that fell silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.history.ever import AWAY_DAYS, ever, known_before, returns
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.history.periods import Period, tally
from rewrapped.history.ranks import ENOUGH_PLAYS, standings
from rewrapped.history.tops import Noun

Int64s = npt.NDArray[np.int64]

#: How often something was played before it can come back.
ONCE_PLAYED = 10
#: How far down a year's ranking its favourites reach.
FAVOURITES = 10


@dataclass(frozen=True, slots=True)
class Comeback:
    """An item that came back: its last play before and its first after (local days), and the plays on either side.

    `away_days` are those between the two that the history knows of; `plays_since`
    count all of the whole history from the return on.
    """

    code: int
    left_on: date
    back_on: date
    away_days: int
    plays_before: int
    plays_since: int


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A favourite that fell silent: the year of its best rank, its plays in that year, and its last play (a local day).

    `silent_days` are those since then that the history knows of.
    """

    code: int
    year: int
    rank: int
    plays: int
    last_on: date
    silent_days: int


def comebacks(
    whole: History, view: History, noun: Noun, limit: int, once_played: int = ONCE_PLAYED
) -> tuple[Comeback, ...]:
    """Return at most `limit` items that came back in a view, each by its latest return, the most played since first.

    An item comes back when it had been played `once_played` times, then for
    `AWAY_DAYS` known days not at all. Absence is judged by the whole history
    (as built); the play that ends it must be one of the view's.
    """
    known, back = ever(whole, noun), returns(whole, noun)
    inside = np.zeros(len(whole), dtype=bool)
    inside[view.plays.index] = True
    at = np.flatnonzero((back.plays_before >= once_played) & inside[back.row])
    at = at[np.diff(back.code[at], append=-1) != 0]  # an item's latest is the last of its code
    since = known.plays[back.code[at]] - back.plays_before[at]
    order = np.lexsort((-back.away[at], -since))[:limit]  # what is equal in both stays in the order of codes
    return tuple(
        Comeback(
            code=int(back.code[each]),
            left_on=day_of(back.left_day[each]),
            back_on=day_of(back.back_day[each]),
            away_days=int(back.away[each]),
            plays_before=int(back.plays_before[each]),
            plays_since=int(plays),
        )
        for each, plays in zip(at[order], since[order], strict=True)
    )


def lapsed(whole: History, view: History, noun: Noun, least: int = ENOUGH_PLAYS) -> tuple[Lapsed, ...]:
    """Return the favourites of past years that fell silent, the best ranked first, and of equal ones the most played.

    Favourites are the first `FAVOURITES` of a local year with `least` plays of
    the view, which should hold whole years; the year the history ends in is not past. Silent
    is what has no play at all, in the whole history (as built), for the last
    `AWAY_DAYS` known days of it. Each is told once, by its best rank, of equal
    ones by the latest year.
    """
    years = tally(view, noun, Period.YEAR)
    silent = _silent_days(whole, noun)
    last_year = day_of(whole.span.stop - 1).year if len(whole.span) else 0
    favourites = standings(years, FAVOURITES, least)
    found: dict[int, Lapsed] = {}
    for number, place in np.argwhere(favourites.codes >= 0):
        code, year = int(favourites.codes[number, place]), favourites.starts_on[number].year
        best = found.get(code)
        if year < last_year and silent[code] >= AWAY_DAYS and (best is None or place < best.rank):
            last_on = day_of(ever(whole, noun).last_day[code])
            plays = int(favourites.plays[number, place])
            found[code] = Lapsed(code, year, int(place) + 1, plays, last_on, int(silent[code]))
    return tuple(sorted(found.values(), key=lambda one: (one.rank, -one.plays, -one.year, one.code)))


def _silent_days(whole: History, noun: Noun) -> Int64s:
    """Return by code how many known days of a history lie after the last play; 0 for what was never played."""
    known = known_before(whole)
    if not len(known):
        return np.zeros(0, np.int64)
    last = ever(whole, noun).last_day
    return np.where(last < 0, 0, known[-1] - known[np.maximum(last - whole.span.start, 0)])
