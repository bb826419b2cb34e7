"""Days in words: the names of weekdays and months, and how a date is said."""

from __future__ import annotations

from datetime import date

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


def weekday_and_day(on: date) -> str:
    """Return "Thursday, 5 March 2026"."""
    return f"{WEEKDAYS[on.weekday()]}, {day(on)}"
