"""When a week or month is told: from eight in the morning by each listener's clock, three days long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.recaps import Period, Recap, due, last_month, last_week

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Apia", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo", "Asia/Beirut", "America/Havana"),
)
WEEK = Recap(Period.WEEK, date(2026, 11, 16), date(2026, 11, 23))


def at(zone: str, year: int, month: int, day: int, *clock: int) -> datetime:
    return datetime.combine(date(year, month, day), time(*clock), ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
def test_a_week_is_told_from_monday_at_eight_until_thursday_at_eight(zone: str) -> None:
    where = ZoneInfo(zone)
    assert WEEK not in due(where, at(zone, 2026, 11, 23, 7, 59, 59))
    assert WEEK in due(where, at(zone, 2026, 11, 23, 8))
    assert WEEK in due(where, at(zone, 2026, 11, 26, 7, 59, 59))
    assert due(where, at(zone, 2026, 11, 26, 8)) == ()


def test_a_month_is_told_from_the_first_and_a_week_beside_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    june = Recap(Period.MONTH, date(2026, 5, 1), date(2026, 6, 1))  # the first of June 2026 is a Monday
    week = Recap(Period.WEEK, date(2026, 5, 25), date(2026, 6, 1))
    assert due(berlin, at("Europe/Berlin", 2026, 6, 1, 9)) == (week, june)
    assert due(berlin, at("Europe/Berlin", 2026, 1, 1, 9)) == (
        Recap(Period.MONTH, date(2025, 12, 1), date(2026, 1, 1)),
    )


@pytest.mark.parametrize(
    ("zone", "monday"),
    [
        ("Europe/Berlin", date(2026, 10, 26)),  # the day after the clocks went back
        ("Europe/Berlin", date(2026, 3, 30)),  # the day after they went forward
        ("Africa/Cairo", date(2026, 4, 27)),
        ("America/Havana", date(2026, 3, 9)),
        ("Pacific/Apia", date(2012, 1, 2)),  # Friday of the week before never was
    ],
)
def test_a_changed_clock_moves_the_hour_in_utc_and_not_the_listeners(zone: str, monday: date) -> None:
    told = Recap(Period.WEEK, monday - timedelta(days=7), monday)
    where, eight = ZoneInfo(zone), at(zone, monday.year, monday.month, monday.day, 8)
    assert told not in due(where, eight - timedelta(seconds=1))
    assert told in due(where, eight)
    assert eight.astimezone(where).hour == 8


def test_clocks_that_change_while_it_is_told_leave_three_days() -> None:
    # In Lord Howe the clocks go forward by half an hour on Sunday, 4 October 2026, three days after the first.
    where, eight = ZoneInfo("Australia/Lord_Howe"), at("Australia/Lord_Howe", 2026, 10, 1, 8)
    september = Recap(Period.MONTH, date(2026, 9, 1), date(2026, 10, 1))
    assert september in due(where, eight + timedelta(days=3, seconds=-1))
    assert september not in due(where, eight + timedelta(days=3))
    assert (eight + timedelta(days=3)).astimezone(where).time().isoformat() == "08:30:00"


@given(st.integers(0, 24 * 365 * 24 * 60), st.sampled_from(ZONES))
def test_what_is_told_is_over_is_whole_and_is_no_old_news(minutes: int, zone: str) -> None:
    where, now = ZoneInfo(zone), datetime(2008, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = now.astimezone(where)
    expected = []
    for recap in (last_week(local.date()), last_month(local.date())):
        late = now - datetime(recap.end_on.year, recap.end_on.month, recap.end_on.day, 8, tzinfo=where).astimezone(UTC)
        if timedelta() <= late < timedelta(days=3):
            expected.append(recap)
    assert due(where, now) == tuple(expected)
    for recap in due(where, now):
        assert recap.end_on <= local.date() <= recap.end_on + timedelta(days=3)
        assert recap.time_range.days == 7 or (recap.start_on.day, recap.end_on.day) == (1, 1)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_last_week_and_month_end_before_a_day_and_leave_no_whole_one_between(today: date) -> None:
    week, month = last_week(today), last_month(today)
    assert (week.start_on.weekday(), week.end_on - week.start_on) == (0, timedelta(days=7))
    assert week.end_on <= today < week.end_on + timedelta(days=7)
    assert (month.end_on.year, month.end_on.month, month.end_on.day) == (today.year, today.month, 1)
    assert (month.end_on - timedelta(days=1)).replace(day=1) == month.start_on
