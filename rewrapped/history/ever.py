"""What a whole history says of each item: when it was first and last played, and when it came back.

None of this depends on a filter: "first" means first ever. So it is worked out
once for each history and noun, and kept as long as somebody holds the history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from rewrapped.history.frame import History
from rewrapped.history.localtime import month_numbers
from rewrapped.history.periods import owners
from rewrapped.history.sums import counted
from rewrapped.history.tops import Noun, ids_of

Int64s = npt.NDArray[np.int64]
Found = TypeVar("Found")

#: Days without a play after which one is a return.
AWAY_DAYS = 180


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """Plays that ended an absence, in the order of codes and then of time; columns of one length.

    `row` is the play's position among all rows, `left_day` and `back_day` the
    local days (since 1970-01-01) of the play before and of this one, `away`
    the days from the one to the other that the history knows of, `plays_before` how often
    the item had been played until then.
    """

    code: Int64s
    row: Int64s
    left_day: Int64s
    back_day: Int64s
    away: Int64s
    plays_before: Int64s


@dataclass(frozen=True, slots=True, eq=False)
class Ever:
    """By code of a noun: `plays`, the position of the first one, and its day and the last one's; -1 without a play."""

    plays: Int64s
    first_row: Int64s
    first_day: Int64s
    last_day: Int64s


def ever(whole: History, noun: Noun) -> Ever:
    """Return what a whole history, as built, says of each item under its play rule."""
    return _once(_lives, whole, noun, _look_through)


def returns(whole: History, noun: Noun) -> Returns:
    """Return the plays that follow `AWAY_DAYS` or more without one in a whole history, as built.

    Days of months without any row are unknown, not silent: they make nobody's absence longer.
    """
    return _once(_absences, whole, noun, _look_for_absences)


def known_before(whole: History) -> Int64s:
    """Return for each day of a whole history's span how many known days lie before it: days of months with rows."""
    days = np.arange(whole.span.start, whole.span.stop, dtype=np.int32)
    known = np.isin(month_numbers(days), np.flatnonzero(np.bincount(whole.month)))
    return np.concatenate(([0], np.cumsum(known)))[: len(days)]


#: What was found, for as long as somebody holds the history itself.
_lives: WeakKeyDictionary[History, dict[Noun, Ever]] = WeakKeyDictionary()
_absences: WeakKeyDictionary[History, dict[Noun, Returns]] = WeakKeyDictionary()


def _once(
    kept: WeakKeyDictionary[History, dict[Noun, Found]],
    whole: History,
    noun: Noun,
    look: Callable[[History, Noun], Found],
) -> Found:
    of_nouns = kept.setdefault(whole, {})
    if noun not in of_nouns:
        of_nouns[noun] = look(whole, noun)
    return of_nouns[noun]


def _look_through(whole: History, noun: Noun) -> Ever:
    code, rows = _plays(whole, noun)
    count = len(ids_of(whole, noun))
    first, last = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    first[code[::-1]], last[code] = rows[::-1], rows  # of what is written in one place, the last stays
    day = np.append(whole.day, -1)  # the last is that of codes without a play
    return Ever(counted(code, count), first, day[first].astype(np.int64), day[last].astype(np.int64))


def _look_for_absences(whole: History, noun: Noun) -> Returns:
    code, rows = _plays(whole, noun)
    rows = _by_item(code, rows, len(whole))
    code, day = np.take(owners(whole, noun), whole.track[rows]), whole.day[rows].astype(np.int64)
    at = np.flatnonzero((day[1:] - day[:-1] >= AWAY_DAYS) & (code[1:] == code[:-1])) + 1
    known = known_before(whole)
    away = known[day[at] - whole.span.start] - known[day[at - 1] - whole.span.start]
    at, away = at[away >= AWAY_DAYS], away[away >= AWAY_DAYS]
    before = at - np.searchsorted(code, code[at])
    return Returns(code[at].astype(np.int64), rows[at], day[at - 1], day[at], away, before)


def _plays(whole: History, noun: Noun) -> tuple[npt.NDArray[np.int32], Int64s]:
    """Return the code and the position of every play that belongs to an item, in order."""
    owner = np.take(owners(whole, noun), whole.track)
    rows = np.flatnonzero(whole.is_play & (owner >= 0))
    return owner[rows], rows


def _by_item(code: npt.NDArray[np.int32], rows: Int64s, length: int) -> Int64s:
    """Return rows in the order of their codes, and of time within one.

    Sorting code and row as one number is several times faster than a stable argsort.
    """
    ordered: Int64s = np.sort(code.astype(np.int64) * max(length, 1) + rows) % max(length, 1)
    return ordered
