"""Two accounts become one: what the first has goes over to the second, which keeps its own where both have it."""

from __future__ import annotations

from itertools import chain

import numpy as np
from sqlalchemy import ColumnElement, Connection, Table, UniqueConstraint, and_, exists, select, union, update

from rewrapped.storage import absorbed, plays
from rewrapped.storage.belongings import tables
from rewrapped.storage.plays import Plays
from rewrapped.storage.tables import absorbed_plays, listening_history, track_names

#: What isn't moved row by row: it ends with the account, is moved by its own rules, or is made anew.
_APART = frozenset(
    {
        "sessions",
        "spotify_accounts",
        "labels",
        "track_names",
        "aggregated_stats",
        "aggregated_listeners",
        "recaps",
    }
)


def move_belongings(conn: Connection, user_id: int, to_id: int) -> None:
    """Let another person have what somebody has beside their plays, but for what they have already."""
    for table in tables():
        if table.name not in _APART:
            taken = [_is_taken(table, columns, to_id) for columns in _keys(table)]
            query = update(table).where(table.c.user_id == user_id, *(~one for one in taken))
            conn.execute(query.values(user_id=to_id))


def _keys(table: Table) -> list[list[str]]:
    """Return the columns of each key that is a person's own."""
    constraints = (one.columns for one in table.constraints if isinstance(one, UniqueConstraint))
    indexes = (one.columns for one in table.indexes if one.unique)
    found = [
        [column.name for column in columns] for columns in chain([table.primary_key.columns], constraints, indexes)
    ]
    return [columns for columns in found if "user_id" in columns]


def _is_taken(table: Table, columns: list[str], to_id: int) -> ColumnElement[bool]:
    other = table.alias()
    same = (other.c[name] == table.c[name] for name in columns if name != "user_id")
    return exists(select(other.c.user_id).where(and_(other.c.user_id == to_id, *same)))


def list_places(conn: Connection, user_id: int) -> list[int | None]:
    """Return the import ids that somebody's rows have, None for those that came with none."""
    rows = (
        select(table.c.import_id).where(table.c.user_id == user_id) for table in (listening_history, absorbed_plays)
    )
    return list(conn.scalars(union(*rows)))


def read_plays(conn: Connection, user_id: int, place: int | None, to_id: int) -> Plays:
    """Return somebody's rows of a place, dtype `PLAY`, as they would be another's: labels by that person's numbers."""
    is_there = "import_id IS NULL" if place is None else absorbed.of_import(place)
    rows, _ = absorbed.list_both(conn, user_id, is_there)
    known = plays.list_labels(conn, user_id)
    numbers = np.zeros(max(known, default=0) + 1, np.int16)
    numbers[list(known)] = plays.add_labels(conn, to_id, list(known.values()))
    for name in ("platform", "country", "reason_start", "reason_end"):
        rows[name] = numbers[rows[name]]
    return rows


def move_names(conn: Connection, user_id: int, to_id: int) -> None:
    """Let another person see the names that somebody's rows gave tracks, of which they have no rows themselves."""
    heard = exists().where(listening_history.c.user_id == to_id, listening_history.c.track_id == track_names.c.track_id)
    is_taken = _is_taken(track_names, ["user_id", "track_id"], to_id)
    query = update(track_names).where(track_names.c.user_id == user_id, ~heard, ~is_taken)
    conn.execute(query.values(user_id=to_id))
