"""What sources of events are asked: areas, windows of days, budgets of calls; and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rewrapped.domain.events import EventSource, Listing

REACH = timedelta(days=180)  # how far ahead events are looked for; JamBase's free plan refuses more


@dataclass(frozen=True, slots=True)
class Area:
    """Where to look: a country (ISO 3166 alpha-2), or a place in it and the way around it."""

    country: str
    latitude: float | None = None
    longitude: float | None = None
    radius_km: int = 50

    @property
    def key(self) -> str:
        """Return one text per area; a place is rounded to about a kilometre."""
        if self.latitude is None or self.longitude is None:
            return self.country
        return f"{self.country} {self.latitude:.2f} {self.longitude:.2f} {self.radius_km}"


@dataclass(frozen=True, slots=True)
class Window:
    """Venue-local days from `start_on` up to, not including, `end_on`, all of one month."""

    start_on: date
    end_on: date

    @property
    def month_on(self) -> date:
        """Return the first day of its month, under which it is remembered."""
        return self.start_on.replace(day=1)


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a source: what is on in an area in a window."""

    area: Area
    window: Window


@dataclass(frozen=True, slots=True)
class Found:
    """What one call brought.

    `unread` are the ids of rows that couldn't be read, "" where even that was
    missing; `dropped` counts rows that are no shows: extras, tests, other arts.
    """

    listings: tuple[Listing, ...] = ()
    unread: tuple[str, ...] = ()
    dropped: int = 0
    is_whole: bool = True  # False: the source holds more for this query than it hands out


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a source may be asked: `calls` in any `period`, of which `reserve` are left for single look-ups."""

    calls: int
    period: timedelta
    reserve: int
    fresh_for: timedelta  # how long a window needn't be asked for again

    @property
    def budget(self) -> int:
        """Return how many calls sweeps may make in a period."""
        return self.calls - self.reserve


#: Periods are counted back from now, which is within the limit wherever a source's own day or month begins.
PLANS = {
    EventSource.TICKETMASTER: Plan(5000, timedelta(days=1), 500, timedelta(days=1)),
    EventSource.JAMBASE: Plan(1000, timedelta(days=31), 100, timedelta(days=7)),
}


def windows(now: datetime) -> list[Window]:
    """Return the days from now on, cut by month; the first is the earliest day that it is anywhere on earth."""
    start_on = (now - timedelta(hours=12)).date()
    last_on = start_on + REACH
    cut = []
    while start_on < last_on:
        end_on = min((start_on.replace(day=1) + timedelta(days=32)).replace(day=1), last_on)
        cut.append(Window(start_on, end_on))
        start_on = end_on
    return cut
