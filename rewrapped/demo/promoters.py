"""Two invented promoters with a dozen events each, and sixty days of invented people who came across them.

The same day always brings the same events and people; another day moves all of them along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from rewrapped.demo.catalogue import ARTISTS_BY_GENRE
from rewrapped.demo.shows import ATTRIBUTION
from rewrapped.domain import genres
from rewrapped.domain.drafts import Promotion
from rewrapped.domain.events import EventSource, EventStatus, Listing, Offer, Performer, Venue, normal_name
from rewrapped.domain.promoting import Interaction, Placement, Targeting
from rewrapped.services.sample_promoters import SampleEvent, SamplePromoter, SampleVisit

_DAYS: Final = 60
_PEOPLE: Final = 420
_LASTS: Final = timedelta(days=90)
_SEED: Final = "rewrapped promoters"
#: Days from today on which the events are; the first four are over.
_DATES: Final = (-34, -21, -12, -5, 3, 9, 16, 24, 31, 45, 60, 80)
_NIGHTS: Final = (
    *("Opening Night", "Slow Water", "Lanterns", "Late Ferry", "North Wind", "Low Tide"),
    *("Second Light", "Salt and Wire", "The Long Table", "Harbour Lights", "Undertow", "Season Finale"),
)
_PLACEMENTS: Final = (Placement.EVERYTHING, Placement.FOR_YOU, Placement.SPONSORED, Placement.DIRECT)


@dataclass(frozen=True, slots=True)
class _House:
    """Where a promoter puts their nights on."""

    name: str
    email: str
    zone: str
    currency: str
    venue: Venue
    description: str
    countries: frozenset[str]
    popularity: float


HOUSES: Final = (
    _House(
        name="Harbour Nights",
        email="harbour.nights@demo.example",
        zone="Europe/Lisbon",
        currency="EUR",
        venue=Venue("Armazém do Cais", "Lisbon", "PT", latitude=38.7057, longitude=-9.1444),
        description="A warehouse **by the river**: one stage, a long bar.\n\n- doors an hour before\n- food till late",
        countries=frozenset({"PT", "ES"}),
        popularity=1.0,
    ),
    _House(
        name="Kesselhaus Nord",
        email="kesselhaus.nord@demo.example",
        zone="Europe/Berlin",
        currency="EUR",
        venue=Venue("Kesselhaus Nord", "Berlin", "DE", latitude=52.5402, longitude=13.4123),
        description="Six hundred places under brick. *Trams until two.*",
        countries=frozenset({"DE", "AT"}),
        popularity=0.7,
    ),
)
EMAILS: Final = tuple(house.email for house in HOUSES)


def sample_promoters(today: date, now: datetime) -> list[SamplePromoter]:
    """Return the promoters as they stand on a day, their events as told `now`."""
    return [
        SamplePromoter(house.name, house.email, house.zone, [_event(house, number, today, now) for number in range(12)])
        for house in HOUSES
    ]


def _event(house: _House, number: int, today: date, now: datetime) -> SampleEvent:
    chance = Random(f"{_SEED} {house.name} {number}")  # noqa: S311 - plausible, not secret
    genre = sorted(ARTISTS_BY_GENRE)[(number * 5 + len(house.name)) % len(ARTISTS_BY_GENRE)]
    listing = _listing(chance, house, number, today, now)
    published_on = min(
        today - timedelta(days=2 + number // 3), listing.start_on - timedelta(days=chance.randint(20, 40))
    )
    published_on = max(published_on, today - timedelta(days=_DAYS))
    promotion = _promotion(house, number, genre, listing)
    visits = list(_visits(chance, house, (published_on, min(today, listing.start_on)), number))
    published_at = datetime.combine(published_on, time(9), ZoneInfo(house.zone))
    return SampleEvent(listing, promotion, published_at, visits)


def _listing(chance: Random, house: _House, number: int, today: date, now: datetime) -> Listing:
    genre = sorted(ARTISTS_BY_GENRE)[(number * 5 + len(house.name)) % len(ARTISTS_BY_GENRE)]
    names = chance.sample(ARTISTS_BY_GENRE[genre], k=min(3, len(ARTISTS_BY_GENRE[genre])))
    low = 100 * chance.randrange(14, 38)
    source_id = f"sample-{house.email.partition('@')[0]}-{number}"
    return Listing(
        source=EventSource.INTERNAL,
        source_id=source_id,
        title=f"{_NIGHTS[number]}: {names[0]}",
        start_on=today + timedelta(days=_DATES[number]),
        start_time=time(chance.choice((19, 20, 21)), chance.choice((0, 30))),
        doors_time=time(18, 30),
        zone=house.zone,
        venue=house.venue,
        status=EventStatus.CANCELLED if number == 8 else EventStatus.SCHEDULED,
        is_on_sale=True,
        performers=tuple(Performer(name, is_headliner=place == 0) for place, name in enumerate(names)),
        offers=(Offer("tickets.example", f"https://tickets.example/{source_id}", low, low + 900, house.currency),),
        genres=(genre,),
        attribution=ATTRIBUTION,
        fetched_at=now,
        expires_at=now + _LASTS,
    )


def _promotion(house: _House, number: int, genre: str, listing: Listing) -> Promotion:
    found = genres.find(genre)
    keys = (found.key,) if found else ()
    aims = (
        Targeting(countries=house.countries),
        Targeting(genres=frozenset(keys), minimum_plays=5),
        Targeting(artists=frozenset({normal_name(listing.performers[0].name)}), minimum_plays=10),
    )
    is_sponsored = number % 2 == 0
    return Promotion(
        description=house.description,
        tags=("all ages",) if number % 3 else ("all ages", "seated"),
        genres=keys,
        is_sponsored=is_sponsored,
        targeting=aims[number // 2 % 3] if is_sponsored else Targeting(),
    )


def _visits(chance: Random, house: _House, days: tuple[date, date], number: int) -> Iterator[SampleVisit]:
    """Yield what people did on the days from the first to the last: many at first and at last, fewer in between."""
    first_on, last_on = days
    length = (last_on - first_on).days + 1
    for past in range(length):
        on = first_on + timedelta(days=past)
        spike = 1.6 if past < 4 else 1.0
        spike *= 1.5 if on.weekday() >= 4 else 1.0
        shown = round(house.popularity * spike * chance.uniform(9, 22) * (1 + number / 16))
        for person in sorted(chance.sample(range(_PEOPLE), k=min(shown, _PEOPLE))):
            yield from _visit(chance, house, on, person, is_sponsored=number % 2 == 0)


def _visit(chance: Random, house: _House, on: date, person: int, *, is_sponsored: bool) -> Iterator[SampleVisit]:
    who = hashlib.sha256(f"{_SEED} {house.name} {person}".encode()).digest()[:16]
    is_matched = not is_sponsored or person % 3 == 0
    keenness = 1.7 if is_sponsored and is_matched else 1.0
    placement = chance.choices(_PLACEMENTS, (6, 3, 2 if is_sponsored else 0, 1))[0]
    kinds = [Interaction.IMPRESSION] if placement is not Placement.DIRECT else []
    if not kinds or chance.random() < 0.24 * keenness:
        kinds.append(Interaction.VIEW)
        if chance.random() < 0.17 * keenness:
            kinds.append(Interaction.SAVE)
        if chance.random() < 0.11 * keenness:
            kinds.append(Interaction.CLICK)
    for kind in kinds:
        yield SampleVisit(on, kind, who, placement, is_matched)
