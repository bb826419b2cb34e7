"""The listener's clock: a table of the moments where it is easily wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.errors import InvalidInput
from rewrapped.history import streaks, timeline
from rewrapped.history.localtime import LocalTimes, day_number, day_of, local_times, month_of, zone_of
from tests.unit.history.reference import EPOCH, Heard, Listener, Track

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
_YEAR = 525_960  # minutes
TIDE = Track(1, "spotify:track:A", "Tide", artist=11)


def numbers(*moments: datetime) -> np.ndarray:
    return np.array([(moment - EPOCH) // timedelta(microseconds=1) for moment in moments], dtype=np.int64)


def clock(times: LocalTimes, at: int) -> tuple[date, int, int]:
    assert month_of(times.month[at]) == day_of(times.day[at]).replace(day=1)
    return day_of(times.day[at]), int(times.hour[at]), int(times.weekday[at])


@pytest.mark.parametrize(
    ("zone", "utc", "day", "hour", "weekday"),
    [
        ("Europe/Berlin", "2024-10-27 00:30", date(2024, 10, 27), 2, SUNDAY),  # still summer time
        ("Europe/Berlin", "2024-10-27 01:30", date(2024, 10, 27), 2, SUNDAY),  # the hour again
        ("Europe/Berlin", "2024-03-31 00:59", date(2024, 3, 31), 1, SUNDAY),
        ("Europe/Berlin", "2024-03-31 01:00", date(2024, 3, 31), 3, SUNDAY),  # two o'clock isn't there
        ("Europe/Berlin", "2023-12-31 23:30", date(2024, 1, 1), 0, MONDAY),
        ("America/New_York", "2024-01-01 04:59", date(2023, 12, 31), 23, SUNDAY),
        ("Pacific/Apia", "2011-12-30 09:59", date(2011, 12, 29), 23, THURSDAY),
        ("Pacific/Apia", "2011-12-30 10:00", date(2011, 12, 31), 0, SATURDAY),  # no 30 December
        ("Asia/Kathmandu", "2024-05-01 18:14", date(2024, 5, 1), 23, WEDNESDAY),
        ("Asia/Kathmandu", "2024-05-01 18:15", date(2024, 5, 2), 0, THURSDAY),
        ("Asia/Calcutta", "2024-05-01 18:30", date(2024, 5, 2), 0, THURSDAY),  # an alias
        ("Australia/Lord_Howe", "2024-04-06 14:59", date(2024, 4, 7), 1, SUNDAY),  # +11:00
        ("Australia/Lord_Howe", "2024-04-06 15:00", date(2024, 4, 7), 1, SUNDAY),  # +10:30: back by half an hour
        ("Australia/Lord_Howe", "2024-04-06 15:30", date(2024, 4, 7), 2, SUNDAY),
        ("America/St_Johns", "2010-11-07 02:30", date(2010, 11, 7), 0, SUNDAY),
        ("America/St_Johns", "2010-11-07 02:31", date(2010, 11, 6), 23, SATURDAY),  # back across midnight
        ("UTC", "2024-02-29 23:59", date(2024, 2, 29), 23, THURSDAY),
        ("UTC", "2024-03-01 00:00", date(2024, 3, 1), 0, FRIDAY),
        ("UTC", "2023-03-01 00:00", date(2023, 3, 1), 0, WEDNESDAY),
        ("Pacific/Kiritimati", "2024-12-31 10:00", date(2025, 1, 1), 0, WEDNESDAY),
        ("Etc/GMT+12", "2025-01-01 11:59", date(2024, 12, 31), 23, TUESDAY),
        ("Europe/London", "2070-07-01 23:30", date(2070, 7, 2), 0, WEDNESDAY),
    ],
)
def test_a_moment_is_shown_as_on_the_wall(zone: str, utc: str, day: date, hour: int, weekday: int) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert clock(local_times(numbers(moment), zone_of(zone)), 0) == (day, hour, weekday)


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(available_timezones())),
    st.lists(st.integers(36 * _YEAR, 129 * _YEAR).map(lambda minutes: EPOCH + timedelta(minutes=minutes)), max_size=10),
)
def test_every_zone_agrees_with_the_clock_of_the_standard_library(zone: str, moments: list[datetime]) -> None:
    ordered = sorted(moments)

    times = local_times(numbers(*ordered), ZoneInfo(zone))

    for at, moment in enumerate(ordered):
        local = moment.astimezone(ZoneInfo(zone))
        assert clock(times, at) == (local.date(), local.hour, local.weekday())


def test_days_that_go_back_are_told() -> None:
    st_johns = [datetime(2010, 11, 7, 2, 30, tzinfo=UTC), datetime(2010, 11, 7, 2, 31, tzinfo=UTC)]

    assert not local_times(numbers(*st_johns), zone_of("America/St_Johns")).days_ordered
    assert local_times(numbers(*st_johns), zone_of("Europe/Berlin")).days_ordered


def test_a_range_holds_its_day_alone_even_when_the_clock_goes_back_across_midnight() -> None:
    moments = [datetime(2010, 11, 7, 2, minute, tzinfo=UTC) for minute in (29, 30, 31, 45)]
    history = Listener([Heard(moment, TIDE) for moment in moments], [TIDE], zone="America/St_Johns").history()

    saturday = history.filter(Filter(time_range=TimeRange(date(2010, 11, 6), date(2010, 11, 7))))
    sunday = history.filter(Filter(time_range=TimeRange(date(2010, 11, 7), date(2010, 11, 8))))

    assert [len(saturday), len(sunday)] == [3, 1]
    assert list(timeline.timeline(history, timeline.Bucket.DAY)["plays"]) == [3, 1]


def test_a_day_that_a_zone_left_out_does_not_break_a_streak_and_was_no_day_off() -> None:
    moments = [datetime(2011, 12, 30, 9, 0, tzinfo=UTC), datetime(2011, 12, 30, 11, 0, tzinfo=UTC)]
    rows = [Heard(moment, TIDE) for moment in moments]

    samoa = streaks.streaks(Listener(rows, [TIDE], zone="Pacific/Apia").history(), date(2011, 12, 31))

    assert samoa == streaks.Streaks(
        current=streaks.Streak(2, date(2011, 12, 29), date(2011, 12, 31)),
        longest=streaks.Streak(2, date(2011, 12, 29), date(2011, 12, 31)),
        days_off=0,
    )


def test_a_day_without_plays_breaks_a_streak_and_was_a_day_off() -> None:
    rows = [Heard(datetime(2011, 12, day, 9, tzinfo=UTC), TIDE) for day in (29, 31)]

    found = streaks.streaks(Listener(rows, [TIDE]).history(), date(2011, 12, 31))

    assert (found.longest.days, found.current.days, found.days_off) == (1, 1, 1)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "europe", "Europe", "../../etc/passwd", "/etc/localtime", "a\0b", "x" * 5000]
)
def test_what_is_no_zone_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        zone_of(name)


def test_days_have_numbers_both_ways() -> None:
    for day in (date.min, date(1970, 1, 1), date(2024, 2, 29), date.max):
        assert day_of(day_number(day)) == day
