"""Shows: groups of events that are the same, searched by day, place, performer and words."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Numeric,
    Row,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
)

from rewrapped.domain import billing
from rewrapped.domain.accounts import zones
from rewrapped.domain.events import EventSource, EventStatus, normal_name
from rewrapped.domain.places import EARTH_RADIUS_KM
from rewrapped.domain.promoting import FEWEST, Targeting
from rewrapped.domain.shows import Around, Bill, Search, Show, Told, families, show_of
from rewrapped.storage import events as rows
from rewrapped.storage import saves
from rewrapped.storage.catalogue import artist_key, venue_key
from rewrapped.storage.tables import artists, event_performers, events, promotions

_KM_A_DEGREE = 110.5  # the shortest a degree of latitude can be, so that a frame never leaves anything out
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Sponsored:
    """A show that its promoter pays attention to, and whom they mean to reach with it."""

    group: int
    targeting: Targeting


def count_shows(conn: Connection, wanted: Search, now: datetime) -> int:
    """Return how many shows are on that fit a search."""
    query = select(func.count(events.c.twin_of.distinct())).where(_fits(wanted, now))
    return conn.scalar(query) or 0


def list_groups(conn: Connection, wanted: Search, now: datetime, limit: int, offset: int = 0) -> list[int]:
    """Return a page of the shows that fit a search, by day and time; those whose time is unknown close their day."""
    query = (
        select(events.c.twin_of)
        .where(_fits(wanted, now))
        .group_by(events.c.twin_of)
        .order_by(func.min(events.c.start_on), func.min(events.c.start_time).asc().nulls_last(), events.c.twin_of)
        .limit(limit)
        .offset(offset)
    )
    return list(conn.scalars(query))


def list_bills(conn: Connection, wanted: Search, now: datetime, limit: int) -> dict[int, Bill]:
    """Return by show what decides how well it fits somebody, the soonest first; a bounded number of listings."""
    names = (
        *("id", "twin_of", "source", "title", "start_on", "zone", "latitude", "longitude"),
        *("genres", "venue_name", "city"),
    )
    query = select(*(events.c[name] for name in names)).where(_fits(wanted, now))
    found = conn.execute(query.order_by(events.c.start_on, events.c.id).limit(limit)).all()
    acts = _acts(conn, [row.id for row in found])
    ordered = sorted(found, key=lambda row: (row.twin_of, row.id))
    bills = {group: _bill(list(told), acts) for group, told in groupby(ordered, key=lambda row: row.twin_of)}
    tags = saves.list_tags(conn, bills, FEWEST)
    return {group: replace(bill, tags=tags.get(group, frozenset())) for group, bill in bills.items()}


def list_shows(conn: Connection, groups: Collection[int]) -> dict[int, Show]:
    """Return shows by their groups' lowest ids, hidden listings too, but for those an admin took away."""
    found = rows.list_where(conn, events.c.twin_of.in_(set(groups)) & ~_is_taken(events))
    tags = saves.list_tags(conn, groups, FEWEST)
    return {
        group: replace(show_of([_told(one) for one in told]), tags=tags.get(group, frozenset()))
        for group, told in _by_group(found)
    }


def find_group(conn: Connection, event_id: int) -> int | None:
    """Return the lowest id of the show an event is of, None when there is no such event, or an admin took it away."""
    return conn.scalar(select(events.c.twin_of).where(events.c.id == event_id, ~_is_taken(events)))


def list_sponsored(conn: Connection, wanted: Search, now: datetime, limit: int) -> list[Sponsored]:
    """Return the sponsored shows that fit a search, the soonest first."""
    fitting = select(events.c.twin_of).where(_fits(wanted, now))
    is_on = and_(events.c.gone_at.is_(None), events.c.status != EventStatus.CANCELLED)
    query = (
        select(events.c.twin_of, promotions.c.targeting)
        .join(promotions, promotions.c.event_id == events.c.id)
        .where(promotions.c.is_sponsored, is_on, events.c.twin_of.in_(fitting))
        .order_by(events.c.start_on, events.c.id)
        .limit(limit)
    )
    return [Sponsored(row.twin_of, targeting(row.targeting)) for row in conn.execute(query)]


def is_any_known(conn: Connection) -> bool:
    """Return whether a single show is listed at all."""
    return bool(conn.scalar(select(exists().where(events.c.gone_at.is_(None)))))


def list_artist_ids(conn: Connection, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return the catalogue's ids of artists by their keys; who isn't in it is left out."""
    query = select(artists.c.key, artists.c.id).where(artists.c.key.in_(set(keys)))
    return {row.key: row.id for row in conn.execute(query)}


def targeting(stored: Mapping[str, Any]) -> Targeting:
    """Return targeting as it is stored with a promotion."""
    sets = {name: frozenset(stored.get(name, ())) for name in ("countries", "genres", "artists", "roles")}
    return Targeting(**sets, minimum_plays=stored.get("minimum_plays", 1))


def bill_of(show: Show) -> Bill:
    """Return what of a show decides how well it fits somebody."""
    told = show.listing
    names = [] if billing.is_tribute(told.title) else [act.name for act in told.performers]
    acts = [(uuid.UUID(bytes=artist_key(name)), name) for name in names if not billing.is_tribute(name)]
    return Bill(
        title=told.title,
        start_on=told.start_on,
        zone=told.zone,
        latitude=told.venue.latitude,
        longitude=told.venue.longitude,
        venue=uuid.UUID(bytes=venue_key(told.venue.city, told.venue.name)),
        venue_name=told.venue.name,
        performers=tuple(acts),
        families=families([(told.source, told.genres)], [name for _, name in acts]),
        tags=show.tags,
    )


# Conditions ---------------------------------------------------------------------------------------


def _fits(wanted: Search, now: datetime) -> ColumnElement[bool]:
    last_on = func.coalesce(events.c.end_on, events.c.start_on)
    conditions = [events.c.gone_at.is_(None), events.c.status != EventStatus.CANCELLED, last_on >= _venues_today(now)]
    conditions.append(_leads())
    if wanted.start_on:
        conditions.append(last_on >= wanted.start_on)
    if wanted.end_on:
        conditions.append(events.c.start_on < wanted.end_on)
    if wanted.country:
        conditions.append(events.c.country == wanted.country)
    if wanted.around:
        conditions.append(_is_near(wanted.around))
    if wanted.listed_since:
        conditions.append(_is_new(wanted.listed_since))
    if wanted.artist:
        conditions.append(_has_artist(wanted.artist))
    if wanted.performers:
        conditions.append(_plays_one_of(wanted.performers))
    return and_(*conditions, *(_says(word) for word in wanted.text.split()[:_MOST_WORDS]))


def _leads() -> ColumnElement[bool]:
    """Return whether a listing says what its show is: a promoter's of ours only where no other source lists it."""
    other = events.alias()
    is_others = and_(other.c.source != EventSource.INTERNAL, other.c.gone_at.is_(None))
    outside = exists().where(other.c.twin_of == events.c.twin_of, is_others).correlate(events)
    return or_(events.c.source != EventSource.INTERNAL, ~outside)


def _is_taken(told: Any) -> ColumnElement[bool]:
    """Return whether an admin took a promoter's event away."""
    is_its_own = and_(promotions.c.event_id == told.c.id, promotions.c.taken_at.is_not(None))
    return exists().where(is_its_own).correlate(told)


def _is_new(since: datetime) -> ColumnElement[bool]:
    """Return whether a show was listed by nobody before a moment; listings that are hidden count."""
    other = events.alias()
    known = exists().where(other.c.twin_of == events.c.twin_of, other.c.added_at < since).correlate(events)
    return and_(events.c.added_at >= since, ~known)


def _venues_today(now: datetime) -> ColumnElement[Any]:
    """Return the day it is where an event is: zones are those this program knows, not the database's."""
    ahead, behind = _zones_apart(now.replace(second=0, microsecond=0))
    today = now.date()
    return case(
        (events.c.zone.in_(ahead), today + timedelta(days=1)),
        (events.c.zone.in_(behind), today - timedelta(days=1)),
        else_=today,
    )


@lru_cache(maxsize=4)
def _zones_apart(now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the zones in which it is a day later than in UTC, and those in which it is a day earlier."""
    days = {zone: now.astimezone(ZoneInfo(zone)).date() for zone in sorted(zones())}
    ahead = tuple(zone for zone, day in days.items() if day > now.date())
    return ahead, tuple(zone for zone, day in days.items() if day < now.date())


def _is_near(around: Around) -> ColumnElement[bool]:
    by_name = and_(
        events.c.latitude.is_(None),
        events.c.country == around.country,
        func.lower(events.c.city) == around.city.lower(),
    )
    return or_(and_(_frame(around), _km_from(around) <= around.radius_km), by_name)


def _frame(around: Around) -> ColumnElement[bool]:
    """Return a condition that an index can use, and that holds for everything within the radius."""
    high = around.radius_km / _KM_A_DEGREE
    south, north = around.latitude - high, around.latitude + high
    within = events.c.latitude.between(south, north)
    if south <= -89 or north >= 89:
        return within
    wide = high / min(_cosine(south), _cosine(north))
    west, east = around.longitude - wide, around.longitude + wide
    turns = [events.c.longitude.between(west + turn, east + turn) for turn in (-360, 0, 360)]
    return and_(within, or_(false(), *turns))


def _cosine(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _km_from(around: Around) -> ColumnElement[float]:
    """Return the great-circle distance, as `domain.places.distance_km` has it."""
    latitude, longitude = _rounded(events.c.latitude), _rounded(events.c.longitude)
    north = func.sin(func.radians(latitude - round(around.latitude, 6)) / 2)
    east = func.sin(func.radians(longitude - round(around.longitude, 6)) / 2)
    cosines = func.cos(func.radians(around.latitude)) * func.cos(func.radians(latitude))
    half_chord = func.least(1.0, north * north + cosines * east * east)
    return cast(2 * EARTH_RADIUS_KM * func.asin(func.sqrt(half_chord)), Float)


def _rounded(degrees: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return degrees to about a decimetre: of a number next to nothing, Postgres refuses to compute."""
    return cast(func.round(cast(degrees, Numeric), 6), Float)


def _has_artist(name: str) -> ColumnElement[bool]:
    """Return whether an act is called so; while nobody who plays is, whether a part of a name is."""
    acts = event_performers
    is_exact = and_(acts.c.artist_key == uuid.UUID(bytes=artist_key(name)), ~acts.c.is_tribute)
    is_part = acts.c.normal_name.contains(normal_name(name), autoescape=True)
    own = acts.c.event_id == events.c.id
    return or_(
        exists().where(own, is_exact), and_(~exists().where(_is_on(acts), is_exact), exists().where(own, is_part))
    )


def _plays_one_of(keys: Collection[uuid.UUID]) -> ColumnElement[bool]:
    acts = event_performers
    return exists().where(acts.c.event_id == events.c.id, acts.c.artist_key.in_(keys), ~acts.c.is_tribute)


def _is_on(acts: Any) -> ColumnElement[bool]:
    told = events.alias()
    return exists().where(told.c.id == acts.c.event_id, told.c.gone_at.is_(None)).correlate(acts)


def _says(word: str) -> ColumnElement[bool]:
    """Return whether title, venue, city or a performer's name holds a word."""
    acts = event_performers
    texts = (events.c.title, events.c.venue_name, events.c.city)
    acts_say = exists().where(
        acts.c.event_id == events.c.id, acts.c.normal_name.contains(normal_name(word), autoescape=True)
    )
    return or_(*(text.icontains(word, autoescape=True) for text in texts), acts_say)


# Rows to values -----------------------------------------------------------------------------------


def _acts(conn: Connection, event_ids: Sequence[int]) -> dict[int, list[tuple[uuid.UUID, str]]]:
    """Return who plays by event, without tribute acts, in the sources' order."""
    acts = event_performers.c
    query = select(acts.event_id, acts.artist_key, acts.name).where(acts.event_id.in_(event_ids), ~acts.is_tribute)
    found: dict[int, list[tuple[uuid.UUID, str]]] = {}
    for row in conn.execute(query.order_by(acts.event_id, acts.position)):
        found.setdefault(row.event_id, []).append((row.artist_key, row.name))
    return found


def _bill(told: Sequence[Row[Any]], acts: Mapping[int, Sequence[tuple[uuid.UUID, str]]]) -> Bill:
    first = next((row for row in told if row.latitude is not None), told[0])
    performers = dict(act for row in told for act in acts.get(row.id, ()))
    said = [(EventSource(row.source), row.genres) for row in told]
    return Bill(
        title=first.title,
        start_on=first.start_on,
        zone=first.zone,
        latitude=first.latitude,
        longitude=first.longitude,
        venue=uuid.UUID(bytes=venue_key(first.city, first.venue_name)),
        venue_name=first.venue_name,
        performers=tuple(performers.items()),
        families=families(said, list(performers.values())),
    )


def _told(one: rows.StoredEvent) -> Told:
    return Told(one.id, one.listing, one.added_at, one.changed_at, one.gone_at is not None)


def _by_group(found: Sequence[rows.StoredEvent]) -> Iterator[tuple[int, list[rows.StoredEvent]]]:
    ordered = sorted(found, key=lambda one: (one.twin_of, one.id))
    for group, told in groupby(ordered, key=lambda one: one.twin_of):
        yield group, list(told)
