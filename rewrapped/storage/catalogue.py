"""Artists, albums and tracks: shared by all listeners, added to by imports, never changed by them.

Keys are 128-bit BLAKE2b digests of normalised names (`domain.plays.normalise`)
or of a URI: names may be longer than a Postgres index entry can be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import Connection, text

from rewrapped.domain.plays import normalise
from rewrapped.storage import pgcopy

Ids = npt.NDArray[np.int64]
_NO_KEY = bytes(16)

#: What merging needs to know of a track; `name_key` is 0 where it has no names.
IDENTITY = np.dtype([("track_id", "i8"), ("name_key", "V16"), ("duration_ms", "i4")])
Identities = npt.NDArray[np.void]


def artist_key(name: str) -> bytes:
    """Return the key of an artist's name."""
    return _digest("artist", _normalised(name))


def venue_key(city: str, name: str) -> bytes:
    """Return the key of a venue: of its city and its name."""
    return _digest("venue", _normalised(city), _normalised(name))


def album_key(artist: str, name: str) -> bytes:
    """Return the key of an album: of its artist's name and its own."""
    return _digest("album", _normalised(artist), _normalised(name))


def name_key(kind: int, artist: str, title: str) -> bytes:
    """Return what a name track and the URI tracks of equal names share."""
    return _digest("name", str(kind), _normalised(artist), _normalised(title))


def track_key(kind: int, uri: str | None, artist: str | None, title: str | None) -> bytes:
    """Return the key of a track: of its URI, or of its names where there is none."""
    return _digest("uri", uri) if uri else name_key(kind, artist or "", title or "")


@lru_cache(maxsize=1 << 16)
def _normalised(name: str) -> str:
    return normalise(name)


def _digest(*parts: str) -> bytes:
    # The unit separator can't be part of a normalised name: it counts as a space there.
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).digest()


class ArtistRow(NamedTuple):
    """An artist as an import names it."""

    key: bytes
    name: str


class AlbumRow(NamedTuple):
    """An album as an import names it."""

    key: bytes
    artist_id: int
    name: str


class TrackRow(NamedTuple):
    """A track as an import names it; without names all but key, kind and URI are None."""

    key: bytes
    kind: int
    uri: str | None
    title: str | None
    artist_id: int | None
    album_id: int | None
    name_key: bytes | None


def add_artists(conn: Connection, rows: Sequence[ArtistRow]) -> Ids:
    """Add the artists not yet known; return the id of each row, in the rows' order. Keys stand once."""
    return _ids(_add(conn, "artists", ("key", "name"), ((key.hex(), name) for key, name in rows)))


def add_albums(conn: Connection, rows: Sequence[AlbumRow]) -> Ids:
    """Add the albums not yet known; return the id of each row, in the rows' order. Keys stand once."""
    columns = ("key", "artist_id", "name")
    return _ids(_add(conn, "albums", columns, ((key.hex(), artist_id, name) for key, artist_id, name in rows)))


def add_tracks(conn: Connection, rows: Sequence[TrackRow]) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Add the tracks not yet known; return the id of each row, and whether the catalogue names it otherwise."""
    columns = ("key", "kind", "uri", "title", "artist_id", "album_id", "name_key")
    values = ((row.key.hex(), *row[1:6], row.name_key.hex() if row.name_key else None) for row in rows)
    differs = " OR ".join(f"t.{name} IS DISTINCT FROM s.{name}" for name in ("title", "artist_id", "album_id"))
    found = _add(conn, "tracks", columns, values, f", ({differs})::int::int2 AS differs", [("differs", ">i2")])
    return _ids(found), found["differs"] != 0


def set_lengths(conn: Connection, track_ids: Ids, lengths_ms: Ids) -> None:
    """Note how long tracks are, where that wasn't known; 0 says nothing. In the order of the id."""
    found = dict(zip(track_ids.tolist(), lengths_ms.tolist(), strict=True))
    rows = [{"id": one, "ms": ms} for one, ms in sorted(found.items()) if ms > 0]
    if rows:
        conn.execute(text("UPDATE tracks SET duration_ms = :ms WHERE id = :id AND duration_ms IS NULL"), rows)


def _ids(found: npt.NDArray[np.void]) -> Ids:
    return found["id"].astype(np.int64)


def _add(
    conn: Connection,
    table: str,
    columns: tuple[str, ...],
    rows: Iterator[tuple[object, ...]],
    more: str = "",
    more_fields: pgcopy.Fields = (),
) -> Any:
    """Upsert in the order of the key, which keeps two imports from blocking each other in a ring."""
    conn.execute(text(f"CREATE TEMP TABLE named (LIKE {table}, n int NOT NULL) ON COMMIT DROP"))
    conn.execute(text("ALTER TABLE named ALTER COLUMN id DROP NOT NULL"))
    pgcopy.copy_text(conn, "named", ("n", *columns), ((n, *row) for n, row in enumerate(rows)))
    names = ", ".join(columns)
    conn.execute(
        text(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM named s"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.key = s.key)"
            " ORDER BY key ON CONFLICT (key) DO NOTHING"
        )
    )
    query = f"SELECT s.n, t.id{more} FROM named s JOIN {table} t USING (key)"
    found = pgcopy.copy_out(conn, query, [("n", ">i4"), ("id", ">i8"), *more_fields])
    conn.execute(text("DROP TABLE named"))
    return found[np.argsort(found["n"])]


def list_identities(conn: Connection, user_id: int, track_ids: Ids) -> Identities:
    """Return (track_id, name_key, duration_ms) of these tracks, by id, as this listener's rows name them."""
    query = (
        "SELECT t.id, coalesce(CASE WHEN n.user_id IS NULL THEN t.name_key ELSE n.name_key END, "
        f"'{_NO_KEY.hex()}'::uuid), coalesce(t.duration_ms, 0) {_named(user_id, track_ids)}"
    )
    found = pgcopy.copy_out(conn, query, [("track_id", ">i8"), ("name_key", "V16"), ("duration_ms", ">i4")])
    identities = np.empty(len(found), IDENTITY)
    for name in IDENTITY.names or ():
        identities[name] = found[name]
    return identities


@dataclass(frozen=True, slots=True)
class ListenersCatalogue:
    """The tracks of one listener's rows under the names the listener sees; ids ascending, 0 for none.

    `tracks`: id, kind, artist_id, album_id, duration_ms, name_key (all zero
    without names); `track_text`: uri, title; `artists`: id, name; `albums`:
    id, artist_id, name.
    """

    tracks: npt.NDArray[np.void]
    track_text: pa.Table
    artists: pa.Table
    albums: pa.Table


_TRACK: list[tuple[str, str]] = [
    ("id", ">i8"),
    ("kind", ">i2"),
    ("artist_id", ">i8"),
    ("album_id", ">i8"),
    ("duration_ms", ">i4"),
    ("name_key", "V16"),
]


def list_tracks(conn: Connection, user_id: int, track_ids: Ids) -> ListenersCatalogue:
    """Return everything that names the tracks with these ids."""
    named = _named(user_id, track_ids)

    def own(column: str) -> str:
        return f"CASE WHEN n.user_id IS NULL THEN t.{column} ELSE n.{column} END"

    numbers = (
        f"SELECT t.id, t.kind, coalesce({own('artist_id')}, 0), coalesce({own('album_id')}, 0),"
        f" coalesce(t.duration_ms, 0), coalesce({own('name_key')}, '{_NO_KEY.hex()}'::uuid) {named}"
    )
    tracks = pgcopy.copy_out(conn, numbers, _TRACK)
    words = pgcopy.copy_table(conn, f"SELECT t.uri, {own('title')} {named}", {"uri": pa.string(), "title": pa.string()})
    albums = _by_id(
        conn, "albums", tracks["album_id"], {"id": pa.int64(), "artist_id": pa.int64(), "name": pa.string()}
    )
    of_albums = albums["artist_id"].to_numpy()
    artist_ids = np.concatenate([tracks["artist_id"].astype(np.int64), of_albums])
    artists = _by_id(conn, "artists", artist_ids, {"id": pa.int64(), "name": pa.string()})
    return ListenersCatalogue(tracks, words, artists, albums)


def _named(user_id: int, track_ids: Ids) -> str:
    return (
        f"FROM unnest('{_literal(track_ids)}'::bigint[]) AS wanted(id) JOIN tracks t USING (id)"
        f" LEFT JOIN track_names n ON n.user_id = {int(user_id)} AND n.track_id = t.id ORDER BY t.id"
    )


def _by_id(conn: Connection, table: str, ids: npt.NDArray[Any], types: dict[str, pa.DataType]) -> pa.Table:
    wanted = np.unique(ids[ids > 0])
    columns = ", ".join(f"c.{name}" for name in types)
    query = f"SELECT {columns} FROM unnest('{_literal(wanted)}'::bigint[]) AS wanted(id) JOIN {table} c USING (id)"
    return pgcopy.copy_table(conn, f"{query} ORDER BY c.id", types)


def _literal(ids: npt.NDArray[Any]) -> str:
    """Return ids as the text of a Postgres array; they are numbers of ours."""
    return "{" + ",".join(map(str, ids.astype(np.int64).tolist())) + "}"
