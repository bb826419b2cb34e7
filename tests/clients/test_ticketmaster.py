"""Ticketmaster over HTTP: paging and its limit, windows, every odd shape of an event, and its refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from rewrapped.clients.http import Call
from rewrapped.domain.events import EventStatus, Listing, Offer
from rewrapped.domain.sweeping import Area, Query, Window
from rewrapped.errors import BadPayload, KeyRefused, RateLimited
from tests.clients.asking import DECEMBER, GERMANY, NOW, a_ticketmaster, whole
from tests.simulators import ticketmaster as simulated
from tests.simulators.server import Reply, serving
from tests.simulators.shows import PLACES, Show, shows
from tests.simulators.ticketmaster import TicketmasterSimulator

SHOW = Show(1, ("Nordlicht",), PLACES[1], date(2026, 12, 5), time(20))


@pytest.fixture
def simulator() -> Iterator[TicketmasterSimulator]:
    with serving(TicketmasterSimulator()) as server:
        yield server


def read(simulator: TicketmasterSimulator, *rows: Any) -> list[Listing]:
    """Return what becomes of raw events."""
    simulator.rows = list(rows)
    with a_ticketmaster(simulator, []) as client:
        return list(whole(client).listings)


def changed(path: str, value: object) -> dict[str, Any]:
    """Return SHOW as Ticketmaster tells it, with one value replaced; "~" takes it away."""
    row = simulated.event(SHOW)
    *way, last = path.split(".")
    node: Any = row
    for step in way:
        node = node[int(step) if step.isdigit() else step]
    if value == "~":
        del node[last]
    else:
        node[int(last) if last.isdigit() else last] = value
    return row


def test_a_show_comes_out_in_the_normal_form(simulator: TicketmasterSimulator) -> None:
    [listing] = read(simulator, simulated.event(SHOW))
    assert (listing.title, listing.start_on, listing.start_time) == ("Nordlicht", date(2026, 12, 5), time(20))
    assert listing.zone == "Europe/Berlin"
    assert listing.start_at == datetime.fromisoformat("2026-12-05T19:00:00Z")
    assert listing.is_on_sale is True
    assert (listing.venue.name, listing.venue.city, listing.venue.country) == ("Lido", "Berlin", "DE")
    assert (listing.venue.latitude, listing.venue.longitude) == (52.4991, 13.4453)
    assert [act.name for act in listing.performers] == ["Nordlicht"]
    assert listing.performers[0].ids["spotify"] == "Nordlicht0000000000000"
    assert listing.offers == (
        Offer("Ticketmaster", "https://www.ticketmaster.example/event/vvG1iZ000001", 2950, 5490, "EUR"),
    )
    assert listing.image_url == "https://img.example/card.jpg"
    assert listing.genres == ("Rock",)
    assert listing.attribution == "Ticketmaster"
    assert listing.fetched_at == NOW < listing.expires_at


@pytest.mark.parametrize(
    ("code", "status", "is_on_sale"),
    [
        ("onsale", EventStatus.SCHEDULED, True),
        ("offsale", EventStatus.SCHEDULED, False),
        ("canceled", EventStatus.CANCELLED, None),
        ("cancelled", EventStatus.CANCELLED, None),
        ("Cancelled", EventStatus.CANCELLED, None),
        ("postponed", EventStatus.POSTPONED, None),
        ("rescheduled", EventStatus.RESCHEDULED, None),
        ("something new", EventStatus.SCHEDULED, None),
        ("~", EventStatus.SCHEDULED, None),
    ],
)
def test_states_in_every_spelling(
    simulator: TicketmasterSimulator, code: str, status: EventStatus, is_on_sale: bool | None
) -> None:
    [listing] = read(simulator, changed("dates.status.code", code))
    assert (listing.status, listing.is_on_sale) == (status, is_on_sale)


@pytest.mark.parametrize(
    ("path", "value"),
    [("noSpecificTime", True), ("timeTBA", True), ("localTime", "~"), ("localTime", "soon"), ("localTime", None)],
)
def test_a_time_that_is_not_known_is_none(simulator: TicketmasterSimulator, path: str, value: object) -> None:
    [listing] = read(simulator, changed(f"dates.start.{path}", value))
    assert (listing.start_on, listing.start_time) == (date(2026, 12, 5), None)


def test_a_day_is_found_in_the_moment_where_it_stands_nowhere_else(simulator: TicketmasterSimulator) -> None:
    [listing] = read(simulator, changed("dates.start.localDate", "~"))
    assert (listing.start_on, listing.start_time) == (date(2026, 12, 5), time(20))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dates.start.dateTBD", True),
        ("dates.start.dateTBA", True),
        ("dates.start", {}),
        ("dates.timezone", "Mars/Olympus"),
        ("_embedded.venues", []),
        ("_embedded.venues.0.name", ""),
        ("name", "\u202e \x00"),
        ("id", "'; DROP TABLE events--"),
    ],
)
def test_what_cannot_be_listed_is_counted_and_the_rest_is_read(
    simulator: TicketmasterSimulator, path: str, value: object
) -> None:
    simulator.rows = [changed(path, value), simulated.event(replace(SHOW, number=2))]
    with a_ticketmaster(simulator, []) as client:
        found = whole(client)
    assert [one.source_id for one in found.listings] == ["vvG1iZ000002"]
    assert found.unread == ("" if path == "id" else "vvG1iZ000001",)


def test_a_venues_zone_stands_in_for_the_shows(simulator: TicketmasterSimulator) -> None:
    [listing] = read(simulator, changed("dates.timezone", "~"))
    assert listing.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Nordlicht - VIP Package"),
        ("name", "Parking: Nordlicht"),
        ("test", True),
        ("classifications.0.segment", {"id": "KZFzniwnSyZfZ7v7nE", "name": "Sports"}),
    ],
)
def test_what_is_no_concert_is_left_out(simulator: TicketmasterSimulator, path: str, value: object) -> None:
    assert read(simulator, changed(path, value)) == []


def test_promoters_and_tours_are_no_performers(simulator: TicketmasterSimulator) -> None:
    row = simulated.event(replace(SHOW, acts=("Northern Lights Tour 2026", "Nordlicht", "Low Harbour")))
    row["_embedded"]["attractions"].append(
        {"name": "Some Mascot", "classifications": [{"segment": {"name": "Sports"}}]}
    )
    [listing] = read(simulator, row)
    assert [act.name for act in listing.performers] == ["Nordlicht", "Low Harbour"]
    assert [act.is_headliner for act in listing.performers] == [True, False]


def test_a_band_called_tour_that_plays_alone_stays(simulator: TicketmasterSimulator) -> None:
    [listing] = read(simulator, simulated.event(replace(SHOW, acts=("La Gira",))))
    assert [act.name for act in listing.performers] == ["La Gira"]


@pytest.mark.parametrize(
    ("ranges", "prices"),
    [
        ("~", (None, None, None)),
        ([], (None, None, None)),
        ([{"type": "standard", "min": 10}], (None, None, None)),
        ([{"type": "x", "currency": "usd", "min": 10.5, "max": "20"}], (1050, 2000, "USD")),
        ([{"type": "x", "currency": "USD", "min": -5, "max": 1e300}], (None, None, "USD")),
        ("free", (None, None, None)),
    ],
)
def test_prices_are_what_is_said_or_unknown(
    simulator: TicketmasterSimulator, ranges: object, prices: tuple[object, ...]
) -> None:
    row = simulated.event(SHOW)
    row["priceRanges"] = ranges
    if ranges == "~":
        del row["priceRanges"]
    [listing] = read(simulator, row)
    [offer] = listing.offers
    assert (offer.min_cents, offer.max_cents, offer.currency) == prices


def test_of_several_price_ranges_the_standard_one_counts(simulator: TicketmasterSimulator) -> None:
    [listing] = read(simulator, simulated.event(SHOW))
    assert (listing.offers[0].min_cents, listing.offers[0].max_cents) == (2950, 5490)


def test_hostile_values_stay_text_or_vanish(simulator: TicketmasterSimulator) -> None:
    row = changed("name", "<script>alert(1)</script>" + "x" * 100_000)
    row["url"] = "javascript:alert(1)"
    row["images"] = [{"ratio": "16_9", "url": "javascript:alert(2)", "width": 640}]
    row["_embedded"]["attractions"] = [{"name": "a\u202eb" * 50_000}, "text", None, {"name": 5}]
    [listing] = read(simulator, row)
    assert listing.title.startswith("<script>")
    assert len(listing.title) == 300
    assert (listing.url, listing.image_url, listing.offers) == (None, None, ())
    assert [len(act.name) for act in listing.performers] == [200]
    assert "\u202e" not in listing.performers[0].name


@pytest.mark.parametrize("row", [None, 5, "text", [], {}, {"id": "a"}, {"id": ["a"], "dates": 7, "_embedded": "x"}])
def test_rows_of_any_shape_are_counted(simulator: TicketmasterSimulator, row: object) -> None:
    page = {"page": {"totalElements": 1}, "_embedded": {"events": [row]}}
    simulator.faults.append(Reply(200, page))
    with a_ticketmaster(simulator, []) as client:
        found = whole(client)
    assert found.listings == ()
    assert len(found.unread) == 1


def test_nothing_found_is_no_error(simulator: TicketmasterSimulator) -> None:
    calls: list[Call] = []
    with a_ticketmaster(simulator, calls) as client:
        assert whole(client).listings == ()
    assert [(call.endpoint, call.status) for call in calls] == [("/events.json", 200)]


@pytest.mark.parametrize("body", [{}, {"page": {}}, {"page": {"totalElements": "many"}}])
def test_a_page_that_says_nothing_of_itself_cannot_be_read(simulator: TicketmasterSimulator, body: object) -> None:
    simulator.faults.append(Reply(200, body))
    with a_ticketmaster(simulator, []) as client, pytest.raises(BadPayload):
        whole(client)


def test_every_page_is_read(simulator: TicketmasterSimulator) -> None:
    simulator.rows = [simulated.event(show) for show in _in_december(730)]
    calls: list[Call] = []
    with a_ticketmaster(simulator, calls) as client:
        found = whole(client)
    assert len(found.listings) == 730
    assert found.is_whole
    assert len(calls) == 4


def test_more_than_deep_paging_allows_is_asked_for_in_halves(simulator: TicketmasterSimulator) -> None:
    simulator.rows = [simulated.event(show) for show in _in_december(2600)]
    calls: list[Call] = []
    with a_ticketmaster(simulator, calls) as client:
        found = whole(client)
    assert len(found.listings) == 2600
    assert found.is_whole
    assert {call.status for call in calls} == {200}


def test_a_window_that_cannot_be_cut_says_that_it_is_not_whole(simulator: TicketmasterSimulator) -> None:
    at_once = [replace(show, on=date(2026, 12, 5), at=time(20)) for show in _in_december(1300)]
    simulator.rows = [simulated.event(show) for show in at_once]
    with a_ticketmaster(simulator, []) as client:
        found = whole(client)
    assert len(found.listings) == 1000
    assert not found.is_whole


def test_days_at_both_ends_of_the_earth_are_within_their_window(simulator: TicketmasterSimulator) -> None:
    kiribati = replace(PLACES[0], zone="Pacific/Kiritimati", country="KI")
    west = replace(PLACES[0], zone="Pacific/Pago_Pago", country="KI")
    first = Show(1, ("First",), kiribati, date(2026, 12, 1), time(0, 30))
    last = Show(2, ("Last",), west, date(2026, 12, 31), time(23, 30))
    simulator.rows = [simulated.event(first), simulated.event(last)]
    with a_ticketmaster(simulator, []) as client:
        found = whole(client, Query(Area("KI"), DECEMBER))
    assert len(found.listings) == 2


def test_a_place_is_asked_for_with_its_radius_in_kilometres(simulator: TicketmasterSimulator) -> None:
    simulator.rows = [simulated.event(show) for show in shows(60, days=30, country="DE")]
    window = Window(date(2026, 11, 22), date(2026, 12, 31))
    with a_ticketmaster(simulator, []) as client:
        found = whole(client, Query(Area("DE", 52.52, 13.405, 30), window))
    assert {one.venue.city for one in found.listings} == {"Berlin"}


def test_whoever_stops_reading_makes_no_more_calls(simulator: TicketmasterSimulator) -> None:
    simulator.rows = [simulated.event(show) for show in _in_december(500)]
    with a_ticketmaster(simulator, []) as client:
        next(client.search(GERMANY))
    assert len(simulator.asked) == 1


def test_a_wrong_key_is_told_apart(simulator: TicketmasterSimulator) -> None:
    with a_ticketmaster(simulator, [], key="wrong-and-secret") as client, pytest.raises(KeyRefused) as caught:
        whole(client)
    assert "wrong-and-secret" not in str(caught.value)


def test_a_used_up_quota_says_when_to_come_back(simulator: TicketmasterSimulator) -> None:
    simulator.quota = 0
    simulator.reset_ms = int((NOW + timedelta(hours=5)).timestamp() * 1000)
    calls: list[Call] = []
    with a_ticketmaster(simulator, calls) as client, pytest.raises(RateLimited) as caught:
        whole(client)
    assert caught.value.retry_after_s == 5 * 3600
    assert [(call.status, call.retry_after_s) for call in calls] == [(429, 5 * 3600)]


def _in_december(count: int) -> list[Show]:
    return [
        Show(number, (f"Act {number}",), PLACES[number % 4], date(2026, 12, 1 + number % 31), time(18 + number % 5))
        for number in range(count)
    ]
