"""Going out, as a person does it: find, narrow, save before having an account, and take the day along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious
from tests.browser.people import Person
from tests.browser.site import Site

WIDTHS = (390, 1440)
BERLIN = "2950159"


@pytest.fixture(params=WIDTHS)
def stranger(chromium: Browser, live: Site, request: pytest.FixtureRequest) -> Iterator[Person]:
    person = Person(chromium, live, viewport={"width": request.param, "height": 900}, reduced_motion="reduce")
    yield person
    person.leave()
    assert person.complaints == []
    assert person.strangers() == []


def test_a_stranger_finds_a_show_saves_it_and_has_it_after_registering(stranger: Person) -> None:
    page = stranger.page
    stranger.go("/events")
    page.get_by_label("Your town or city").first.fill("Berlin")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Berlin, Germany", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Berlin")
    page.locator(".st-key-events_range").get_by_role("radio", name="3 months").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Berlin in the next 3 months")
    stranger.settle()
    name = page.locator(".shows .name").first.inner_text()
    page.locator(".shows .heart").first.click()
    page.get_by_label("E-mail address").fill(f"going{page.viewport_size['width']}@example.org")
    page.get_by_label("Password").fill("horse lamp river")
    for consent in page.get_by_role("checkbox").all():
        consent.check()
    page.get_by_role("button", name="Create my account").click()
    page.wait_for_url("**/event?*")
    stranger.settle()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("button", name="Saved", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to calendar").click()
    [entry] = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")
    assert str(entry["SUMMARY"]).endswith(name)
    stranger.go("/saved")
    expect(page.locator(".shows .name")).to_have_text([name])
    page.locator(".shows .heart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing saved to come")


def test_cards_open_within_the_session_and_tickets_lead_away(stranger: Person) -> None:
    page = stranger.page
    stranger.look_around()
    stranger.go("/events?range=3m")
    why = page.locator(".shows .why").first.inner_text()
    assert "play" in why
    assert str(page.locator(".shows .tickets").first.get_attribute("href")).startswith("/go/")
    page.locator(".shows .name").first.click()
    page.wait_for_url("**/event?*")
    stranger.settle()
    expect(page.get_by_text(why).first).to_be_visible()
    page.get_by_role("link", name="All events").click()
    page.wait_for_url("**/events*")
    assert stranger.broken() == []


def test_the_map_waits_behind_a_switch_on_a_phone_only(stranger: Person) -> None:
    stranger.go(f"/events?place={BERLIN}&range=3m")
    card, switch = stranger.page.locator(".st-key-card_map"), stranger.page.locator(".st-key-map_switch")
    if stranger.page.viewport_size["width"] > 640:
        expect(card).to_be_visible()
        expect(switch).to_be_hidden()
        return
    expect(card).to_be_hidden()
    switch.locator("label").click()
    expect(card).to_be_visible()
    expect(card.locator("canvas, svg.marks").first).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_going_out_has_no_serious_violation(chromium: Browser, live: Site, theme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    person = Person(chromium, live, viewport=size, color_scheme=theme, reduced_motion="reduce")
    person.go("/events")
    assert serious(person.page) == []
    person.look_around()
    for path in ("/events?range=3m", "/event?id=1", "/events?artist=nobody"):
        person.go(path)
        assert serious(person.page) == [], path
    person.leave()
    own = Person(chromium, live, viewport=size, color_scheme=theme, reduced_motion="reduce")
    own.sign_in_anew("/saved")
    own.save_shows(1)
    for path in ("/saved", "/event?id=1"):
        own.go(path)
        assert serious(own.page) == [], path
    own.leave()
