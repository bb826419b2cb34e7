"""Side B in the address: what is chosen comes back, and nonsense falls back."""

from __future__ import annotations

from datetime import date

import pytest

from rewrapped.domain.plays import Filter, TimeRange, preset_range
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
    ("relative", "years", "expected"),
    [(("before", "same"), ["2026"], "before"), (("same",), ["2026", "2025"], "2026"), (("same",), ["2026"], "same")],
)
def test_side_b_begins_as_something_else_than_side_a_where_there_is_anything(
    relative: tuple[str, ...], years: list[str], expected: str
) -> None:
    assert otherquery.default(relative, years) == expected


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


THIS_YEAR = Filter(preset_range("this_year", TODAY))
KNOWN_UNTIL = date(2026, 11, 21)  # the last row is of 20 November, two days ago


@pytest.mark.parametrize("word", ["before", "year_earlier"])
def test_the_same_days_of_last_year_are_those_that_are_known_of_this_one(word: str) -> None:
    found = otherquery.filter_of(Picked(word), THIS_YEAR, TODAY, KNOWN_UNTIL).time_range
    asked = otherquery.filter_of(Picked(word), THIS_YEAR, TODAY).time_range

    assert found == TimeRange(date(2025, 1, 1), date(2025, 11, 21))
    said = otherquery.ends_said(found, asked)
    assert said == " B ends on 20 November 2025, a year before the last day that is known of A."


@pytest.mark.parametrize(
    ("own", "word", "known_until"),
    [
        (THIS_YEAR, "before", date(2026, 11, 23)),  # today is there
        (THIS_YEAR, "2019", KNOWN_UNTIL),
        (THIS_YEAR, "same", KNOWN_UNTIL),
        (Filter(preset_range("4w", TODAY)), "before", KNOWN_UNTIL),
        (Filter(preset_range("2025", TODAY)), "before", date(2025, 3, 1)),  # against 2024, which is the whole of it
        (Filter(), "same", KNOWN_UNTIL),
        (THIS_YEAR, "year_earlier", date(2020, 3, 1)),  # nothing is known of A at all
    ],
)
def test_any_other_side_b_stays_whole(own: Filter, word: str, known_until: date) -> None:
    asked = otherquery.filter_of(Picked(word), own, TODAY)

    assert otherquery.filter_of(Picked(word), own, TODAY, known_until) == asked
    assert otherquery.ends_said(asked.time_range, asked.time_range) == ""
