"""Pairs of rows that could be one play, told by a richer and by a poorer source, with how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Source
from rewrapped.history.clusters import AFTER_END, BEFORE_START, MINUTE, Index, Mask, Rows

#: Candidates looked at for one row. Only a forged file has more plays of one track around one moment;
#: for it the cap keeps memory flat.
_LOOKED_AT = 64
_EXTENDED, _ACCOUNT = Source.EXTENDED.precedence, Source.ACCOUNT.precedence
_SCROBBLES = (Source.LISTENBRAINZ.precedence, Source.LASTFM.precedence)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates: row numbers, distance in microseconds, and the order of ties."""

    rich: Index
    poor: Index
    distance: npt.NDArray[np.int64]
    rich_end: npt.NDArray[np.int64]
    poor_first: npt.NDArray[np.int64]

    def take(self, index: Index | Mask) -> Pairs:
        """Return some of them, in the order of `index`."""
        return Pairs(*(getattr(self, name)[index] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Side:
    """Rows of one class of sources with a number for what must be equal on both sides."""

    row: Index
    group: Index

    def take(self, index: Index | Mask) -> Side:
        """Return some of them, in the order of `index`."""
        return Side(self.row[index], self.group[index])


def pairs(rows: Rows, rich: Side, poor: Side, classes: tuple[int, int]) -> Pairs:
    """List every (richer, poorer) pair of one group whose stretches of time touch, for two classes of sources."""
    if classes == (_EXTENDED, _ACCOUNT):  # these two also need equal lengths
        rich, poor = _of_equal_ms(rows, rich, poor)
    rich, poor = _shared(rich, poor)
    if not len(rich.row):
        none = np.empty(0, np.int64)
        return Pairs(none.astype(np.intp), none.astype(np.intp), none, none, none)
    spans = _spans(rows, rich, classes)
    if classes[0] not in _SCROBBLES:
        return _touching(spans, _points(rows, poor, classes))
    found = _touching(_stretched(spans, rows, rich, poor), _points(rows, poor, classes))
    # The stamps of one play are at most its length apart, as either row's track knows it: a client stamps its start
    # or its end.
    length = np.maximum(rows["length_us"][found.rich], rows["length_us"][found.poor])
    return found.take(found.distance <= length + AFTER_END)


def _of_equal_ms(rows: Rows, rich: Side, poor: Side) -> tuple[Side, Side]:
    group = np.concatenate([rich.group, poor.group]).astype(np.int64)
    ms = rows["ms_played"][np.concatenate([rich.row, poor.row])].astype(np.int64)
    _, group = np.unique(group << 32 | ms, return_inverse=True)
    return Side(rich.row, group[: len(rich.row)]), Side(poor.row, group[len(rich.row) :])


def _shared(rich: Side, poor: Side) -> tuple[Side, Side]:
    """Leave out groups that one side alone has; number the others from 0."""
    common = np.intersect1d(rich.group, poor.group)
    return _numbered(rich, common), _numbered(poor, common)


def _numbered(side: Side, common: Index) -> Side:
    """Return what of a side is in groups of `common`, the groups numbered by their place there."""
    kept = side.take(np.isin(side.group, common))
    return Side(kept.row, np.searchsorted(common, kept.group))


@dataclass(frozen=True, slots=True)
class _Spans:
    """Richer rows as stretches of time, sorted by (group, end)."""

    row: Index
    group: Index
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]


def _spans(rows: Rows, rich: Side, classes: tuple[int, int]) -> _Spans:
    # An offline row has two ends: when it was played and when it was reported. Either may be what the
    # poorer source stamped.
    moved = np.flatnonzero(rows["ended_at"][rich.row] != rows["reported_at"][rich.row])
    row, group = np.concatenate([rich.row, rich.row[moved]]), np.concatenate([rich.group, rich.group[moved]])
    end = np.concatenate([rows["ended_at"][rich.row], rows["reported_at"][rich.row[moved]]])
    last = end + (MINUTE if classes[0] == _ACCOUNT else 0)
    start = end - rows["ms_played"][row].astype(np.int64) * 1000
    order = np.lexsort((end, group))
    return _Spans(
        row[order], group[order], start[order], end[order], (start - BEFORE_START)[order], (last + AFTER_END)[order]
    )


def _stretched(spans: _Spans, rows: Rows, rich: Side, poor: Side) -> _Spans:
    """Return the spans of scrobbles as long as any track of their group."""
    lengths = np.zeros(int(spans.group.max()) + 1, np.int64)
    for side in (rich, poor):
        np.maximum.at(lengths, side.group, rows["length_us"][side.row])
    reach = lengths[spans.group] + AFTER_END
    return replace(spans, start=spans.end, low=spans.end - reach, high=spans.end + reach)


@dataclass(frozen=True, slots=True)
class _Points:
    """Poorer rows as moments, `first` to `last` for one known to the minute."""

    row: Index
    group: Index
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def _points(rows: Rows, poor: Side, classes: tuple[int, int]) -> _Points:
    first = rows["reported_at"][poor.row]
    return _Points(poor.row, poor.group, first, first + (MINUTE if classes[1] == _ACCOUNT else 0))


def _touching(spans: _Spans, points: _Points) -> Pairs:
    reach_back, reach_on = (
        _greatest(spans.group, reach)[points.group] for reach in (spans.high - spans.end, spans.end - spans.low)
    )
    earliest, latest = points.first - reach_back, points.last + reach_on
    base = min(int(spans.end.min()), int(earliest.min()))
    stride = (max(int(spans.end.max()), int(latest.max())) - base) // 1000 + 2
    # (group, time) as one number; whole milliseconds leave room for every group, `touching` is exact.
    keys = spans.group * stride + (spans.end - base) // 1000
    from_ = np.searchsorted(keys, points.group * stride + (earliest - base) // 1000, "left")
    to = np.searchsorted(keys, points.group * stride + (latest - base) // 1000, "right")
    count = np.minimum(to - from_, _LOOKED_AT)
    point = np.repeat(np.arange(len(points.row)), count)
    span = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(from_, count)
    touching = (spans.low[span] <= points.last[point]) & (points.first[point] <= spans.high[span])
    span, point = span[touching], point[touching]
    first, last = points.first[point], points.last[point]
    to_end = np.maximum(0, np.maximum(first - spans.end[span], spans.end[span] - last))
    to_start = np.maximum(0, np.maximum(first - spans.start[span], spans.start[span] - last))
    return Pairs(spans.row[span], points.row[point], np.minimum(to_end, to_start), spans.end[span], first)


def _greatest(group: Index, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the greatest value of each group."""
    greatest = np.zeros(int(group.max()) + 1, np.int64)
    np.maximum.at(greatest, group, values)
    return greatest
