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
    assert tier(mine, list(others)) == expected


def test_who_has_no_plays_is_told_nothing_even_where_nobody_has_any() -> None:
    assert tier(0, [], 40) is None


@given(st.integers(0, 30), st.lists(st.integers(1, 30), max_size=150), st.integers(0, 100))
def test_a_tier_says_what_it_says(mine: int, others: list[int], without: int) -> None:
    found = tier(mine, others, without)
    everybody = [mine, *others, *[0] * without]
    as_many = Fraction(sum(each >= mine for each in everybody), len(everybody))
    reached = [each for each in TIERS if as_many <= Fraction(each, 100)]
    assert found == (min(reached) if reached and mine else None)
