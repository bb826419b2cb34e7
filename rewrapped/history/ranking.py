"""An order without chance: by a value, then by a second one, then by casefolded name, then by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What is ranked, by code: two values, higher first, the ids, and a function that looks names up.

    Names are looked up for ties alone: they are strings, and there can be many.
    """

    first: Int64s
    second: Int64s
    ids: Int64s
    names: Callable[[Int64s], Sequence[str | None]]
    ranked: npt.NDArray[np.bool_]  # codes that take part

    def best(self, limit: int) -> list[int]:
        """Return at most `limit` codes, the best first."""
        codes = np.flatnonzero(self.ranked)
        codes = self._at_least(codes, self.first, limit)
        lowest = self.first[codes].min() if len(codes) else 0
        tied = codes[self.first[codes] == lowest]
        above = codes[self.first[codes] != lowest]
        tied = self._at_least(tied, self.second, limit - len(above))
        return self._ordered(np.concatenate((above, tied)))[:limit]

    def ranks(self, codes: Iterable[int]) -> dict[int, int]:
        """Return the rank, from 1, of each of these codes that takes part."""
        taking_part = np.flatnonzero(self.ranked)
        order = taking_part[np.lexsort((-self.second[taking_part], -self.first[taking_part]))]
        place = np.full(len(self.ranked), -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        start, end = self._ties(order)
        found = {}
        for code in codes:
            at = place[code]
            if at >= 0:
                tied = self._ordered(order[start[at] : end[at]])
                found[code] = int(start[at]) + tied.index(code) + 1
        return found

    def _ties(self, order: Int64s) -> tuple[Int64s, Int64s]:
        """Return, for each place of the order, where the codes of equal values start and end."""
        first, second = self.first[order], self.second[order]
        new = np.flatnonzero((np.diff(first) != 0) | (np.diff(second) != 0)) + 1
        edges = np.concatenate(([0], new, [len(order)]))
        lengths = np.diff(edges)
        return np.repeat(edges[:-1], lengths), np.repeat(edges[1:], lengths)

    @staticmethod
    def _at_least(codes: Int64s, values: Int64s, limit: int) -> Int64s:
        """Leave the codes whose value is at least that of the `limit`th."""
        if limit <= 0 or len(codes) <= limit:
            return codes
        taken, place = values[codes], len(codes) - limit
        kept: Int64s = codes[taken >= np.partition(taken, place)[place]]
        return kept

    def _ordered(self, codes: Int64s) -> list[int]:
        if len(codes) < 2:
            return [int(code) for code in codes]
        names = [(name or "").casefold() for name in self.names(codes)]
        rows = zip(-self.first[codes], -self.second[codes], names, self.ids[codes], codes, strict=True)
        return [int(row[-1]) for row in sorted(rows)]
