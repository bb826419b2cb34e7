"""A history as one Arrow table, `plays`, for whoever asks in SQL; the columns are described where they are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rewrapped.domain.plays import Flags, Kind, Source
from rewrapped.history.frame import History
from rewrapped.history.localtime import wall_clock
from rewrapped.history.platforms import family

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Described:
    """One column of `plays`: its name, its type in SQL, and what it holds."""

    name: str
    type: str
    says: str


def plays_table(history: History) -> pa.Table:
    """Return every row of a view, oldest first, with the columns of `DICTIONARY`; texts are dictionary-encoded."""
    return pa.table({described.name: make(history) for described, make in _COLUMNS})


def _moments(history: History) -> pa.Array:
    return pa.array(history.ended_at, pa.timestamp("us", "UTC"))


def _local(history: History) -> pa.Array:
    return pa.array(wall_clock(history.ended_at, history.zone), pa.timestamp("us"))


def _days(history: History) -> pa.Array:
    return pa.array(history.day, pa.int32()).view(pa.date32())


def _title(history: History) -> pa.Array:
    return _texts(history.track, history.tracks.title)


def _uri(history: History) -> pa.Array:
    return _texts(history.track, history.tracks.uri)


def _artist(history: History) -> pa.Array:
    return _texts(np.take(history.tracks.artist, history.track), history.artists.name)


def _album(history: History) -> pa.Array:
    return _texts(np.take(history.tracks.album, history.track), history.albums.name)


def _texts(codes: Array, texts: pa.StringArray) -> pa.Array:
    """Return texts by codes, null for code -1 and for a missing text.

    Each text stands once in the dictionary and null never: Parquet and pandas ask for that.
    """
    once = texts.dictionary_encode()
    own = np.append(once.indices.fill_null(-1).to_numpy(zero_copy_only=False), -1)  # the last is what code -1 takes
    found = np.take(own.astype(np.int16 if len(own) < 2**15 else np.int32), codes)
    missing = found < 0
    return pa.DictionaryArray.from_arrays(pa.array(found, mask=missing if missing.any() else None), once.dictionary)


def _kind(history: History) -> pa.Array:
    kinds = np.take(history.tracks.kind, history.track)
    return pa.DictionaryArray.from_arrays(pa.array(kinds, pa.int8()), [kind.name.lower() for kind in Kind])


def _source(history: History) -> pa.Array:
    words = ["", *(source.word for source in Source)]
    return pa.DictionaryArray.from_arrays(pa.array(history.source, pa.int8()), words)


def _platform(history: History) -> pa.Array:
    return _labelled(history, history.platform, family)


def _country(history: History) -> pa.Array:
    return _labelled(history, history.country, str.upper)


def _labelled(history: History, codes: Array, said: Callable[[str], str] = str) -> pa.Array:
    """Return a column of labels, each said in its own way; null where the source didn't say."""
    return _texts(codes, pa.array([said(label) or None for label in history.labels], pa.string()))


def _flag(flag: Flags, known: Flags) -> Callable[[History], pa.Array]:
    def make(history: History) -> pa.Array:
        flags = history.flags
        return pa.array((flags & flag) != 0, mask=(flags & known) == 0)

    return make


_COLUMNS: Sequence[tuple[Described, Callable[[History], pa.Array]]] = (
    (Described("ended_at", "TIMESTAMPTZ", "When the row ended, in UTC."), _moments),
    (Described("local_at", "TIMESTAMP", "The same moment on your clock: use it for days, hours and months."), _local),
    (Described("day", "DATE", "Your local day."), _days),
    (Described("weekday", "UTINYINT", "Your local weekday: 0 is Monday, 6 is Sunday."), lambda h: pa.array(h.weekday)),
    (Described("hour", "UTINYINT", "Your local hour, 0 to 23, in which the row ended."), lambda h: pa.array(h.hour)),
    (Described("title", "VARCHAR", "The track's, episode's or chapter's title; null where nothing names it."), _title),
    (Described("artist", "VARCHAR", "The artist, podcast or author; null where nothing names it."), _artist),
    (Described("album", "VARCHAR", "The album; null where nothing names it."), _album),
    (Described("uri", "VARCHAR", "Spotify's address of it; null for rows that came with names only."), _uri),
    (Described("kind", "VARCHAR", "track, episode or chapter; music alone unless the filter adds others."), _kind),
    (Described("source", "VARCHAR", "extended, account, listenbrainz, lastfm or spotify_api."), _source),
    (
        Described("platform", "VARCHAR", "A family of devices: android, ios, windows, web, speaker and others."),
        _platform,
    ),
    (Described("country", "VARCHAR", "The country's two letters, as the source wrote them."), _country),
    (
        Described("ms_played", "INTEGER", "Milliseconds as the source tells them; 0 where it doesn't."),
        lambda h: pa.array(h.ms_played),
    ),
    (
        Described("minutes", "DOUBLE", "What the row counts for; the track's length where the source doesn't say."),
        lambda h: pa.array(h.heard_ms / 60_000),
    ),
    (
        Described("is_play", "BOOLEAN", "Whether the play rule counts it. Filter by it to count plays."),
        lambda h: pa.array(h.is_play),
    ),
    (
        Described("is_estimated", "BOOLEAN", "Whether its source is the API or a scrobble, so minutes are estimated."),
        lambda h: pa.array(h.is_estimated),
    ),
    (
        Described("skipped", "BOOLEAN", "Whether it was skipped; null where the source doesn't say, as the next two."),
        _flag(Flags.SKIPPED, Flags.SKIPPED_KNOWN),
    ),
    (Described("shuffle", "BOOLEAN", "Whether shuffle was on."), _flag(Flags.SHUFFLE, Flags.SHUFFLE_KNOWN)),
    (Described("offline", "BOOLEAN", "Whether it was played offline."), _flag(Flags.OFFLINE, Flags.OFFLINE_KNOWN)),
    (
        Described("reason_start", "VARCHAR", "Why it began: trackdone, clickrow, fwdbtn and others."),
        lambda h: _labelled(h, h.reason_start),
    ),
    (
        Described("reason_end", "VARCHAR", "Why it ended: trackdone, fwdbtn, endplay and others."),
        lambda h: _labelled(h, h.reason_end),
    ),
)

#: What `plays` holds, in the order of its columns.
DICTIONARY: tuple[Described, ...] = tuple(described for described, _ in _COLUMNS)
