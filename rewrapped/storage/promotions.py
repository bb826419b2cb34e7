"""Promoters' own events: what they add to a listing, who saved it, and its picture."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.drafts import Promotion
from rewrapped.domain.events import EventSource
from rewrapped.domain.promoting import Targeting
from rewrapped.storage.events import StoredEvent, find_event, list_where
from rewrapped.storage.shows import targeting
from rewrapped.storage.tables import event_images, events, promotions, saved_events


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """A promoter's event: `promoter_id` is None once their account is gone.

    An admin may have said that it `stands_alone`, tied to nobody else's listing,
    or may have taken it away, for a reason.
    """

    event: StoredEvent
    promotion: Promotion
    promoter_id: int | None
    published_at: datetime
    stands_alone: bool = False
    taken_at: datetime | None = None
    taken_reason: str = ""

    @property
    def id(self) -> int:
        """Return the event's id."""
        return self.event.id


def find_id(conn: Connection, source: EventSource, source_id: str) -> int | None:
    """Return the id of a listing by its source, None when there is no such."""
    found: int | None = conn.scalar(
        select(events.c.id).where(events.c.source == source, events.c.source_id == source_id)
    )
    return found


def set_promotion(
    conn: Connection, event_id: int, promotion: Promotion, promoter_id: int | None, now: datetime
) -> None:
    """Store what a promoter says of an event; whose it is, and since when, stays as it was first."""
    values = {
        "description": promotion.description,
        "tags": list(promotion.tags),
        "genres": list(promotion.genres),
        "is_sponsored": promotion.is_sponsored,
        "targeting": _stored(promotion.targeting),
        "updated_at": now,
    }
    query = upsert(promotions).values(event_id=event_id, promoter_id=promoter_id, created_at=now, **values)
    conn.execute(query.on_conflict_do_update(index_elements=["event_id"], set_=values))


def set_published_at(conn: Connection, event_id: int, published_at: datetime) -> None:
    """Say since when an event is listed; for samples, which are put in place as if they had been there for weeks."""
    conn.execute(update(promotions).where(promotions.c.event_id == event_id).values(created_at=published_at))


def find_own(conn: Connection, event_id: int, *, hold: bool = False) -> OwnEvent | None:
    """Return a promoter's event, None when there is none; `hold` keeps others from changing it meanwhile."""
    query = select(promotions).where(promotions.c.event_id == event_id)
    row = conn.execute(query.with_for_update() if hold else query).mappings().one_or_none()
    event = find_event(conn, event_id) if row is not None else None
    return _own(row, event) if row is not None and event is not None else None


def list_own(conn: Connection, promoter_id: int | None) -> list[OwnEvent]:
    """Return a promoter's events, the latest date first; None: those of promoters whose accounts are gone."""
    condition = promotions.c.promoter_id == promoter_id if promoter_id else promotions.c.promoter_id.is_(None)
    return _list(conn, condition)


def list_coming(conn: Connection, first_on: date, limit: int) -> list[OwnEvent]:
    """Return all promoters' events from a day on, the soonest first; those that were taken away too."""
    coming = select(events.c.id).join(promotions, promotions.c.event_id == events.c.id)
    coming = coming.where(events.c.source == EventSource.INTERNAL, events.c.start_on >= first_on)
    coming = coming.where(events.c.gone_at.is_(None) | promotions.c.taken_at.is_not(None))
    soonest = coming.order_by(events.c.start_on, events.c.id).limit(limit)
    return _list(conn, promotions.c.event_id.in_(soonest))[::-1]


def find_description(conn: Connection, group: int) -> str:
    """Return what its promoter says of a show (limited Markdown, as typed), "" where no promoter says anything."""
    query = select(promotions.c.description).join(events, events.c.id == promotions.c.event_id)
    said = query.where(events.c.twin_of == group, promotions.c.taken_at.is_(None), promotions.c.description != "")
    return conn.scalar(said.order_by(events.c.id).limit(1)) or ""


def find_targeting(conn: Connection, event_id: int) -> Targeting | None:
    """Return whom an event is aimed at, None where no promoter says."""
    stored = conn.scalar(select(promotions.c.targeting).where(promotions.c.event_id == event_id))
    return None if stored is None else targeting(stored)


def list_savers(conn: Connection, event_id: int) -> list[int]:
    """Return who saved a promoter's event: this very listing, or another of the same promoter that is tied to it."""
    own, listed = promotions.alias(), events.alias()
    group = select(events.c.twin_of).where(events.c.id == event_id).scalar_subquery()
    promoter = select(promotions.c.promoter_id).where(promotions.c.event_id == event_id).scalar_subquery()
    tied = (
        select(own.c.event_id)
        .join(listed, listed.c.id == own.c.event_id)
        .where(listed.c.twin_of == group, own.c.promoter_id == promoter)
    )
    query = select(saved_events.c.user_id).distinct().order_by(saved_events.c.user_id)
    is_own = (saved_events.c.event_id == event_id) | saved_events.c.event_id.in_(tied)
    return list(conn.scalars(query.where(is_own)))


# What admins say ----------------------------------------------------------------------------------


def take_away(conn: Connection, event_id: int, reason: str, now: datetime) -> None:
    """Hide an event from everybody, for a reason that its promoter is told."""
    said = {"taken_at": now, "taken_reason": reason}
    conn.execute(update(promotions).where(promotions.c.event_id == event_id).values(said))
    conn.execute(update(events).where(events.c.id == event_id).values(gone_at=now))


def give_back(conn: Connection, event_id: int) -> None:
    """Let an event that was taken away be seen again; if it is over, the next look at what ended hides it."""
    said = {"taken_at": None, "taken_reason": ""}
    conn.execute(update(promotions).where(promotions.c.event_id == event_id).values(said))
    conn.execute(update(events).where(events.c.id == event_id).values(gone_at=None))


def set_alone(conn: Connection, event_id: int, *, stands_alone: bool) -> None:
    """Say whether an event is kept apart from everybody else's listings."""
    query = update(promotions).where(promotions.c.event_id == event_id)
    conn.execute(query.values(stands_alone=stands_alone))


def list_twins(conn: Connection, event_id: int) -> list[StoredEvent]:
    """Return the other listings of an event's show, the lowest id first."""
    group = select(events.c.twin_of).where(events.c.id == event_id).scalar_subquery()
    return list_where(conn, (events.c.twin_of == group) & (events.c.id != event_id))


def find_listed_twin(conn: Connection, event_id: int) -> int | None:
    """Return the lowest id of another listing of an event's show that can be seen, None where there is none."""
    return next((twin.id for twin in list_twins(conn, event_id) if twin.gone_at is None), None)


# Pictures -----------------------------------------------------------------------------------------


def add_image(conn: Connection, promoter_id: int, data: bytes, size: tuple[int, int], now: datetime) -> uuid.UUID:
    """Store a picture (WebP) of `size` (width, height) in pixels; return the key of its address."""
    key = uuid.uuid4()
    values = {"promoter_id": promoter_id, "data": data, "width": size[0], "height": size[1], "created_at": now}
    conn.execute(insert(event_images).values(key=key, **values))
    return key


def attach_image(conn: Connection, event_id: int, key: uuid.UUID) -> None:
    """Make a stored picture the event's, in place of a former one, which goes."""
    former = conn.scalar(select(promotions.c.image_id).where(promotions.c.event_id == event_id))
    image_id = select(event_images.c.id).where(event_images.c.key == key).scalar_subquery()
    conn.execute(update(promotions).where(promotions.c.event_id == event_id).values(image_id=image_id))
    conn.execute(delete(event_images).where(event_images.c.id == former))


def find_image(conn: Connection, key: uuid.UUID) -> bytes | None:
    """Return a picture (WebP), None when there is none, or an admin took its event away."""
    taken = exists().where(promotions.c.image_id == event_images.c.id, promotions.c.taken_at.is_not(None))
    found: bytes | None = conn.scalar(select(event_images.c.data).where(event_images.c.key == key, ~taken))
    return found


def _list(conn: Connection, condition: ColumnElement[bool]) -> list[OwnEvent]:
    rows = {row["event_id"]: row for row in conn.execute(select(promotions).where(condition)).mappings()}
    found = [_own(rows[event.id], event) for event in list_where(conn, events.c.id.in_(rows))]
    return sorted(found, key=lambda own: (own.event.listing.start_on, own.id), reverse=True)


def _own(row: RowMapping, event: StoredEvent) -> OwnEvent:
    promotion = Promotion(
        description=row["description"],
        tags=tuple(row["tags"]),
        genres=tuple(row["genres"]),
        is_sponsored=row["is_sponsored"],
        targeting=targeting(row["targeting"]),
    )
    admins = {name: row[name] for name in ("stands_alone", "taken_at", "taken_reason")}
    return OwnEvent(event, promotion, row["promoter_id"], row["created_at"], **admins)


def _stored(aimed: Targeting) -> dict[str, Any]:
    sets = {name: sorted(getattr(aimed, name)) for name in ("countries", "genres", "artists", "roles")}
    return {**sets, "minimum_plays": aimed.minimum_plays}
