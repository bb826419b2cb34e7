"""Extended streaming history (`Streaming_History_*`), and the `endsong` files before it: rows -> columns.

Only what is stored is declared, so the user name, address, user agent and city
of a row are skipped by the parser and never become values.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Flags, Kind
from rewrapped.importers import clock
from rewrapped.importers.json_rows import Record, Shape
from rewrapped.importers.names import (
    Described,
    IdentityCodes,
    Key,
    LabelCodes,
    Names,
    clean_country,
    clean_label,
    first,
)
from rewrapped.importers.rows import Rows
from rewrapped.importers.sieve import Candidates, Sieve, Whole, blank, flag, number, text, whole

#: An offline row is moved when its start is said to lie this far before its report, in microseconds.
OFFLINE_NEAR: Final = 600 * 1_000_000
OFFLINE_FAR: Final = 400 * 86_400 * 1_000_000
_SECONDS_END: Final = 1e11  # larger numbers are milliseconds: in seconds it is the year 5138


class ExtendedRow(msgspec.Struct, gc=False):
    """One row: when and how long, fifteen texts, four truths, and when it began on the device."""

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
_TEXTS = tuple(ExtendedRow.__struct_fields__[2:17])
_TRUTHS = tuple(ExtendedRow.__struct_fields__[17:21])


def _loosen(record: Record) -> ExtendedRow:
    values: dict[str, Any] = {name: text(record.get(name)) for name in _TEXTS}
    values |= {name: flag(record.get(name)) for name in _TRUTHS}
    stamp, ms = text(record.get("ts")) or "", whole(record.get("ms_played"))
    return ExtendedRow(stamp, ms, **values, offline_timestamp=number(record.get("offline_timestamp")))


SHAPE: Final = Shape(ExtendedRow, _loosen)


def describe(*key: str | None) -> Described:
    """Return what a row played: a chapter or an episode where its fields say so, else a track."""
    uri, title, artist, album, episode_uri, episode, show, chapter_uri, book_uri, chapter, book = key
    if (chapter_uri or book_uri or chapter or book) and first(chapter_uri, book_uri, chapter, book):
        return (int(Kind.CHAPTER), first(chapter_uri, book_uri), first(chapter, book), book, book)
    if (episode_uri or episode or show) and first(episode_uri, episode, show):
        return (int(Kind.EPISODE), episode_uri, first(episode, show), show, None)
    return (int(Kind.TRACK), uri, title, artist, album)


def _keys(rows: list[ExtendedRow]) -> list[Key]:
    """Return what `describe` takes, a tuple a row: in one go, because this is the inner loop of an import."""
    return [
        (
            row.spotify_track_uri,
            row.master_metadata_track_name,
            row.master_metadata_album_artist_name,
            row.master_metadata_album_album_name,
            row.spotify_episode_uri,
            row.episode_name,
            row.episode_show_name,
            row.audiobook_chapter_uri,
            row.audiobook_uri,
            row.audiobook_chapter_title,
            row.audiobook_title,
        )
        for row in rows
    ]


class FlagCodes(dict[tuple[bool | None, ...], int]):
    """(shuffle, skipped, offline, incognito) -> `domain.plays.Flags`."""

    def __missing__(self, truths: tuple[bool | None, ...]) -> int:
        flags = Flags.NONE
        for truth, (known, held) in zip(truths, _FLAG_PAIRS, strict=True):
            flags |= (known if truth is not None else 0) | (held if truth else 0)
        self[truths] = int(flags)
        return int(flags)


class ExtendedColumns:
    """Turns batches of rows into columns; one for all files of an upload."""

    shape = SHAPE

    def __init__(self, names: Names, *, include_incognito: bool) -> None:
        self.identities = IdentityCodes(names, describe)
        self._labels = LabelCodes(names, clean_label)
        self._countries = LabelCodes(names, clean_country)
        self._flags = FlagCodes()
        self._include_incognito = include_incognito

    def fill(self, rows: list[ExtendedRow], sieve: Sieve) -> Rows:
        """Return the kept rows; the sieve counts the others."""
        reported = clock.read_stamps([row.ts for row in rows], clock.EXTENDED)
        ms = np.fromiter([row.ms_played for row in rows], np.int64, len(rows))
        truths = [(row.shuffle, row.skipped, row.offline, row.incognito_mode) for row in rows]
        flags = _numbers(self._flags, truths)
        hidden = (flags & int(Flags.INCOGNITO) != 0) & (not self._include_incognito)
        kept, codes = sieve.sift(Candidates(reported, ms, hidden, _keys(rows)))
        if len(codes) < len(rows):
            rows = list(compress(rows, kept.tolist()))
            reported, ms, flags = reported[kept], ms[kept], flags[kept]
        data = blank(len(rows))
        data["reported_at"], data["ms_played"], data["flags"], data["identity"] = reported, ms, flags, codes
        data["ended_at"] = _ended_at(data, rows)
        self._label(data, rows)
        return data

    def _label(self, data: Rows, rows: list[ExtendedRow]) -> None:
        data["platform"] = _numbers(self._labels, [row.platform for row in rows])
        data["country"] = _numbers(self._countries, [row.conn_country for row in rows])
        data["reason_start"] = _numbers(self._labels, [row.reason_start for row in rows])
        data["reason_end"] = _numbers(self._labels, [row.reason_end for row in rows])


def _numbers(codes: Mapping[Any, int], written: list[Any]) -> npt.NDArray[np.int16]:
    return np.fromiter(map(codes.__getitem__, written), np.int16, len(written))


def _ended_at(data: Rows, rows: list[ExtendedRow]) -> clock.Micros:
    """Return when rows ended: as reported, save offline rows that say they began long before."""
    ended: clock.Micros = data["reported_at"].copy()
    offline = np.flatnonzero(data["flags"] & int(Flags.OFFLINE))
    if not len(offline):
        return ended
    said_at = np.array([rows[at].offline_timestamp or 0 for at in offline.tolist()], np.float64)
    seconds = np.floor(np.where(np.abs(said_at) >= _SECONDS_END, said_at / 1_000, said_at))
    start = (np.clip(seconds, 0, _SECONDS_END) * 1_000_000).astype(np.int64)
    before = ended[offline] - start
    moved = (before >= OFFLINE_NEAR) & (before <= OFFLINE_FAR)
    end = np.minimum(start + data["ms_played"][offline].astype(np.int64) * 1_000, ended[offline])
    ended[offline] = np.where(moved, end, ended[offline])
    return ended
