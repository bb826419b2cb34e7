"""A show as people see it: every listing of it as one, with all places that sell; and what shows are searched by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from rewrapped.domain import genres
from rewrapped.domain.events import EventSource, EventStatus, Listing, Offer

#: The gravest first: who reads that a show is off should know, whatever another source still says.
_GRAVITY: Final = (EventStatus.CANCELLED, EventStatus.POSTPONED, EventStatus.RESCHEDULED, EventStatus.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Told:
    """One stored listing of a show. `is_gone`: it isn't listed any more."""

    event_id: int
    listing: Listing
    added_at: datetime
    changed_at: datetime
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """An offer, and where it is stored: `number` counts the offers of its event from 0.

    `named_by` holds the ids of all listings that name the same address.
    """

    event_id: int
    number: int
    offer: Offer
    named_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Credit:
    """Who told us of a show, in the words they ask for, and their own page of it."""

    source: EventSource
    words: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Show:
    """All listings of one show. `listing` is the fullest of them, with the gravest status that one of them tells.

    Where other sources list it, `listing` and status are theirs, whatever a
    promoter of this site says: that adds its offer alone. `id` is what is saved
    and linked to: the lowest id of those the show is told by. `group` is the
    lowest of all.
    """

    id: int
    group: int
    listing: Listing
    sales: tuple[Sale, ...]
    credits: tuple[Credit, ...]
    added_at: datetime
    changed_at: datetime
    is_gone: bool
    tags: frozenset[str] = frozenset()  # its promoter's, and those that five people gave

    @property
    def last_on(self) -> date:
        """Return its last day, at the venue."""
        return self.listing.end_on or self.listing.start_on


def show_of(told: Sequence[Told]) -> Show:
    """Return the listings of one show as one; those that are gone count only where nothing else is left."""
    whole = sorted(told, key=lambda one: (_is_own(one), one.event_id))
    heard = [one for one in whole if not one.is_gone] or whole
    outside = [one for one in whole if not _is_own(one)]
    speaking = [one for one in outside if one in heard]
    status = min((one.listing.status for one in speaking or heard), key=_GRAVITY.index)
    return Show(
        id=whole[0].event_id,
        group=min(one.event_id for one in whole),
        listing=replace(max(speaking or outside or heard, key=_fullness).listing, status=status),
        sales=tuple(_sales(heard)),
        credits=tuple(dict.fromkeys(_credit(one.listing) for one in heard if one.listing.attribution)),
        added_at=min(one.added_at for one in whole),
        changed_at=max(one.changed_at for one in whole),
        is_gone=heard is whole and whole[0].is_gone,
    )


def _is_own(told: Told) -> bool:
    """Return whether a promoter of this site tells it."""
    return told.listing.source is EventSource.INTERNAL


def _fullness(told: Told) -> tuple[int, int, int]:
    """Return how much a listing says; the older first where equal."""
    said = told.listing
    known = (said.start_time, said.doors_time, said.end_on, said.venue.latitude, said.url)
    count = sum(each is not None for each in known) + bool(said.offers) + bool(said.genres)
    return count, len(said.performers), -told.event_id


def _sales(told: Sequence[Told]) -> list[Sale]:
    """Return every place that sells once, promoters' of this site last; before them those that sell in the first place.

    `told` has what other sources tell first.
    """
    own = {one.event_id for one in told if _is_own(one)}
    named: dict[str, list[Sale]] = {}
    for one in told:
        for number, offer in enumerate(one.listing.offers):
            named.setdefault(offer.url, []).append(Sale(one.event_id, number, offer, ()))
    found = [
        replace(sales[0], named_by=tuple(dict.fromkeys(sale.event_id for sale in sales))) for sales in named.values()
    ]
    return sorted(found, key=lambda sale: (sale.event_id in own, not sale.offer.is_primary, sale.event_id, sale.number))


def _credit(listing: Listing) -> Credit:
    return Credit(listing.source, listing.attribution, listing.url)


# Fitting ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bill:
    """What of a show decides how well it fits somebody, and what it is called on a map.

    Tribute acts aren't among the performers. `performers` are names by the
    catalogue's keys, `families` shares of the event as
    `genres.family_shares` has them.
    """

    title: str
    start_on: date
    zone: str
    latitude: float | None
    longitude: float | None
    venue: UUID
    venue_name: str
    performers: tuple[tuple[UUID, str], ...]
    families: tuple[tuple[str, float], ...]
    tags: frozenset[str] = frozenset()  # as a show's


def families(words: Sequence[tuple[EventSource, Sequence[str]]], names: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """Return the families of an event: of its sources' words, and of performers we know by name."""
    weights: list[tuple[str, float]] = []
    for source, said in words:
        weights += _weights(source, said)
    for name in names:
        weights += genres.seeded(name)
    return genres.family_shares(weights)


def _weights(source: EventSource, said: Sequence[str]) -> genres.Weights:
    if source is EventSource.TICKETMASTER:
        return genres.from_ticketmaster(*said[:2]) if said else ()
    if source is EventSource.JAMBASE:
        return tuple(weight for slug in said for weight in genres.from_jambase(slug))
    return genres.from_words(said)


# Searching ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Around:
    """A place and how far from it, in degrees and km; venues whose place nobody knows count by the city's name."""

    latitude: float
    longitude: float
    radius_km: int
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for: days of the venue from `start_on` up to, not including, `end_on`; None is open.

    `listed_since` leaves out shows that any source told of before that moment.
    `performers` are keys of the catalogue: one of them has to play, and no
    tribute act will do.
    """

    start_on: date | None = None
    end_on: date | None = None
    around: Around | None = None
    country: str = ""
    artist: str = ""
    text: str = ""
    listed_since: datetime | None = None
    performers: frozenset[UUID] = frozenset()
