"""What people did with events, each counted once a day of the venue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.events import EventSource
from rewrapped.domain.promoting import Interaction, Placement, Targeting
from rewrapped.storage.shows import targeting
from rewrapped.storage.tables import event_interactions, events, promotions


@dataclass(frozen=True, slots=True)
class Subject:
    """A listing of a show; `targeting` is None where nobody promotes it."""

    event_id: int
    source: EventSource
    zone: str
    promoter_id: int | None
    targeting: Targeting | None


@dataclass(frozen=True, slots=True)
class NewInteraction:
    """One interaction; `day` is the venue's, `person_key` a keyed digest."""

    event_id: int
    day: date
    kind: Interaction
    person_key: bytes
    placement: Placement
    is_matched: bool
    at: datetime


def list_subjects(conn: Connection, event_ids: Collection[int]) -> dict[int, list[Subject]]:
    """Return by event all listings of its show, those of our own promoters last, else the lowest id first.

    What an admin took away isn't there.
    """
    group = events.alias()
    query = (
        select(group.c.id.label("asked"), events.c.id, events.c.zone, events.c.source, promotions)
        .join(events, events.c.twin_of == group.c.twin_of)
        .outerjoin(promotions, promotions.c.event_id == events.c.id)
        .where(group.c.id.in_(set(event_ids)), promotions.c.taken_at.is_(None))
        .order_by(group.c.id, events.c.source == EventSource.INTERNAL, events.c.id)
    )
    found: dict[int, list[Subject]] = {}
    for row in conn.execute(query):
        aimed = targeting(row.targeting) if row.event_id is not None else None
        subject = Subject(row.id, EventSource(row.source), row.zone, row.promoter_id, aimed)
        found.setdefault(row.asked, []).append(subject)
    return found


def add_interactions(conn: Connection, new: Sequence[NewInteraction]) -> set[int]:
    """Store what isn't known of its person, event, kind and day yet; return the events of what was new."""
    if not new:
        return set()
    query = upsert(event_interactions).values([asdict(one) for one in new]).on_conflict_do_nothing()
    return set(conn.scalars(query.returning(event_interactions.c.event_id)))


def delete_of_event(conn: Connection, event_id: int) -> None:
    """Delete all that was done with an event; for samples alone."""
    conn.execute(delete(event_interactions).where(event_interactions.c.event_id == event_id))


def replace_person(conn: Connection, person_key: bytes, unknown: bytes) -> int:
    """Put another key in a person's place, so that totals stand; return how many interactions were theirs."""
    query = update(event_interactions).where(event_interactions.c.person_key == person_key)
    return conn.execute(query.values(person_key=unknown)).rowcount
