"""What a comparison offers instead of an empty one: pairs of times that have plays, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rewrapped.domain.plays import Filter, PlayRule, RuleKind, TimeRange
from rewrapped.history import filterquery
from rewrapped.history.frame import History
from rewrapped.ui import otherquery
from rewrapped.ui.pairings import pairings
from tests.unit.history.test_findings import history

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = date(2026, 3, 20)


def on_days(*days: int) -> History:
    return history([(MONDAY + timedelta(days=day), 0) for day in days])


def offered(of: History, own: Filter | None = None) -> list[str]:
    return [pairing.said for pairing in pairings(of, own or Filter(), TODAY)]


def test_only_times_with_plays_are_offered() -> None:
    weekend = "Your weekends against Mondays to Fridays"
    years = "2026 against 2025"

    assert offered(on_days(0)) == []
    assert offered(on_days(0, 1)) == ["Your latest day against the day before"]
    assert offered(on_days(*range(7))) == ["Your latest 3 days against the 3 before", weekend]
    assert offered(on_days(-300, 0)) == [years]  # nothing in the 28 days before the latest 28
    assert offered(on_days(*range(-300, 1))) == ["Your latest 28 days against the 28 before", weekend, years]


def test_other_filters_stay_and_time_and_weekdays_give_way() -> None:
    week = on_days(*range(7))
    own = Filter(TimeRange(date(2019, 1, 1), date(2020, 1, 1)), weekdays=frozenset({2}))

    assert offered(week, own) == offered(week)
    assert offered(week, replace(own, hours=frozenset({12}))) == offered(week)
    assert offered(week, replace(own, hours=frozenset({3}))) == []


def test_an_offer_comes_back_from_its_address() -> None:
    rule = PlayRule(RuleKind.FINISHED)
    for pairing in pairings(on_days(*range(-300, 7)), Filter(hours=frozenset({12})), TODAY):
        query = pairing.parameters(rule)
        assert filterquery.read(query, "12m") == replace(pairing.a, rule=rule)
        assert otherquery.read(query, "2024", tuple(otherquery.RELATIVE)) == pairing.b
