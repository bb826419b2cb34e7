"""Sittings: stretches of listening without a long silence. People call them sessions; here those are sign-ins.

A sitting goes on while the next row begins at most 20 minutes after the last
one ended. Analyses of the Last.fm 1K dataset (O. Celma, 2010) part sessions at
20 minutes too, counted from start to start; counted from an end, a long track
parts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from rewrapped.history.frame import History
from rewrapped.history.localtime import HOUR_US, moment_of, wall_clock
from rewrapped.history.sums import MS_A_MINUTE, counted

#: The longest silence within a sitting.
GAP_MINUTES = 20
#: Where the classes of `lengths` begin, in minutes; the last has no end.
LENGTHS = (0, 15, 30, 60, 120, 240)
_US_A_MS = 1_000
_GAP_US = GAP_MINUTES * MS_A_MINUTE * _US_A_MS

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting: from its first row's start to its last one's end (aware, UTC), and its plays."""

    started_at: datetime
    ended_at: datetime
    plays: int

    @property
    def minutes(self) -> float:
        """Return how long it was, its silences included."""
        return (self.ended_at - self.started_at).total_seconds() / 60


@dataclass(frozen=True, slots=True, eq=False)
class Sittings:
    """All sittings of a view, in order: microseconds since 1970 (UTC), and how many plays each has."""

    started_at: Int64s
    ended_at: Int64s
    plays: Int64s

    def __len__(self) -> int:
        return len(self.plays)

    @property
    def minutes(self) -> npt.NDArray[np.float64]:
        """Return how long each one was, its silences included."""
        return (self.ended_at - self.started_at) / (MS_A_MINUTE * _US_A_MS)

    @property
    def typical_minutes(self) -> float:
        """Return the median length; 0 where there is no sitting."""
        return float(np.median(self.minutes)) if len(self) else 0.0

    def longest(self) -> Sitting | None:
        """Return the longest one, of equal ones the latest; None where there is no sitting."""
        if not len(self):
            return None
        at = len(self) - 1 - int(np.argmax(self.minutes[::-1]))
        return Sitting(moment_of(self.started_at[at]), moment_of(self.ended_at[at]), int(self.plays[at]))

    def lengths(self) -> Int64s:
        """Return how many sittings fall in each class of `LENGTHS`."""
        return counted(np.searchsorted(LENGTHS, self.minutes, side="right") - 1, len(LENGTHS))


def sittings(history: History) -> Sittings:
    """Return the sittings of a view that hold a play; a row too short for one still goes on with a sitting.

    A row began `heard_ms` before it ended, so where only a track's length is
    known, that stands in. Rows of two devices at once are one sitting.
    """
    ended, heard = history.ended_at, history.heard_ms
    if not len(ended):
        return Sittings(ended, ended, ended)
    started = ended - heard * np.int64(_US_A_MS)
    first = np.append(0, np.flatnonzero(started[1:] - ended[:-1] > _GAP_US) + 1)
    since = np.minimum.accumulate(np.minimum.reduceat(started, first)[::-1])[
        ::-1
    ]  # rows that end later may begin before
    apart = np.append(0, np.flatnonzero(since[1:] - ended[first[1:] - 1] > _GAP_US) + 1)
    first, since = first[apart], since[apart]
    edges = np.append(first, len(ended))
    plays = np.diff(np.searchsorted(np.flatnonzero(history.is_play), edges))
    kept = np.flatnonzero(plays)
    return Sittings(since[kept], ended[edges[1:] - 1][kept], plays[kept])


def beginnings(found: Sittings, history: History) -> Int64s:
    """Return how many sittings began in each of the 24 hours of the listener's clock."""
    local = wall_clock(found.started_at, history.zone)
    return counted(local // HOUR_US % 24, 24)
