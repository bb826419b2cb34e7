"""Ranks over time: who led each period, and where one item stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.history.columns import texts
from rewrapped.history.periods import Tally
from rewrapped.history.ranking import Ranking
from rewrapped.history.tops import ids_of, names_of

Int64s = npt.NDArray[np.int64]

#: A period with fewer plays ranks nobody: its order would be chance.
ENOUGH_PLAYS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """The first of each period: `codes[period, place]`, -1 where there are fewer, and their `plays`.

    Codes are into the catalogue of the tally's noun; place 0 is rank 1.
    """

    starts_on: tuple[date, ...]
    codes: Int64s
    plays: Int64s

    def of(self, code: int) -> tuple[Int64s, Int64s]:
        """Return an item's rank and its plays in each period; both 0 where it isn't among the first."""
        is_it = self.codes == code
        return np.where(is_it.any(axis=1), is_it.argmax(axis=1) + 1, 0), np.where(is_it, self.plays, 0).sum(axis=1)

    @property
    def number_ones(self) -> Int64s:
        """Return the code of each period's first, -1 where nobody is ranked."""
        return self.codes[:, 0]


def standings(tally: Tally, depth: int, least: int = ENOUGH_PLAYS) -> Standings:
    """Return the `depth` most played of each period, ordered as tops are.

    A period with fewer plays than `least` has none.
    """
    shape = (tally.stretch.count, depth)
    codes, plays = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    for number in np.flatnonzero(tally.totals >= max(least, 1)).tolist():
        cells = tally.cells(number)
        best = _ranking(tally, cells).best(depth)
        codes[number, : len(best)] = tally.code[cells][best]
        plays[number, : len(best)] = tally.plays[cells][best]
    return Standings(tally.stretch.starts_on, codes, plays)


def ranks(tally: Tally, code: int, least: int = ENOUGH_PLAYS) -> tuple[Int64s, Int64s]:
    """Return an item's rank, from 1, and its plays in each period; both 0 where it has none.

    The rank is 0 as well in a period with fewer plays than `least`.
    """
    found, plays = np.zeros(tally.stretch.count, np.int64), np.zeros(tally.stretch.count, np.int64)
    for cell in np.flatnonzero(tally.code == code):
        number = int(tally.places[cell])
        cells = tally.cells(number)
        plays[number] = tally.plays[cell]
        if tally.totals[number] >= least:
            at = int(cell) - cells.start
            found[number] = _ranking(tally, cells, at_least=plays[number]).ranks([at])[at]
    return found, plays


def _ranking(tally: Tally, cells: slice, at_least: int = 1) -> Ranking:
    """Return the order of one period's cells with enough plays, by their place among them."""
    code, plays = tally.code[cells], tally.plays[cells]
    names, ids = names_of(tally.history, tally.noun), ids_of(tally.history, tally.noun)
    return Ranking(
        first=plays,
        second=tally.heard_ms[cells],
        ids=ids[code],
        names=lambda at: texts(names, code[at]),
        ranked=plays >= at_least,
    )
