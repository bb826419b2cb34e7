"""Plays and time added up by any code: the one pass over rows that most insights rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

MS_A_MINUTE = 60_000

Int64s = npt.NDArray[np.int64]
Codes = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """One number per code. `plays` count by the rule; `heard_ms` add every row up, `estimated_ms` being a part of it.

    Estimated are the rows of the API and of scrobbles.
    """

    plays: Int64s
    heard_ms: Int64s
    estimated_ms: Int64s

    @property
    def minutes(self) -> npt.NDArray[np.float64]:
        """Return the minutes of rows whose source knows its time."""
        return (self.heard_ms - self.estimated_ms) / MS_A_MINUTE

    @property
    def estimated_minutes(self) -> npt.NDArray[np.float64]:
        """Return the minutes of the other rows."""
        return self.estimated_ms / MS_A_MINUTE

    def regrouped(self, groups: Codes, count: int) -> Sums:
        """Return the sums by group, of `count` groups; a code in group -1 is left out."""
        kept = np.flatnonzero(groups >= 0)
        into = groups[kept]
        return Sums(
            added(into, self.plays[kept], count),
            added(into, self.heard_ms[kept], count),
            added(into, self.estimated_ms[kept], count) if self.estimated_ms.any() else np.zeros(count, np.int64),
        )


def added(codes: Codes, values: npt.NDArray[Any], count: int) -> Int64s:
    """Return the sum of values for each code below `count`; exact up to 2**53."""
    return np.bincount(codes, weights=values, minlength=count).astype(np.int64)


def counted(codes: Codes, count: int) -> Int64s:
    """Return how often each code below `count` stands there."""
    return np.bincount(codes, minlength=count)
