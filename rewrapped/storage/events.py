"""Events: what sources say of shows, which of them are the same show, and what is hidden. Nothing here is deleted."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, case, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain import billing
from rewrapped.domain.events import EventSource, EventStatus, Listing, Offer, Performer, Venue
from rewrapped.domain.sweeping import Query
from rewrapped.domain.twins import Show
from rewrapped.storage.catalogue import artist_key
from rewrapped.storage.tables import event_performers, events, promotions

_TYING = 0x7477696E  # whoever ties twins holds this advisory lock
_NOT_TOLD = ("fetched_at", "expires_at")  # of a listing: they say nothing of the show


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A listing as it is kept. `twin_of` is the lowest id of those that are the same show."""

    id: int
    twin_of: int
    listing: Listing
    added_at: datetime
    changed_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing listings did: how many were new, and how many say something else than before."""

    new: int = 0
    changed: int = 0


def add_or_refresh(conn: Connection, listings: Iterable[Listing], now: datetime, area: str | None = None) -> Stored:
    """Store listings, each once by its source and id there; one that was hidden comes back.

    `area` is the key of the swept area they were found in. Rows are written in
    the order of their keys, so that two sweeps can't block each other in a ring.
    """
    told = {(str(one.source), one.source_id): one for one in listings}
    if not told:
        return Stored()
    ordered = [told[key] for key in sorted(told)]
    known = _digests(conn, ordered)
    rows = [{**_row(one), "added_at": now, "changed_at": now, "seen_at": now, "swept_area": area} for one in ordered]
    ids = _write(conn, rows)
    fresh = [one for one in ordered if known.get((one.source, one.source_id)) != _digest(one)]
    _replace_performers(conn, [(ids[one.source, one.source_id], one) for one in fresh])
    new = sum((one.source, one.source_id) not in known for one in ordered)
    return Stored(new, len(fresh) - new)


def _digests(conn: Connection, listings: Sequence[Listing]) -> dict[tuple[str, str], uuid.UUID]:
    """Return what is known of these listings, held until the transaction ends."""
    rows = conn.execute(
        select(events.c.source, events.c.source_id, events.c.digest)
        .where(or_(*_are({(one.source, one.source_id) for one in listings})))
        .order_by(events.c.source, events.c.source_id)
        .with_for_update()
    )
    return {(row.source, row.source_id): row.digest for row in rows}


def _are(keys: Iterable[tuple[str, str]]) -> list[ColumnElement[bool]]:
    by_source: dict[str, list[str]] = {}
    for source, source_id in keys:
        by_source.setdefault(str(source), []).append(source_id)
    return [(events.c.source == source) & events.c.source_id.in_(ids) for source, ids in sorted(by_source.items())]


def _write(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    query = upsert(events).values(rows)
    told = query.excluded
    kept = {"added_at", "source", "source_id"}
    values: dict[str, Any] = {name: told[name] for name in rows[0] if name not in kept}
    is_same = events.c.digest == told.digest
    values["changed_at"] = case((is_same, events.c.changed_at), else_=told.changed_at)
    written = query.on_conflict_do_update(index_elements=["source", "source_id"], set_={**values, "gone_at": None})
    found = conn.execute(written.returning(events.c.source, events.c.source_id, events.c.id)).all()
    conn.execute(
        update(events)
        .where(events.c.id.in_([row.id for row in found]), events.c.twin_of.is_(None))
        .values(twin_of=events.c.id)
    )
    return {(row.source, row.source_id): row.id for row in found}


def _row(listing: Listing) -> dict[str, Any]:
    venue = listing.venue
    names = (
        *("source", "source_id", "title", "status", "is_on_sale", "start_on", "start_time", "doors_time", "end_on"),
        *("zone", "start_at", "image_url", "url", "is_festival", "attribution", "fetched_at", "expires_at"),
    )
    return {
        **{name: getattr(listing, name) for name in names},
        "venue_source_id": venue.source_id,
        "venue_name": venue.name,
        "city": venue.city,
        "region": venue.region,
        "country": venue.country,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "offers": [asdict(offer) for offer in listing.offers],
        "genres": list(listing.genres),
        "bridges": [list(bridge) for bridge in listing.bridges],
        "digest": _digest(listing),
    }


def _digest(listing: Listing) -> uuid.UUID:
    said = {name: value for name, value in asdict(listing).items() if name not in _NOT_TOLD}
    whole = json.dumps(said, sort_keys=True, default=str).encode()
    return uuid.UUID(bytes=hashlib.blake2b(whole, digest_size=16).digest())


def _replace_performers(conn: Connection, told: Sequence[tuple[int, Listing]]) -> None:
    conn.execute(delete(event_performers).where(event_performers.c.event_id.in_([event_id for event_id, _ in told])))
    rows = [
        _performer_row(event_id, position, performer, is_tribute=billing.is_tribute(listing.title))
        for event_id, listing in told
        for position, performer in enumerate(listing.performers)
    ]
    if rows:
        conn.execute(insert(event_performers), rows)


def _performer_row(event_id: int, position: int, performer: Performer, *, is_tribute: bool) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "position": position,
        "name": performer.name,
        "normal_name": performer.normal_name,
        "artist_key": uuid.UUID(bytes=artist_key(performer.name)),
        "is_headliner": performer.is_headliner,
        "is_tribute": is_tribute or billing.is_tribute(performer.name),
        "ids": dict(performer.ids),
    }


# Reading ------------------------------------------------------------------------------------------


def find_event(conn: Connection, event_id: int) -> StoredEvent | None:
    """Return one event, hidden or not, None when there is no such."""
    found = list_where(conn, events.c.id == event_id)
    return found[0] if found else None


def list_where(conn: Connection, condition: ColumnElement[bool]) -> list[StoredEvent]:
    """Return the events that a condition on them holds for, the lowest id first; for this package alone."""
    rows = conn.execute(select(events).where(condition).order_by(events.c.id)).mappings().all()
    performers: dict[int, list[Performer]] = {row["id"]: [] for row in rows}
    query = select(event_performers).where(event_performers.c.event_id.in_(performers))
    for row in conn.execute(query.order_by(event_performers.c.event_id, event_performers.c.position)):
        performers[row.event_id].append(Performer(row.name, row.is_headliner, row.ids))
    return [_stored(row, performers[row["id"]]) for row in rows]


def _stored(row: RowMapping, performers: Sequence[Performer]) -> StoredEvent:
    venue = Venue(
        name=row["venue_name"],
        city=row["city"],
        country=row["country"],
        region=row["region"],
        source_id=row["venue_source_id"],
        latitude=row["latitude"],
        longitude=row["longitude"],
    )
    plain = ("source_id", "title", "is_on_sale", "start_on", "start_time", "doors_time", "end_on", "zone")
    further = ("image_url", "url", "is_festival", "attribution", "fetched_at", "expires_at")
    listing = Listing(
        source=EventSource(row["source"]),
        status=EventStatus(row["status"]),
        venue=venue,
        performers=tuple(performers),
        offers=tuple(Offer(**offer) for offer in row["offers"]),
        genres=tuple(row["genres"]),
        bridges=tuple((source, found) for source, found in row["bridges"]),
        **{name: row[name] for name in (*plain, *further)},
    )
    return StoredEvent(row["id"], row["twin_of"], listing, row["added_at"], row["changed_at"], row["gone_at"])


def count_coming(conn: Connection, first_on: date) -> dict[EventSource, int]:
    """Return how many listings of each source are to be seen from a day on; a show that two list counts for both."""
    query = select(events.c.source, func.count()).where(events.c.gone_at.is_(None), events.c.start_on >= first_on)
    return {EventSource(source): count for source, count in conn.execute(query.group_by(events.c.source))}


# Twins --------------------------------------------------------------------------------------------


def lock_tying(conn: Connection) -> None:
    """Let one at a time tie twins, until the transaction ends."""
    conn.execute(select(func.pg_advisory_xact_lock(_TYING)))


def list_shows(conn: Connection, start_on: date, end_on: date) -> list[Show]:
    """Return what tells twins apart, of all that begins from `start_on` up to, not including, `end_on`.

    Whatever is tied to one of them, or shares an id with one, comes along on
    whatever day it is: a show that was moved keeps its twins.
    """
    names = func.array_agg(event_performers.c.normal_name).filter(event_performers.c.event_id.is_not(None))
    query = (
        select(*(events.c[name] for name in _TELLING), *_OWNING, names.label("names"))
        .outerjoin(event_performers, event_performers.c.event_id == events.c.id)
        .outerjoin(promotions, promotions.c.event_id == events.c.id)
        .where(text(_WITH_KIN))
        .group_by(events.c.id, promotions.c.event_id)
        .order_by(events.c.id)
    )
    return [_show(row) for row in conn.execute(query, {"start_on": start_on, "end_on": end_on})]


_TELLING = (
    *("id", "source", "source_id", "bridges", "start_on", "start_time", "venue_name", "city"),
    *("latitude", "longitude", "status"),
)
_OWNING = (promotions.c.promoter_id, promotions.c.stands_alone, promotions.c.taken_at)
_WITH_KIN = """
    events.twin_of IN (
        WITH here AS (
            SELECT twin_of, source, source_id, bridges FROM events WHERE start_on >= :start_on AND start_on < :end_on
        )
        SELECT twin_of FROM here
        UNION
        SELECT named.twin_of FROM here, jsonb_array_elements(here.bridges) AS bridge
        JOIN events named ON named.source = bridge ->> 0 AND named.source_id = bridge ->> 1
        UNION
        SELECT naming.twin_of FROM here
        JOIN (SELECT e.twin_of, bridge FROM events e, jsonb_array_elements(e.bridges) AS bridge) naming
        ON here.source = naming.bridge ->> 0 AND here.source_id = naming.bridge ->> 1
    )"""


def _show(row: Any) -> Show:
    bridges = frozenset((source, found) for source, found in row.bridges)
    is_own = row.source == EventSource.INTERNAL
    is_off = row.status == EventStatus.CANCELLED  # of no other source's show can a promoter say so
    return Show(
        id=row.id,
        source=row.source,
        ids=bridges | {(row.source, row.source_id)},
        start_on=row.start_on,
        start_time=row.start_time,
        venue_name=row.venue_name,
        city=row.city,
        latitude=row.latitude,
        longitude=row.longitude,
        names=frozenset(row.names or ()),
        owner=_owner(row) if is_own else "",
        is_apart=is_own and (bool(row.stands_alone) or row.taken_at is not None or is_off),
    )


def _owner(row: Any) -> str:
    """Return who lists an event of ours; of one whose promoter is gone nobody knows."""
    return f"event {row.id}" if row.promoter_id is None else f"promoter {row.promoter_id}"


def set_twins(conn: Connection, twins: Mapping[int, int]) -> int:
    """Tie events to the lowest id of their show; return how many were tied to another than themselves just now."""
    query = select(events.c.id, events.c.twin_of).where(events.c.id.in_(twins))
    held = conn.execute(query.order_by(events.c.source, events.c.source_id).with_for_update())
    moved = {row.id: twins[row.id] for row in held if row.twin_of != twins[row.id]}
    for event_id, twin_of in moved.items():
        conn.execute(update(events).where(events.c.id == event_id).values(twin_of=twin_of))
    return sum(event_id != twin_of for event_id, twin_of in moved.items())


# Hiding -------------------------------------------------------------------------------------------


def mark_seen(conn: Connection, source: EventSource, source_ids: Sequence[str], now: datetime) -> None:
    """Note that a sweep came across listings that it couldn't read this time: they aren't gone."""
    query = update(events).where(events.c.source == source, events.c.source_id.in_(source_ids))
    conn.execute(query.values(seen_at=now))


def hide_missing(conn: Connection, source: EventSource, query: Query, swept_since: datetime, now: datetime) -> int:
    """Hide what an area's window held before and a sweep of it didn't come across; return how many."""
    condition = (
        (events.c.source == source)
        & (events.c.swept_area == query.area.key)
        & (events.c.start_on >= query.window.start_on)
        & (events.c.start_on < query.window.end_on)
        & (events.c.seen_at < swept_since)
        & events.c.gone_at.is_(None)
    )
    return conn.execute(update(events).where(condition).values(gone_at=now)).rowcount


def hide_ended(conn: Connection, today: date, now: datetime) -> int:
    """Hide what was over before `today`, and what its source hasn't confirmed for too long; return how many."""
    is_over = func.coalesce(events.c.end_on, events.c.start_on) < today
    condition = events.c.gone_at.is_(None) & (is_over | (events.c.expires_at <= now))
    return conn.execute(update(events).where(condition).values(gone_at=now)).rowcount
