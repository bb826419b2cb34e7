"""Side B of a comparison as a query string: its time, or how it lies to that of side A, and weekdays of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rewrapped.domain.days import WEEKDAYS, day
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import filterquery
from rewrapped.history.filterquery import Picked
from rewrapped.ui import wording

BEFORE, YEAR_EARLIER, SAME = "before", "year_earlier", "same"
#: How a time can lie to that of side A.
RELATIVE = {BEFORE: "The time before", YEAR_EARLIER: "A year earlier", SAME: "The same time"}
#: Query parameters this module owns, and what the filter bar calls each of them.
NAMES = {"b": "range", "b_from": "from", "b_to": "to", "b_weekdays": "weekdays"}
_WORKING, _WEEKEND = frozenset(range(5)), frozenset({5, 6})


def read(query: Mapping[str, str], default: str, relative: Collection[str]) -> Picked:
    """Return what an address asks for as side B, whose word can be one of `relative` too.

    What doesn't parse falls back to `default`, and of the weekdays is left out.
    """
    own = {name: query[key] for key, name in NAMES.items() if key in query}
    found = filterquery.read(own, default)
    return replace(found, word=own["range"]) if own.get("range") in relative else found


def write(other: Picked) -> dict[str, str]:
    """Return the query parameters for side B, without empty ones."""
    found = filterquery.write(other)
    return {key: found[name] for key, name in NAMES.items() if name in found}


def relative_to(own: TimeRange) -> tuple[str, ...]:
    """Return how a time can lie to this one: nothing is before all time."""
    return (BEFORE, YEAR_EARLIER, SAME) if own.previous() and own.year_earlier() else (SAME,)


def default(relative: Collection[str], years: Sequence[str]) -> str:
    """Return what side B is until something is chosen: the time before, else the latest of several years.

    Against all time of a single year that year would be the same rows again: then it is the same time, and said so.
    """
    if BEFORE in relative:
        return BEFORE
    return years[0] if len(years) > 1 else SAME


def filter_of(other: Picked, own: Filter, today: date, known_until: date | None = None) -> Filter:
    """Return side B's filter: that of side A over another time, on weekdays of its own where it has any.

    The same days a year earlier are those that are known of A, before `known_until`, the day after the last row.
    """
    found = _time_range(other, own.time_range, today, known_until)
    return replace(own, time_range=found, weekdays=other.rest.weekdays or own.weekdays)


def said(other: Picked, own_said: str, before_said: str) -> str:
    """Return side B's time in words, beside that of side A and what that is compared with."""
    relative = {BEFORE: before_said, YEAR_EARLIER: "the same days a year earlier", SAME: own_said}
    return relative.get(other.word) or wording.period(other)


def ends_said(found: TimeRange, asked: TimeRange) -> str:
    """Return a sentence where side B ends before the time that was asked for, else ""."""
    if found == asked or found.end_on is None:
        return ""
    return f" B ends on {day(found.end_on - timedelta(days=1))}, a year before the last day that is known of A."


def days_said(weekdays: frozenset[int]) -> str:
    """Return weekdays as they follow a time: ", on weekends", ", on Mondays and Fridays", ", on any day"."""
    if not weekdays or len(weekdays) == len(WEEKDAYS):
        return ", on any day"
    if weekdays in (_WORKING, _WEEKEND):
        return f", on {'weekends' if weekdays == _WEEKEND else 'Mondays to Fridays'}"
    return f", on {wording.listed([f'{WEEKDAYS[each]}s' for each in sorted(weekdays)])}"


def _time_range(other: Picked, own: TimeRange, today: date, known_until: date | None) -> TimeRange:
    if other.word == SAME:
        return own
    if other.word == BEFORE:
        return own.previous(known_until) or own
    if other.word == YEAR_EARLIER:
        return _as_far_as_known(own, known_until).year_earlier() or own
    return other.time_range(today)


def _as_far_as_known(own: TimeRange, known_until: date | None) -> TimeRange:
    if known_until and own.start_on and own.end_on and own.start_on < known_until < own.end_on:
        return TimeRange(own.start_on, known_until)
    return own
