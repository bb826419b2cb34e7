"""What the profile page says of stored listening."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rewrapped.domain.access import Role
from rewrapped.domain.plays import PlayRule, RuleKind
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


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("30s", "30 seconds or more (the usual rule)"),
        ("1s", "1 second or more"),
        ("60s", "60 seconds or more"),
        ("half", "at least half of the track"),
        ("finished", "played to its end"),
        ("any", "every row, skips too"),
    ],
)
def test_a_rule_is_told_by_what_it_asks(rule: str, words: str) -> None:
    assert profiling.rule_words(PlayRule.parse(rule)) == words


def test_a_kind_of_rule_without_words_is_a_defect_and_not_told_as_another() -> None:
    words = {profiling.rule_words(PlayRule(kind)) for kind in RuleKind}
    assert len(words) == len(RuleKind)
    with pytest.raises(AssertionError):
        profiling.rule_words(PlayRule("new"))


def test_listening_of_one_month_is_told_of_that_month_alone() -> None:
    said = profiling.stored(Belongings(2, MARCH, MARCH, 1), in_zone("UTC"))
    assert said == "**2 rows** of listening history, March 2024, from 1 import."
