"""What a person is told of things that happened while they looked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from rewrapped.domain.notices import Kind, Notice
from rewrapped.storage.tables import notifications, user_preferences


@dataclass(frozen=True, slots=True)
class Notification:
    """One message; `shown_at` is None until it popped up somewhere, `read_at` until its list was opened."""

    id: int
    kind: str
    body: str
    link: str | None
    created_at: datetime
    shown_at: datetime | None
    read_at: datetime | None


_n = notifications.c
_COLUMNS = (_n.id, _n.kind, _n.body, _n.link, _n.created_at, _n.shown_at, _n.read_at)


def add_notification(conn: Connection, user_id: int, notice: Notice, now: datetime) -> bool:
    """Store a message; return False when this person was told of its key already, or switched its kind off."""
    said = {"kind": str(notice.kind), "body": notice.body, "link": notice.link, "key": notice.key}
    values = {"user_id": user_id, "created_at": now, **said}
    row = select(*(literal(value, _n[name].type) for name, value in values.items())).where(~_is_muted(user_id, notice))
    query = insert(notifications).from_select(list(values), row).on_conflict_do_nothing()
    return conn.execute(query.returning(_n.id)).first() is not None


def renew_notification(
    conn: Connection, user_id: int, notice: Notice, since: datetime, *, pops_up: bool = False
) -> bool:
    """Let the message on the same matter that a person was sent since a moment say this, unread again.

    The matter is kind and link; `pops_up` shows it once more. Return False when
    there is no such message, or its kind is switched off.
    """
    is_it = (_n.user_id == user_id, _n.kind == str(notice.kind), _n.link == notice.link, _n.created_at >= since)
    latest = select(func.max(_n.id)).where(*is_it).scalar_subquery()
    query = update(notifications).where(_n.user_id == user_id, _n.id == latest, ~_is_muted(user_id, notice))
    renewed = {"body": notice.body, "read_at": None, **({"shown_at": None} if pops_up else {})}
    return conn.execute(query.values(renewed)).rowcount == 1


def take_unshown(conn: Connection, user_id: int, now: datetime) -> list[Notification]:
    """Return what popped up nowhere yet, oldest first, and count it as shown; of several callers one gets each."""
    query = update(notifications).where(_n.user_id == user_id, _n.shown_at.is_(None)).values(shown_at=now)
    rows = conn.execute(query.returning(*_COLUMNS)).all()
    return sorted((Notification(*row) for row in rows), key=lambda one: one.id)


def count_since(conn: Connection, user_id: int, kind: Kind, moment: datetime) -> int:
    """Return how many messages of a kind a person was sent since a moment."""
    query = select(func.count()).where(_n.user_id == user_id, _n.kind == kind, _n.created_at >= moment)
    return int(conn.execute(query).scalar_one())


def count_unread(conn: Connection, user_id: int) -> int:
    """Return how many messages a person hasn't read."""
    query = select(func.count()).where(_n.user_id == user_id, _n.read_at.is_(None))
    return int(conn.execute(query).scalar_one())


def list_notifications(conn: Connection, user_id: int, limit: int, before_id: int | None = None) -> list[Notification]:
    """Return a person's messages, newest first; `before_id` goes on below one of them."""
    query = select(*_COLUMNS).where(_n.user_id == user_id).order_by(_n.id.desc()).limit(limit)
    query = query if before_id is None else query.where(_n.id < before_id)
    return [Notification(*row) for row in conn.execute(query)]


def mark_read(conn: Connection, user_id: int, up_to_id: int, now: datetime) -> int:
    """Count a person's messages up to one of them as read (and as shown); return how many weren't yet."""
    query = update(notifications).where(_n.user_id == user_id, _n.read_at.is_(None), _n.id <= up_to_id)
    marked = query.values(read_at=now, shown_at=func.coalesce(_n.shown_at, now))
    return conn.execute(marked).rowcount


def delete_before(conn: Connection, moment: datetime) -> int:
    """Delete messages made before a moment; return how many."""
    return conn.execute(delete(notifications).where(_n.created_at < moment)).rowcount


def _is_muted(user_id: int, notice: Notice) -> ColumnElement[bool]:
    """Return whether a person switched a message's kind off."""
    muted = user_preferences.c.muted.contains([str(notice.kind)])
    return exists().where(user_preferences.c.user_id == user_id, muted)
