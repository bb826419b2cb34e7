"""The promoter's endpoints: an event's whole life, and figures that a known traffic gives back."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.promoting import Interaction
from rewrapped.services import attention, promoting
from tests.conftest import Clock
from tests.promoters import LISBON, come, draft, person, save
from tests.web.v1.conftest import NewProgram

TODAY = date(2026, 11, 22)
FORM = {
    "title": "Harbour Nights",
    "line_up": "The Headliner\nA Support",
    "place_id": LISBON,
    "venue": "Doca de Santo Amaro",
    "start_on": "2026-12-12",
    "start_time": "20:30",
    "price_from": 20.0,
    "currency": "EUR",
    "ticket_url": "https://tickets.example.org/harbour",
    "tags": "open air",
}


def test_an_event_is_listed_changed_and_called_off_and_its_savers_are_told(
    new_program: NewProgram, deps: Deps, clock: Clock
) -> None:
    program, jane = new_program(person(deps, Role.PROMOTER)), person(deps)
    listed = program.send("POST", "/promoter/events", FORM)
    assert (listed["status"], listed["start_at"], listed["venue_zone"]) == (
        "scheduled",
        "2026-12-12T20:30:00Z",
        "Europe/Lisbon",
    )
    assert listed["published_at"] == "2026-11-22T12:00:00Z"
    where = f"/promoter/events/{listed['id']}"
    save(deps, jane, listed["id"])

    changed = program.send("PUT", where, {**listed["form"], "start_on": "2026-12-13"})

    assert (changed["status"], changed["form"]["line_up"]) == ("rescheduled", FORM["line_up"])
    clock.advance(minutes=1)
    assert program.send("POST", f"{where}/cancel")["status"] == "cancelled"
    assert program.refused("POST", f"{where}/cancel")[0] == 409
    told = [one["body"] for one in new_program(jane).get("/notifications")["items"]]
    assert told == [
        "Harbour Nights: it is called off.",
    ]
    assert new_program(None).get(f"/events/{listed['id']}")["status"] == "cancelled"


def test_an_admin_takes_back_what_was_called_off_and_takes_away_what_isnt_theirs(
    new_program: NewProgram, deps: Deps
) -> None:
    owner, admin = new_program(person(deps, Role.PROMOTER)), new_program(person(deps, Role.ADMIN))
    listed = owner.send("POST", "/promoter/events", FORM)
    where = f"/admin/events/{listed['id']}"
    owner.send("POST", f"/promoter/events/{listed['id']}/cancel")
    assert owner.refused("POST", f"{where}/reinstate")[0] == 403
    assert admin.send("POST", f"{where}/reinstate")["status"] == "scheduled"
    assert admin.get(f"{where}/twins") == {"items": []}
    assert admin.send("POST", f"{where}/untie")["stands_alone"] is True
    assert admin.send("POST", f"{where}/tie-again")["stands_alone"] is False

    taken = admin.send("POST", f"{where}/take-away", {"reason": "<b>Not theirs</b>"})

    assert (taken["taken_away_at"], taken["taken_away_for"]) == ("2026-11-22T12:00:00Z", "<b>Not theirs</b>")
    assert new_program(None).refused("GET", f"/events/{listed['id']}")[0] == 404
    assert owner.refused("POST", f"/promoter/events/{listed['id']}/cancel")[0] == 409
    assert admin.send("POST", f"{where}/give-back")["taken_away_at"] is None
    assert new_program(None).get(f"/events/{listed['id']}")["title"] == "Harbour Nights"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"title": ""}, 400),
        ({"place_id": None}, 400),
        ({"ticket_url": "javascript:alert(1)"}, 400),
        ({"start_on": "2020-01-01"}, 400),
        ({"price_from": 30.0, "price_to": 20.0}, 400),
        ({"start_time": "20:30Z"}, 422),
        ({"start_time": "25:00"}, 422),
        ({"titel": "x"}, 422),
        ({"place_id": "Lisbon"}, 422),
        ({"title": "x" * 100_000}, 400),
    ],
)
def test_an_event_that_cant_be_listed_is_refused_whole(
    new_program: NewProgram, deps: Deps, changes: dict[str, Any], status: int
) -> None:
    program = new_program(person(deps, Role.PROMOTER))
    assert program.refused("POST", "/promoter/events", json={**FORM, **changes})[0] == status
    assert program.get("/promoter/events")["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"title": NaN}',
        b'{"price_from": NaN, "title": "x"}',
        b'{"latitude": Infinity, "longitude": -Infinity, "place_id": 2267057, "title": "x"}',
        b'{"place_id": ' + b"9" * 5_000 + b"}",
        b'{"title": "\\ud800", "start_on": "2026-12-12", "venue": "\\u0000", "place_id": 2267057}',
        b'{"\\ud800<b>": 1}',
        b'{"tags": "' + b"," * 500_000 + b'"}',
    ],
)
def test_a_hostile_body_is_refused_and_breaks_nothing(new_program: NewProgram, deps: Deps, body: bytes) -> None:
    program = new_program(person(deps, Role.PROMOTER))
    json = {"content-type": "application/json"}
    assert program.refused("POST", "/promoter/events", content=body, headers=json)[0] in (400, 422)
    assert program.get("/promoter/events")["items"] == []


def test_events_are_listed_the_latest_first_page_by_page(new_program: NewProgram, deps: Deps) -> None:
    pat = person(deps, Role.PROMOTER)
    ids = [
        promoting.create(deps, pat, draft(title=f"Night {number}", start_on=TODAY + timedelta(days=number)))
        for number in range(1, 6)
    ]
    assert [one["id"] for one in new_program(pat).pages("/promoter/events", limit=2)] == ids[::-1]


def test_figures_are_those_of_the_true_traffic(new_program: NewProgram, deps: Deps) -> None:
    pat = person(deps, Role.PROMOTER)
    first, second = (promoting.create(deps, pat, draft(title=title)) for title in ("=One", "Two"))
    days = [TODAY - timedelta(days=past) for past in (0, 1, 3, 40)]
    come(
        deps,
        [
            *((first, day, Interaction.IMPRESSION, "ann", False) for day in days),
            *((first, day, Interaction.VIEW, who, False) for day in days[:3] for who in ("ann", "ben")),
            (first, days[1], Interaction.SAVE, "ann", False),
            (first, days[1], Interaction.CLICK, "ben", False),
            (second, days[2], Interaction.VIEW, "ann", False),
        ],
    )
    for day in days:
        attention.rebuild_day(deps, day)
    program = new_program(pat)

    found = program.get("/promoter/analytics", period="4w")

    total = {"impressions": 3, "views": 7, "saves": 1, "clicks": 1, "engagement": 7 + 2 + 3}
    assert found["whole"]["total"] == total
    assert (found["whole"]["people"]["views"], found["whole"]["save_rate"]) == (2, 0.5)
    assert found["before"]["total"]["impressions"] == 1
    by_id = {one["id"]: one["attention"]["total"]["views"] for one in found["events"]}
    assert by_id == {first: 6, second: 1}
    assert program.get("/promoter/analytics", event_id=second)["whole"]["total"]["views"] == 1
    series = program.get("/promoter/series", period="7d")
    assert [(one["start_on"], one["total"]["views"]) for one in series["items"][-4:]] == [
        ("2026-11-19", 3),
        ("2026-11-20", 0),
        ("2026-11-21", 2),
        ("2026-11-22", 2),
    ]
    weekly = program.get("/promoter/series", period="7d", bucket="week")["items"]
    assert [(one["start_on"], one["total"]["views"]) for one in weekly] == [("2026-11-16", 7)]

    sheet = program.ask("GET", "/promoter/export.csv", params={"period": "4w"})
    rows = list(csv.DictReader(io.StringIO(sheet.text, newline="")))
    assert {row["Event"]: row["Views"] for row in rows} == {"'=One": "6", "Two": "1"}
    assert program.get("/promoter/export.json", period="4w")["engagement"] == found["formula"]


def test_fewer_than_five_people_are_never_told_apart(new_program: NewProgram, deps: Deps) -> None:
    pat = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, pat, draft(target_countries=("DE",)))
    people = [(f"in {number}", True) for number in range(5)] + [(f"out {number}", False) for number in range(4)]
    come(deps, [(event_id, TODAY, Interaction.VIEW, who, fits) for who, fits in people])
    program = new_program(pat)
    [hidden] = program.get("/promoter/analytics")["targeting"]
    assert (hidden["value"], hidden["events"], hidden["matched"], hidden["others"]) == ("DE", 0, None, None)
    come(deps, [(event_id, TODAY, Interaction.VIEW, "out 5", False)])
    [shown] = program.get("/promoter/analytics")["targeting"]
    assert (shown["matched"]["people"], shown["others"]["people"]) == (5, 5)


def test_a_regular_person_has_no_events(new_program: NewProgram, deps: Deps) -> None:
    assert new_program(person(deps)).refused("GET", "/promoter/events")[0] == 403
