"""Which of a listener's rows are the same play: the rules of the design, section 3, as one pure function.

Rows come as a numpy record array `ROWS`. Exact keys (moment, track, ms) are
one row. After that a play told by two sources is one: richer sources absorb
poorer ones, by track first, then by normalised names, one-to-one, nearest
first. Two rows that are both stored already are never matched again: what
was once found to be two plays stays two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Source

#: Times in microseconds since 1970 UTC; `name` equal for equal normalised names, -1 for none;
#: `length_us` the track's length, 0 when unknown.
ROWS = np.dtype(
    [
        ("reported_at", "i8"),
        ("ended_at", "i8"),
        ("ms_played", "i4"),
        ("track", "i8"),
        ("name", "i8"),
        ("length_us", "i8"),
        ("source", "u1"),
    ]
)

Rows = npt.NDArray[np.void]
Mask = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]

_SECOND = 1_000_000
_BEFORE_START = 60 * _SECOND
_AFTER_END = 120 * _SECOND
_MINUTE = 60 * _SECOND - 1  # an account row's end is any moment of its minute
# Candidates looked at for one row. Only a forged file has more plays of one track around one moment;
# for it the cap keeps memory flat.
_CANDIDATES = 64
_PRECEDENCE = np.array([0, *(Source(code).precedence for code in range(1, len(Source) + 1))], dtype=np.int8)
_EXTENDED, _ACCOUNT, _SCROBBLE, _API = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Merge:
    """What to do: insert `added` and `replacing`, delete `absorbed`.

    `added` and `replacing` mark incoming rows (kept, and counted as merged);
    incoming rows in neither are merged and not stored. `absorbed` marks
    stored rows whose place a richer incoming row takes.
    """

    added: Mask
    replacing: Mask
    absorbed: Mask


@dataclass(slots=True)
class _Table:
    """Stored and incoming rows in one array, with what became of each."""

    rows: Rows
    stored: int
    alive: Mask  # still stands for a play of its own
    replaces: Mask  # took the place of a stored row

    def absorb(self, richer: Index, poorer: Index) -> None:
        """Let rows take the place of others."""
        self.alive[poorer] = False
        self.replaces[richer[poorer < self.stored]] = True


def merge(stored: Rows, incoming: Rows) -> Merge:
    """Return which incoming rows are new plays, and which stored rows they replace.

    Both arrays have dtype `ROWS` and one listener's rows. The result doesn't
    depend on the order of `stored`; of equal incoming rows the first stays.
    """
    rows = np.concatenate([stored, incoming])
    table = _Table(rows, len(stored), np.ones(len(rows), np.bool_), np.zeros(len(rows), np.bool_))
    _join_exact(table)
    classes = _PRECEDENCE[rows["source"]]
    present = np.unique(classes)
    for richer, poorer in sorted(combinations(present.tolist(), 2), key=lambda pair: (pair[1], pair[0])):
        for identity in ("track", "name"):
            _join_sources(table, classes, (richer, poorer), identity)
    split = len(stored)
    incoming_alive = table.alive[split:]
    replaces = table.replaces[split:] & incoming_alive
    return Merge(incoming_alive & ~replaces, replaces, ~table.alive[:split])


def _join_exact(table: _Table) -> None:
    """Make rows of one moment, track and length one: the richest, stored before incoming, first before later."""
    order = np.argsort(table.rows["reported_at"], kind="stable")
    moments = table.rows["reported_at"][order]
    same = np.zeros(len(order), np.bool_)
    same[1:] = moments[1:] == moments[:-1]
    same[:-1] |= same[1:]
    suspects = order[same]
    if not len(suspects):
        return
    rows = table.rows[suspects]
    _join_equal(table, suspects, (rows["reported_at"], rows["track"], rows["ms_played"].astype(np.int64)))
    api = suspects[(rows["source"] == Source.SPOTIFY_API) & table.alive[suspects]]
    _join_equal(table, api, (table.rows["reported_at"][api],))  # one moment of the API is one play


def _join_equal(table: _Table, index: Index, keys: tuple[npt.NDArray[np.int64], ...]) -> None:
    if not len(index):
        return
    precedence = _PRECEDENCE[table.rows["source"][index]]
    order = np.lexsort((index, precedence, *reversed(keys)))
    equal = np.ones(len(order) - 1, np.bool_)
    for key in keys:
        equal &= key[order][1:] == key[order][:-1]
    first = np.concatenate([[True], ~equal])
    survivor = index[order][np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))]
    table.absorb(survivor[~first], index[order][~first])


def _join_sources(table: _Table, classes: npt.NDArray[np.int8], pair: tuple[int, int], identity: str) -> None:
    """Let rows of a richer class absorb those of a poorer one that are the same play."""
    rich = np.flatnonzero((classes == pair[0]) & table.alive)
    poor = np.flatnonzero((classes == pair[1]) & table.alive)
    rich, rich_group, poor, poor_group = _groups(table.rows, rich, poor, pair, identity)
    if not len(rich) or not len(poor):
        return
    spans = _spans(table.rows, rich, rich_group, pair)
    if pair == (_SCROBBLE, _API):
        spans = _stretched(spans, _lengths(table.rows, rich, rich_group, poor, poor_group))
    points = _points(table.rows, poor, poor_group, pair)
    pairs = _pairs(spans, points)
    both_stored = (pairs.rich < table.stored) & (pairs.poor < table.stored)
    matched_rich, matched_poor = _match(pairs.take(np.flatnonzero(~both_stored)))
    table.absorb(matched_rich, matched_poor)


def _groups(
    rows: Rows, rich: Index, poor: Index, pair: tuple[int, int], identity: str
) -> tuple[Index, Index, Index, Index]:
    """Number the identities that occur on both sides; rows of others fall away."""
    rich, poor = rich[rows[identity][rich] >= 0], poor[rows[identity][poor] >= 0]
    both = np.concatenate([rich, poor])
    _, code = np.unique(rows[identity][both], return_inverse=True)
    if pair == (_EXTENDED, _ACCOUNT):  # these two also need equal lengths
        code = code.astype(np.int64) << 32 | rows["ms_played"][both].astype(np.int64)
        _, code = np.unique(code, return_inverse=True)
    if not len(both):
        return rich, code, poor, code
    rich_code, poor_code = code[: len(rich)], code[len(rich) :]
    size = int(code.max()) + 1
    shared = (np.bincount(rich_code, minlength=size) > 0) & (np.bincount(poor_code, minlength=size) > 0)
    keep_rich, keep_poor = shared[rich_code], shared[poor_code]
    return rich[keep_rich], rich_code[keep_rich], poor[keep_poor], poor_code[keep_poor]


@dataclass(frozen=True, slots=True)
class _Spans:
    """Richer rows as stretches of time, sorted by (group, end)."""

    row: Index
    group: Index
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]


def _spans(rows: Rows, rich: Index, group: Index, pair: tuple[int, int]) -> _Spans:
    # An offline row has two ends: when it was played and when it was reported. Either may be what the
    # poorer source stamped.
    moved = np.flatnonzero(rows["ended_at"][rich] != rows["reported_at"][rich])
    row, group = np.concatenate([rich, rich[moved]]), np.concatenate([group, group[moved]])
    end = np.concatenate([rows["ended_at"][rich], rows["reported_at"][rich[moved]]])
    last = end + (_MINUTE if pair[0] == _ACCOUNT else 0)
    start = end - rows["ms_played"][row].astype(np.int64) * 1000
    low, high = start - _BEFORE_START, last + _AFTER_END
    order = np.lexsort((end, group))
    return _Spans(row[order], group[order], start[order], end[order], low[order], high[order])


def _lengths(rows: Rows, rich: Index, rich_group: Index, poor: Index, poor_group: Index) -> npt.NDArray[np.int64]:
    """Return the length known for each group, from whichever row's track knows it; 0 where none does."""
    lengths = np.zeros(int(max(rich_group.max(), poor_group.max())) + 1, np.int64)
    np.maximum.at(lengths, rich_group, rows["length_us"][rich])
    np.maximum.at(lengths, poor_group, rows["length_us"][poor])
    return lengths


def _stretched(spans: _Spans, lengths: npt.NDArray[np.int64]) -> _Spans:
    """Return the spans of scrobbles against the API: two stamps of one play are at most its length apart."""
    reach = lengths[spans.group] + _AFTER_END
    return replace(spans, start=spans.end, low=spans.end - reach, high=spans.end + reach)


@dataclass(frozen=True, slots=True)
class _Points:
    """Poorer rows as moments, `first` to `last` for one known to the minute."""

    row: Index
    group: Index
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def _points(rows: Rows, poor: Index, group: Index, pair: tuple[int, int]) -> _Points:
    first = rows["reported_at"][poor]
    return _Points(poor, group, first, first + (_MINUTE if pair[1] == _ACCOUNT else 0))


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Candidates: row numbers, distance in microseconds, and the order of ties."""

    rich: Index
    poor: Index
    distance: npt.NDArray[np.int64]
    rich_end: npt.NDArray[np.int64]
    poor_first: npt.NDArray[np.int64]

    def take(self, index: Index) -> _Pairs:
        return _Pairs(
            self.rich[index], self.poor[index], self.distance[index], self.rich_end[index], self.poor_first[index]
        )


def _pairs(spans: _Spans, points: _Points) -> _Pairs:
    """List every (richer, poorer) pair of one group whose stretches of time touch."""
    reach_back = int((spans.high - spans.end).max())
    reach_on = int((spans.end - spans.low).max())
    base = int(min(spans.end.min(), points.first.min())) - reach_back - _SECOND
    stride = (int(max(spans.end.max(), points.last.max())) + reach_on + _SECOND - base) // 1000 + 1
    # (group, time) as one number; whole milliseconds leave room for every group, `touching` is exact.
    keys = spans.group * stride + (spans.end - base) // 1000
    from_ = np.searchsorted(keys, points.group * stride + (points.first - reach_back - base) // 1000, "left")
    to = np.searchsorted(keys, points.group * stride + (points.last + reach_on - base) // 1000, "right")
    count = np.minimum(to - from_, _CANDIDATES)
    point = np.repeat(np.arange(len(points.row)), count)
    span = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(from_, count)
    touching = (spans.low[span] <= points.last[point]) & (points.first[point] <= spans.high[span])
    span, point = span[touching], point[touching]
    first, last = points.first[point], points.last[point]
    to_end = np.maximum(0, np.maximum(first - spans.end[span], spans.end[span] - last))
    to_start = np.maximum(0, np.maximum(first - spans.start[span], spans.start[span] - last))
    return _Pairs(spans.row[span], points.row[point], np.minimum(to_end, to_start), spans.end[span], first)


def _match(pairs: _Pairs) -> tuple[Index, Index]:
    """Choose pairs one-to-one, nearest first; then let as many rows find a partner as can."""
    rich_seen = np.unique(pairs.rich, return_inverse=True, return_counts=True)
    poor_seen = np.unique(pairs.poor, return_inverse=True, return_counts=True)
    lone = (rich_seen[2][rich_seen[1]] == 1) & (poor_seen[2][poor_seen[1]] == 1)
    contested = pairs.take(np.flatnonzero(~lone))
    order = np.lexsort((contested.rich, contested.poor, contested.poor_first, contested.rich_end, contested.distance))
    chosen = _one_to_one(contested.rich[order].tolist(), contested.poor[order].tolist())
    rich = np.fromiter((pair[0] for pair in chosen), np.intp, len(chosen))
    poor = np.fromiter((pair[1] for pair in chosen), np.intp, len(chosen))
    return np.concatenate([pairs.rich[lone], rich]), np.concatenate([pairs.poor[lone], poor])


def _one_to_one(rich: list[int], poor: list[int]) -> list[tuple[int, int]]:
    """Match greedily in the order given, then lengthen the matching along augmenting paths."""
    wants: dict[int, list[int]] = {}
    poor_of: dict[int, int] = {}
    rich_of: dict[int, int] = {}
    for a, b in zip(rich, poor, strict=True):
        wants.setdefault(b, []).append(a)
        if a not in poor_of and b not in rich_of:
            poor_of[a], rich_of[b] = b, a
    for b in wants:
        if b not in rich_of:
            _augment(b, wants, poor_of, rich_of)
    return list(poor_of.items())


def _augment(lonely: int, wants: dict[int, list[int]], poor_of: dict[int, int], rich_of: dict[int, int]) -> None:
    """Find a richer row for `lonely` by letting matched rows move on (Berge 1957); give up on long chains."""
    came_from: dict[int, int] = {}
    for b, a in _breadth_first(lonely, wants, poor_of):
        came_from[a] = b
        if a in poor_of:
            continue
        free: int | None = a
        while free is not None:  # hand partners back along the path; it ends at `lonely`, who had none
            taker = came_from[free]
            given_up = rich_of.get(taker)
            poor_of[free], rich_of[taker] = taker, free
            free = given_up
        return


def _breadth_first(lonely: int, wants: dict[int, list[int]], poor_of: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield (poorer, richer) steps from `lonely` along wishes and present partners, each richer row once."""
    queue, seen = deque([lonely]), set[int]()
    while queue and len(seen) < _CANDIDATES:
        b = queue.popleft()
        for a in wants[b]:
            if a not in seen:
                seen.add(a)
                yield b, a
                if a in poor_of:
                    queue.append(poor_of[a])
