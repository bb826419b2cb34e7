"""JamBase over HTTP, both versions: paging by number, every odd shape of an event, and its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from rewrapped.clients.http import Call
from rewrapped.domain.events import EventStatus, Listing
from rewrapped.domain.sweeping import Area, Query, Window
from rewrapped.errors import BadPayload, KeyRefused, RequestRefused
from tests.clients.asking import DECEMBER, GERMANY, Memory, a_jambase, whole
from tests.simulators import jambase as simulated
from tests.simulators.jambase import JamBaseSimulator
from tests.simulators.server import Reply, serving
from tests.simulators.shows import PLACES, Show

SHOW = Show(1, ("Nordlicht", "Low Harbour"), PLACES[1], date(2026, 12, 5), time(20))
BOTH = pytest.mark.parametrize("version", ["v3", "v1"])


@pytest.fixture
def simulator() -> Iterator[JamBaseSimulator]:
    with serving(JamBaseSimulator()) as server:
        yield server


def read(simulator: JamBaseSimulator, **values: object) -> Listing:
    """Return what becomes of SHOW with some of its values replaced."""
    simulator.rows = [{**simulated.event(SHOW), **values}]
    with a_jambase(simulator, []) as client:
        [listing] = whole(client).listings
    return listing


@BOTH
def test_a_show_comes_out_in_the_normal_form_from_either_version(simulator: JamBaseSimulator, version: str) -> None:
    simulator.rows = [simulated.event(SHOW, bridged=True)]
    with a_jambase(simulator, [], version=version) as client:
        [listing] = whole(client).listings
    assert (listing.source_id, listing.title) == ("1", "Nordlicht at Lido")
    assert (listing.start_on, listing.start_time, listing.zone) == (date(2026, 12, 5), time(20), "Europe/Berlin")
    assert listing.doors_time is None
    assert (listing.venue.name, listing.venue.region, listing.venue.country) == ("Lido", "Some Region", "DE")
    assert [(act.name, act.is_headliner) for act in listing.performers] == [("NORDLICHT", True), ("LOW HARBOUR", False)]
    assert listing.performers[0].ids == {"jambase": "10"}
    assert listing.genres == ("rock", "indie")
    assert (listing.offers[0].seller, listing.offers[0].min_cents, listing.offers[0].currency) == (
        "Tickets Example",
        2950,
        "EUR",
    )
    assert listing.bridges == (("ticketmaster", "vvG1iZ000001"),)
    assert listing.attribution == "JamBase"


@pytest.mark.parametrize(
    ("said", "on", "at"),
    [
        ("2026-12-05", date(2026, 12, 5), None),
        ("2026-12-05T19:30:00", date(2026, 12, 5), time(19, 30)),
        ("2026-12-05T19:30:00Z", date(2026, 12, 5), time(20, 30)),
        ("2026-12-05T19:30:00-05:00", date(2026, 12, 6), time(1, 30)),
        ("2026-12-05T25:99:00", date(2026, 12, 5), None),
    ],
)
def test_times_are_the_venues_own(simulator: JamBaseSimulator, said: str, on: date, at: time | None) -> None:
    listing = read(simulator, startDate=said, endDate=None)
    assert (listing.start_on, listing.start_time) == (on, at)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("scheduled", EventStatus.SCHEDULED),
        ("cancelled", EventStatus.CANCELLED),
        ("https://schema.org/EventCancelled", EventStatus.CANCELLED),
        ("postponed", EventStatus.POSTPONED),
        ("rescheduled", EventStatus.RESCHEDULED),
        (None, EventStatus.SCHEDULED),
    ],
)
def test_states_in_every_spelling(simulator: JamBaseSimulator, word: str | None, status: EventStatus) -> None:
    assert read(simulator, eventStatus=word).status is status


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ({}, (None, None, None)),
        ([], (None, None, None)),
        ({"price": "25.50", "priceCurrency": "USD"}, (2550, 2550, "USD")),
        ({"minPrice": 10, "maxPrice": 20}, (None, None, None)),
    ],
)
def test_prices_are_what_is_said_or_unknown(simulator: JamBaseSimulator, price: object, told: tuple[Any, ...]) -> None:
    offer = {"url": "https://t.example", "priceSpecification": price, "category": "ticketingLinkSecondary"}
    listing = read(simulator, offers=[offer, {"url": "javascript:alert(1)"}, "x"])
    [found] = listing.offers
    assert (found.min_cents, found.max_cents, found.currency, found.is_primary) == (*told, False)


def test_a_festival_has_its_days_and_all_its_performers(simulator: JamBaseSimulator) -> None:
    lineup = tuple(f"Act {number}" for number in range(120))
    simulator.rows = [simulated.event(replace(SHOW, acts=lineup, is_festival=True)) | {"endDate": "2026-12-07"}]
    with a_jambase(simulator, []) as client:
        [listing] = whole(client).listings
    assert listing.is_festival
    assert (listing.start_on, listing.end_on) == (date(2026, 12, 5), date(2026, 12, 7))
    assert len(listing.performers) == 120


@pytest.mark.parametrize("identifier", ["a1", ["a1"], "spotify:a1", ["spotify:a1", "b2"]])
def test_ids_elsewhere_are_read_in_every_shape(simulator: JamBaseSimulator, identifier: object) -> None:
    act = {"name": "Nordlicht", "x-externalIdentifiers": [{"source": "spotify", "identifier": identifier}, None]}
    listing = read(simulator, performer=[act])
    assert listing.performers[0].ids["spotify"] in ("a1", "b2")


def test_a_title_of_its_own_comes_first(simulator: JamBaseSimulator) -> None:
    assert read(simulator, **{"x-customTitle": "Winter Nights"}).title == "Winter Nights"


@pytest.mark.parametrize(
    "values",
    [
        {"startDate": None},
        {"startDate": "soon"},
        {"location": None},
        {"location": {"name": "Lido", "address": {"x-timezone": "Nowhere/Land"}}},
        {"identifier": None},
        {"name": ""},
    ],
)
def test_what_cannot_be_listed_is_counted_and_the_rest_is_read(
    simulator: JamBaseSimulator, values: dict[str, object]
) -> None:
    rows = [{**simulated.event(SHOW), **values}, simulated.event(replace(SHOW, number=2))]
    simulator.faults.append(Reply(200, {"success": True, "pagination": {"totalPages": 1}, "events": rows}))
    with a_jambase(simulator, []) as client:
        found = whole(client)
    assert [one.source_id for one in found.listings] == ["2"]
    assert found.unread == ("" if "identifier" in values else "1",)


@BOTH
def test_every_page_is_read_by_number(simulator: JamBaseSimulator, version: str) -> None:
    simulator.rows = [simulated.event(show) for show in _in_december(250)]
    calls: list[Call] = []
    with a_jambase(simulator, calls, version=version) as client:
        assert len(whole(client).listings) == 250
    assert [asked.params["page"] for asked in simulator.asked] == ["1", "2", "3"]
    assert len(calls) == 3


def test_the_key_an_answer_echoes_is_kept_nowhere(simulator: JamBaseSimulator) -> None:
    simulator.rows = [simulated.event(show) for show in _in_december(150)]
    cache, calls = Memory(), []
    with a_jambase(simulator, calls, version="v1", cache=cache) as client:
        assert len(whole(client).listings) == 150
    assert len(cache.kept) == 2
    assert simulator.key not in repr((cache.kept, calls))


def test_a_bearer_never_stands_in_an_address(simulator: JamBaseSimulator) -> None:
    with a_jambase(simulator, []) as client:
        whole(client)
    [asked] = simulator.asked
    assert simulator.key not in repr(asked.params) + asked.path


def test_days_beyond_what_the_plan_shows_are_no_failure(simulator: JamBaseSimulator) -> None:
    simulator.today = date(2026, 6, 1)
    with a_jambase(simulator, []) as client:
        assert not whole(client).is_whole


@BOTH
def test_a_wrong_key_is_told_apart(simulator: JamBaseSimulator, version: str) -> None:
    with (
        a_jambase(simulator, [], key="wrong-and-secret", version=version) as client,
        pytest.raises(KeyRefused) as caught,
    ):
        whole(client)
    assert "wrong-and-secret" not in str(caught.value)


def test_what_it_refuses_it_names_and_we_repeat_nothing_it_says(simulator: JamBaseSimulator) -> None:
    errors = [{"errorCode": "parameter_invalid", "errorMessage": f"geoRadius? your key is {simulator.key}"}]
    simulator.faults.append(Reply(400, {"success": False, "errors": errors}))
    with a_jambase(simulator, []) as client, pytest.raises(RequestRefused) as caught:
        whole(client)
    assert caught.value.code == "parameter_invalid"
    assert simulator.key not in str(caught.value)


@pytest.mark.parametrize("body", [{}, {"pagination": []}, {"success": False, "pagination": {"totalPages": 1}}])
def test_a_page_that_says_nothing_of_itself_cannot_be_read(simulator: JamBaseSimulator, body: object) -> None:
    simulator.faults.append(Reply(200, body))
    with a_jambase(simulator, []) as client, pytest.raises(BadPayload):
        whole(client)


def test_a_place_is_asked_for_with_its_radius_in_kilometres(simulator: JamBaseSimulator) -> None:
    simulator.rows = [simulated.event(show) for show in _in_december(40)]
    with a_jambase(simulator, []) as client:
        found = whole(client, Query(Area("DE", 52.52, 13.405, 30), DECEMBER))
    assert {one.venue.city for one in found.listings} == {"Berlin"}


def test_the_last_day_of_a_window_is_the_day_before_its_end(simulator: JamBaseSimulator) -> None:
    simulator.rows = [simulated.event(SHOW)]
    day = Window(SHOW.on, SHOW.on + timedelta(days=1))
    with a_jambase(simulator, []) as client:
        assert len(whole(client, Query(Area("DE"), day)).listings) == 1
        assert whole(client, replace(GERMANY, window=Window(day.end_on, DECEMBER.end_on))).listings == ()


def _in_december(count: int) -> list[Show]:
    return [
        Show(number, (f"Act {number}",), PLACES[number % 4], date(2026, 12, 1 + number % 31), time(20))
        for number in range(count)
    ]
