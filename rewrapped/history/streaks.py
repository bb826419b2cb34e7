"""Runs of local days with plays."""

from __future__ import annotations

from collections.abc import Sequence
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

    The current streak ends today or yesterday: a day that isn't over doesn't
    break it. Of equal longest ones the latest is meant. A day that the zone
    left out, crossing the date line, breaks nothing.
    """
    days = days_played(history)
    counted = _counted(history, days)
    off = int(counted[-1] - counted[0]) + 1 - len(days) if len(days) else 0
    return Streaks(_current(history, days, today), _longest(days, counted), off)


def longest(history: History) -> Streak:
    """Return the longest streak of a view."""
    days = days_played(history)
    return _longest(days, _counted(history, days))


def longest_gap(history: History, holes: Sequence[date] = ()) -> Streak:
    """Return the longest run of days without a play between two days with one, of equal ones the latest.

    One that reaches over a hole, a month that nothing is known of (its first day), is no run: nobody knows it.
    """
    days = days_played(history)
    lengths = np.diff(_counted(history, days)) - 1
    for hole in holes:
        at = int(np.searchsorted(days, day_number(hole))) - 1
        if 0 <= at < len(lengths):
            lengths[at] = 0
    if not lengths.any():
        return Streak()
    at = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    return Streak(int(lengths[at]), day_of(days[at] + 1), day_of(days[at + 1] - 1))


def longest_within(history: History, groups: Days, days: Days) -> tuple[int, int]:
    """Return the first position and the last + 1 of the longest run of days in one group, of equal ones the latest.

    Groups are in order, and so are the days (since 1970-01-01) of each; there is at least one.
    """
    counted = _counted(history, days)
    breaks = np.flatnonzero((np.diff(counted) != 1) | (np.diff(groups) != 0)) + 1
    starts, ends = np.append(0, breaks), np.append(breaks, len(days))
    lengths = ends - starts
    longest_runs = np.flatnonzero(lengths == lengths.max())
    at = longest_runs[np.argmax(days[ends[longest_runs] - 1])]
    return int(starts[at]), int(ends[at])


def days_played(history: History) -> Days:
    """Return the local days (since 1970-01-01) with a play, each once, in order."""
    return np.flatnonzero(history.by_day.plays) + history.span.start


def days_open(history: History) -> npt.NDArray[np.bool_]:
    """Return which days of a view's span could hold a play: those on the weekdays and in the months of its filters."""
    days = np.arange(history.span.start, history.span.stop)
    weekday = (days + 3) % 7  # 1970-01-01 was a Thursday
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    found = np.ones(len(days), np.bool_)
    for chosen in history.filters:
        for values, kept in ((weekday, chosen.weekdays), (month, chosen.months)):
            if kept:
                found &= np.isin(values, sorted(kept))
    return found


def _counted(history: History, days: Days) -> Days:
    """Return days numbered so that two are neighbours when the zone had no day in between."""
    return days - np.searchsorted(history.days_left_out, days)


def _longest(days: Days, counted: Days) -> Streak:
    starts, ends = _runs(counted)
    if not len(starts):
        return Streak()
    lengths = ends - starts
    at = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    return _streak(days[starts[at] : ends[at]])


def _current(history: History, days: Days, today: date) -> Streak:
    """Return the run that holds today, or else yesterday; days after today count for nothing."""
    days = days[days <= day_number(today)]
    counted = _counted(history, days)
    starts, _ = _runs(counted)
    if not len(starts) or counted[-1] < _counted(history, np.array([day_number(today)]))[0] - 1:
        return Streak()
    return _streak(days[starts[-1] :])


def _runs(counted: Days) -> tuple[Days, Days]:
    """Return where each run of consecutive days starts, and where it ends."""
    if not len(counted):
        return counted, counted
    breaks = np.flatnonzero(np.diff(counted) != 1) + 1
    return np.concatenate(([0], breaks)), np.concatenate((breaks, [len(counted)]))


def _streak(days: Days) -> Streak:
    return Streak(len(days), day_of(days[0]), day_of(days[-1]))
