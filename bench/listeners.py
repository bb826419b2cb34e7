"""Made-up listeners in the database of a site: those of `bench.synthetic`, with artists whose genres are known."""

from __future__ import annotations

from itertools import islice

import numpy as np
from sqlalchemy import Connection, func, select

from bench.synthetic import Size, columns
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.genres import seeded_names
from rewrapped.history.columns import Columns
from rewrapped.services import sessions
from rewrapped.storage import catalogue, people, plays
from rewrapped.storage.tables import listening_history, tracks


def add_listener(deps: Deps, count: int, seed: int) -> int:
    """Add a person with so many plays; return their id. Those of one seed share their tracks."""
    held = columns(Size(count), seed)
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="Europe/Berlin"))
        assert user_id is not None
        track_ids = _catalogued(conn, held)
        label_ids = np.array(plays.add_labels(conn, user_id, list(held.labels)), np.int16)
        plays.add_plays(conn, user_id, None, _rows(held, track_ids, label_ids))
        plays.raise_history_version(conn, user_id)
    return user_id


def signed_in(deps: Deps, user_id: int) -> str:
    """Return the token of a new session of theirs."""
    return sessions.start(deps, user_id)


def most_played_artist(deps: Deps, user_id: int) -> int:
    """Return the id of the artist they played most."""
    query = (
        select(tracks.c.artist_id)
        .join(listening_history, listening_history.c.track_id == tracks.c.id)
        .where(listening_history.c.user_id == user_id, tracks.c.artist_id.is_not(None))
        .group_by(tracks.c.artist_id)
        .order_by(func.count().desc(), tracks.c.artist_id)
        .limit(1)
    )
    with deps.engine.connect() as conn:
        return int(conn.scalar(query) or 0)


def _catalogued(conn: Connection, held: Columns) -> catalogue.Ids:
    """Return the ids of all tracks; three artists of four are called as artists of the seed are."""
    names = held.artists.name.to_pylist()
    for code, name in enumerate(islice(seeded_names(), len(names))):
        if code % 4:
            names[code] = name
    artist_ids = catalogue.add_artists(conn, [catalogue.ArtistRow(catalogue.artist_key(name), name) for name in names])
    albums = zip(held.albums.artist.tolist(), held.albums.name.to_pylist(), strict=True)
    album_ids = catalogue.add_albums(
        conn,
        [
            catalogue.AlbumRow(catalogue.album_key(names[artist], name), int(artist_ids[artist]), name)
            for artist, name in albums
        ],
    )
    made = zip(
        *(held.tracks.kind.tolist(), held.tracks.uri.to_pylist(), held.tracks.title.to_pylist()),
        *(held.tracks.artist.tolist(), held.tracks.album.tolist()),
        strict=True,
    )
    rows = [
        catalogue.TrackRow(
            *(catalogue.track_key(kind, uri, names[artist], title), kind, uri, title),
            *(int(artist_ids[artist]), int(album_ids[album]), catalogue.name_key(kind, names[artist], title)),
        )
        for kind, uri, title, artist, album in made
    ]
    return catalogue.add_tracks(conn, rows)[0]


def _rows(
    held: Columns, track_ids: catalogue.Ids, label_ids: np.ndarray[tuple[int], np.dtype[np.int16]]
) -> plays.Plays:
    rows = np.zeros(len(held), plays.PLAY)
    moments = held.ended_at + np.arange(len(held)) % 1_000_000  # no two rows of the API end in one moment
    rows["reported_at"] = rows["ended_at"] = moments
    rows["track_id"] = track_ids[held.track]
    for name in ("ms_played", "source", "flags"):
        rows[name] = getattr(held, name)
    for name in ("platform", "country", "reason_start", "reason_end"):
        rows[name] = label_ids[getattr(held, name)]
    return rows
