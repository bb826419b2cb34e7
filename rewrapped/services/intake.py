"""An upload, or a page of listens, becomes rows of a listener's history, inside one transaction that the caller holds.

Identity, merging and the ledger are the design's, sections 3 and 4. The
catalogue is added to first, on connections of its own with short commits:
what is left over after a failure is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from rewrapped.deps import Deps
from rewrapped.domain.plays import Source
from rewrapped.history import merging
from rewrapped.importers.rows import FileReading, Identity, Rows
from rewrapped.importers.scrobbles import Scrobbles
from rewrapped.services import settling
from rewrapped.storage import absorbed, catalogue, own_names, plays, repeated
from rewrapped.storage.database import Connection

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
T = TypeVar("T")
Row = TypeVar("Row", catalogue.ArtistRow, catalogue.AlbumRow)

_BATCH = 20_000  # catalogue rows a commit
_PLAY_MS = 30_000  # what "plays so far" counts while an import runs


@dataclass(slots=True)
class Progress:
    """How far an import is; shown while it runs."""

    phase: str = "reading"
    bytes_total: int = 0
    bytes_done: int = 0
    rows: int = 0
    plays: int = 0

    def to_json(self) -> dict[str, int | str]:
        """Return it as it is stored."""
        return {name: getattr(self, name) for name in self.__slots__}


Report = Callable[[Progress], None]


class Reader(Protocol):
    """What rows come from: an upload's `UploadReader`, or what a scrobbler sent."""

    @property
    def identities(self) -> Sequence[Identity]: ...
    @property
    def labels(self) -> Sequence[str]: ...
    @property
    def total_bytes(self) -> int: ...
    @property
    def bytes_done(self) -> int: ...
    def readings(self, watch: Callable[[], None]) -> Iterator[FileReading]: ...


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of one file: rows = kept + merged + the sum of `dropped`; `improved` of those merged."""

    reading: FileReading
    kept: int
    merged: int
    improved: int


@dataclass(slots=True)
class _Upload:
    """Everything read, before it is stored."""

    files: list[FileReading] = field(default_factory=list)
    newest_us: Ids = field(default_factory=lambda: np.empty(0, np.int64))  # per identity


def store(
    deps: Deps, conn: Connection, place: tuple[int, int | None], reader: Reader, report: Report
) -> list[FileCount]:
    """Store the rows of an upload under `place` = (user id, import id, None outside of one); return the count per file.

    The caller holds the listener's lock on `conn`, commits and raises the
    version. `report` is called often and may raise to stop.

    Raises:
        UnreadableFile: nothing in the upload can be read.
        StoreDown: the database doesn't answer.
    """
    progress = Progress(bytes_total=reader.total_bytes)
    upload = _read(reader, progress, report)
    progress.phase = "saving"
    report(progress)
    track_ids, renamed = _name_tracks(deps, conn, place[0], reader.identities, upload.newest_us)
    report(progress)
    parts = [(file.data, file.source) for file in upload.files]
    incoming = _incoming(conn, place[0], reader.labels, track_ids, parts)
    report(progress)
    settled = settling.add(conn, place, incoming, renamed)
    report(progress)
    return list(_counts(upload.files, settled))


def store_told(
    deps: Deps,
    conn: Connection,
    user_id: int,
    identities: Sequence[Identity],
    rows: Rows,
    lengths_ms: Ids,
    source: Source,
) -> settling.Settled:
    """Store rows that a service told of, which belong to no import; return what became of each.

    `rows` index `identities`; `lengths_ms` are the tracks' own, 0 where unknown, and kept where none was known.
    The caller holds the listener's lock on `conn`, commits and raises the version.

    Raises:
        StoreDown: the database doesn't answer.
    """
    newest_us = np.zeros(len(identities), np.int64)
    np.maximum.at(newest_us, rows["identity"], rows["reported_at"])
    track_ids, renamed = _name_tracks(deps, conn, user_id, identities, newest_us)
    with deps.engine.begin() as other:
        catalogue.set_lengths(other, track_ids, lengths_ms)
    incoming = _incoming(conn, user_id, [""], track_ids, [(rows, source)])
    return settling.add(conn, (user_id, None), incoming, renamed)


def store_scrobbles(deps: Deps, conn: Connection, user_id: int, place: int, told: Scrobbles) -> tuple[int, bool]:
    """Store what a service told under a place of its own; return how many plays weren't known, if the history changed.

    What was told before is passed over, also where the service says another length now. The caller holds the
    listener's lock on `conn`, commits and raises the version.

    Raises:
        StoreDown: the database doesn't answer.
    """
    if not len(told.data):
        return 0, False
    newest_us = np.zeros(len(told.identities), np.int64)
    np.maximum.at(newest_us, told.data["identity"], told.data["reported_at"])
    track_ids, renamed = _name_tracks(deps, conn, user_id, told.identities, newest_us)
    incoming = _incoming(conn, user_id, [""], track_ids, [(told.data, told.source)])
    moments = incoming["reported_at"]
    span = f"{absorbed.of_import(place)} AND {plays.between(int(moments.min()), int(moments.max()))}"
    known, _ = absorbed.list_both(conn, user_id, span)
    incoming = incoming[~merging.repeats(_without_length(known), _without_length(incoming), "track_id")]
    noted = repeated.find_repeated(conn, user_id, place)
    incoming = incoming[~merging.repeats(noted, incoming, "track_id")]
    settled = settling.add(conn, (user_id, place), incoming, renamed)
    return int(np.count_nonzero(settled.new)), bool(len(renamed) or (settled.new | settled.improves).any())


def _without_length(rows: plays.Plays) -> plays.Plays:
    same = rows.copy()
    same["ms_played"] = 0
    return same


def _read(reader: Reader, progress: Progress, report: Report) -> _Upload:
    def watch() -> None:
        progress.bytes_done = reader.bytes_done
        report(progress)

    upload = _Upload()
    for file in reader.readings(watch):
        upload.files.append(file)
        data = file.data
        known = len(upload.newest_us)
        upload.newest_us = np.concatenate([upload.newest_us, np.zeros(len(reader.identities) - known, np.int64)])
        np.maximum.at(upload.newest_us, data["identity"], data["reported_at"])
        progress.rows += file.rows
        progress.plays += int(np.count_nonzero(data["ms_played"] >= _PLAY_MS))
        watch()
    return upload


# Naming -------------------------------------------------------------------------------------------


def _name_tracks(
    deps: Deps, conn: Connection, user_id: int, identities: Sequence[Identity], newest_us: Ids
) -> tuple[Ids, catalogue.Identities]:
    """Return the track id of each identity; keep the listener's own names where the catalogue has others.

    Returned too is what tracks were merged by that go by another name from now on.
    """
    # Earlier ones win: rows with names over rows without, newer over older; then by name, so that it is settled.
    moments = newest_us.tolist()
    order = sorted(range(len(identities)), key=lambda n: _rank(identities[n], moments[n]), reverse=True)
    with ThreadPoolExecutor(1) as pool:  # the database adds artists and albums while keys are made here
        adding = pool.submit(_add_makers, deps, [identities[n] for n in order])
        keys = [catalogue.track_key(one.kind, one.uri, one.artist, one.title) for one in identities]
        chosen: dict[bytes, int] = {}
        for n in order:
            chosen.setdefault(keys[n], n)
        winners = sorted(chosen.items())
        name_keys = [_name_key(identities[n]) for _, n in winners]
        makers = adding.result()
    rows = [_track_row(key, identities[n], names, makers) for (key, n), names in zip(winners, name_keys, strict=True)]
    ids, differs = _add_tracks(deps, rows)
    named_at_us = newest_us[[n for _, n in winners]]
    own = _own_names(conn, user_id, rows, ids, named_at_us, differs)
    renamed = own_names.write_own_names(conn, user_id, own)
    by_key = {key: track_id for (key, _), track_id in zip(winners, ids.tolist(), strict=True)}
    return np.fromiter((by_key[key] for key in keys), np.int64, len(keys)), renamed


def _rank(one: Identity, newest_us: int) -> tuple[bool, int, str, str, str]:
    return (one.title is not None, newest_us, one.title or "", one.artist or "", one.album or "")


@dataclass(frozen=True, slots=True)
class _Makers:
    """Ids by names as they are written: of artists, and of albums by artist and name."""

    artists: Mapping[str, int]
    albums: Mapping[tuple[str, str], int]


def _add_makers(deps: Deps, ordered: Sequence[Identity]) -> _Makers:
    """Add the artists and albums not yet known; of names with one key the first gives its writing."""
    names = {name: catalogue.artist_key(name) for name in dict.fromkeys(one.artist for one in ordered) if name}
    written = {key: name for name, key in reversed(names.items())}
    found = _added(
        deps, catalogue.add_artists, [catalogue.ArtistRow(key, name) for key, name in sorted(written.items())]
    )
    artists = {name: found[key] for name, key in names.items()}
    pairs = dict.fromkeys((one.artist, one.album) for one in ordered if one.artist and one.album)
    return _Makers(artists, _add_albums(deps, pairs, artists))


def _add_albums(deps: Deps, pairs: Iterable[tuple[str, str]], artists: Mapping[str, int]) -> dict[tuple[str, str], int]:
    keys = {pair: catalogue.album_key(*pair) for pair in pairs}
    written = {key: pair for pair, key in reversed(keys.items())}
    rows = [catalogue.AlbumRow(key, artists[artist], name) for key, (artist, name) in sorted(written.items())]
    found = _added(deps, catalogue.add_albums, rows)
    return {pair: found[key] for pair, key in keys.items()}


def _added(deps: Deps, add: Callable[[Connection, Sequence[Row]], Ids], rows: Sequence[Row]) -> dict[bytes, int]:
    """Return the ids by key."""
    ids: dict[bytes, int] = {}
    for batch in _batches(rows):
        with deps.engine.begin() as conn:
            ids |= zip((row[0] for row in batch), add(conn, batch).tolist(), strict=True)
    return ids


def _name_key(one: Identity) -> bytes | None:
    return catalogue.name_key(one.kind, one.artist or "", one.title) if one.title else None


def _track_row(key: bytes, one: Identity, names: bytes | None, makers: _Makers) -> catalogue.TrackRow:
    artist_id = makers.artists[one.artist] if one.artist else None
    album_id = makers.albums[one.artist, one.album] if one.artist and one.album else None
    return catalogue.TrackRow(key, one.kind, one.uri, one.title, artist_id, album_id, names)


def _add_tracks(deps: Deps, rows: Sequence[catalogue.TrackRow]) -> tuple[Ids, Mask]:
    ids, differs = [np.empty(0, np.int64)], [np.empty(0, np.bool_)]
    for batch in _batches(rows):
        with deps.engine.begin() as conn:
            more_ids, more_differ = catalogue.add_tracks(conn, batch)
        ids.append(more_ids)
        differs.append(more_differ)
    return np.concatenate(ids), np.concatenate(differs)


def _own_names(
    conn: Connection, user_id: int, rows: Sequence[catalogue.TrackRow], ids: Ids, moments: Ids, differs: Mask
) -> list[own_names.OwnName]:
    """Return the names that may have to be kept: most often none."""
    candidates = range(len(rows)) if own_names.has_own_names(conn, user_id) else np.flatnonzero(differs).tolist()
    return [
        own_names.OwnName(int(ids[n]), *rows[n][3:7], named_at_us=int(moments[n]), differs=bool(differs[n]))
        for n in candidates
    ]


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


# Rows ---------------------------------------------------------------------------------------------


def _incoming(
    conn: Connection, user_id: int, labels: Sequence[str], track_ids: Ids, parts: Sequence[tuple[Rows, Source]]
) -> plays.Plays:
    """Return the rows of all parts, in their order, as they would be stored."""
    label_ids = np.array(plays.add_labels(conn, user_id, list(labels)), np.int16)
    incoming = np.empty(sum(len(data) for data, _ in parts), plays.PLAY)
    start = 0
    for data, source in parts:
        part = incoming[start : start + len(data)]
        for name in ("reported_at", "ended_at", "ms_played", "flags"):
            part[name] = data[name]
        for name in ("platform", "country", "reason_start", "reason_end"):
            part[name] = label_ids[data[name]]
        part["track_id"] = track_ids[data["identity"]]
        part["source"] = source
        start += len(data)
    return incoming


def _counts(files: Sequence[FileReading], settled: settling.Settled) -> Iterator[FileCount]:
    start = 0
    for file in files:
        rows = slice(start, start + len(file.data))
        kept, improved = int(np.count_nonzero(settled.new[rows])), int(np.count_nonzero(settled.improves[rows]))
        yield FileCount(file, kept, len(file.data) - kept, improved)
        start += len(file.data)
