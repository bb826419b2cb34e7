"""What tells two views apart, as a sentence; None while there is too little to say, or nothing clear.

The two are A and B: words for a time range seldom fit into a title twice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rewrapped.history.comparing import Pair
from rewrapped.history.findings import leading_item
from rewrapped.history.tops import Measure, Noun, Top
from rewrapped.history.totals import Totals

_ENOUGH_PLAYS = 100
_ENOUGH_MINUTES = 300
_ENOUGH_DAYS = 7
_NOTABLE = 0.05  # of the other side's time
_NOTABLE_POINTS = 0.03  # of all plays; an hour has 0.04 of them in the mean
_NOTABLE_GENRE_POINTS = 0.05


def amount(a: Totals, b: Totals, subject: str, *, are_alike: bool) -> str | None:
    """Say which side holds more time; of sides that aren't equally long (`are_alike`), on which days are longer.

    `subject` is the filter's ("music").
    """
    if min(a.heard_minutes, b.heard_minutes) < _ENOUGH_MINUTES or min(a.days, b.days) < _ENOUGH_DAYS:
        return None
    if are_alike:
        change = a.heard_minutes / b.heard_minutes - 1
        return f"A holds {_more(change)} {subject} than B" if abs(change) >= _NOTABLE else None
    change = (a.heard_minutes / a.days) / (b.heard_minutes / b.days) - 1
    return f"A day with {subject} holds {_more(change)} of it in A than in B" if abs(change) >= _NOTABLE else None


def leaders(a: Sequence[Top], b: Sequence[Top]) -> str | None:
    """Say which artist leads A and which B, where both have one that clearly does."""
    if not all(leading_item(best, Noun.ARTISTS, Measure.PLAYS) for best in (a, b)):
        return None
    if a[0].id == b[0].id:
        return f"{a[0].name} leads A and B"
    return f"{a[0].name} leads A, {b[0].name} leads B"


def hour(shares: pd.DataFrame) -> str | None:
    """Say at which hour of the day the two sides differ most; `shares` are those of `comparing.hour_shares`."""
    if min(shares["a_plays"].sum(), shares["b_plays"].sum()) < _ENOUGH_PLAYS:
        return None
    apart = (shares["a"] - shares["b"]).to_numpy()
    at = int(np.argmax(np.abs(apart)))
    if abs(apart[at]) < _NOTABLE_POINTS:
        return None
    both = f"{shares['a'].iloc[at]:.0%} of A's plays, {shares['b'].iloc[at]:.0%} of B's"
    return f"{'More' if apart[at] > 0 else 'Less'} at {at:02d}:00 in A: {both}"


def genre(pairs: Sequence[Pair]) -> str | None:
    """Say whose share differs most between the sides; `pairs` are all that either has."""
    if min(sum(pair.a_minutes for pair in pairs), sum(pair.b_minutes for pair in pairs)) < _ENOUGH_MINUTES:
        return None
    most = max(pairs, key=lambda pair: abs(pair.a_share - pair.b_share))
    if abs(most.a_share - most.b_share) < _NOTABLE_GENRE_POINTS:
        return None
    return f"{most.label.name}: {most.a_share:.0%} of A's time with a known genre, {most.b_share:.0%} of B's"


def _more(change: float) -> str:
    return f"{abs(change):.0%} {'more' if change > 0 else 'less'}"
