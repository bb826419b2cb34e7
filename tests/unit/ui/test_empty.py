"""What a page says where nothing was played names only what could be changed."""

from __future__ import annotations

from datetime import date

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.ui.empty import nothing_played
from rewrapped.ui.filters import View

FEBRUARY = TimeRange(date(2024, 2, 1), date(2024, 3, 1))


def test_filters_are_named_only_where_there_are_any() -> None:
    of_time = View(Filter(FEBRUARY), "", " in February 2024", "")
    on_mondays = View(Filter(FEBRUARY, weekdays=frozenset({0})), "", " in February 2024", "")

    assert nothing_played(of_time) == "Nothing was played in February 2024. Choose another time."
    assert "Take one off" in nothing_played(on_mondays)
