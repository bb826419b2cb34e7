"""Sheets of events: what is listed, what is known again, what is left out and why."""

from __future__ import annotations

from datetime import date

import pytest

from rewrapped.deps import Deps
from rewrapped.domain import eventsheet
from rewrapped.domain.access import Role
from rewrapped.domain.events import EventStatus
from rewrapped.errors import InvalidInput
from rewrapped.services import eventsheets, notices, promoting
from tests import promoters

HEAD = "id,title,date,time,venue,city,country,line_up,genres,tags,url,price_from,currency"
ONE = 'a1,Harbour Nights,2027-05-01,20:00,Doca,Lisbon,pt,"Xenia; Yves",techno,open air,https://t.example/1,"24,50",EUR'


def sheet(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join((head, *lines)).encode("utf-8-sig")


def test_a_sheets_events_are_listed_with_all_they_say(deps: Deps) -> None:
    admin = promoters.person(deps, Role.ADMIN)
    loaded = eventsheets.load(deps, admin, sheet(ONE, "", ",Next,2027-06-01,,Doca,Lisbon,PT,,,,,,"))
    assert (loaded.new, loaded.changed, loaded.known, loaded.left_out) == (2, 0, 0, {})
    [later, own] = promoting.list_events(deps, admin)
    listing = own.event.listing
    assert (listing.title, listing.start_on, f"{listing.start_time:%H:%M}") == (
        "Harbour Nights",
        date(2027, 5, 1),
        "20:00",
    )
    assert [act.name for act in listing.performers] == ["Xenia", "Yves"]
    assert (listing.zone, listing.venue.city, listing.offers[0].min_cents) == ("Europe/Lisbon", "Lisbon", 2450)
    assert (own.promotion.genres, own.promotion.tags) == (("techno",), ("open air",))
    assert (later.event.listing.title, later.event.listing.start_time) == ("Next", None)


def test_the_same_sheet_again_changes_nothing_and_another_one_tells_whoever_saved_it(deps: Deps) -> None:
    admin, fan = promoters.person(deps, Role.ADMIN), promoters.person(deps)
    eventsheets.load(deps, admin, sheet(ONE))
    assert eventsheets.load(deps, admin, sheet(ONE)).known == 1
    [own] = promoting.list_events(deps, admin)
    promoters.save(deps, fan, own.id)
    loaded = eventsheets.load(deps, admin, sheet(ONE.replace("2027-05-01", "2027-05-02")))
    assert (loaded.new, loaded.changed) == (0, 1)
    [own] = promoting.list_events(deps, admin)
    assert (own.event.listing.start_on, own.event.listing.status) == (date(2027, 5, 2), EventStatus.RESCHEDULED)
    [told] = notices.list_messages(deps, fan)
    assert "2 May 2027" in told.body


def test_what_a_promoter_set_beside_the_sheet_stays(deps: Deps) -> None:
    admin = promoters.person(deps, Role.ADMIN)
    eventsheets.load(deps, admin, sheet(ONE))
    [own] = promoting.list_events(deps, admin)
    draft = promoting.draft(deps, admin, own.id)
    promoting.edit(deps, admin, own.id, promoters.replace(draft, is_sponsored=True, target_countries=("PT",)))
    eventsheets.load(deps, admin, sheet(ONE.replace("Doca", "Doca 2")))
    [own] = promoting.list_events(deps, admin)
    assert (own.promotion.is_sponsored, own.promotion.targeting.countries) == (True, {"PT"})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("b,,2027-05-01,,Doca,Lisbon,PT,,,,,,", "needs a title"),
        ("b,Past,2020-05-01,,Doca,Lisbon,PT,,,,,,", "date is over"),
        ("b,Soon,1 May,,Doca,Lisbon,PT,,,,,,", '"1 May" is no date'),
        ("b,Soon,2027-05-01,25:00,Doca,Lisbon,PT,,,,,,", '"25:00" is no time'),
        ("b,Soon,2027-05-01,,Doca,Nowhereville,PT,,,,,,", "No town"),
        ("b,Soon,2027-05-01,,Doca,Lisbon,<script>,,,,,,", "two letters"),
        ("b,Soon,2027-05-01,,Doca,Port,PT,,,,,,", "There are: Porto"),
        ("b,Soon,2027-05-01,,Doca,Springfield,US,,,,,,", "Several towns there are called so"),
        ("b,Soon,2027-05-01,,Doca,Lisbon,PT,,,,,,EUR,and more", "more cells"),
        ("b,Soon,2027-05-01,,Doca,Lisbon,PT,,no such,,,,", "No genres"),
        ("b,Soon,2027-05-01,,Doca,Lisbon,PT,,,,javascript:alert(1),,", "https://"),
        ("b,Soon,2027-05-01,,Doca,Lisbon,PT,,,,https://t.example/1,nan,EUR", "price is a number"),
        ("b," + "x" * 30_000 + ",2027-05-01,,Doca,Lisbon,PT,,,,,,", "20,000 characters"),
        ("a1,Again,2027-05-01,,Doca,Lisbon,PT,,,,,,", "same event as line 2"),
    ],
)
def test_a_line_that_cant_be_used_is_told_by_its_number_and_the_others_are_listed(
    deps: Deps, line: str, says: str
) -> None:
    loaded = eventsheets.load(deps, promoters.person(deps, Role.ADMIN), sheet(ONE, line))
    assert loaded.new == 1
    assert list(loaded.left_out) == [3]
    assert says in loaded.left_out[3][0]
    assert len(loaded.left_out[3]) == 1


def test_all_faults_of_a_line_are_told_at_once(deps: Deps) -> None:
    bad = "b,,1 May,25:00,,Nowhereville,PT,,no such; nor this,,javascript:alert(1),dear,EUR"
    whole = "c,,2020-05-01,,,Lisbon,PT,,,,,10,EUR"
    loaded = eventsheets.load(deps, promoters.person(deps, Role.ADMIN), sheet(bad, whole, ONE))
    said = " ".join(loaded.left_out[2])
    for fault in ("No town", "needs a title", '"1 May"', '"25:00"', '"no such", "nor this"', "https://", '"dear"'):
        assert said.count(fault) == 1
    assert "needs a date" not in said
    assert loaded.left_out[3] == (
        "The event needs a title.",
        "A price needs the address where tickets are sold.",
        "The date is over where the venue is.",
        "The event needs a venue.",
    )
    assert (loaded.new, list(loaded.listed.values())) == (1, ["Harbour Nights"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Missing: title, date, venue, city, country"),
        (sheet(), "holds no event"),
        (sheet(ONE, head=HEAD.replace("tags", "title")), "named twice"),
        (b"title,date\n", "Missing: venue, city, country"),
        (b"title,date,venue,city,country,secret\n", "column secret"),
        ("title".encode("utf-16"), "isn't UTF-8"),
        (b"\0" * 100, "Missing"),
        (sheet('"open,2027-05-01'), "can't be read as CSV"),
        (b"x" * (eventsheet.MOST_BYTES + 1), "too large"),
        (sheet(*(ONE.replace("a1", str(number)) for number in range(1_001))), "more than 1,000"),
    ],
)
def test_what_is_no_sheet_of_events_stores_nothing(deps: Deps, data: bytes, says: str) -> None:
    admin = promoters.person(deps, Role.ADMIN)
    with pytest.raises(InvalidInput, match=says):
        eventsheets.load(deps, admin, data)
    assert promoting.list_events(deps, admin) == []


def test_a_region_tells_towns_of_one_name_apart_and_empty_columns_at_the_end_are_nothing(deps: Deps) -> None:
    data = sheet('Nights,2027-05-01,Hall,"Springfield, Illinois",US,,', head="title,date,venue,city,country,,")
    admin = promoters.person(deps, Role.ADMIN)
    assert eventsheets.load(deps, admin, data).new == 1
    assert promoting.list_events(deps, admin)[0].event.listing.venue.region == "Illinois"


def test_semicolons_and_columns_as_people_write_them_are_understood(deps: Deps) -> None:
    data = sheet("Nights;2027-05-01;Doca;Lisbon;PT;A", head="Title;Date;Venue;City;Country;Line-up")
    admin = promoters.person(deps, Role.ADMIN)
    assert eventsheets.load(deps, admin, data).new == 1
    assert promoting.list_events(deps, admin)[0].event.listing.performers[0].name == "A"
