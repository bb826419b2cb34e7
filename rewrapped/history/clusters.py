"""Which of a listener's rows can have to do with each other: what merging looks at together.

A *cluster* holds rows of one identity (equal names, or one track without
names) whose stretches of time touch in a chain. Rows of two clusters are
never the same play and never compete for a third: what becomes of a row
follows from its cluster alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Source

#: Times in microseconds since 1970 UTC; `name` equal for equal normalised names, -1 for none, and the same
#: wherever `track` is; `length_us` the track's length, 0 when unknown.
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

#: What a richer row's span reaches beyond its playing, and what an account row's minute leaves open.
BEFORE_START = 60_000_000
AFTER_END = 120_000_000
MINUTE = 60_000_000 - 1


def neighbours(rows: Rows, changed: Mask) -> Mask:
    """Return which rows share a cluster with one that `changed` marks."""
    cluster = clusters(rows)
    touched = np.zeros(len(rows), np.bool_)  # there are never more clusters than rows
    touched[cluster[changed]] = True
    return touched[cluster]


def clusters(rows: Rows) -> Index:
    """Return the number of each row's cluster, from 0."""
    if not len(rows):
        return np.empty(0, np.intp)
    low, high = _stretches(rows)
    base = int(low.min())
    stride = (int(high.max()) - base) // 1000 + 2
    _, identity = np.unique(np.where(rows["name"] >= 0, rows["name"] * 2 + 1, rows["track"] * 2), return_inverse=True)
    # (identity, time) as one number; whole milliseconds leave room for every identity, and round outwards.
    low, high = identity * stride + (low - base) // 1000, identity * stride + (high - base) // 1000 + 1
    order = np.argsort(low, kind="stable")
    begins = np.concatenate([[True], low[order][1:] > np.maximum.accumulate(high[order])[:-1]])
    cluster = np.empty(len(rows), np.intp)
    cluster[order] = np.cumsum(begins) - 1
    return cluster


def _stretches(rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return from when to when each row may touch another; rows that may be one play always overlap."""
    length = np.where(rows["source"] > Source.ACCOUNT, rows["length_us"], 0)  # a scrobble's stamp against another's
    margin = length + AFTER_END
    low = np.minimum(rows["reported_at"], rows["ended_at"]) - rows["ms_played"].astype(np.int64) * 1000 - margin
    return low, np.maximum(rows["reported_at"], rows["ended_at"]) + MINUTE + margin
