"""Promoters' own events: listing them, changing them, calling them off; whoever saved one is told.

An event of ours is a listing like every other source's, so it finds its twins,
and a promotion beside it. It can be opened here by its promoter and by admins
alone; for everybody else it isn't there. What admins alone may do with it is in
`services.oversight`.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rewrapped.clients import gazetteer
from rewrapped.deps import Deps
from rewrapped.domain import days, drafts
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.drafts import Draft, Identity, Promotion
from rewrapped.domain.events import EventSource, EventStatus, Listing
from rewrapped.domain.notices import Kind, Notice
from rewrapped.domain.places import Place
from rewrapped.domain.sweeping import Window
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.services import notices, sweeps
from rewrapped.storage import applications, events, notifications, people, promotions
from rewrapped.storage.database import Connection
from rewrapped.storage.promotions import OwnEvent

MOST_EVENTS = 2_000  # of one promoter
_TOLD_APART: Final = timedelta(hours=6)  # between two messages to one person on one event


def list_events(deps: Deps, visitor: Visitor) -> list[OwnEvent]:
    """Return the visitor's own events, the latest date first.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
    """
    user_id = visitor.allowed(Permission.PROMOTE)
    with deps.engine.connect() as conn:
        return promotions.list_own(conn, user_id)


def find_event(deps: Deps, visitor: Visitor, event_id: int) -> OwnEvent:
    """Return one of the visitor's own events; an admin gets any promoter's.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
        NotFound: it isn't theirs, or not there at all.
    """
    with deps.engine.connect() as conn:
        return own_event(conn, visitor, event_id)


def create(deps: Deps, visitor: Visitor, draft: Draft, form: uuid.UUID | None = None) -> int:
    """List a new event; it is to be seen at once. Return its id.

    `form` tells forms apart: one that is sent again, by a second click or after an error, lists no second event.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
        InvalidInput: something is missing or can't be used; nothing was stored.
        Conflict: the promoter has too many events.
    """
    user_id = visitor.allowed(Permission.PROMOTE)
    promotion, place = _promotion(draft), find_place(draft.place_id)
    with deps.engine.begin() as conn:
        if len(promotions.list_own(conn, user_id)) >= MOST_EVENTS:
            raise Conflict(f"A promoter can list up to {MOST_EVENTS:,} events here.")
        source_id = uuid.uuid5(form or uuid.uuid4(), str(user_id)).hex  # nobody reaches another's by their form
        identity = Identity(EventSource.INTERNAL, source_id, attribution(deps, conn, user_id))
        listing = drafts.listing_of(draft, place, identity, deps.now())
        event_id = store(conn, listing, promotion, user_id, deps.now())
    tie(deps, listing)
    return event_id


def edit(deps: Deps, visitor: Visitor, event_id: int, draft: Draft) -> None:
    """Change an event. Whoever saved it is told, once, if its date, time or venue is another one.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
        NotFound: it isn't theirs.
        InvalidInput: something can't be used; nothing was changed.
        Conflict: it is over, called off, or taken away by an admin.
    """
    visitor.allowed(Permission.PROMOTE)
    promotion, place = _promotion(draft), find_place(draft.place_id)
    with deps.engine.begin() as conn:
        own = own_event(conn, visitor, event_id, hold=True)
        _refuse_over(deps, own)
        before = own.event.listing
        identity = Identity(before.source, before.source_id, before.attribution, before.image_url)
        after = replace(drafts.listing_of(draft, place, identity, deps.now()), status=_status(before, draft))
        store(conn, after, promotion, own.promoter_id, deps.now())
        told = tell_savers(deps, conn, own, after)
    notices.wake(deps, told)
    tie(deps, after)


def cancel(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Call an event off; whoever saved it is told.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
        NotFound: it isn't theirs.
        Conflict: it is over, called off already, or taken away by an admin.
    """
    with deps.engine.begin() as conn:
        own = own_event(conn, visitor, event_id, hold=True)
        _refuse_over(deps, own)
        after = replace(own.event.listing, status=EventStatus.CANCELLED, fetched_at=deps.now())
        store(conn, after, own.promotion, own.promoter_id, deps.now())
        told = tell_savers(deps, conn, own, after)
    notices.wake(deps, told)
    tie(deps, after)  # alone from now on: what it says of itself goes for no other source's show


def draft(deps: Deps, visitor: Visitor, event_id: int) -> Draft:
    """Return an event as it is typed, to be changed.

    Raises:
        SignInNeeded, AccessDenied, NotFound: as `find_event`.
    """
    own = find_event(deps, visitor, event_id)
    place = place_of(own.event.listing)
    found = drafts.draft_of(own.event.listing, own.promotion, place.id)
    if (found.latitude, found.longitude) == (place.latitude, place.longitude):
        return replace(found, latitude=None, longitude=None)  # the place's own: they move with it
    return found


def duplicate(deps: Deps, visitor: Visitor, event_id: int) -> Draft:
    """Return a draft of a new event like an old one; its date is still to be given, and nothing is listed yet.

    Raises:
        SignInNeeded, AccessDenied, NotFound: as `find_event`.
    """
    return replace(draft(deps, visitor, event_id), start_on=None)


def find_places(text: str) -> tuple[Place, ...]:
    """Return the places that a text may mean, the likeliest first."""
    return gazetteer.search(text)


def find_place(place_id: int | None) -> Place:
    """Return a place by its GeoNames id.

    Raises:
        InvalidInput: none was chosen, or it isn't known.
    """
    if place_id is None:
        raise InvalidInput("Choose the city of the venue from the list.")
    try:
        return gazetteer.find(place_id)
    except NotFound as error:
        raise InvalidInput("Choose the city of the venue from the list.") from error


def place_of(listing: Listing) -> Place:
    """Return the place that an event of ours is in."""
    venue = listing.venue
    named = gazetteer.search(venue.city, venue.country, 100)
    alike = [
        place for place in named if (place.name, place.region, place.zone) == (venue.city, venue.region, listing.zone)
    ]
    if venue.latitude is None or venue.longitude is None:
        return alike[0]
    here = (venue.latitude, venue.longitude)
    return min(alike, key=lambda place: place.distance_km(*here)) if alike else gazetteer.nearest(*here)


def countries() -> dict[str, str]:
    """Return the countries an event can be aimed at: ISO 3166 alpha-2 -> name."""
    return dict(gazetteer.countries())


def is_over(listing: Listing, now: datetime) -> bool:
    """Return whether an event's last day is over at its venue."""
    return (listing.end_on or listing.start_on) < now.astimezone(ZoneInfo(listing.zone)).date()


def own_event(conn: Connection, visitor: Visitor, event_id: int, *, hold: bool = False) -> OwnEvent:
    """Return one of the visitor's own events, in the caller's transaction; `hold` keeps others from changing it.

    Raises:
        SignInNeeded, AccessDenied, NotFound: as `find_event`.
    """
    user_id = visitor.allowed(Permission.PROMOTE)
    own = promotions.find_own(conn, event_id, hold=hold)
    if own is None or (own.promoter_id != user_id and not visitor.may(Permission.ADMINISTER)):
        raise NotFound("There is no such event among yours.")
    return own


def store(conn: Connection, listing: Listing, promotion: Promotion, promoter_id: int | None, now: datetime) -> int:
    """Store a listing and its promotion, in the caller's transaction; return the event's id."""
    events.add_or_refresh(conn, [listing], now)
    event_id = promotions.find_id(conn, listing.source, listing.source_id)
    if event_id is None:
        raise AssertionError("a listing that was just stored is there")
    promotions.set_promotion(conn, event_id, promotion, promoter_id, now)
    return event_id


def _promotion(draft: Draft) -> Promotion:
    promotion = drafts.promotion_of(draft)
    if not promotion.targeting.countries <= gazetteer.countries().keys():
        raise InvalidInput("One of the countries isn't known here.")
    return promotion


def _refuse_over(deps: Deps, own: OwnEvent) -> None:
    if is_over(own.event.listing, deps.now()):
        raise Conflict("This event is over; it stays as it was.")
    refuse_taken(own)
    if own.event.listing.status is EventStatus.CANCELLED:
        raise Conflict("This event is called off. If it takes place after all, an admin can take that back.")


def refuse_taken(own: OwnEvent) -> None:
    """Do nothing where an event can be seen.

    Raises:
        Conflict: an admin took it away.
    """
    if own.taken_at is not None:
        raise Conflict(f"An admin took this event away: {own.taken_reason}")


def _status(before: Listing, draft: Draft) -> EventStatus:
    return EventStatus.RESCHEDULED if draft.start_on != before.start_on else before.status


def attribution(deps: Deps, conn: Connection, user_id: int) -> str:
    """Return who is said to list a promoter's events."""
    person = people.find_person(conn, user_id)
    name = applications.find_organisation(conn, user_id) or (person.display_name if person else "")
    return f"{name or 'a promoter'} on {deps.site.product_name}"


def tie(deps: Deps, listing: Listing) -> None:
    """Find the twins of an event that says something else now."""
    sweeps.tie_twins(deps, Window(listing.start_on, listing.start_on + timedelta(days=1)))


# Telling who saved it -----------------------------------------------------------------------------


def tell_savers(deps: Deps, conn: Connection, own: OwnEvent, after: Listing) -> list[int]:
    """Tell who saved this listing what is another now, in the caller's transaction; return whom to wake.

    Whoever was told of it in the last hours gets no further message: that one tells how everything is now. It pops
    up anew where the event is called off or takes place after all.
    """
    changed, now = changes(own.event.listing, after), deps.now()
    if not changed:
        return []
    body = f"{after.title}: {'; '.join(changed)}."
    first = Notice(Kind.EVENT, body, link=f"event?id={own.id}", key=f"event-{own.id}-{now.isoformat()}")
    again = replace(first, body=_whole(own.event.listing, after))
    is_turn = EventStatus.CANCELLED in {own.event.listing.status, after.status}  # which nobody may miss
    return [
        user_id
        for user_id in promotions.list_savers(conn, own.id)
        if notifications.renew_notification(conn, user_id, again, now - _TOLD_APART, pops_up=is_turn)
        or notifications.add_notification(conn, user_id, first, now)
    ]


def changes(before: Listing, after: Listing) -> list[str]:
    """Return what somebody who means to go has to know, in words: another status, date, time or venue."""
    if after.status is EventStatus.CANCELLED:
        return [] if before.status is EventStatus.CANCELLED else ["it is called off"]
    told = ["it takes place after all"] if before.status is EventStatus.CANCELLED else []
    if after.start_on != before.start_on:
        told.append(f"it is on {_day(after.start_on)} now")
    if after.start_time != before.start_time:
        at = "has no time yet" if after.start_time is None else f"begins at {after.start_time:%H:%M} now"
        told.append(f"it {at}")
    where = (after.venue.name, after.venue.city, after.venue.country)
    if where != (before.venue.name, before.venue.city, before.venue.country):
        told.append(f"it is at {after.venue.name} in {after.venue.city} now")
    return told


def _whole(before: Listing, after: Listing) -> str:
    """Return all of it at once, for somebody who was told of an earlier change."""
    if after.status is EventStatus.CANCELLED:
        return f"{after.title}: it is called off."
    was_off = before.status is EventStatus.CANCELLED
    how = "takes place after all" if was_off else "has changed several times"
    at = "has no time yet" if after.start_time is None else f"begins at {after.start_time:%H:%M}"
    where = f"is at {after.venue.name} in {after.venue.city}"
    return f"{after.title} {how}. Now it is on {_day(after.start_on)}, {at}, and {where}."


def _day(on: date) -> str:
    return days.weekday_and_day(on)
