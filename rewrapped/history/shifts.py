"""What stands out in how a listener's music changed, as a sentence; None while there is too little to say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rewrapped.domain import days
from rewrapped.history.absences import Comeback, Lapsed
from rewrapped.history.choices import item
from rewrapped.history.discoveries import Found
from rewrapped.history.frame import History
from rewrapped.history.periods import Period, Tally
from rewrapped.history.ranks import Standings
from rewrapped.history.tops import Noun

_ENOUGH_PERIODS = 4
_ENOUGH_JUDGED = 20
_ENOUGH_PLAYS = 10
_CLEAR_CHANGE = 1.25  # times what it was


def most_often_first(tally: Tally, first: Standings) -> str | None:
    """Say who was number one in most periods, where that was more than one, and more than anybody else's."""
    codes, counts = np.unique(first.number_ones[first.number_ones >= 0], return_counts=True)
    if counts.sum() < _ENOUGH_PERIODS or counts.max() < 2 or np.count_nonzero(counts == counts.max()) > 1:
        return None
    name = _name(tally.history, tally.noun, codes[np.argmax(counts)])
    most, ranked = int(counts.max()), int(counts.sum())
    how_many = f"all {ranked}" if most == ranked else f"{most} of {ranked}"
    return f"{name} was your number one in {how_many} {tally.stretch.period}s" if name else None


def took_over(tally: Tally, first: Standings) -> str | None:
    """Say who led the first of the ranked periods, and who led the last, where these are not the same."""
    ranked = np.flatnonzero(first.number_ones >= 0)
    if len(ranked) < _ENOUGH_PERIODS:
        return None
    ends = [first.number_ones[number] for number in (ranked[0], ranked[-1])]
    then, at_last = (_name(tally.history, tally.noun, code) for code in ends)
    return f"{then} led at first, {at_last} in the end" if then and at_last and ends[0] != ends[1] else None


def how_many_stayed(found: Found, noun: Noun) -> str | None:
    """Say which part of the discoveries stayed; those of a history's first days, and those too young, don't count."""
    judged = found.is_judged & ~found.is_early
    count = int(np.count_nonzero(judged))
    if count < _ENOUGH_JUDGED:
        return None
    return f"{np.count_nonzero(found.has_stayed & judged) / count:.0%} of the {noun} you discovered stayed"


def came_back(history: History, noun: Noun, best: Sequence[Comeback]) -> str | None:
    """Say who came back, where the return was no accident."""
    if not best or best[0].plays_since < _ENOUGH_PLAYS:
        return None
    name = _name(history, noun, best[0].code)
    return f"{name} came back after {best[0].away_days:,} days" if name else None


def fell_silent(history: History, noun: Noun, best: Sequence[Lapsed]) -> str | None:
    """Say since when a favourite hasn't been played, where it was among the three of its year."""
    if not best or best[0].rank > 3:
        return None
    name = _name(history, noun, best[0].code)
    return f"No {name} since {days.month(best[0].last_on)}" if name else None


def broader_or_narrower(by_period: pd.DataFrame, noun: Noun) -> str | None:
    """Say whether plays have come to be spread over more items, or over fewer, between the first and the last third."""
    figures = by_period["effective"].dropna().to_numpy()
    if len(figures) < _ENOUGH_PERIODS:
        return None
    third = len(figures) // 3 or 1
    before, after = figures[:third].mean(), figures[-third:].mean()
    if before * _CLEAR_CHANGE > after and after * _CLEAR_CHANGE > before:
        return None
    change = "broader" if after > before else "narrower"
    return f"Your listening became {change}: from {before:,.0f} to {after:,.0f} effective {noun}"


def share_of_the_top(by_period: pd.DataFrame, noun: Noun, period: Period) -> str | None:
    """Say which part of the plays the ten most played take in a usual period, where there are many more than ten."""
    known = by_period.dropna(subset=["top_share"])
    if len(known) < _ENOUGH_PERIODS or known["different"].median() < 2 * _ENOUGH_PLAYS:
        return None
    return f"Ten {noun} take {known['top_share'].median():.0%} of the plays of a usual {period}"


def _name(history: History, noun: Noun, code: int | np.integer) -> str:
    return item(history, noun, int(code)).name
