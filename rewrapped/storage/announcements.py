"""For whom new shows are looked at, how far that is, and what they were told is new: each show once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.access import Role
from rewrapped.domain.events import EventSource
from rewrapped.domain.notices import Kind
from rewrapped.storage.tables import announced_events, events, promotions, user_preferences, users


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who told a place and wants to hear of new shows; those listed up to `looked_at` were looked at."""

    user_id: int
    role: Role
    zone: str
    place_id: int
    radius_km: int
    looked_at: datetime


_p = user_preferences.c


def list_due(conn: Connection, now: datetime, limit: int) -> list[Watcher]:
    """Return for whom something new may be listed somewhere.

    In no order: one who can't be looked at keeps nobody waiting for ever.
    """
    newest = select(func.max(events.c.added_at)).scalar_subquery()
    query = _watchers().where(_wants(now), _p.looked_at <= newest).order_by(func.random()).limit(limit)
    return [_watcher(row) for row in conn.execute(query)]


def hold_watcher(conn: Connection, user_id: int, now: datetime) -> Watcher | None:
    """Return somebody, None if they don't want to hear of shows now; keeps others from telling them meanwhile."""
    query = _watchers().where(_wants(now), _p.user_id == user_id).with_for_update(of=user_preferences)
    row = conn.execute(query).one_or_none()
    return None if row is None else _watcher(row)


def set_looked(conn: Connection, user_id: int, looked_at: datetime, quiet_until: datetime | None = None) -> None:
    """Note how far was looked for somebody, and until when they were told enough; `looked_at` never goes back."""
    values = {"looked_at": func.greatest(_p.looked_at, looked_at), "quiet_until": quiet_until}
    conn.execute(update(user_preferences).where(_p.user_id == user_id).values(values))


def look_from(conn: Connection, user_id: int, now: datetime) -> None:
    """Look for somebody from now on: what was listed while they didn't want to hear of it isn't new to them."""
    is_placed = _p.place_id.is_not(None)
    conn.execute(update(user_preferences).where(_p.user_id == user_id, is_placed).values(looked_at=now))


def add_announced(conn: Connection, user_id: int, group: int, now: datetime) -> bool:
    """Note that somebody is told of a show, in all its listings; return False if they were, in one of them."""
    listings = list(conn.scalars(select(events.c.id).where(events.c.twin_of == group)))
    if not listings:  # tied to another show just now, under which it is told
        return False
    rows = [{"user_id": user_id, "event_id": event_id, "announced_at": now} for event_id in listings]
    return conn.execute(upsert(announced_events).values(rows).on_conflict_do_nothing()).rowcount == len(listings)


def list_unfit(conn: Connection, user_id: int, groups: Collection[int]) -> set[int]:
    """Return the shows that are no news for somebody: invented ones, those they promote or were told of."""
    told = exists().where(announced_events.c.user_id == user_id, announced_events.c.event_id == events.c.id)
    is_own = promotions.c.promoter_id == user_id
    query = (
        select(events.c.twin_of)
        .outerjoin(promotions, promotions.c.event_id == events.c.id)
        .outerjoin(users, users.c.id == promotions.c.promoter_id)
        .where(events.c.twin_of.in_(set(groups)))
        .where(or_(events.c.source == EventSource.DEMO, users.c.is_demo, is_own, told))
    )
    return set(conn.scalars(query))


def _watchers() -> Select[tuple[int, str, str, int, int, datetime]]:
    columns = (users.c.id, users.c.role, users.c.zone, _p.place_id, _p.radius_km, _p.looked_at)
    return select(*columns).join(user_preferences, _p.user_id == users.c.id)


def _wants(now: datetime) -> ColumnElement[bool]:
    is_quiet = and_(_p.quiet_until.is_not(None), _p.quiet_until > now)
    is_placed = and_(_p.place_id.is_not(None), _p.looked_at.is_not(None))
    return and_(is_placed, ~is_quiet, ~_p.muted.contains([str(Kind.FOR_YOU)]), ~users.c.is_demo)


def _watcher(row: Row[tuple[int, str, str, int, int, datetime]]) -> Watcher:
    return Watcher(row.id, Role(row.role), row.zone, row.place_id, row.radius_km, row.looked_at)
