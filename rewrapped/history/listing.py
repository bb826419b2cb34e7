"""Plays one by one: the recent ones, all of them in pages, those of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Filter, Flags, Kind, Source, TimeRange
from rewrapped.history.columns import texts
from rewrapped.history.frame import History
from rewrapped.history.localtime import microseconds_of, moment_of
from rewrapped.history.platforms import family

Int64s = npt.NDArray[np.int64]


_SAID = ("ended_at", "kind", "heard_ms", "is_estimated", "is_play", "source", "platform", "country", "flags")


class SortBy(StrEnum):
    """What a list of plays is sorted by; of equal ones the newest comes first."""

    TIME = "time"
    TITLE = "title"
    ARTIST = "artist"
    ALBUM = "album"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of listening history.

    `ended_at` is aware, in the listener's zone. `heard_ms` is what it counts
    for; `is_estimated` says that its source is the API or a scrobble. Names
    are None where nothing gives them, `platform` is a family and `country` an
    ISO code, "" where the source didn't say; `skipped` is None then.
    """

    ended_at: datetime
    track_id: int
    title: str | None
    artist_id: int | None
    artist: str | None
    album_id: int | None
    album: str | None
    uri: str | None
    kind: Kind
    heard_ms: int
    is_estimated: bool
    is_play: bool
    source: Source
    platform: str
    country: str
    skipped: bool | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table asks for: the page, from 1, of `size` rows.

    Every word of `search` must stand in the title, artist or album. A page
    before the first is the first, one after the last the last.
    """

    number: int = 1
    size: int = 50
    search: str = ""
    sort_by: SortBy = SortBy.TIME
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of `total`; `number` is the page, from 1, of `pages`."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int


def recent(history: History, limit: int) -> tuple[Row, ...]:
    """Return the latest plays, the newest first."""
    plays = history.plays
    count = min(max(limit, 0), len(plays))
    return _rows(plays, np.arange(len(plays) - 1, len(plays) - 1 - count, -1))


def below(history: History, limit: int, ended_at: datetime | None, passed: int = 0) -> tuple[Row, ...]:
    """Return plays, the newest first, from a moment back; None begins at the newest.

    `passed` plays of exactly that moment are left out: whoever goes through a
    history page by page has seen them.
    """
    plays = history.plays
    stop = len(plays)
    if ended_at is not None:
        stop = int(np.searchsorted(plays.ended_at, microseconds_of(ended_at), side="right")) - passed
    start = max(0, stop - max(limit, 0))
    return _rows(plays, np.arange(stop - 1, start - 1, -1))


def earliest(history: History, limit: int) -> tuple[Row, ...]:
    """Return the first plays, the earliest first."""
    plays = history.plays
    return _rows(plays, np.arange(min(max(limit, 0), len(plays))))


def page(history: History, asked: Asked) -> Page:
    """Return one page of the rows of a view (give it `history.plays` for plays alone)."""
    found = _found(history, asked.search)
    size = max(1, asked.size)
    pages = max(1, -(-len(found) // size))
    number = min(max(asked.number, 1), pages)
    ordered = found[_order(history, found, asked)]
    return Page(_rows(history, ordered[(number - 1) * size : number * size]), len(found), number, pages)


def of_day(history: History, day_on: date) -> tuple[Row, ...]:
    """Return the rows of one local day, the earliest first."""
    only = TimeRange(day_on, None if day_on == date.max else day_on + timedelta(days=1))
    day = history.filter(Filter(time_range=only, kinds=frozenset()))
    return _rows(day, np.arange(len(day)))


def _found(history: History, search: str) -> Int64s:
    """Return the positions, the newest first, of rows that a search finds."""
    if not search.strip():
        return np.arange(len(history) - 1, -1, -1)
    return np.flatnonzero(np.take(history.names.matching(search), history.track))[::-1]


def _order(history: History, found: Int64s, asked: Asked) -> slice | Int64s:
    """Return how positions (the newest first) are put in order; a stable sort leaves equal ones as they are."""
    if asked.sort_by is SortBy.TIME:
        return slice(None, None, 1 if asked.descending else -1)
    keys = _keys(history, found, asked.sort_by)
    if asked.descending:
        keys = keys.max(initial=0) - keys
    if keys.max(initial=0) < 2**16:
        keys = keys.astype(np.uint16)  # numpy sorts these in one pass
    return np.argsort(keys, kind="stable")


def _keys(history: History, found: Int64s, sort_by: SortBy) -> Int64s:
    if sort_by is SortBy.LENGTH:
        return history.heard_ms[found].astype(np.int64)
    names = history.names
    ranks = {SortBy.TITLE: "title_ranks", SortBy.ARTIST: "artist_ranks", SortBy.ALBUM: "album_ranks"}[sort_by]
    keys: Int64s = np.take(getattr(names, ranks), history.track[found])
    return keys


def _rows(history: History, positions: Int64s) -> tuple[Row, ...]:
    """Return the rows at some positions, their names looked up together."""
    tracks, labels = history.tracks, history.labels
    track = history.at("track", positions)
    artist, album = tracks.artist[track], tracks.album[track]
    said = {name: history.at(name, positions).tolist() for name in _SAID}
    columns: list[list[Any]] = [
        [moment_of(ended_at).astimezone(history.zone) for ended_at in said["ended_at"]],
        _ids(tracks.id, track),
        texts(tracks.title, track),
        _ids(history.artists.id, artist),
        texts(history.artists.name, artist),
        _ids(history.albums.id, album),
        texts(history.albums.name, album),
        texts(tracks.uri, track),
        [Kind(kind) for kind in said["kind"]],
        said["heard_ms"],
        said["is_estimated"],
        said["is_play"],
        [Source(source) for source in said["source"]],
        [family(labels[code]) for code in said["platform"]],
        [labels[code].upper() for code in said["country"]],
        [_skipped(flags) for flags in said["flags"]],
    ]
    return tuple(Row(*row) for row in zip(*columns, strict=True))


def _ids(ids: Int64s, codes: npt.NDArray[np.int32]) -> list[int | None]:
    """Return the ids under some codes, None for code -1."""
    return [int(ids[code]) if code >= 0 else None for code in codes]


def _skipped(flags: int) -> bool | None:
    return bool(flags & Flags.SKIPPED) if flags & Flags.SKIPPED_KNOWN else None
