"""What is said of two sides: only where both hold enough."""

from __future__ import annotations

from rewrapped.history import contrasts
from rewrapped.history.totals import Totals


def test_the_amount_is_said_of_sides_that_are_long_enough() -> None:
    much, less = Totals(minutes=1_000, days=20), Totals(minutes=500, days=20)

    assert contrasts.amount(much, less, "music", are_alike=True) == "A holds 100% more music than B"
    assert contrasts.amount(less, much, "music", are_alike=True) == "A holds 50% less music than B"
    assert contrasts.amount(much, much, "music", are_alike=True) is None
    assert contrasts.amount(much, Totals(minutes=20, days=1), "music", are_alike=True) is None
