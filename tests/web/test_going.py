"""The roads to tickets, calendar files and short addresses: only where they may lead, and honestly counted."""

from __future__ import annotations

import secrets

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from rewrapped.deps import Deps
from rewrapped.domain.events import EventSource, Offer
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.services import browsers, strangers
from rewrapped.storage.tables import event_interactions as table
from tests.gigs import gig, promote, store, tie
from tests.web.conftest import Browser, NewBrowser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
HOSTILE = (
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://user@evil.example/",
        "https://evil.example\\@x",
    ),
    *(
        "http://",
        "ftp://x.example/1",
        "https://x.example/a b",
        "https://x.example/\r\nset-cookie: a=b",
        "https://" + "x" * 3000,
    ),
)


def clicks(deps: Deps) -> list[tuple[int, int]]:
    query = select(table.c.event_id, table.c.placement).where(table.c.kind == Interaction.CLICK)
    with deps.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(query)]


def test_tickets_are_reached_and_counted_once_a_day(browser: Browser, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    browser.get("/auth/sign-in")  # hands over the visit cookie
    for _ in range(2):
        answer = browser.get(f"/go/{event_id}?offer=0&via=for_you", **{"user-agent": FIREFOX})
        assert (answer.status_code, answer.headers["location"]) == (302, "https://tickets.example/1")
        assert answer.headers["cache-control"] == "no-store"
    assert clicks(deps) == [(event_id, Placement.FOR_YOU)]


def test_each_offer_of_each_listing_has_its_own_road(browser: Browser, deps: Deps) -> None:
    pair = store(
        deps,
        gig("X", offers=(Offer("A", "https://a.example/"), Offer("B", "http://b.example/?x=1&y=2"))),
        gig("X", source=EventSource.INTERNAL, offers=(Offer("C", "https://c.example/"),)),
    )
    tie(deps, *pair)
    browser.get("/auth/sign-in")
    asked = [(pair[0], 0), (pair[0], 1), (pair[1], 0)]
    roads = [
        browser.get(f"/go/{each}?offer={number}", **{"user-agent": FIREFOX}).headers["location"]
        for each, number in asked
    ]
    assert roads == ["https://a.example/", "http://b.example/?x=1&y=2", "https://c.example/"]
    assert clicks(deps) == [(each, Placement.DIRECT) for each in pair]  # one person, a click a listing


def test_a_click_counts_for_each_listing_that_names_the_address(browser: Browser, deps: Deps) -> None:
    same = Offer("A", "https://a.example/")
    pair = store(deps, gig("X", offers=(same,)), gig("X", source=EventSource.INTERNAL, offers=(same,)))
    tie(deps, *pair)
    browser.get("/auth/sign-in")
    browser.get(f"/go/{pair[0]}?offer=0", **{"user-agent": FIREFOX})
    assert clicks(deps) == [(each, Placement.DIRECT) for each in pair]


def test_visits_that_were_made_up_lead_on_and_count_nothing(browser: Browser, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    for _ in range(60):
        made_up = f"rw_visit={secrets.token_urlsafe(24)}"
        answer = browser.get(f"/go/{event_id}?offer=0", **{"user-agent": FIREFOX, "cookie": made_up})
        assert (answer.status_code, answer.headers["location"]) == (302, "https://tickets.example/1")
    assert clicks(deps) == []


def test_visits_collected_by_the_dozen_lead_on_and_count_as_a_few(new_browser: NewBrowser, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    proxied = new_browser(address="10.0.0.1", trusted_proxies="10.0.0.0/8")

    def press(address: str) -> None:
        visit = browsers.new_visit(deps.site)  # as each page hands one to whoever brings none
        told = {"user-agent": FIREFOX, "cookie": f"rw_visit={visit}", "x-forwarded-for": f"192.0.2.1, {address}"}
        assert proxied.get(f"/go/{event_id}?offer=0", **told).status_code == 302

    for _ in range(60):
        press("198.51.100.7")
    assert len(clicks(deps)) == strangers.MOST
    press("198.51.100.8")  # another network
    assert len(clicks(deps)) == strangers.MOST + 1


@pytest.mark.parametrize("address", HOSTILE)
def test_an_offer_that_is_no_web_address_is_never_followed(browser: Browser, deps: Deps, address: str) -> None:
    [event_id] = store(deps, gig("Xenia", offers=(Offer("A", address),)))
    answer = browser.get(f"/go/{event_id}?offer=0")
    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/go/4711",
            "/go/abc",
            "/go/1/2",
            "/go/-1",
            f"/go/{10**30}",
            "/go/1?offer=1",
            "/go/1?offer=-1",
            "/go/1?offer=x",
        ),
        *("/go/1?offer=https://evil.example", "/go/https://evil.example", "/e/4711", "/e/x", "/calendar/4711.ics"),
        *("/calendar/x.ics", "/calendar/1.html", "/calendar/1/2.ics", "/go", "/e"),
    ],
)
def test_what_leads_nowhere_gets_our_own_page(browser: Browser, deps: Deps, path: str) -> None:
    store(deps, gig("Xenia"))
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Nothing plays here" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        *({"user-agent": "Googlebot/2.1"}, {"user-agent": FIREFOX, "sec-purpose": "prefetch"}),
        {"user-agent": FIREFOX, "sec-fetch-dest": "image"},
    ],
)
def test_programs_looks_ahead_and_pictures_elsewhere_count_no_click(
    browser: Browser, deps: Deps, headers: dict[str, str]
) -> None:
    [event_id] = store(deps, gig("Xenia"))
    browser.get("/auth/sign-in")
    assert browser.get(f"/go/{event_id}", **headers).status_code == 302
    assert clicks(deps) == []


def test_a_browser_nobody_saw_before_counts_no_click(browser: Browser, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    assert browser.get(f"/go/{event_id}", **{"user-agent": FIREFOX}).status_code == 302
    assert clicks(deps) == []


def test_a_promoters_own_clicks_do_not_count(browser: Browser, deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia", source=EventSource.INTERNAL))
    browser.register()
    promote(deps, event_id, 1)
    browser.get(f"/go/{event_id}", **{"user-agent": FIREFOX})
    assert clicks(deps) == []


def test_a_short_address_leads_to_the_page_and_counts_nothing(browser: Browser, deps: Deps) -> None:
    pair = store(deps, gig("X"), gig("X", source=EventSource.JAMBASE))
    tie(deps, *pair)
    answer = browser.get(f"/e/{pair[1]}", **{"user-agent": FIREFOX})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/event?id={pair[1]}")
    with deps.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(table)) == 0


def test_anybody_gets_the_calendar_file_under_a_plain_name(browser: Browser, deps: Deps) -> None:
    [event_id] = store(deps, gig("X", title='Ünï/"..\r\nx'))
    answer = browser.get(f"/calendar/{event_id}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="uni-x.ics"'
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1


def test_a_show_without_offers_has_a_page_and_no_road_to_tickets(browser: Browser, deps: Deps) -> None:
    [event_id] = store(deps, gig("X", offers=()))
    assert browser.get(f"/go/{event_id}").status_code == 404
    assert browser.get(f"/e/{event_id}").status_code == 302
