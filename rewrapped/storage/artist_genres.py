"""Genres of artists as outside services tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
from sqlalchemy import Connection, delete, insert

from rewrapped.domain.genres import Weights
from rewrapped.domain.learning import Step
from rewrapped.storage import pgcopy
from rewrapped.storage.tables import artist_genres

_TYPES = {"artist_id": pa.int64(), "genre": pa.string(), "weight": pa.float64(), "source": pa.string()}


def replace(conn: Connection, source: Step, told: Mapping[int, Weights]) -> None:
    """Store what a source tells of artists, by id, in place of what it told before; none at all is an answer too."""
    table = artist_genres.c
    conn.execute(delete(artist_genres).where(table.artist_id.in_(told), table.source == source))
    rows = [
        {"artist_id": artist_id, "genre": genre, "source": source, "weight": weight}
        for artist_id, weights in told.items()
        for genre, weight in weights
    ]
    if rows:
        conn.execute(insert(artist_genres), rows)


def list_for(conn: Connection, artist_ids: Iterable[int]) -> pa.Table:
    """Return all that is told of these artists: artist_id, genre, weight, source; heaviest first within a source."""
    wanted = ",".join(str(int(artist_id)) for artist_id in artist_ids)
    query = (
        f"SELECT {', '.join(_TYPES)} FROM unnest('{{{wanted}}}'::bigint[]) AS wanted(artist_id)"
        " JOIN artist_genres USING (artist_id) ORDER BY artist_id, source, weight DESC, genre"
    )
    return pgcopy.copy_table(conn, query, _TYPES)
