"""`/promoter`: a promoter's own events, listed, changed and called off. Their figures are `figures`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import fastapi
from fastapi import APIRouter
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.drafts import Draft
from rewrapped.services import promoting
from rewrapped.storage.promotions import OwnEvent
from rewrapped.web.v1.asking import Id, Moment, Promoting, Query, Read, VenueTime, zone_of
from rewrapped.web.v1.narrowing import Day
from rewrapped.web.v1.paging import Cursor, Page, Shelf

router = APIRouter(prefix="/promoter/events", tags=["promoter"])


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class EventForm(Draft):
    """An event as its promoter writes it.

    `line_up` and `target_artists` hold one name a line, `tags` words between commas; prices are of the currency's
    unit, days and times the venue's own; `place_id` is GeoNames'.
    """

    start_on: Day | None = None
    start_time: VenueTime | None = None
    doors_time: VenueTime | None = None


class OwnEventOut(Read):
    """One of a promoter's events: what was written, and what became of it.

    An admin may have taken it away, for a reason, or may keep it apart from other listings of the same show.
    """

    id: int
    title: str
    status: str
    start_at: Moment | None
    venue_zone: str
    published_at: Moment
    stands_alone: bool
    taken_away_at: Moment | None
    taken_away_for: str
    form: EventForm
    zone: str


class OwnEventLine(Read):
    """One of a promoter's events, in short."""

    id: int
    title: str
    status: str
    start_on: Day
    start_at: Moment | None
    venue_zone: str
    is_sponsored: bool
    published_at: Moment


class OwnEventsAsked(Query):
    """How many at once."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor = None


@router.get("")
def list_events(visitor: Promoting, asked: Annotated[OwnEventsAsked, fastapi.Query()]) -> Page[OwnEventLine]:
    """Return your events, the latest date first."""
    deps = running.deps()
    shelf = Shelf(deps.site, visitor, "promoter events")
    start = next(iter(shelf.numbers(asked.cursor)), 0)
    found = promoting.list_events(deps, visitor)
    end = start + asked.limit
    items = [_line(own) for own in found[start:end]]
    return Page(items=items, next_cursor=shelf.cursor(end) if len(found) > end else None, zone=zone_of(visitor))


@router.post("", status_code=201)
def create(visitor: Promoting, form: EventForm) -> OwnEventOut:
    """List a new event; it is to be seen at once."""
    return own_event(visitor, promoting.create(running.deps(), visitor, form))


@router.get("/{event_id}")
def find_event(visitor: Promoting, event_id: Id) -> OwnEventOut:
    """Return one of your events."""
    return own_event(visitor, event_id)


@router.put("/{event_id}")
def edit(visitor: Promoting, event_id: Id, form: EventForm) -> OwnEventOut:
    """Change an event: what the form leaves out is empty afterwards. Savers are told of another date or venue."""
    promoting.edit(running.deps(), visitor, event_id, form)
    return own_event(visitor, event_id)


@router.post("/{event_id}/cancel")
def cancel(visitor: Promoting, event_id: Id) -> OwnEventOut:
    """Call an event off; whoever saved it is told."""
    promoting.cancel(running.deps(), visitor, event_id)
    return own_event(visitor, event_id)


def _line(own: OwnEvent) -> OwnEventLine:
    listing = own.event.listing
    return OwnEventLine(
        id=own.id,
        title=listing.title,
        status=listing.status,
        start_on=listing.start_on,
        start_at=listing.start_at,
        venue_zone=listing.zone,
        is_sponsored=own.promotion.is_sponsored,
        published_at=own.published_at,
    )


def own_event(visitor: Visitor, event_id: int) -> OwnEventOut:
    """Return an event as it is answered."""
    deps = running.deps()
    own = promoting.find_event(deps, visitor, event_id)
    listing = own.event.listing
    return OwnEventOut(
        id=own.id,
        title=listing.title,
        status=listing.status,
        start_at=listing.start_at,
        venue_zone=listing.zone,
        published_at=own.published_at,
        stands_alone=own.stands_alone,
        taken_away_at=own.taken_at,
        taken_away_for=own.taken_reason,
        form=EventForm(**asdict(promoting.draft(deps, visitor, event_id))),
        zone=zone_of(visitor),
    )
