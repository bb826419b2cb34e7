"""Up to which week and which month it was looked whether to tell a listener of it: each is looked at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.access import Role
from rewrapped.domain.notices import Kind
from rewrapped.domain.recaps import Recap
from rewrapped.storage.tables import listening_history, recaps, user_preferences, users

_FARTHEST = timedelta(days=1)  # a local day begins within that of the same day in UTC


@dataclass(frozen=True, slots=True)
class Due:
    """A listener who may have to be told of a week or month of theirs, and their zone."""

    user_id: int
    role: Role
    zone: str
    recap: Recap


def list_zones(conn: Connection) -> list[str]:
    """Return the zones that people live in, sorted; sample people don't count."""
    return sorted(conn.scalars(select(users.c.zone).where(~users.c.is_demo).distinct()))


def list_due(conn: Connection, recap: Recap, zones: Collection[str], limit: int) -> list[Due]:
    """Return listeners of these zones for whom a week or month wasn't looked at, and who want to be told.

    Whoever has no row since it began isn't among them. In no order: one who
    can't be looked at keeps nobody waiting for ever.
    """
    looked = and_(recaps.c.user_id == users.c.id, recaps.c.period == recap.period)
    begun_at = datetime.combine(recap.start_on, time(), UTC) - _FARTHEST
    has_rows = exists().where(  # a row is reported when it ends or later
        listening_history.c.user_id == users.c.id, listening_history.c.reported_at >= begun_at
    )
    is_muted = exists().where(
        user_preferences.c.user_id == users.c.id, user_preferences.c.muted.contains([str(Kind.RECAP)])
    )
    query = (
        select(users.c.id, users.c.role, users.c.zone)
        .outerjoin(recaps, looked)
        .where(users.c.zone.in_(sorted(zones)), ~users.c.is_demo)
        .where(or_(recaps.c.start_on.is_(None), recaps.c.start_on < recap.start_on), ~is_muted, has_rows)
        .order_by(func.random())
        .limit(limit)
    )
    return [Due(row.id, Role(row.role), row.zone, recap) for row in conn.execute(query)]


def set_looked(conn: Connection, user_id: int, recap: Recap) -> bool:
    """Note that a week or month was looked at; return False if it was before, or the person is gone.

    Whoever else would note it for them waits until this transaction ends.
    """
    is_there = select(users.c.id).where(users.c.id == user_id).with_for_update(read=True, key_share=True)
    if conn.scalar(is_there) is None:
        return False
    added = upsert(recaps).values(user_id=user_id, period=str(recap.period), start_on=recap.start_on)
    moved = added.on_conflict_do_update(
        index_elements=["user_id", "period"],
        set_={"start_on": recap.start_on},
        where=recaps.c.start_on < recap.start_on,
    )
    return conn.execute(moved.returning(recaps.c.user_id)).first() is not None
