"""Choosing what one likes, and hearing of it: on a phone and on a desk, with the site's own workers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious
from tests.browser.people import Person
from tests.browser.site import Site

WIDTHS = (390, 1440)
_NEWS_MS = 90_000  # the workers look every 15 seconds
_TOO_WIDE = "() => document.querySelector('[data-testid=stMain]').scrollWidth > window.innerWidth"


@pytest.fixture(params=WIDTHS)
def fan(chromium: Browser, live: Site, request: pytest.FixtureRequest) -> Iterator[Person]:
    person = Person(chromium, live, viewport={"width": request.param, "height": 900}, reduced_motion="reduce")
    yield person
    person.leave()
    assert person.complaints == []
    assert person.strangers() == []


def test_what_somebody_chooses_stays_and_a_new_show_of_it_is_told_where_they_are(fan: Person) -> None:
    page, heading = fan.page, fan.page.get_by_role("heading", level=1)
    act = f"The Lanterns of {page.viewport_size['width']}"
    fan.sign_in_anew("/preferences")
    expect(heading).to_have_text("Tell us what you like")
    page.get_by_role("button", name="Jazz", exact=True).click()
    expect(heading).to_have_text("You like 1 genre")
    page.get_by_label("An artist to follow").fill(act)
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(heading).to_have_text("You like 1 genre and 1 artist")
    page.get_by_label("Your town or city").fill("Berlin")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Berlin, Germany", exact=True).click()
    expect(page.get_by_text("How far you go, in km")).to_be_visible()
    page.get_by_text("Imports", exact=True).click()
    shared = page.get_by_role("switch", name=re.compile("^Spotify, extended history"))
    expect(shared).not_to_be_checked()
    page.locator(".st-key-card_shared").get_by_text("Spotify, extended history").click()
    expect(shared).to_be_checked()
    compared = page.get_by_role("switch", name="Compare Spotify, extended history")
    expect(compared).not_to_be_checked()
    page.get_by_text("Compare Spotify, extended history").click()
    expect(compared).to_be_checked()
    fan.settle()
    assert serious(page) == []
    assert page.evaluate(_TOO_WIDE) is False
    fan.go("/preferences")
    expect(heading).to_have_text("You like 1 genre and 1 artist")
    expect(shared).to_be_checked()
    expect(compared).to_be_checked()
    expect(page.get_by_role("switch", name="Imports")).not_to_be_checked()
    expect(page.get_by_role("switch", name="New shows for you")).to_be_checked()

    fan.site.list_show(act)

    expect(page.get_by_test_id("stToast")).to_contain_text(f"New near you: {act}", timeout=_NEWS_MS)
    page.get_by_role("link", name="1 unread").click()
    page.wait_for_url("**/notifications")
    page.get_by_role("button", name="Open").click()
    page.wait_for_url("**/event?id=*")
    fan.settle()
    expect(heading).to_have_text(act)
    expect(page.locator(".st-key-card_event_why")).to_contain_text(f"You follow {act}")
