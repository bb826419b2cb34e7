"""The sample listener's days: work and weekends, trips, weeks without music, and when they listen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rewrapped.demo.taste import Mood

HOME = "DE"
SETTLED_DAYS = 45  # before today nothing unusual happens, so that the present looks alive
_LEVELS = (0.86, 0.98, 1.2, 0.92, 1.05, 1.16, 1.16)  # how much is listened to, year by year


@dataclass(frozen=True, slots=True)
class Trip:
    """Days away, from `first_on` to `last_on`; `flight_minutes` is 0 for a train, `silent` means no music at all."""

    first_on: date
    last_on: date
    country: str
    flight_minutes: int = 0
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of listening: it starts `start_min` minutes after midnight, local time, for about `minutes`."""

    mood: Mood
    start_min: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Day:
    """One local day. `flight_minutes` is not 0 on the days of flights."""

    on: date
    week: int  # since the listener's first day
    share: float  # of the listener's years that lie behind, 0 to 1
    country: str
    flight_minutes: int
    slots: tuple[Slot, ...]


def days(rng: random.Random, first_on: date, today: date) -> Iterator[Day]:
    """Yield every day from `first_on` to `today`, quiet ones with no slots."""
    length = (today - first_on).days
    trips = _trips(rng, first_on, today - timedelta(days=SETTLED_DAYS))
    quiet = _hole(first_on, length) | _quiet_days(rng, first_on, length)
    for number in range(length + 1):
        on = first_on + timedelta(days=number)
        trip = next((trip for trip in trips if trip.first_on <= on <= trip.last_on), None)
        flying = trip.flight_minutes if trip and on in (trip.first_on, trip.last_on) and on not in quiet else 0
        slots = _slots(rng, on, number / 365.25, trip)
        if on == today:
            slots = _today()
        elif on in quiet or flying:
            slots = []
        yield Day(on, number // 7, number / max(length, 1), trip.country if trip else HOME, flying, tuple(slots))


def _hole(first_on: date, length: int) -> set[date]:
    """Return the six weeks in which a broken phone kept everything silent: a whole month, and some days around it."""
    within = first_on + timedelta(days=int(length * 0.41))
    month = (within.replace(day=1) + timedelta(days=31)).replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    silent = (following - month).days + 11
    return {month + timedelta(days=number - 6) for number in range(silent)}


def _quiet_days(rng: random.Random, first_on: date, length: int) -> set[date]:
    """Return the single days without music; the last weeks have one only, so that a streak is running."""
    found = {n for n in range(length - SETTLED_DAYS) if rng.random() < 0.02}
    return {first_on + timedelta(days=n) for n in found | {length - 23}}


def _trips(rng: random.Random, first_on: date, until: date) -> list[Trip]:
    return [
        trip
        for year in range(first_on.year, until.year + 1)
        for trip in _trips_of(rng, year)
        if first_on < trip.first_on and trip.last_on <= until
    ]


def _trips_of(rng: random.Random, year: int) -> list[Trip]:
    """Draw a year's trips: a city in spring, a beach and a silent walk in summer, far away in odd winters."""
    spring = date(year, 4, rng.randrange(3, 26))
    beach = date(year, 7, rng.randrange(3, 22))
    walk = date(year, 9, rng.randrange(1, 18))
    trips = [
        _trip(spring, 4, rng.choice(("FR", "NL", "DK", "CZ"))),
        _trip(beach, 13, rng.choice(("ES", "IT", "PT", "GR")), 165),
        Trip(walk, walk + timedelta(days=8), "CH", silent=True),
    ]
    if year % 2:
        trips.append(_trip(date(year, 2, rng.randrange(2, 12)), 15, rng.choice(("JP", "CA", "US")), 600))
    if rng.random() < 0.7:
        trips.append(_trip(date(year, 11, rng.randrange(3, 20)), 3, "GB", 105))
    return trips


def _trip(first_on: date, days: int, country: str, flight_minutes: int = 0) -> Trip:
    return Trip(first_on, first_on + timedelta(days=days), country, flight_minutes)


def _slots(rng: random.Random, on: date, years: float, trip: Trip | None) -> list[Slot]:
    """Draw a day's stretches of listening in order of time."""
    if trip and trip.silent:
        return []
    likely = _likely(rng, on, years) if trip is None else _AWAY
    level = _level(on, years)
    slots = [
        Slot(mood, max(rng.gauss(start, spread), 300), max(rng.gauss(minutes, minutes / 4), 9))
        for mood, chance, start, spread, minutes in likely
        if rng.random() < chance * level
    ]
    if not slots and (trip is None or rng.random() < 0.5):
        slots = [Slot(Mood.EVENING, rng.gauss(20 * 60 + 20, 50), rng.uniform(14, 40))]  # hardly a day without music
    return sorted(slots, key=lambda slot: slot.start_min)


def _level(on: date, years: float) -> float:
    """Return how much is listened to: by year, less in summer, little at Christmas."""
    season = {12: 1.12, 1: 1.1, 2: 1.06, 7: 0.88, 8: 0.86, 11: 1.08}.get(on.month, 1.0)
    return _LEVELS[min(int(years), len(_LEVELS) - 1)] * season * (0.45 if (on.month, on.day // 4) == (12, 6) else 1.0)


_Likely = tuple[tuple[Mood, float, float, float, float], ...]  # mood, chance, start and its spread, length: in minutes

_COMMUTES: _Likely = (
    (Mood.COMMUTE, 0.8, 7 * 60 + 38, 9, 36),
    (Mood.COMMUTE, 0.76, 17 * 60 + 44, 19, 38),
)
_WORKDAY: _Likely = (
    (Mood.DESK, 0.2, 9 * 60 + 50, 28, 52),
    (Mood.DESK, 0.2, 14 * 60 + 5, 40, 55),
    (Mood.EVENING, 0.42, 20 * 60 + 15, 42, 52),
    (Mood.NIGHT, 0.1, 22 * 60 + 45, 22, 28),
)
_AT_HOME: _Likely = (
    (Mood.DESK, 0.34, 9 * 60 + 20, 25, 62),
    (Mood.DESK, 0.3, 13 * 60 + 50, 45, 62),
    (Mood.EVENING, 0.44, 19 * 60 + 40, 50, 55),
    (Mood.NIGHT, 0.1, 22 * 60 + 45, 22, 28),
)
_FRIDAY: _Likely = ((Mood.PARTY, 0.34, 21 * 60 + 35, 40, 120),)
_SATURDAY: _Likely = (
    (Mood.EVENING, 0.58, 10 * 60 + 50, 42, 62),
    (Mood.EVENING, 0.34, 15 * 60 + 20, 60, 58),
    (Mood.PARTY, 0.46, 21 * 60 + 50, 45, 140),
)
_SUNDAY: _Likely = (
    (Mood.EVENING, 0.6, 11 * 60 + 15, 48, 70),
    (Mood.EVENING, 0.36, 16 * 60, 60, 60),
    (Mood.EVENING, 0.34, 19 * 60 + 50, 45, 55),
    (Mood.NIGHT, 0.18, 22 * 60 + 30, 20, 30),
)
_AWAY: _Likely = (
    (Mood.EVENING, 0.3, 10 * 60, 60, 30),
    (Mood.COMMUTE, 0.3, 15 * 60, 90, 30),
    (Mood.EVENING, 0.36, 21 * 60, 50, 40),
)


def _likely(rng: random.Random, on: date, years: float) -> _Likely:
    """Return what a day at home may hold; after two years two days of the week are worked at home."""
    weekday = on.weekday()
    if weekday == 5:
        return _SATURDAY
    if weekday == 6:
        return _SUNDAY
    at_home = years > 2.0 and (weekday == 2 or (weekday == 4 and rng.random() < 0.6))
    work = _AT_HOME if at_home else _COMMUTES + _WORKDAY
    return work + _FRIDAY if weekday == 4 else work


def _today() -> list[Slot]:
    """Return a full day: something shortly after midnight, so that today has plays at any hour."""
    return [
        Slot(Mood.NIGHT, 3, 16),
        Slot(Mood.COMMUTE, 7 * 60 + 35, 36),
        Slot(Mood.DESK, 10 * 60, 50),
        Slot(Mood.DESK, 14 * 60, 50),
        Slot(Mood.COMMUTE, 17 * 60 + 45, 36),
        Slot(Mood.EVENING, 20 * 60 + 10, 60),
    ]
