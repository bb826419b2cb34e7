"""Time ranges: what a preset covers, and what it is compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, TimeRange, preset_range
from rewrapped.errors import InvalidInput
from rewrapped.history import totals
from tests.unit.history.reference import Heard, Listener, Track, compared_with, compared_with_preset, month_back

DAYS = st.dates(date(2008, 1, 1), date(2060, 12, 31))
WORDS = ("4w", "3m", "6m", "12m", "this_year", "2019", "2020", "2021")


@pytest.mark.parametrize(
    ("word", "today", "first", "last", "first_before", "last_before"),
    [
        ("3m", "2026-05-31", "2026-03-01", "2026-05-31", "2025-12-01", "2026-02-28"),
        ("3m", "2026-05-30", "2026-02-28", "2026-05-30", "2025-11-28", "2026-02-27"),
        ("3m", "2026-02-28", "2025-12-01", "2026-02-28", "2025-09-01", "2025-11-30"),
        ("6m", "2025-12-31", "2025-07-01", "2025-12-31", "2025-01-01", "2025-06-30"),
        ("12m", "2024-02-29", "2023-03-01", "2024-02-29", "2022-03-01", "2023-02-28"),
        ("12m", "2024-02-28", "2023-02-28", "2024-02-28", "2022-02-28", "2023-02-27"),
        ("4w", "2024-03-01", "2024-02-03", "2024-03-01", "2024-01-06", "2024-02-02"),
        ("this_year", "2024-02-28", "2024-01-01", "2024-02-28", "2023-01-01", "2023-02-28"),
        ("this_year", "2024-02-29", "2024-01-01", "2024-02-29", "2023-01-01", "2023-02-28"),
        ("this_year", "2025-02-28", "2025-01-01", "2025-02-28", "2024-01-01", "2024-02-28"),
        ("this_year", "2025-03-01", "2025-01-01", "2025-03-01", "2024-01-01", "2024-03-01"),
        ("this_year", "2025-12-31", "2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"),
        ("this_year", "2025-01-01", "2025-01-01", "2025-01-01", "2024-01-01", "2024-01-01"),
        ("2025", "2026-11-22", "2025-01-01", "2025-12-31", "2024-01-01", "2024-12-31"),
        ("2024", "2026-11-22", "2024-01-01", "2024-12-31", "2023-01-01", "2023-12-31"),
        ("2026", "2026-11-22", "2026-01-01", "2026-11-22", "2025-01-01", "2025-11-22"),
        ("2000", "2026-11-22", "2000-01-01", "2000-12-31", "1999-01-01", "1999-12-31"),
    ],
)
def test_a_preset_covers_calendar_periods_and_is_compared_with_those_before(
    word: str, today: str, first: str, last: str, first_before: str, last_before: str
) -> None:
    def days(start: str, end: str) -> tuple[date, date]:
        return date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)

    found = preset_range(word, date.fromisoformat(today))

    assert (found.start_on, found.end_on) == days(first, last)
    before = found.previous()
    assert before is not None
    assert (before.start_on, before.end_on) == days(first_before, last_before)


@given(st.sampled_from(WORDS), DAYS)
@example("3m", date(2024, 5, 30))
def test_what_a_preset_is_compared_with_is_what_a_calendar_says(word: str, today: date) -> None:
    found = preset_range(word, today)
    before = found.previous()

    assert before is not None
    assert (before.start_on, before.end_on - timedelta(days=1)) == compared_with_preset(word, today)
    if word.endswith("m"):
        assert found.start_on == month_back(today + timedelta(days=1), int(word[:-1]))
        assert before.end_on == found.start_on


@given(DAYS, st.integers(0, 800))
def test_dates_of_ones_own_are_compared_with_as_many_days_before(start: date, length: int) -> None:
    own = TimeRange(start, start + timedelta(days=length))

    assert own.previous() == compared_with(own)


def test_all_time_is_compared_with_nothing() -> None:
    assert preset_range("all", date(2026, 11, 22)) == TimeRange()
    assert TimeRange().previous() is None


@pytest.mark.parametrize("word", ["", "1999", "2m", "custom", "٢٠٢٠", "20191"])
def test_other_words_are_no_presets(word: str) -> None:
    with pytest.raises(InvalidInput):
        preset_range(word, date(2026, 11, 22))


TIDE = Track(1, "spotify:track:1", "Tide")


def heard(*moments: datetime) -> Listener:
    return Listener([Heard(at, TIDE) for at in moments], [TIDE], zone="Europe/Berlin")


def test_a_leap_year_is_compared_with_all_of_the_year_before_and_one_after_with_all_of_it() -> None:
    first_hours = [datetime(year, 1, 1, 0, 30, tzinfo=UTC) for year in (2023, 2024, 2025)]
    last_hours = [datetime(year, 12, 31, 22, 30, tzinfo=UTC) for year in (2023, 2024, 2025)]
    history = heard(*first_hours, *last_hours, datetime(2022, 12, 31, 12, tzinfo=UTC)).history()

    for year in ("2024", "2025"):
        chosen = Filter(time_range=preset_range(year, date(2026, 5, 1)))
        now, before = totals.with_previous(history.filter(chosen))
        assert before is not None
        assert (now.plays, before.plays) == (2, 2)


def test_a_range_narrowed_by_another_filter_keeps_what_it_is_compared_with() -> None:
    history = heard(*(datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(731))).history()
    year = Filter(time_range=preset_range("2025", date(2026, 5, 1)))

    both = history.filter(year).filter(Filter(hours=frozenset({13, 14}))).previous()
    part = history.filter(year).filter(Filter(time_range=TimeRange(date(2025, 6, 1), date(2025, 6, 11)))).previous()

    assert both is not None
    assert part is not None
    assert (len(both), len(part)) == (366, 10)


def test_a_year_so_far_is_compared_with_those_days_of_last_year_whose_counterparts_are_known() -> None:
    history = heard(*(datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=number) for number in range(500))).history()
    last_known = date(2025, 1, 1) + timedelta(days=499)
    today = last_known + timedelta(days=1)

    now, before = totals.with_previous(history.filter(Filter(time_range=preset_range("this_year", today))))
    whole = preset_range("2026", date(2027, 5, 1)).previous(last_known)

    assert before is not None
    assert (now.plays, before.plays) == (135, 135)
    assert whole == TimeRange(date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)])
def test_the_day_before_is_a_whole_local_day_when_the_clocks_change(day: date, hours: int) -> None:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    history = heard(*(begin + timedelta(hours=number) for number in range(24 * 5))).history()

    after = day + timedelta(days=1)
    view = history.filter(Filter(time_range=TimeRange(after, after + timedelta(days=1))))
    now, before = totals.with_previous(view)

    assert before is not None
    assert (now.plays, before.plays) == (24, hours)
