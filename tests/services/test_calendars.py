"""Calendar files, read back by a calendar's own parser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from icalendar.cal import Component

from rewrapped.deps import Deps
from rewrapped.domain.events import EventSource, EventStatus, Listing, Venue
from rewrapped.errors import NotFound
from rewrapped.services import calendars
from tests.conftest import Clock
from tests.gigs import HALL, TODAY, gig, store, tie

HOSTILE = (
    "A;B,C\\D: 'x' \"y\"",
    "<script>alert(1)</script>",
    "BEGIN:VEVENT\r\nX-EVIL:1",
    "Ünï ☃ 🎸 " * 20,
    "\u202etxet desrever\u202c",
    "x" * 100_000,
)


def entry(deps: Deps, listing: Listing) -> Component:
    return parsed(file_of(deps, listing))


def file_of(deps: Deps, listing: Listing) -> bytes:
    [event_id] = store(deps, listing)
    return calendars.calendar(deps, event_id)[1]


def parsed(file: bytes) -> Component:
    [found] = Calendar.from_ical(file).walk("VEVENT")
    return found


def test_a_known_time_stands_in_the_venues_zone_which_the_file_explains(deps: Deps) -> None:
    file = file_of(deps, gig("Xenia", on=7, start_time=time(20, 30), zone="America/New_York"))
    found = parsed(file)
    start = found["DTSTART"]
    assert start.params["TZID"] == "America/New_York"
    assert start.dt == datetime(2026, 11, 29, 20, 30, tzinfo=ZoneInfo("America/New_York"))
    assert [str(zone["TZID"]) for zone in Calendar.from_ical(file).walk("VTIMEZONE")] == ["America/New_York"]
    assert "DTEND" not in found


def test_an_unknown_time_takes_the_day_and_a_festival_all_of_its_days(deps: Deps) -> None:
    day = entry(deps, gig("Xenia", start_time=None))
    assert (day["DTSTART"].dt, day["DTEND"].dt) == (TODAY + timedelta(days=7), TODAY + timedelta(days=8))
    festival = entry(deps, gig("Fest", on=1, end_on=TODAY + timedelta(days=3)))
    assert (festival["DTSTART"].dt, festival["DTEND"].dt) == (date(2026, 11, 23), date(2026, 11, 26))


@pytest.mark.parametrize(
    ("status", "told", "summary"),
    [
        (EventStatus.SCHEDULED, "CONFIRMED", "Xenia"),
        (EventStatus.RESCHEDULED, "CONFIRMED", "Xenia"),
        (EventStatus.POSTPONED, "TENTATIVE", "Postponed: Xenia"),
        (EventStatus.CANCELLED, "CANCELLED", "Cancelled: Xenia"),
    ],
)
def test_a_calendar_learns_what_became_of_a_show(deps: Deps, status: EventStatus, told: str, summary: str) -> None:
    found = entry(deps, gig("Xenia", status=status))
    assert (found["STATUS"], found["SUMMARY"]) == (told, summary)


def test_the_same_show_keeps_its_uid_and_each_change_counts_up(deps: Deps, clock: Clock) -> None:
    show = gig("Xenia")
    before = entry(deps, show)
    clock.advance(hours=5)
    after = entry(deps, replace(show, start_time=time(21)))
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"]) == 0
    assert after["LAST-MODIFIED"].dt == clock.at


def test_every_listing_of_a_show_gives_the_same_entry(deps: Deps) -> None:
    pair = store(deps, gig("Xenia"), gig("Xenia", source=EventSource.JAMBASE))
    tie(deps, *pair)
    files = [calendars.calendar(deps, event_id)[1] for event_id in pair]
    assert files[0] == files[1]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_names_stay_text_and_lines_stay_short(deps: Deps, title: str) -> None:
    file = file_of(deps, gig(title[:300], title=title[:100_000], venue=Venue(title[:200], "B;erl,in", "DE")))
    lines = file.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in file.replace(b"\r\n", b"")
    found = parsed(file)
    assert "X-EVIL" not in found
    assert "\u202e" not in str(found["SUMMARY"])
    assert len(str(found["SUMMARY"])) <= 300
    assert str(found["LOCATION"]).endswith("B;erl,in, DE")


def test_the_entry_says_where_and_leads_back(deps: Deps) -> None:
    found = entry(deps, gig("Xenia", "Guest", doors_time=time(19), venue=HALL))
    assert str(found["LOCATION"]) == "Hall, Berlin, DE"
    assert str(found["URL"]).startswith("http://127.0.0.1:8501/e/")
    assert found["GEO"].to_ical() == "52.5;13.4"
    assert str(found["DESCRIPTION"]) == "Xenia, Guest\nDoors at 19:00.\nListed by Ticketmaster."


def test_an_unknown_event_has_no_file(deps: Deps) -> None:
    with pytest.raises(NotFound):
        calendars.calendar(deps, 4711)
