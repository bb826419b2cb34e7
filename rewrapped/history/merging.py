"""Which of a listener's rows are the same play: the rules of the design, section 3, as pure functions of rows.

Equal rows of one source are one row (`repeats`). Of the others, a play told by
two sources is one: richer sources take poorer rows, exact keys (moment, track,
ms) first, then by track, then by normalised names, one-to-one, nearest first.
`takers` depends on the set of rows alone, not on their order nor on what was
matched before: every row that was ever brought takes part again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Source
from rewrapped.history import candidates
from rewrapped.history.candidates import Pairs, Side
from rewrapped.history.clusters import Index, Mask, Rows, clusters
from rewrapped.history.one_to_one import one_to_one

_PRECEDENCE = np.array([0, *(Source(code).precedence for code in range(1, len(Source) + 1))], dtype=np.int8)


def repeats(stored: npt.NDArray[np.void], incoming: npt.NDArray[np.void], track: str = "track") -> Mask:
    """Return which incoming rows are stored already, or come a second time.

    Both arrays hold `reported_at`, `ms_played`, `source` and the field called
    `track`. One moment, track, length and source are one row; for the API, one
    moment is: of two tracks at one moment the first brought stays.
    """
    again = np.zeros(len(stored) + len(incoming), np.bool_)
    moments = np.concatenate([stored["reported_at"], incoming["reported_at"]])
    suspects = _shared_moments(moments)
    if len(suspects):
        columns = [np.concatenate([stored[n], incoming[n]])[suspects] for n in (track, "ms_played", "source")]
        again[suspects] = _later_of_equal((moments[suspects], *columns))
        api = suspects[columns[2] == Source.SPOTIFY_API]
        again[api] |= _later_of_equal((moments[api],))
    return again[len(stored) :]


def _shared_moments(moments: npt.NDArray[np.int64]) -> Index:
    """Return the rows whose moment another row has too: most often few, and only they can be equal."""
    order = np.argsort(moments, kind="stable")
    same = np.zeros(len(order), np.bool_)
    same[1:] = moments[order][1:] == moments[order][:-1]
    same[:-1] |= same[1:]
    return np.sort(order[same])


def _later_of_equal(keys: Sequence[npt.NDArray[np.int64]]) -> Mask:
    """Return which rows have the keys of one before them."""
    order, first = _sorted_by(keys)
    later = np.empty(len(order), np.bool_)
    later[order] = ~first
    return later


def _sorted_by(keys: Sequence[npt.NDArray[np.int64]]) -> tuple[Index, Mask]:
    """Return the order of the keys, equal ones as they come, and which rows are the first of theirs."""
    order = np.lexsort(tuple(reversed(keys)))
    first = np.zeros(len(order), np.bool_)
    first[:1] = True
    for key in keys:
        first[1:] |= key[order][1:] != key[order][:-1]
    return order, first


@dataclass(slots=True)
class _Table:
    """Rows in an order that their values settle, with what became of each."""

    rows: Rows
    classes: npt.NDArray[np.int8]
    cluster: Index
    taker: Index  # -1 while a row stands for a play of its own
    has: Mask  # by row and class: has taken a row of that class, and takes no other

    def give(self, richer: Index, poorer: Index) -> None:
        """Let rows take the place of others."""
        self.taker[poorer] = richer
        self.has[richer, self.classes[poorer]] = True

    def standing(self, class_: int) -> Index:
        """Return the rows of a class that still stand for a play."""
        return np.flatnonzero((self.classes == class_) & (self.taker < 0))


def takers(rows: Rows) -> Index:
    """Return for each row the row that tells its play instead; -1 for a row that stands for a play of its own.

    `rows` are one listener's, dtype `ROWS`, no two of them equal by `repeats`.
    Given whole clusters, the answer for their rows is the same as given all rows.
    """
    order = np.lexsort((rows["source"], rows["ms_played"], rows["track"], rows["reported_at"]))
    table = _table(rows[order])
    _join_equal(table)
    present = np.unique(table.classes).tolist()
    for richer, poorer in sorted(combinations(present, 2), key=lambda pair: (pair[1], pair[0])):
        for identity in ("track", "name"):
            _join_classes(table, (richer, poorer), identity)
    taken = np.flatnonzero(table.taker >= 0)
    result = np.full(len(rows), -1, np.intp)
    result[order[taken]] = order[table.taker[taken]]
    return result


def new_plays(rows: Rows, taker: Index, stood: Mask, arrived: Mask) -> Mask:
    """Return which of the rows that arrived count as new: as many in each cluster as it has more plays than before.

    `taker` is what `takers` found for `rows`, `stood` marks rows that stood for
    plays before. Rows that stand and took the place of none come first; but one
    that is taken counts too where it set another one free.
    """
    stands, cluster = taker < 0, clusters(rows)
    replaces = np.zeros(len(rows), np.bool_)
    replaces[taker[stood & ~stands]] = True
    size = len(rows)
    growth = np.bincount(cluster[stands], minlength=size) - np.bincount(cluster[stood], minlength=size)
    arrivals = np.flatnonzero(arrived)
    order = arrivals[np.lexsort((replaces[arrivals], ~stands[arrivals], cluster[arrivals]))]
    of_order = cluster[order]
    rank = np.arange(len(order)) - np.searchsorted(of_order, of_order)
    new = np.zeros(len(rows), np.bool_)
    new[order[rank < growth[of_order]]] = True
    return new


def _table(rows: Rows) -> _Table:
    size = len(rows)
    has = np.zeros((size, int(_PRECEDENCE.max()) + 1), np.bool_)
    return _Table(rows, _PRECEDENCE[rows["source"]], clusters(rows), np.full(size, -1, np.intp), has)


def _join_equal(table: _Table) -> None:
    """Let the richest of the rows with one moment, track and length take the others: a key stands once."""
    keys = [table.rows[name] for name in ("reported_at", "track", "ms_played")]
    order, first = _sorted_by(keys)  # rows come sorted by key and source: of equal ones the richest is first
    head = order[np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))]
    table.give(head[~first], order[~first])


def _join_classes(table: _Table, pair: tuple[int, int], identity: str) -> None:
    """Let rows of a richer class take those of a poorer one that are the same play."""
    rich, poor = table.standing(pair[0]), table.standing(pair[1])
    rich = rich[~table.has[rich, pair[1]]]
    known = [rows[table.rows[identity][rows] >= 0] for rows in (rich, poor)]
    groups = _groups(table, np.concatenate(known), identity)
    split = len(known[0])
    sides = Side(known[0], groups[:split]), Side(known[1], groups[split:])
    table.give(*_match(candidates.pairs(table.rows, *sides, pair)))


def _groups(table: _Table, index: Index, identity: str) -> Index:
    """Return one number for each identity within each cluster."""
    if identity == "name":  # a cluster has one
        return table.cluster[index]
    _, tracks = np.unique(table.rows[identity][index], return_inverse=True)
    numbers: Index
    _, numbers = np.unique(table.cluster[index].astype(np.int64) << 31 | tracks, return_inverse=True)
    return numbers


def _match(pairs: Pairs) -> tuple[Index, Index]:
    """Choose pairs one-to-one, nearest first; then let as many rows find a partner as can."""
    rich_seen = np.unique(pairs.rich, return_inverse=True, return_counts=True)
    poor_seen = np.unique(pairs.poor, return_inverse=True, return_counts=True)
    lone = (rich_seen[2][rich_seen[1]] == 1) & (poor_seen[2][poor_seen[1]] == 1)
    contested = pairs.take(~lone)
    order = np.lexsort((contested.rich, contested.poor, contested.poor_first, contested.rich_end, contested.distance))
    chosen = one_to_one(contested.rich[order].tolist(), contested.poor[order].tolist())
    rich = np.fromiter((pair[0] for pair in chosen), np.intp, len(chosen))
    poor = np.fromiter((pair[1] for pair in chosen), np.intp, len(chosen))
    return np.concatenate([pairs.rich[lone], rich]), np.concatenate([pairs.poor[lone], poor])
