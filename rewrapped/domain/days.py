"""Days in words: the names of weekdays and months, and how a date is said."""

from __future__ import annotations

from datetime import date, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS_SHORT = tuple(name[:3] for name in WEEKDAYS)
MONTHS_SHORT = tuple(name[:3] for name in MONTHS)


def month(on: date) -> str:
    """Return "March 2026"."""
    return f"{MONTHS[on.month - 1]} {on.year}"


def day(on: date) -> str:
    """Return "5 March 2026"."""
    return f"{on.day} {month(on)}"


def day_short(on: date) -> str:
    """Return "5 Mar 2026"."""
    return f"{on.day} {MONTHS_SHORT[on.month - 1]} {on.year}"


def span(start_on: date, end_on: date) -> str:
    """Return a half-open range in words: "2026", "March 2026", "5 March 2026", or "5 March 2026 to 9 April 2026"."""
    last = end_on - timedelta(days=1)
    if (start_on.month, start_on.day, end_on) == (1, 1, date(start_on.year + 1, 1, 1)):
        return str(start_on.year)
    if start_on.day == 1 and end_on.day == 1 and (last.year, last.month) == (start_on.year, start_on.month):
        return month(start_on)
    return day(start_on) if start_on == last else f"{day(start_on)} to {day(last)}"


def weekday_and_day(on: date) -> str:
    """Return "Thursday, 5 March 2026"."""
    return f"{WEEKDAYS[on.weekday()]}, {day(on)}"
