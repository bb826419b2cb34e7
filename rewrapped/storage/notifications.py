"""What a person is told of things that happened while they looked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from rewrapped.storage.tables import notifications


@dataclass(frozen=True, slots=True)
class Notification:
    """One message; `read_at` is None while it wasn't shown."""

    id: int
    kind: str
    body: str
    created_at: datetime
    read_at: datetime | None


def add_notification(conn: Connection, user_id: int, kind: str, body: str) -> None:
    """Tell a person something."""
    conn.execute(insert(notifications).values(user_id=user_id, kind=kind, body=body))


def take_unread(conn: Connection, user_id: int, now: datetime) -> list[Notification]:
    """Return what wasn't shown yet, oldest first, and mark it as shown."""
    n = notifications.c
    query = update(notifications).where(n.user_id == user_id, n.read_at.is_(None)).values(read_at=now)
    rows = conn.execute(query.returning(n.id, n.kind, n.body, n.created_at, n.read_at)).all()
    return sorted((Notification(*row) for row in rows), key=lambda one: one.id)
