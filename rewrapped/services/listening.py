"""A listener's history, ready for questions: from memory, else from the cached file, else from the database."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import PlayRule
from rewrapped.errors import NotFound
from rewrapped.history import columns as layout
from rewrapped.history.columns import Albums, Artists, Columns, Tracks
from rewrapped.history.frame import History
from rewrapped.services.throttle import Budget, count_try
from rewrapped.storage import catalogue, plays
from rewrapped.storage.database import Connection

log = logging.getLogger(__name__)

_CACHE_BYTES = 4 * 1024**3
_FREE_REFRESHES = 10  # an hour


def history(deps: Deps, visitor: Visitor, *, rule: PlayRule | None = None, zone: str | None = None) -> History:
    """Return everything the visitor's listener has played, in the listener's zone and play rule unless given.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
        NotFound: the listener is gone.
        StoreDown: the database doesn't answer.
    """
    user_id = visitor.listening_to()
    with deps.engine.connect() as conn:
        listener = plays.find_listener(conn, user_id)
    if listener is None:
        raise NotFound("This account no longer exists.")
    key = (user_id, listener.history_version, zone or listener.zone)
    asked, usual = str(rule or listener.play_rule), str(PlayRule())
    found = deps.histories.get((*key, asked))
    base = deps.histories.get((*key, usual))  # looked for last: what shares its rows is given up before it
    if found is not None:
        return found
    if base is None:
        columns = _columns(deps, user_id, listener.history_version)
        base = History.build(columns, ZoneInfo(zone or listener.zone))
        deps.histories.put((*key, usual), base)
    if asked == usual:
        return base
    found = base.with_rule(PlayRule.parse(asked))
    deps.histories.put((*key, asked), found)
    return found


def refresh(deps: Deps, visitor: Visitor) -> History:
    """Return the visitor's history, read anew from the database whatever copies there are.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        TooMany: it was asked for many times within an hour.
        NotFound, StoreDown: as `history`.
    """
    user_id = visitor.writer()
    count_try(deps, Budget("refresh", str(user_id), _FREE_REFRESHES))
    deps.histories.drop(user_id)
    drop_files(deps.site.cache, user_id)
    return history(deps, visitor)


def _columns(deps: Deps, user_id: int, version: int) -> Columns:
    """Return the columns of a version, from its file or from the database."""
    path = cache_file(deps.site.cache, user_id, version)
    try:
        return layout.decode(path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, pa.ArrowException) as error:
        log.warning("cache file of user_id=%d is not readable: %s", user_id, type(error).__name__)
        path.unlink(missing_ok=True)
    with deps.engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn:
        listener = plays.find_listener(conn, user_id)
        columns = read_columns(conn, user_id)
    if listener is not None:
        _keep(deps.site.cache, user_id, listener.history_version, columns)
        with deps.engine.connect() as conn:
            gone = plays.find_listener(conn, user_id) is None
        if gone:  # deleted while the file was written: nothing of them may stay
            drop_files(deps.site.cache, user_id)
    return columns


def read_columns(conn: Connection, user_id: int) -> Columns:
    """Read a listener's whole history from the database."""
    rows = plays.list_plays(conn, user_id)
    order = _in_order(rows)
    track_ids, track = np.unique(rows["track_id"][order], return_inverse=True)
    names = catalogue.list_tracks(conn, user_id, track_ids)
    labels, of_label = _labels(plays.list_labels(conn, user_id))
    return Columns(
        ended_at=rows["ended_at"][order],
        track=track.astype(np.int32),
        ms_played=rows["ms_played"][order],
        source=rows["source"][order].astype(np.uint8),
        platform=of_label[rows["platform"][order]],
        country=of_label[rows["country"][order]],
        reason_start=of_label[rows["reason_start"][order]],
        reason_end=of_label[rows["reason_end"][order]],
        flags=rows["flags"][order].astype(np.uint8),
        tracks=tracks_of(names),
        artists=artists_of(names),
        albums=albums_of(names),
        labels=labels,
    )


def _in_order(rows: plays.Plays) -> npt.NDArray[np.intp]:
    """Return the order of rows by ended_at, then reported_at, track and length.

    Rows come nearly sorted by their moments, which this sort is quick at; only
    the few of one moment are looked at more closely.
    """
    ended_at = np.ascontiguousarray(rows["ended_at"])
    order = np.argsort(ended_at, kind="stable")
    equal = ended_at[order][1:] == ended_at[order][:-1]
    tied = np.flatnonzero(np.concatenate([equal, [False]]) | np.concatenate([[False], equal]))
    few = rows[order[tied]]
    order[tied] = order[tied][np.lexsort((few["ms_played"], few["track_id"], few["reported_at"], few["ended_at"]))]
    return order


def _labels(by_id: dict[int, str]) -> tuple[tuple[str, ...], npt.NDArray[np.int16]]:
    """Return the labels, "" first, and the code of every label id."""
    ordered = sorted(by_id)
    codes = np.zeros(max(ordered, default=0) + 1, np.int16)
    codes[ordered] = np.arange(1, len(ordered) + 1)
    return ("", *(by_id[number] for number in ordered)), codes


def tracks_of(names: catalogue.ListenersCatalogue) -> Tracks:
    """Return a listener's tracks as a history holds them."""
    t = names.tracks
    return Tracks(
        id=t["id"].astype(np.int64),
        uri=_words(names.track_text, "uri"),
        title=_words(names.track_text, "title"),
        artist=_codes(_numbers(names.artists, "id"), t["artist_id"]),
        album=_codes(_numbers(names.albums, "id"), t["album_id"]),
        kind=t["kind"].astype(np.uint8),
        duration_ms=t["duration_ms"].astype(np.int32),
        name_key=_keys(t["name_key"]),
    )


def artists_of(names: catalogue.ListenersCatalogue) -> Artists:
    """Return a listener's artists as a history holds them."""
    return Artists(_numbers(names.artists, "id"), _words(names.artists, "name"))


def albums_of(names: catalogue.ListenersCatalogue) -> Albums:
    """Return a listener's albums as a history holds them."""
    artist = _codes(_numbers(names.artists, "id"), _numbers(names.albums, "artist_id"))
    return Albums(_numbers(names.albums, "id"), _words(names.albums, "name"), artist)


def _codes(ids: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return the position of each wanted id among ascending `ids`, -1 for 0."""
    wanted = wanted.astype(np.int64)
    return np.where(wanted > 0, np.searchsorted(ids, wanted), -1).astype(np.int32)


def _keys(keys: npt.NDArray[np.void]) -> pa.FixedSizeBinaryArray:
    """Return 16-byte keys as Arrow holds them; all zero becomes null."""
    data = np.ascontiguousarray(keys)
    known = data.view("u8").reshape(-1, 2).any(axis=1)
    bitmap = np.packbits(known, bitorder="little").tobytes()
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(data), [pa.py_buffer(bitmap), pa.py_buffer(data)])


def _numbers(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    return np.asarray(table[name].to_numpy(), np.int64)


def _words(table: pa.Table, name: str) -> pa.StringArray:
    return table[name].combine_chunks()


# The file ------------------------------------------------------------------------------------------


def cache_file(folder: Path, user_id: int, version: int) -> Path:
    """Return where the columns of one version of one listener's history are kept."""
    return folder / f"{user_id}-{version}.arrow"


def _keep(folder: Path, user_id: int, version: int, columns: Columns) -> None:
    """Write the file, whole or not at all; older versions go. A full disk costs only speed."""
    draft = folder / f"{user_id}-{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(layout.encode(columns))
        draft.replace(cache_file(folder, user_id, version))
        drop_files(folder, user_id, but=version)
        _bound(folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        log.warning("history of user_id=%d isn't cached: %s", user_id, error.strerror)


def owner_of(path: Path) -> int | None:
    """Return whose history a cached file holds; None for a draft, or what isn't ours."""
    owner = path.name.partition("-")[0]
    return int(owner) if path.suffix == ".arrow" and owner.isascii() and owner.isdigit() else None


def drop_files(folder: Path, user_id: int, but: int | None = None) -> None:
    """Delete a listener's cached files, all or all but one version."""
    for path in folder.glob(f"{user_id}-*"):
        if path.name != f"{user_id}-{but}.arrow":
            path.unlink(missing_ok=True)


def _bound(folder: Path) -> None:
    """Delete what was written longest ago until the folder is within its bound."""
    files = sorted(((path.stat(), path) for path in folder.glob("*.arrow")), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for stat, path in files:
        total += stat.st_size
        if total > _CACHE_BYTES:
            path.unlink(missing_ok=True)
