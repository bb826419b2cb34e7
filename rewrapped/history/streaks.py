"""Runs of local days with plays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.history.frame import History
from rewrapped.history.localtime import day_number, day_of

Days = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Streak:
    """Consecutive local days with a play; both days are part of it, and None while it has no days."""

    days: int = 0
    start_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Streaks:
    """The streak that goes on, the longest one, and how many of the days between first and last play had none."""

    current: Streak
    longest: Streak
    days_off: int


def streaks(history: History, today: date) -> Streaks:
    """Return the streaks of a view; `today` is the listener's local day.

    The current streak ends today or yesterday: a day that isn't over doesn't break it.
    """
    days = days_played(history)
    off = int(days[-1] - days[0]) + 1 - len(days) if len(days) else 0
    return Streaks(current=current(days, today), longest=longest(days), days_off=off)


def days_played(history: History) -> Days:
    """Return the local days (since 1970-01-01) with a play, each once, in order."""
    return np.flatnonzero(history.by_day.plays) + history.span.start


def longest(days: Days) -> Streak:
    """Return the longest run in days, each once and in order; of equal ones the latest."""
    starts, lengths = _runs(days)
    if not len(lengths):
        return Streak()
    at = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    return _streak(starts[at], lengths[at])


def current(days: Days, today: date) -> Streak:
    """Return the run that holds today, or else yesterday; days after today count for nothing."""
    number = day_number(today)
    starts, lengths = _runs(days[days <= number])
    if not len(starts) or starts[-1] + lengths[-1] < number:
        return Streak()
    return _streak(starts[-1], lengths[-1])


def _runs(days: Days) -> tuple[Days, Days]:
    """Return where each run of consecutive days starts, and its length."""
    if not len(days):
        return days, days
    edges = np.concatenate(([0], np.flatnonzero(np.diff(days) != 1) + 1, [len(days)]))
    return days[edges[:-1]], np.diff(edges)


def _streak(start: int, length: int) -> Streak:
    return Streak(int(length), day_of(start), day_of(start + length - 1))
