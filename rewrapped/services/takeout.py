"""A person's own history as a file of theirs: every row that counts, written a few at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Flags, Kind, Source
from rewrapped.domain.sheets import as_text
from rewrapped.errors import NotFound
from rewrapped.history.columns import Albums, Artists, Tracks, texts
from rewrapped.history.localtime import moment_of
from rewrapped.services import listening
from rewrapped.services.throttle import Budget, count_try
from rewrapped.storage import catalogue, people, plays

COLUMNS = (
    *("ended_at_utc", "ended_at_local", "reported_at_utc", "ms_played", "kind", "title", "artist", "album", "uri"),
    *("source", "platform", "country", "reason_start", "reason_end"),
    *("shuffle", "skipped", "offline", "incognito", "import"),
)
_AT_A_TIME = 10_000  # rows that are Python objects at once
_FREE_AN_HOUR = 10
_KINDS = {Kind.TRACK: "track", Kind.EPISODE: "episode", Kind.CHAPTER: "chapter"}
_SOURCES = {source: source.word for source in Source}
_FLAGS = (
    (Flags.SHUFFLE, Flags.SHUFFLE_KNOWN),
    (Flags.SKIPPED, Flags.SKIPPED_KNOWN),
    (Flags.OFFLINE, Flags.OFFLINE_KNOWN),
    (Flags.INCOGNITO, Flags.INCOGNITO_KNOWN),
)
#: The words of all flags for each value they can have: reading enums anew for a million rows takes half the time.
_ANSWERS = [
    ["" if not flags & known else "yes" if flags & flag else "no" for flag, known in _FLAGS] for flags in range(256)
]


@dataclass(frozen=True, slots=True)
class _Stored:
    rows: plays.Plays
    tracks: Tracks
    artists: Artists
    albums: Albums
    labels: dict[int, str]
    zone: ZoneInfo


def history_csv(deps: Deps, visitor: Visitor) -> Iterator[bytes]:
    """Return every row of the visitor as CSV (RFC 4180, UTF-8), in parts, in the order they were reported in.

    Rows that stand behind a better one of the same play (`absorbed_plays`) aren't among them: they would count twice.

    The first line names `COLUMNS`. Local times are the visitor's clock, with its distance from UTC. A flag that the
    source doesn't tell is empty; no text becomes a spreadsheet's formula. No connection is held while it is read.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        NotFound: the account is gone.
        TooMany: it was asked for many times within an hour.
        StoreDown: the database doesn't answer.
    """
    user_id = visitor.writer()
    count_try(deps, Budget("takeout", str(user_id), _FREE_AN_HOUR))
    stored = _read(deps, user_id)
    with deps.engine.begin() as conn:
        people.add_audit(conn, user_id, "downloaded the history")
    return _parts(stored)


def _read(deps: Deps, user_id: int) -> _Stored:
    with deps.engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn:
        listener = plays.find_listener(conn, user_id)
        if listener is None:
            raise NotFound("This account no longer exists.")
        rows = plays.list_stored(conn, user_id)
        names = catalogue.list_tracks(conn, user_id, np.unique(rows["track_id"]))
        labels = {number: as_text(label) for number, label in plays.list_labels(conn, user_id).items()}
    parts = listening.tracks_of(names), listening.artists_of(names), listening.albums_of(names)
    return _Stored(rows, *parts, labels, ZoneInfo(listener.zone))


def _parts(stored: _Stored) -> Iterator[bytes]:
    yield _lines([COLUMNS])
    for start in range(0, len(stored.rows), _AT_A_TIME):
        yield _lines(_cells(stored, stored.rows[start : start + _AT_A_TIME]))


def _cells(stored: _Stored, rows: plays.Plays) -> Iterator[tuple[object, ...]]:
    tracks, artists, albums = stored.tracks, stored.artists, stored.albums
    code = np.searchsorted(tracks.id, rows["track_id"])
    names = zip(
        texts(tracks.title, code),
        texts(artists.name, tracks.artist[code]),
        texts(albums.name, tracks.album[code]),
        texts(tracks.uri, code),
        strict=True,
    )
    kinds = tracks.kind[code].tolist()
    for row, kind, named in zip(rows.tolist(), kinds, names, strict=True):
        reported_at, ended_at, _, ms_played, source, *labels, flags, import_id = row
        ended = moment_of(ended_at)
        ended_utc = _utc(ended)
        yield (
            ended_utc,
            ended.astimezone(stored.zone).isoformat(),
            ended_utc if reported_at == ended_at else _utc(moment_of(reported_at)),
            ms_played,
            _KINDS[kind],
            *(as_text(name or "") for name in named),
            _SOURCES[source],
            *(stored.labels.get(label, "") for label in labels),
            *_ANSWERS[flags],
            import_id if import_id > 0 else "",  # below zero: it came with a connected service
        )


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _lines(rows: Iterator[tuple[object, ...]] | list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return text.getvalue().encode()
