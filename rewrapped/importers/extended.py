"""Extended streaming history (`Streaming_History_*`), and the `endsong` files before it: rows -> columns.

Only what is stored is declared, so the user name, address, user agent and city
of a row are skipped by the parser and never become values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Flags, Kind
from rewrapped.importers import clock
from rewrapped.importers.json_rows import Record, Shape
from rewrapped.importers.names import IdentityCodes, LabelCodes, Names, clean_country, clean_label, first
from rewrapped.importers.rows import Identity, Rows
from rewrapped.importers.sieve import Candidates, Sieve, Whole, blank, flag, number, text, whole

#: An offline row is moved when its start is said to lie this far before its report, in microseconds.
OFFLINE_NEAR: Final = 600 * 1_000_000
OFFLINE_FAR: Final = 400 * 86_400 * 1_000_000
_SECONDS_END: Final = 1e11  # larger numbers are milliseconds: in seconds it is the year 5138


class ExtendedRow(msgspec.Struct, gc=False):
    """One row. The order is used: a key of eleven, four labels, four flags."""

    ts: str
    ms_played: Whole
    spotify_track_uri: str | None = None
    master_metadata_track_name: str | None = None
    master_metadata_album_artist_name: str | None = None
    master_metadata_album_album_name: str | None = None
    spotify_episode_uri: str | None = None
    episode_name: str | None = None
    episode_show_name: str | None = None
    audiobook_chapter_uri: str | None = None
    audiobook_uri: str | None = None
    audiobook_chapter_title: str | None = None
    audiobook_title: str | None = None
    platform: str | None = None
    conn_country: str | None = None
    reason_start: str | None = None
    reason_end: str | None = None
    shuffle: bool | None = None
    skipped: bool | None = None
    offline: bool | None = None
    incognito_mode: bool | None = None
    offline_timestamp: Whole | float | None = None


_FLAG_PAIRS = (
    (Flags.SHUFFLE_KNOWN, Flags.SHUFFLE),
    (Flags.SKIPPED_KNOWN, Flags.SKIPPED),
    (Flags.OFFLINE_KNOWN, Flags.OFFLINE),
    (Flags.INCOGNITO_KNOWN, Flags.INCOGNITO),
)
_FIELDS = ExtendedRow.__struct_fields__
_KEY, _LABELS, _FLAGS = slice(2, 13), slice(13, 17), slice(17, 21)


def _loosen(record: Record) -> ExtendedRow:
    values: dict[str, Any] = {name: text(record.get(name)) for name in _FIELDS[2:17]}
    values |= {name: flag(record.get(name)) for name in _FIELDS[_FLAGS]}
    stamp, ms = text(record.get("ts")) or "", whole(record.get("ms_played"))
    return ExtendedRow(stamp, ms, **values, offline_timestamp=number(record.get("offline_timestamp")))


SHAPE: Final = Shape(ExtendedRow, _loosen)


def describe(*key: str | None) -> Identity:
    """Return what a row played: a chapter or an episode where its fields say so, else a track."""
    uri, title, artist, album, episode_uri, episode, show, chapter_uri, book_uri, chapter, book = key
    if first(chapter_uri, book_uri, chapter, book):
        return Identity(Kind.CHAPTER, first(chapter_uri, book_uri), first(chapter, book), book, book)
    if first(episode_uri, episode, show):
        return Identity(Kind.EPISODE, episode_uri, first(episode, show), show, None)
    return Identity(Kind.TRACK, uri, title, artist, album)


class FlagCodes(dict[tuple[bool | None, ...], int]):
    """(shuffle, skipped, offline, incognito) -> `domain.plays.Flags`."""

    def __missing__(self, said_so: tuple[bool | None, ...]) -> int:
        code = Flags.NONE
        for said, (known, held) in zip(said_so, _FLAG_PAIRS, strict=True):
            code |= (known if said is not None else 0) | (held if said else 0)
        self[said_so] = int(code)
        return int(code)


class ExtendedColumns:
    """Turns batches of rows into columns; one for all files of an upload."""

    shape = SHAPE

    def __init__(self, names: Names, *, include_incognito: bool) -> None:
        self.identities = IdentityCodes(names, describe)
        labels, countries = LabelCodes(names, clean_label), LabelCodes(names, clean_country)
        self._labels = (labels, countries, labels, labels)
        self._flags = FlagCodes()
        self._include_incognito = include_incognito

    def fill(self, rows: list[ExtendedRow], sieve: Sieve) -> Rows:
        """Return the kept rows; the sieve counts the others."""
        columns: list[Sequence[Any]] = list(zip(*map(msgspec.structs.astuple, rows), strict=True))
        reported = clock.read_stamps(columns[0], clock.EXTENDED)
        ms = np.fromiter(columns[1], np.int64, len(rows))
        flags = np.fromiter(map(self._flags.__getitem__, zip(*columns[_FLAGS], strict=True)), np.int16, len(rows))
        hidden = (flags & int(Flags.INCOGNITO) != 0) & (not self._include_incognito)
        kept, codes = sieve.sift(Candidates(reported, ms, hidden, columns[_KEY]))
        data = blank(len(codes))
        data["reported_at"], data["ms_played"], data["flags"] = reported[kept], ms[kept], flags[kept]
        data["identity"] = codes
        data["ended_at"] = _ended_at(data, _taken(columns[-1], kept))
        for name, column, numbers in zip(_FIELDS[_LABELS], columns[_LABELS], self._labels, strict=True):
            field = "country" if name == "conn_country" else name
            data[field] = np.fromiter(map(numbers.__getitem__, _taken(column, kept)), np.int16, len(data))
        return data


def _taken(column: Sequence[Any], kept: npt.NDArray[np.bool_]) -> Sequence[Any]:
    return column if kept.all() else list(compress(column, kept.tolist()))


def _ended_at(data: Rows, started: Iterable[float | None]) -> clock.Micros:
    """Return when rows ended: as reported, save offline rows that say they began long before."""
    ended: clock.Micros = data["reported_at"].copy()
    offline = data["flags"] & int(Flags.OFFLINE) != 0
    if not offline.any():
        return ended
    said_at = np.fromiter((stamp or 0 for stamp in compress(started, offline.tolist())), np.float64)
    seconds = np.floor(np.where(np.abs(said_at) >= _SECONDS_END, said_at / 1_000, said_at))
    start = (np.clip(seconds, 0, _SECONDS_END) * 1_000_000).astype(np.int64)
    before = ended[offline] - start
    moved = (before >= OFFLINE_NEAR) & (before <= OFFLINE_FAR)
    end = np.minimum(start + data["ms_played"][offline].astype(np.int64) * 1_000, ended[offline])
    ended[offline] = np.where(moved, end, ended[offline])
    return ended
