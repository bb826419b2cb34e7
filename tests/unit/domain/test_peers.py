"""Tiers: what they say holds of the whole group, and nobody is told more than their place bears."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.peers import TIERS, tier


@pytest.mark.parametrize(
    ("others", "mine", "expected"),
    [
        (range(1, 21), 100, 5),  # the first of 21
        (range(1, 21), 20, 10),  # as many as the best: one stands before
        (range(1, 21), 12, 50),
        (range(1, 21), 10, None),  # the lower half
        ([7] * 20, 7, None),  # everybody alike: nobody is at the top
        (range(1, 100), 1000, 1),  # the first of 100
        (range(1, 99), 1000, 5),  # the first of 99 is no top 1 %
        ([], 5, None),  # alone
    ],
)
def test_a_tier_is_by_the_place_among_all(others: range, mine: int, expected: int | None) -> None:
    assert tier(sum(other >= mine for other in others), len(others) + 1) == expected


@given(st.integers(1, 30), st.lists(st.integers(0, 30), max_size=150))
def test_a_tier_says_what_it_says(mine: int, others: list[int]) -> None:
    found = tier(sum(other >= mine for other in others), len(others) + 1)
    as_many = Fraction(sum(each >= mine for each in (mine, *others)), len(others) + 1)
    reached = [each for each in TIERS if as_many <= Fraction(each, 100)]
    assert found == (min(reached) if reached else None)
