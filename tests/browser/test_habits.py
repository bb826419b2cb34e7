"""The habits page over the sample data: what is pressed changes what is drawn, and the address says so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person


@pytest.fixture
def guest(newcomer: Person) -> Person:
    """Somebody who looks around in the sample data."""
    newcomer.look_around()
    return newcomer


def test_a_trend_is_drawn_by_month_on_request_and_an_address_keeps_it(guest: Person) -> None:
    guest.go("/habits?part=year&range=all&trend=week")
    card = guest.page.locator(".st-key-card_trend")
    expect(card).to_contain_text("mean of the 12 weeks")

    month = card.get_by_role("radio", name="By month")
    month.focus()
    guest.page.keyboard.press("Space")

    guest.page.wait_for_url("**trend=month*")
    expect(card).to_contain_text("mean of the 12 months")
    guest.page.reload()
    guest.settle()
    expect(month).to_be_checked()


def test_the_calendar_shows_the_year_that_is_pressed(guest: Person) -> None:
    guest.go("/habits?range=4w")
    expect(guest.page.locator(".st-key-card_clock")).to_be_visible()
    guest.page.get_by_role("radio", name="Months and years").click()
    guest.page.wait_for_url("**part=year*")
    card = guest.page.locator(".st-key-card_year")
    first = card.get_by_role("radio").first.inner_text()
    expect(card).to_contain_text(f"Plays on each day of {first}")

    earlier = str(int(first) - 1)
    card.get_by_role("radio", name=earlier).click()

    guest.page.wait_for_url(f"**year={earlier}*")
    expect(card).to_contain_text(f"Plays on each day of {earlier}")
    expect(guest.page.get_by_role("radio", name="4 weeks")).to_be_checked()
    expect(guest.page.locator(".st-key-card_clock")).to_have_count(0)


def test_the_clock_holds_every_play_of_the_view(guest: Person) -> None:
    guest.go("/overview?range=all")
    plays = guest.number("Plays")

    guest.follow_menu("Habits")

    told = guest.page.locator(".st-key-card_clock path.hour title")
    expect(told).to_have_count(24)
    counts = [re.search(r": ([\d,]+) play", words) for words in told.all_text_contents()]
    assert sum(int(count[1].replace(",", "")) for count in counts if count) == plays
