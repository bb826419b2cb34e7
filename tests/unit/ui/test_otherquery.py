"""Side B in the address: what is chosen comes back, and nonsense falls back."""

from __future__ import annotations

from datetime import date

import pytest

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history.filterquery import Picked
from rewrapped.ui import otherquery

TODAY = date(2026, 11, 22)
OF_2024 = Filter(TimeRange(date(2024, 1, 1), date(2025, 1, 1)), weekdays=frozenset({0}))


@pytest.mark.parametrize(
    "other",
    [
        Picked("before"),
        Picked("same", rest=Filter(weekdays=frozenset({5, 6}))),
        Picked("2019"),
        Picked("custom", date(2020, 1, 1), date(2020, 2, 29)),
    ],
)
def test_what_is_chosen_comes_back_from_the_address(other: Picked) -> None:
    assert otherquery.read(otherquery.write(other), "all", tuple(otherquery.RELATIVE)) == other


@pytest.mark.parametrize(
    "query",
    [
        {"b": "<script>"},
        {"b": "before"},
        {"b": "custom", "b_from": "2020-02-01", "b_to": "2020-01-01"},
        {"b_weekdays": "-1,7,null"},
        {"range": "2011", "artists": "1"},
    ],
)
def test_what_is_forged_or_not_offered_falls_back(query: dict[str, str]) -> None:
    assert otherquery.read(query, "2025", ("same",)) == Picked("2025")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("year_earlier", TimeRange(date(2023, 1, 1), date(2024, 1, 1))),
        ("before", TimeRange(date(2022, 12, 31), date(2024, 1, 1))),
        ("same", OF_2024.time_range),
        ("2019", TimeRange(date(2019, 1, 1), date(2020, 1, 1), before=TimeRange(date(2018, 1, 1), date(2019, 1, 1)))),
    ],
)
def test_side_b_is_the_filter_of_side_a_over_its_own_time(word: str, expected: TimeRange) -> None:
    assert otherquery.filter_of(Picked(word), OF_2024, TODAY) == OF_2024.within(expected)


def test_side_b_takes_weekdays_of_its_own_and_says_them() -> None:
    other = Picked("same", rest=Filter(weekdays=frozenset({5, 6})))

    assert otherquery.filter_of(other, OF_2024, TODAY).weekdays == {5, 6}
    assert otherquery.days_said(frozenset({5, 6})) == ", on weekends"
    assert otherquery.days_said(frozenset()) == ", on any day"
    assert otherquery.days_said(frozenset({0, 4})) == ", on Mondays and Fridays"


def test_nothing_lies_before_all_time() -> None:
    assert otherquery.relative_to(TimeRange()) == ("same",)
