"""The invented shows: written anew every day, and hidden where a day no longer has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from rewrapped.domain.events import EventSource
from rewrapped.storage.tables import events

_OWN = events.c.source == EventSource.DEMO


def hide_others(conn: Connection, source_ids: Sequence[str], now: datetime) -> None:
    """Hide the invented shows that aren't among these."""
    others = _OWN & events.c.source_id.not_in(source_ids) & events.c.gone_at.is_(None)
    conn.execute(update(events).where(others).values(gone_at=now))


def latest_seen_at(conn: Connection) -> datetime | None:
    """Return when invented shows were last written, None while none of them is to be seen."""
    found: datetime | None = conn.scalar(select(func.max(events.c.seen_at)).where(_OWN, events.c.gone_at.is_(None)))
    return found
