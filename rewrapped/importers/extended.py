"""Extended streaming history (`Streaming_History_*`), and the `endsong` files before it: rows -> columns.

Only what is stored is declared, so the user name, address, user agent and city
of a row are skipped by the parser and never become values.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Flags, Kind
from rewrapped.importers import clock
from rewrapped.importers.json_rows import Record, Shape
from rewrapped.importers.names import (
    MAX_LABEL,
    Described,
    IdentityCodes,
    Key,
    Names,
    clean_country,
    clean_label,
    first,
)
from rewrapped.importers.rows import Rows
from rewrapped.importers.sieve import Candidates, Mask, Sieve, Whole, blank, flag, number, text, whole

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


#: Combinations of platform, country, reasons and flags remembered at a time; real histories have a few thousand.
MAX_CIRCUMSTANCES: Final = 20_000
_CIRCUMSTANCES = ("platform", "country", "reason_start", "reason_end", "flags")
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


class Circumstances(dict[tuple[str | bool | None, ...], int]):
    """How rows were played -> a number; `table` has platform, country, reasons and flags by number.

    One look-up serves five columns: listeners have few combinations of these.
    """

    def __init__(self, names: Names) -> None:
        super().__init__()
        self._names = names
        self._known: list[tuple[int, ...]] = []
        self._table = np.empty((0, 5), np.int16)

    def __missing__(self, written: tuple[Any, ...]) -> int:
        platform, country, start, end, *truths = written
        texts = clean_label(platform), clean_country(country), clean_label(start), clean_label(end)
        self._known.append((*map(self._names.label, texts), _flags(truths)))
        code = len(self._known) - 1
        if sum(len(label or "") for label in written[:4]) <= MAX_LABEL:
            self[written] = code
        return code

    def columns(self, rows: list[ExtendedRow]) -> npt.NDArray[np.int16]:
        """Return platform, country, reason to start, to end, and flags: five columns, a value a row."""
        if len(self._known) > MAX_CIRCUMSTANCES:
            self._forget()
        written = [
            (
                row.platform,
                row.conn_country,
                row.reason_start,
                row.reason_end,
                row.shuffle,
                row.skipped,
                row.offline,
                row.incognito_mode,
            )
            for row in rows
        ]
        codes = np.fromiter(map(self.__getitem__, written), np.int64, len(rows))
        if len(self._table) < len(self._known):
            more = np.array(self._known[len(self._table) :], np.int16)
            self._table = np.concatenate([self._table, more])
        return self._table[codes].T

    def _forget(self) -> None:
        self.clear()
        self._known, self._table = [], self._table[:0]


def _flags(truths: Sequence[bool | None]) -> int:
    flags = Flags.NONE
    for truth, (known, held) in zip(truths, _FLAG_PAIRS, strict=True):
        flags |= (known if truth is not None else 0) | (held if truth else 0)
    return int(flags)


class ExtendedColumns:
    """Turns batches of rows into columns; one for all files of an upload."""

    shape = SHAPE

    def __init__(self, names: Names, *, include_incognito: bool) -> None:
        self.identities = IdentityCodes(names, describe)
        self._circumstances = Circumstances(names)
        self._include_incognito = include_incognito

    def fill(self, rows: list[ExtendedRow], sieve: Sieve) -> Rows:
        """Return the kept rows; the sieve counts the others."""
        reported = clock.read_stamps([row.ts for row in rows], clock.EXTENDED)
        ms = np.fromiter([row.ms_played for row in rows], np.int64, len(rows))
        kept, codes = sieve.sift(Candidates(reported, ms, self._hidden(rows), _keys(rows)))
        if len(codes) < len(rows):
            rows = list(compress(rows, kept.tolist()))
            reported, ms = reported[kept], ms[kept]
        data = blank(len(rows))
        data["reported_at"], data["ms_played"], data["identity"] = reported, ms, codes
        for name, column in zip(_CIRCUMSTANCES, self._circumstances.columns(rows), strict=True):
            data[name] = column
        data["ended_at"] = _ended_at(data, rows)
        return data

    def _hidden(self, rows: list[ExtendedRow]) -> Mask:
        if self._include_incognito:
            return np.zeros(len(rows), np.bool_)
        return np.fromiter([row.incognito_mode is True for row in rows], np.bool_, len(rows))


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
