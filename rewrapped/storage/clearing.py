"""Taking away a listener's whole history, and nothing of the person."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from rewrapped.storage.tables import (
    absorbed_plays,
    imports,
    labels,
    listening_history,
    repeated_plays,
    track_names,
)


def clear_history(conn: Connection, user_id: int) -> None:
    """Take away all rows of a listener with their imports, own names and labels.

    The caller holds the listener's lock and raises the version.
    """
    for table in (track_names, labels, imports, listening_history, absorbed_plays, repeated_plays):
        conn.execute(delete(table).where(table.c.user_id == user_id))
