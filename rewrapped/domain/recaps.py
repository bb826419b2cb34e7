"""The week or month that is just over: which days those are, and when somebody is told of them.

A week is told on Monday and a month on the first, from eight in the morning by
the listener's clock. Who couldn't be told then is told later, but not when it
is no news any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from rewrapped.domain.plays import TimeRange

#: From when on it is told, by the listener's clock.
TOLD_FROM: Final = time(8)
#: For how long after that it is still told.
TOLD_FOR: Final = timedelta(days=3)


class Period(StrEnum):
    """What is told of."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recap:
    """A whole week, from Monday, or a whole month, by its local days."""

    period: Period
    start_on: date
    end_on: date

    @property
    def time_range(self) -> TimeRange:
        """Return its days."""
        return TimeRange(self.start_on, self.end_on)

    @property
    def key(self) -> str:
        """Return what a message about it is known by."""
        return f"{self.period}-{self.start_on}"


def last_week(today: date) -> Recap:
    """Return the last whole week before a day."""
    monday = today - timedelta(days=today.weekday())
    return Recap(Period.WEEK, monday - timedelta(days=7), monday)


def last_month(today: date) -> Recap:
    """Return the last whole month before a day."""
    first = today.replace(day=1)
    return Recap(Period.MONTH, (first - timedelta(days=1)).replace(day=1), first)


def due(zone: ZoneInfo, now: datetime) -> tuple[Recap, ...]:
    """Return what is to be told now in a zone, the week first; `now` is aware."""
    today = now.astimezone(zone).date()
    return tuple(recap for recap in (last_week(today), last_month(today)) if _is_due(recap, zone, now))


def _is_due(recap: Recap, zone: ZoneInfo, now: datetime) -> bool:
    told_from = datetime.combine(recap.end_on, TOLD_FROM, zone).astimezone(UTC)  # a clock change lengthens no day there
    return told_from <= now.astimezone(UTC) < told_from + TOLD_FOR
