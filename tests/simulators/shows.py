"""Invented shows, the same for every simulator: seeded, with the shapes that shows really have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

FIRST_DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Place:
    name: str
    city: str
    country: str
    zone: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Show:
    """One true show. `at` None: nobody knows the time yet."""

    number: int
    acts: tuple[str, ...]
    place: Place
    on: date
    at: time | None
    state: str = "onsale"  # in Ticketmaster's words
    is_festival: bool = False
    price: tuple[float, float] | None = (29.5, 54.9)

    @property
    def utc(self) -> datetime:
        return datetime.combine(self.on, self.at or time(), ZoneInfo(self.place.zone)).astimezone(ZoneInfo("UTC"))


PLACES = (
    Place("Columbiahalle", "Berlin", "DE", "Europe/Berlin", 52.4846, 13.3921),
    Place("Lido", "Berlin", "DE", "Europe/Berlin", 52.4991, 13.4453),
    Place("Große Freiheit 36", "Hamburg", "DE", "Europe/Berlin", 53.5511, 9.9577),
    Place("Muffathalle", "München", "DE", "Europe/Berlin", 48.1325, 11.5897),
    Place("The Fillmore", "San Francisco", "US", "America/Los_Angeles", 37.7840, -122.4331),
)
_ACTS = ("Paper Lanterns", "Nordlicht", "Ólafía", "The Tin Foxes", "Kilo & Gram", "Våren", "Low Harbour", "Tokio Motel")


def shows(count: int, seed: int = 7, days: int = 170, country: str | None = None) -> list[Show]:
    """Return shows of one act a day each, so that no two of them can be taken for one."""
    random = Random(seed)
    places = [place for place in PLACES if country in (None, place.country)]
    made = []
    for number in range(count):
        on = FIRST_DAY + timedelta(days=1 + number * 3 % days)
        acts = tuple(f"{act} {number}" for act in random.sample(_ACTS, random.choice((1, 1, 2, 3))))
        at = random.choice((time(19), time(19, 30), time(20), time(21, 15), None))
        show = Show(number, acts, random.choice(places), on, at, state=random.choice(("onsale", "onsale", "offsale")))
        made.append(replace(show, price=random.choice(((29.5, 54.9), (12.0, 12.0), None))))
    return made
