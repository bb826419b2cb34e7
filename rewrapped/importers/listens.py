"""Listens as ListenBrainz exports and receives them, and scrobbles of Last.fm tables: rows -> columns.

Both are stamped at the start of a play, name things by words alone, and seldom
say how long something was heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np

from rewrapped.domain.plays import Kind
from rewrapped.domain.scrobbling import heard_ms
from rewrapped.importers import clock
from rewrapped.importers.json_rows import Record, Shape
from rewrapped.importers.names import Described, IdentityCodes, Key, Names
from rewrapped.importers.rows import Rows
from rewrapped.importers.sieve import Candidates, Sieve, blank, number, text

_LATEST_S: Final = 1 << 40  # seconds; microseconds of it still fit an int64
_UNREADABLE_S: Final = -1  # before all listening, so it is a time that can't be right


class _Info(msgspec.Struct, gc=False):
    """What of a client's own words is used: how long was listened, in seconds."""

    duration_played: int | float | None = None


class _Metadata(msgspec.Struct, gc=False):
    """What was listened to."""

    track_name: str | None = None
    artist_name: str | None = None
    release_name: str | None = None
    additional_info: _Info | None = None


class ListenRow(msgspec.Struct, gc=False):
    """One listen; `listened_at` is in seconds since 1970 UTC."""

    listened_at: int
    track_metadata: _Metadata


def _loosen(record: Record) -> ListenRow:
    told = record.get("track_metadata")
    metadata: Record = told if isinstance(told, dict) else {}
    info = metadata.get("additional_info")
    played = number(info.get("duration_played")) if isinstance(info, dict) else None
    title, artist, album = (text(metadata.get(name)) for name in _Metadata.__struct_fields__[:3])
    return ListenRow(_seconds(record.get("listened_at")), _Metadata(title, artist, album, _Info(played)))


def _seconds(value: Any) -> int:
    """Return whole seconds, also where they are written as a text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    found = number(value)
    return int(found) if found is not None else _UNREADABLE_S


SHAPE: Final = Shape(ListenRow, _loosen)


class ScrobbleRow(msgspec.Struct, gc=False):
    """One line of a table: its moment in microseconds since 1970 UTC, and what was played."""

    scrobbled_us: int
    title: str
    artist: str
    album: str


def describe(*key: str | None) -> Described:
    """Return what a row played: a track, by its names."""
    title, artist, album = key
    return (int(Kind.TRACK), None, title, artist, album)


class ListenColumns:
    """Turns batches of listens into columns; one for all files of an upload."""

    shape = SHAPE

    def __init__(self, names: Names) -> None:
        self.identities = IdentityCodes(names, describe)

    def fill(self, rows: Sequence[ListenRow], sieve: Sieve) -> Rows:
        """Return the kept rows; the sieve counts the others."""
        moments = [_micros(row.listened_at) for row in rows]
        told = [row.track_metadata for row in rows]
        keys = [(one.track_name, one.artist_name, one.release_name) for one in told]
        return _filled(moments, [_played_ms(one.additional_info) for one in told], keys, sieve)


class ScrobbleColumns:
    """Turns batches of a table's lines into columns; one for all files of an upload."""

    def __init__(self, names: Names) -> None:
        self.identities = IdentityCodes(names, describe)

    def fill(self, rows: Sequence[ScrobbleRow], sieve: Sieve) -> Rows:
        """Return the kept rows; the sieve counts the others."""
        keys = [(row.title, row.artist, row.album) for row in rows]
        return _filled([row.scrobbled_us for row in rows], [0] * len(rows), keys, sieve)


def _filled(moments: Sequence[int], lengths: Sequence[int], keys: Sequence[Key], sieve: Sieve) -> Rows:
    reported = np.array(moments, np.int64)
    ms = np.array(lengths, np.int64)
    kept, codes = sieve.sift(Candidates(reported, ms, np.zeros(len(keys), np.bool_), keys))
    data = blank(len(codes))
    data["reported_at"] = data["ended_at"] = reported[kept]
    data["ms_played"], data["identity"] = ms[kept], codes
    return data


def _micros(seconds: int) -> int:
    return seconds * 1_000_000 if 0 <= seconds < _LATEST_S else clock.UNREADABLE


def _played_ms(info: _Info | None) -> int:
    return heard_ms(info.duration_played if info else None)
