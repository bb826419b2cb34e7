"""What stands in the database, asked of the tables themselves."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from rewrapped.storage import events
from rewrapped.storage.events import StoredEvent
from rewrapped.storage.tables import events as events_table
from rewrapped.storage.tables import listening_history


def count_plays(conn: Connection, user_id: int) -> int:
    """Return how many rows a listener has."""
    return conn.scalar(select(func.count()).where(listening_history.c.user_id == user_id)) or 0


def list_twins(conn: Connection, event_id: int) -> list[StoredEvent]:
    """Return every listing of the show that an event is of, hidden or not, the lowest id first."""
    group = select(events_table.c.twin_of).where(events_table.c.id == event_id).scalar_subquery()
    return events.list_where(conn, events_table.c.twin_of == group)
