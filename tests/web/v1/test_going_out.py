"""The endpoints of shows and notifications: found, saved once, tagged, told; by those who may."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.notices import Kind, Notice
from rewrapped.domain.tokens import Scope
from rewrapped.errors import AccessDenied
from rewrapped.storage import notifications
from rewrapped.storage.tables import event_interactions
from tests.gigs import BERLIN_ID, HALL, a_person, gig, heard, promote, store, tie
from tests.web.v1.conftest import NewProgram


def test_anybody_finds_shows_in_order_page_by_page(new_program: NewProgram, deps: Deps) -> None:
    store(deps, *(gig(f"Act {number}", on=1 + number % 20) for number in range(60)), gig("Later", on=90))
    stranger = new_program(None)
    found = stranger.pages("/events")
    assert len(found) == 60
    assert [one["start_on"] for one in found] == sorted(one["start_on"] for one in found)
    first = stranger.get("/events")
    assert (first["total"], first["zone"], first["items"][0]["is_saved"]) == (60, "UTC", None)
    assert stranger.get("/events", **{"from": "2027-01-01", "to": "2027-06-01"})["total"] == 1
    assert stranger.get("/events", artist="Act 7")["total"] == 1
    assert stranger.get("/events", country="FR")["total"] == 0


def test_what_a_program_saves_counts_for_no_promoters_figures_whatever_it_calls_itself(
    new_program: NewProgram, deps: Deps
) -> None:
    [event_id] = store(deps, gig("Xenia"))
    promote(deps, event_id)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    answer = new_program(a_person(deps)).ask("PUT", f"/events/{event_id}/save", headers={"user-agent": firefox})
    assert answer.json() == {"is_saved": True, "is_changed": True}
    with deps.engine.connect() as conn:
        assert conn.execute(select(event_interactions)).all() == []


@pytest.mark.parametrize("word", ["%00", "a%00b", "%E2%80%8B", "%ED%A0%80", "%25_%5C"])
def test_odd_words_find_nothing_and_break_nothing(new_program: NewProgram, deps: Deps, word: str) -> None:
    store(deps, gig("Xenia"))
    assert new_program(None).ask("GET", f"/events?q={word}&artist={word}").status_code in (200, 422)


def test_a_show_is_told_in_utc_with_the_venues_zone(new_program: NewProgram, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    show = new_program(None).get(f"/events/{event_id}")
    assert (show["start_on"], show["start_time"], show["start_at"]) == (
        "2026-11-29",
        "20:00:00",
        "2026-11-29T19:00:00Z",
    )
    assert (show["venue_zone"], show["venue"]["city"], show["status"]) == ("Europe/Berlin", HALL.city, "scheduled")
    [offer] = show["offers"]
    assert (offer["min_cents"], offer["max_cents"], offer["currency"]) == (2000, 3000, "EUR")
    assert urlsplit(offer["url"]).path == f"/go/{event_id}"


def test_shows_fit_by_ones_own_plays_and_only_a_token_for_that_tells_them(
    new_program: NewProgram, deps: Deps, tmp_path: Path
) -> None:
    jane = a_person(deps)
    heard(deps, jane, tmp_path, [("Xenia", days) for days in range(1, 41)])
    ids = store(deps, gig("Somebody"), gig("Xenia"))
    asked = {"section": "for_you", "place_id": BERLIN_ID}
    [mine] = new_program(jane).get("/events", **asked)["items"]
    assert (mine["id"], mine["performers"]) == (ids[1], [{"name": "Xenia", "plays": 40, "is_followed": False}])
    assert mine["distance_km"] < 10
    because = {each["because"]: each for each in mine["reasons"]}
    assert (because["plays"]["name"], because["plays"]["plays"], because["plays"]["share"]) == ("Xenia", 40, None)
    assert because["near"]["distance_km"] == mine["distance_km"]
    blind = new_program(jane, Scope.NOTIFICATIONS)
    assert blind.get("/events", **asked)["items"] == []
    assert blind.get(f"/events/{ids[1]}")["performers"][0]["plays"] == 0
    assert {each["because"] for each in blind.get(f"/events/{ids[1]}")["reasons"]} <= {"near", "soon"}


def test_saving_is_done_once_and_holds_for_every_listing_of_a_show(new_program: NewProgram, deps: Deps) -> None:
    first, twin, other = store(deps, gig("Xenia"), gig("Xenia"), gig("Yoko", on=3))
    tie(deps, first, twin)
    program = new_program(a_person(deps))
    assert program.send("PUT", f"/events/{first}/save") == {"is_saved": True, "is_changed": True}
    assert program.send("PUT", f"/events/{twin}/save") == {"is_saved": True, "is_changed": False}
    program.send("PUT", f"/events/{other}/save")
    assert [one["id"] for one in program.pages("/events/saved", limit=1)] == [other, first]
    assert program.get(f"/events/{twin}")["is_saved"] is True
    assert program.send("DELETE", f"/events/{first}/save") == {"is_saved": False, "is_changed": True}
    assert [one["id"] for one in program.get("/events/saved")["items"]] == [other]
    assert program.refused("PUT", "/events/999/save")[0] == 404


@pytest.mark.parametrize(("typed", "stored"), [("Loud", "loud"), ("%23open%20air", "open air"), ("a%00b", "a b")])
def test_tags_are_ones_own_and_come_off_as_they_went_on(
    new_program: NewProgram, deps: Deps, typed: str, stored: str
) -> None:
    [event_id] = store(deps, gig("Xenia"))
    program, other = new_program(a_person(deps)), new_program(a_person(deps))
    assert program.send("PUT", f"/events/{event_id}/tags/{typed}") == {"own": [stored], "shared": {}}
    assert other.get(f"/events/{event_id}/tags") == {"own": [], "shared": {}}
    assert program.send("DELETE", f"/events/{event_id}/tags/{typed}")["own"] == []


def test_a_tag_that_is_none_is_refused(new_program: NewProgram, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    assert new_program(a_person(deps)).refused("PUT", f"/events/{event_id}/tags/{'x' * 41}")[0] == 400


def test_a_guest_has_no_token_for_any_of_it(deps: Deps, new_program: NewProgram) -> None:
    with pytest.raises(AccessDenied):
        new_program(a_person(deps, Role.GUEST))


def test_notifications_are_listed_and_marked_as_read(new_program: NewProgram, deps: Deps) -> None:
    jane, joe = a_person(deps), a_person(deps)
    with deps.engine.begin() as conn:
        for number in range(120):
            notifications.add_notification(conn, jane.signed_in(), Notice(Kind.EVENT, f"Told {number}"), deps.now())
        notifications.add_notification(conn, joe.signed_in(), Notice(Kind.EVENT, "Joe's"), deps.now())
    program = new_program(jane)
    found = program.pages("/notifications")
    assert [one["body"] for one in found] == [f"Told {number}" for number in reversed(range(120))]
    assert (found[0]["created_at"], found[0]["read_at"]) == ("2026-11-22T12:00:00Z", None)
    assert program.get("/notifications")["unread_count"] == 120
    assert program.send("POST", "/notifications/read", {"up_to_id": found[20]["id"]}) == {"count": 100}
    assert program.get("/notifications")["unread_count"] == 20
    assert new_program(joe).get("/notifications")["unread_count"] == 1
