"""Invented shows around several cities, by artists the sample listener plays and by others.

A day always has the same shows, so tomorrow's renewal keeps today's and adds
those of the day that came into view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from rewrapped.demo.catalogue import ARTISTS_BY_GENRE
from rewrapped.domain.events import EventSource, EventStatus, Listing, Offer, Performer, Venue

DAYS: Final = 120
ATTRIBUTION: Final = "sample data, invented"
_LASTS: Final = timedelta(days=7)  # without a renewal they vanish
_SEED: Final = "rewrapped shows"
_OTHERS: Final = (
    *("Paperweight Choir", "Lost Umbrella Office", "The Third Lift", "Vera Quist", "Halfpenny Orchestra"),
    *("Dachboden", "Tramline Sisters", "Oskar Feld", "The Copper Kettles", "Nina Sandoval"),
    *("Plankton Radio", "Lena & The Lanterns", "Kabel Fünf", "Ghost Postcards", "Rue Sauvage"),
)


@dataclass(frozen=True, slots=True)
class City:
    """A city of the sample: its share of the shows, and its halls with latitude and longitude in degrees."""

    name: str
    country: str
    zone: str
    currency: str
    weight: int
    halls: tuple[tuple[str, float, float], ...]


CITIES: Final = (
    City(
        *("Berlin", "DE", "Europe/Berlin", "EUR", 38),
        (
            ("Kesselhaus Nord", 52.5402, 13.4123),
            ("Halle am Kanal", 52.4959, 13.4330),
            ("Zur Alten Post", 52.5160, 13.4540),
            ("Lichtspiel West", 52.5050, 13.3030),
        ),
    ),
    City(
        "Hamburg",
        *("DE", "Europe/Berlin", "EUR", 11),
        (("Speicher Neun", 53.5440, 9.9880), ("Dock Elf", 53.5560, 9.9540)),
    ),
    City(
        "Munich",
        *("DE", "Europe/Berlin", "EUR", 10),
        (("Isarhalle", 48.1270, 11.5650), ("Werk Ost", 48.1240, 11.6090)),
    ),
    City(
        "Vienna",
        *("AT", "Europe/Vienna", "EUR", 9),
        (("Gürtelbogen", 48.2140, 16.3390), ("Donausaal", 48.2290, 16.4110)),
    ),
    City(
        "London",
        *("GB", "Europe/London", "GBP", 11),
        (("Copper Lane Rooms", 51.5390, -0.1420), ("Southbank Arches", 51.5040, -0.1080)),
    ),
    City(
        "Paris",
        *("FR", "Europe/Paris", "EUR", 9),
        (("La Verrière", 48.8670, 2.3830), ("Salle du Quai", 48.8410, 2.3740)),
    ),
    City("Amsterdam", *("NL", "Europe/Amsterdam", "EUR", 8), (("De Lantaarn", 52.3730, 4.8930),)),
    City(
        "New York",
        *("US", "America/New_York", "USD", 9),
        (("The Water Tower", 40.7170, -73.9570), ("Fulton Hall", 40.7060, -74.0050)),
    ),
    City("Chicago", *("US", "America/Chicago", "USD", 8), (("Lakeline Ballroom", 41.9100, -87.6770),)),
)


def sample_shows(today: date, now: datetime) -> list[Listing]:
    """Return the shows of the days from `today` on, as they are told `now`."""
    return [show for ahead in range(DAYS) for show in _of_day(today + timedelta(days=ahead), now)]


def _of_day(on: date, now: datetime) -> Iterator[Listing]:
    chance = Random(f"{_SEED} {on}")  # noqa: S311 - plausible, not secret
    for number in range(2 if chance.random() < 0.12 else 1):
        yield _show(chance, on, number, now)


def _show(chance: Random, on: date, number: int, now: datetime) -> Listing:
    [city] = chance.choices(CITIES, [city.weight for city in CITIES])
    hall, latitude, longitude = chance.choice(city.halls)
    genre = chance.choice(list(ARTISTS_BY_GENRE))
    is_festival = chance.random() < 0.06
    names = _names(chance, genre, 9 if is_festival else chance.choice((1, 1, 2, 2, 3)))
    title = f"{hall} Festival" if is_festival else names[0]
    at = (
        None if is_festival or chance.random() < 0.12 else time(chance.choice((19, 20, 20, 21)), chance.choice((0, 30)))
    )
    return Listing(
        source=EventSource.DEMO,
        source_id=f"{on}-{number}",
        title=title,
        start_on=on,
        end_on=on + timedelta(days=2) if is_festival else None,
        start_time=at,
        doors_time=time(at.hour - 1, at.minute) if at and chance.random() < 0.7 else None,
        zone=city.zone,
        venue=Venue(hall, city.name, city.country, latitude=latitude, longitude=longitude),
        status=_status(chance),
        is_on_sale=True,
        performers=tuple(Performer(name, is_headliner=place == 0) for place, name in enumerate(names)),
        offers=_offers(chance, city, f"{on}-{number}"),
        genres=(genre,),
        is_festival=is_festival,
        attribution=ATTRIBUTION,
        fetched_at=now,
        expires_at=now + _LASTS,
    )


def _names(chance: Random, genre: str, count: int) -> list[str]:
    """Return who plays: mostly artists the sample listener knows, the better known ones more often."""
    known = ARTISTS_BY_GENRE[genre]
    pool = chance.choices(known, [len(known) - place for place in range(len(known))], k=3 * count)
    pool = [name if chance.random() < 0.75 else chance.choice(_OTHERS) for name in pool]
    return list(dict.fromkeys(pool))[:count]


def _status(chance: Random) -> EventStatus:
    found = chance.random()
    if found < 0.04:
        return EventStatus.CANCELLED
    return EventStatus.POSTPONED if found < 0.08 else EventStatus.SCHEDULED


def _offers(chance: Random, city: City, source_id: str) -> tuple[Offer, ...]:
    """Return where tickets would be sold: an address that by its ending can't be anybody's."""
    if chance.random() < 0.1:
        return ()
    low = 100 * chance.randrange(12, 60)
    high = low + 100 * chance.choice((0, 0, 8, 20))
    return (Offer("Sample Tickets", f"https://tickets.example/{source_id}", low, high, city.currency),)
