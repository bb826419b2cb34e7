"""`/events`: shows as one visitor has them before them; saved and tagged by those who may."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import fastapi
from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import clean_text
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.domain.shows import Search
from rewrapped.errors import InvalidInput
from rewrapped.services import browsers, events, interactions, keeping, whereabouts
from rewrapped.services.events import Board, Card
from rewrapped.services.interactions import Onlooker
from rewrapped.services.whereabouts import FARTHEST_KM, NEAREST_KM, Whereabouts
from rewrapped.web.v1.asking import Going, Id, Moment, Passing, Query, Read, VenueTime, zone_of
from rewrapped.web.v1.narrowing import Day
from rewrapped.web.v1.paging import Cursor, Page, Shelf
from rewrapped.web.v1.reasons import Reason, reason

router = APIRouter(prefix="/events", tags=["events"])

_WORDS_MAX = 100
_DAYS = 30


class Section(StrEnum):
    """A part of what a search finds."""

    EVERYTHING = "everything"
    FOR_YOU = "for_you"
    SPONSORED = "sponsored"


class Venue(Read):
    """Where a show is; latitude and longitude in degrees."""

    name: str
    city: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None


class Act(Read):
    """Somebody who plays, and how often whoever asks has played them."""

    name: str
    plays: int
    is_followed: bool


class Offer(Read):
    """Where tickets are sold, by a way of ours that leads there; prices in hundredths of the currency's unit."""

    seller: str
    url: str
    min_cents: int | None
    max_cents: int | None
    currency: str | None


class Credit(Read):
    """Who told us of the show, in the words they ask for."""

    words: str
    url: str | None


class Event(Read):
    """A show. Days and times are the venue's, in `venue_zone`; `start_at` is null while the time is unknown.

    `score`, 0 to 100, is how well it fits whoever asks; `is_saved` is null for a stranger.
    """

    id: int
    title: str
    status: str
    start_on: date
    start_time: VenueTime | None
    doors_time: VenueTime | None
    start_at: Moment | None
    end_on: date | None
    venue_zone: str
    venue: Venue
    performers: list[Act]
    offers: list[Offer]
    credits: list[Credit]
    is_over: bool
    is_saved: bool | None
    distance_km: float | None
    score: float
    reasons: list[Reason]


class Events(Page[Event]):
    """Shows, and how many there are in all."""

    total: int


class OneEvent(Event):
    """A show by itself; `description` is its promoter's, in Markdown of few forms, "" where there is none."""

    zone: str
    description: str


class Save(Read):
    """Whether a show is saved now, and whether it wasn't so before."""

    is_saved: bool
    is_changed: bool


class Tags(Read):
    """Your own tags, and how many people gave those that at least five did."""

    own: list[str]
    shared: dict[str, int]


class EventsAsked(Query):
    """What is looked for; days are the venues'. Without a place or country it is looked for everywhere."""

    section: Section = Section.EVERYTHING
    q: Annotated[str, Field(max_length=_WORDS_MAX, description="Words of the title, the venue or a performer.")] = ""
    artist: Annotated[str, Field(max_length=_WORDS_MAX)] = ""
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$", description="Two letters, ISO 3166.")] = ""
    place_id: Annotated[int | None, Field(ge=1, lt=2**53, description="A place's GeoNames id.")] = None
    radius_km: Annotated[int, Field(ge=NEAREST_KM, le=FARTHEST_KM)] = whereabouts.DEFAULT_KM
    start_on: Annotated[Day | None, Field(alias="from", description="The first day; today unless given.")] = None
    end_on: Annotated[Day | None, Field(alias="to", description="The day after the last; 30 days unless given.")] = None
    cursor: Cursor = None


class SavedAsked(Query):
    """How many at once."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor = None


@router.get("")
def search(visitor: Passing, asked: Annotated[EventsAsked, fastapi.Query()]) -> Events:
    """Return shows by day, 24 at once; or the few that fit you best; or the sponsored ones. Anybody may ask."""
    deps = running.deps()
    shelf = Shelf(deps.site, visitor, "events")
    number = next(iter(shelf.numbers(asked.cursor)), 1)
    here = _here(visitor, asked)
    board = events.board(deps, visitor, _search(asked, here), here, number)
    cards, total = _section(board, asked.section)
    goes_on = asked.section is Section.EVERYTHING and board.number < board.pages
    return Events(
        items=[_event(visitor, card) for card in cards],
        next_cursor=shelf.cursor(board.number + 1) if goes_on else None,
        zone=zone_of(visitor),
        total=total,
    )


@router.get("/saved")
def saved(visitor: Going, asked: Annotated[SavedAsked, fastapi.Query()]) -> Page[Event]:
    """Return the shows you saved: what is to come first, the soonest at its head."""
    deps = running.deps()
    shelf = Shelf(deps.site, visitor, "saved")
    start = next(iter(shelf.numbers(asked.cursor)), 0)
    cards = events.saved(deps, visitor, whereabouts.whereabouts(deps, visitor))
    end = start + asked.limit
    shown = [_event(visitor, card) for card in cards[start:end]]
    return Page(items=shown, next_cursor=shelf.cursor(end) if len(cards) > end else None, zone=zone_of(visitor))


@router.get("/{event_id}")
def find_event(visitor: Passing, event_id: Id) -> OneEvent:
    """Return a show, by the id of any of its listings. Anybody may ask."""
    deps = running.deps()
    card = events.event(deps, visitor, event_id, whereabouts.whereabouts(deps, visitor))
    told = events.description(deps, card.show)
    return OneEvent(**_event(visitor, card).model_dump(), zone=zone_of(visitor), description=told)


@router.put("/{event_id}/save")
def save(visitor: Going, event_id: Id, request: Request) -> Save:
    """Save a show. Saving twice is saving once."""
    deps = running.deps()
    is_new = keeping.save(deps, visitor, event_id)
    if is_new and "authorization" not in request.headers:  # a person on a page, not a program
        visit = request.cookies.get(browsers.cookies(deps.site).visit)
        seen = Onlooker(visitor, visit, request.headers.get("user-agent", ""))
        interactions.record(deps, seen, event_id, Interaction.SAVE, Placement.DIRECT)
    return Save(is_saved=True, is_changed=is_new)


@router.delete("/{event_id}/save")
def unsave(visitor: Going, event_id: Id) -> Save:
    """Take a show out of what you saved."""
    return Save(is_saved=False, is_changed=keeping.unsave(running.deps(), visitor, event_id))


@router.get("/{event_id}/tags")
def tags(visitor: Passing, event_id: Id) -> Tags:
    """Return a show's tags. Anybody may ask."""
    return _tags(visitor, event_id)


@router.put("/{event_id}/tags/{tag:path}")
def add_tag(visitor: Going, event_id: Id, tag: str) -> Tags:
    """Tag a show; tags are stored in lower case."""
    keeping.add_tag(running.deps(), visitor, event_id, tag)
    return _tags(visitor, event_id)


@router.delete("/{event_id}/tags/{tag:path}")
def remove_tag(visitor: Going, event_id: Id, tag: str) -> Tags:
    """Take a tag of yours off a show."""
    keeping.remove_tag(running.deps(), visitor, event_id, tag)
    return _tags(visitor, event_id)


def _here(visitor: Visitor, asked: EventsAsked) -> Whereabouts:
    if asked.place_id is None:
        return whereabouts.whereabouts(running.deps(), visitor)
    place = whereabouts.find(asked.place_id)
    if place is None:
        raise InvalidInput("No place has this GeoNames id here.")
    return Whereabouts(place, asked.radius_km)


def _search(asked: EventsAsked, here: Whereabouts) -> Search:
    if asked.place_id is not None and asked.country:
        raise InvalidInput("Ask for a place or for a country, not for both.")
    start_on = asked.start_on or running.deps().now().date()
    end_on = asked.end_on or start_on + timedelta(days=_DAYS)
    if end_on < start_on:
        raise InvalidInput("The days end before they start.")
    around = here.around if asked.place_id is not None and not asked.country else None
    return Search(start_on, end_on, around, asked.country, clean_text(asked.artist), clean_text(asked.q))


def _section(board: Board, section: Section) -> tuple[tuple[Card, ...], int]:
    match section:
        case Section.EVERYTHING:
            return board.everything, board.total
        case Section.FOR_YOU:
            return board.for_you, board.for_you_total
        case Section.SPONSORED:
            return board.sponsored, len(board.sponsored)


def _event(visitor: Visitor, card: Card) -> Event:
    show, listing = card.show, card.show.listing
    base = running.deps().site.base_url
    return Event(
        id=show.id,
        title=listing.title,
        status=listing.status,
        start_on=listing.start_on,
        start_time=listing.start_time,
        doors_time=listing.doors_time,
        start_at=listing.start_at,
        end_on=listing.end_on,
        venue_zone=listing.zone,
        venue=Venue.model_validate(listing.venue),
        performers=[Act.model_validate(act) for act in card.performers],
        offers=[
            Offer(
                seller=sale.offer.seller,
                url=f"{base}/go/{sale.event_id}?offer={sale.number}",
                min_cents=sale.offer.min_cents,
                max_cents=sale.offer.max_cents,
                currency=sale.offer.currency,
            )
            for sale in show.sales
        ],
        credits=[Credit.model_validate(credit) for credit in show.credits],
        is_over=card.is_over,
        is_saved=None if visitor.user_id is None else card.is_saved,
        distance_km=card.distance_km,
        score=card.fitness.score,
        reasons=[reason(each) for each in card.fitness.reasons],
    )


def _tags(visitor: Visitor, event_id: int) -> Tags:
    found = keeping.tags(running.deps(), visitor, event_id)
    return Tags(own=list(found.own), shared=dict(found.shared))
