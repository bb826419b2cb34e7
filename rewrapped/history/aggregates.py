"""`aggregated_stats` of a listener, from their history: `domain.aggregates` defines what is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rewrapped.domain.aggregates import Aggregate, Part
from rewrapped.domain.genres import Weights
from rewrapped.domain.plays import Filter
from rewrapped.history.frame import History
from rewrapped.history.sums import added

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Sums by source, month and code; no two have the same three."""

    source: Int64s
    month: Int64s
    code: Int64s
    plays: Int64s
    ms: Int64s


def aggregates(history: History, genres_of: Callable[[str], Weights]) -> list[Aggregate]:
    """Return the sums of a history that was built with their `ZONE` and `RULE`; filter it to the sources that count.

    A track without a URI counts as what the history joined it to. A play
    counts whole for each genre of its artist, `genres_of` their name.
    """
    music = history.filter(Filter())
    track = music.track.astype(np.int64)
    ids = [str(each) for each in music.tracks.id.tolist()]
    by_track = _cells(music, track)
    by_artist = _grouped(by_track, music.tracks.artist)
    return [
        *_listed(_grouped(by_track, np.zeros(len(ids), np.int64)), Part.ALL, [""]),
        *_listed(by_track, Part.TRACK, ids),
        *_listed(_grouped(by_track, music.tracks.album), Part.ALBUM, [str(one) for one in music.albums.id.tolist()]),
        *_listed(by_artist, Part.ARTIST, [str(one) for one in music.artists.id.tolist()]),
        *_by_genre(by_artist, music, genres_of),
    ]


def _cells(music: History, code: Int64s) -> _Cells:
    return _summed(
        music.source.astype(np.int64),
        music.month.astype(np.int64),
        code,
        music.is_play.astype(np.int64),
        music.heard_ms.astype(np.int64),
    )


def _summed(source: Int64s, month: Int64s, code: Int64s, plays: Int64s, ms: Int64s) -> _Cells:
    """Add up what has the same source, month and code."""
    keys = np.stack([source, month, code], axis=1).reshape(-1, 3)
    once, back = np.unique(keys, axis=0, return_inverse=True)
    cell = back.reshape(-1)
    return _Cells(once[:, 0], once[:, 1], once[:, 2], added(cell, plays, len(once)), added(cell, ms, len(once)))


def _grouped(cells: _Cells, group: npt.NDArray[np.integer]) -> _Cells:
    """Return the cells by the group of their code; those of group -1 are left out."""
    into = group[cells.code].astype(np.int64) if len(cells.code) else cells.code
    kept = into >= 0
    return _summed(cells.source[kept], cells.month[kept], into[kept], cells.plays[kept], cells.ms[kept])


def _by_genre(by_artist: _Cells, music: History, genres_of: Callable[[str], Weights]) -> list[Aggregate]:
    names = music.artists.name.to_pylist()
    keys_of = {code: [key for key, _ in genres_of(names[code] or "")] for code in np.unique(by_artist.code).tolist()}
    keys = sorted({key for found in keys_of.values() for key in found})
    place = {key: at for at, key in enumerate(keys)}
    pairs = [(row, place[key]) for row, code in enumerate(by_artist.code.tolist()) for key in keys_of[code]]
    rows, codes = np.array(pairs, np.int64).reshape(-1, 2).T
    parts = (by_artist.source, by_artist.month, by_artist.plays, by_artist.ms)
    source, month, plays, ms = (part[rows] for part in parts)
    return _listed(_summed(source, month, codes, plays, ms), Part.GENRE, keys)


def _listed(cells: _Cells, part: Part, ids: Sequence[str]) -> list[Aggregate]:
    columns = (cells.source, cells.month, cells.code, cells.plays, cells.ms)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Aggregate(source, month, part, ids[code], plays, ms) for source, month, code, plays, ms in rows]
