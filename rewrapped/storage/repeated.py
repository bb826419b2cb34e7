"""Which rows an import held that were stored already: so that they stay when the import that stored them goes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.storage.plays import Plays
from rewrapped.storage.tables import repeated_plays

#: What makes rows equal, as in `plays.PLAY`.
KEY = np.dtype([("reported_at", "<i8"), ("track_id", "<i8"), ("ms_played", "<i4"), ("source", "<i2")])


def add_repeated(conn: Connection, user_id: int, import_id: int, rows: Plays) -> None:
    """Note that an import held these rows too, dtype `PLAY`; one note for all of them, whenever they came."""
    keys = np.empty(len(rows), KEY)
    for name in KEY.names or ():
        keys[name] = rows[name]
    both = np.concatenate([find_repeated(conn, user_id, import_id), keys])
    noted = {"user_id": user_id, "import_id": import_id, "keys": zlib.compress(both.tobytes(), 1)}
    query = upsert(repeated_plays).values(noted)
    conn.execute(query.on_conflict_do_update(index_elements=["user_id", "import_id"], set_={"keys": noted["keys"]}))


def has_repeated(conn: Connection, user_id: int) -> bool:
    """Return whether any import of this listener held rows that were stored already."""
    query = select(repeated_plays.c.user_id).where(repeated_plays.c.user_id == user_id).limit(1)
    return conn.execute(query).first() is not None


def list_repeated(conn: Connection, user_id: int, without: int) -> Iterator[tuple[int, Plays]]:
    """Yield the imports that held rows stored already, oldest first, and the keys of these rows; leave one out."""
    notes = repeated_plays.c
    query = select(notes.import_id, notes["keys"]).where(notes.user_id == user_id, notes.import_id != without)
    for import_id, keys in conn.execute(query.order_by(notes.import_id)):
        yield import_id, np.frombuffer(zlib.decompress(keys), KEY)


def find_repeated(conn: Connection, user_id: int, import_id: int) -> Plays:
    """Return the keys of the rows that an import held and that were stored already; empty where none are noted."""
    notes = repeated_plays.c
    query = select(notes["keys"]).where(notes.user_id == user_id, notes.import_id == import_id)
    keys = conn.scalar(query)
    return np.empty(0, KEY) if keys is None else np.frombuffer(zlib.decompress(keys), KEY)


def remove_repeated(conn: Connection, user_id: int, import_id: int) -> None:
    """Let go of what was noted of an import."""
    notes = repeated_plays.c
    conn.execute(delete(repeated_plays).where(notes.user_id == user_id, notes.import_id == import_id))
