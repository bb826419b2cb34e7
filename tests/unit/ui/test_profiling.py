"""What the profile page says of stored listening."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rewrapped.domain.access import Role
from rewrapped.storage.people import Belongings, Person
from rewrapped.ui import profiling

NEW_YEAR = datetime(2023, 12, 31, 23, 30, tzinfo=UTC)
MARCH = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)


def in_zone(zone: str) -> Person:
    return Person(1, "a@example.org", Role.REGULAR, "", zone, None, "30s", False, MARCH, None, None, None, None)


@pytest.mark.parametrize(
    ("zone", "span"),
    [
        ("UTC", "December 2023 to March 2024"),
        ("Europe/Berlin", "January 2024 to March 2024"),
        ("America/New_York", "December 2023 to February 2024"),
    ],
)
def test_months_are_told_in_the_persons_own_zone(zone: str, span: str) -> None:
    assert span in profiling.stored(Belongings(2, NEW_YEAR, MARCH, 1), in_zone(zone))
