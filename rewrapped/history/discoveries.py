"""What was heard for the first time ever, and what of it stayed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.ever import Ever, ever
from rewrapped.history.frame import History
from rewrapped.history.periods import Period, stretch_of
from rewrapped.history.sums import counted
from rewrapped.history.tops import Noun

Int64s = npt.NDArray[np.int64]

#: Something stayed when it was played so many days or more after its first play; before they are over nobody knows.
STAYS_DAYS = 90
#: At the beginning of a history everything is new: discoveries of its first days say more of the data than of anybody.
EARLY_DAYS = 180


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The items whose first play ever is one of a view's plays, in the order of codes; columns of one length.

    `first_day` and `last_day` are local days since 1970-01-01, `plays` all of
    the whole history. `is_judged`: the history goes on for `STAYS_DAYS` after
    the first play; `has_stayed`: it is judged, and the last play is that much later.
    `is_early`: found within the first `EARLY_DAYS` of the whole history.
    """

    code: Int64s
    first_day: Int64s
    last_day: Int64s
    plays: Int64s
    is_judged: npt.NDArray[np.bool_]
    has_stayed: npt.NDArray[np.bool_]
    is_early: npt.NDArray[np.bool_]


def found(whole: History, view: History, noun: Noun) -> Found:
    """Return what a view discovered; `whole` is the history it was filtered from, as built."""
    known = ever(whole, noun)
    code = np.flatnonzero(_first_is_in(view, known, len(whole)))
    first, last = known.first_day[code], known.last_day[code]
    judged = first + STAYS_DAYS <= whole.span.stop - 1
    return Found(
        code=code,
        first_day=first,
        last_day=last,
        plays=known.plays[code],
        is_judged=judged,
        has_stayed=judged & (last - first >= STAYS_DAYS),
        is_early=first < whole.span.start + EARLY_DAYS,
    )


def by_period(view: History, discovered: Found, period: Period) -> pd.DataFrame:
    """Return `start_on`, `found`, `judged`, `stayed` and `is_early`, one row for every period of the view's span.

    `is_early` says that something found early is among them.
    """
    stretch = stretch_of(view, period)
    number = stretch.of_days(discovered.first_day)
    figures = {
        "found": counted(number, stretch.count),
        "judged": counted(number[discovered.is_judged], stretch.count),
        "stayed": counted(number[discovered.has_stayed], stretch.count),
        "is_early": counted(number[discovered.is_early], stretch.count) > 0,
    }
    return pd.DataFrame({"start_on": np.array(stretch.starts_on, "datetime64[s]"), **figures})


def _first_is_in(view: History, known: Ever, length: int) -> npt.NDArray[np.bool_]:
    """Return by code whether the first play ever is one of a view's plays."""
    inside = np.zeros(length + 1, dtype=bool)  # the last place is that of codes without a play: -1
    inside[:length][view.plays.index] = True
    return inside[known.first_row]
