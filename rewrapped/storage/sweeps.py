"""What was asked when, and which outside service isn't to be asked for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.events import EventSource
from rewrapped.storage.tables import source_pauses, sweeps


@dataclass(frozen=True, slots=True)
class Pause:
    """Until when a service isn't asked, and why, in a sentence."""

    resume_at: datetime
    reason: str


def list_swept(conn: Connection, source: EventSource) -> dict[tuple[str, date], datetime]:
    """Return when each area's month was last asked for to its end, by (area's key, first of the month)."""
    rows = conn.execute(select(sweeps.c.area, sweeps.c.month_on, sweeps.c.swept_at).where(sweeps.c.source == source))
    return {(row.area, row.month_on): row.swept_at for row in rows}


def list_latest(conn: Connection) -> dict[EventSource, datetime]:
    """Return when each source was last asked for a month to its end."""
    query = select(sweeps.c.source, func.max(sweeps.c.swept_at)).group_by(sweeps.c.source)
    return {EventSource(source): swept_at for source, swept_at in conn.execute(query)}


def set_swept(conn: Connection, source: EventSource, area: str, month_on: date, swept_at: datetime) -> None:
    """Note that an area's month was asked for to its end."""
    query = upsert(sweeps).values(source=source, area=area, month_on=month_on, swept_at=swept_at)
    conn.execute(
        query.on_conflict_do_update(index_elements=["source", "area", "month_on"], set_={"swept_at": swept_at})
    )


def delete_swept_before(conn: Connection, month_on: date) -> int:
    """Forget months that are over; return how many notes went."""
    return conn.execute(delete(sweeps).where(sweeps.c.month_on < month_on)).rowcount


def set_pause(conn: Connection, source: str, pause: Pause) -> None:
    """Let a service rest."""
    values = {"resume_at": pause.resume_at, "reason": pause.reason}
    query = upsert(source_pauses).values(source=source, **values)
    conn.execute(query.on_conflict_do_update(index_elements=["source"], set_=values))


def find_pause(conn: Connection, source: str, now: datetime) -> Pause | None:
    """Return the pause a service is in, None when it may be asked."""
    columns = (source_pauses.c.resume_at, source_pauses.c.reason)
    query = select(*columns).where(source_pauses.c.source == source, source_pauses.c.resume_at > now)
    row = conn.execute(query).one_or_none()
    return Pause(row.resume_at, row.reason) if row else None
