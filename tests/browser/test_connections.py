"""Somebody without an export types a name, and sees their years."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import Person
from tests.simulators.listens import ListenBrainzListensSimulator


def test_a_name_at_listenbrainz_becomes_years_and_goes_again(
    newcomer: Person, listenbrainz: ListenBrainzListensSimulator
) -> None:
    person, page = newcomer, newcomer.page
    person.register("scrobbler@example.org", "/overview")
    page.get_by_role("button", name="Type my name").click()
    page.wait_for_url("**/connections*")
    person.settle()

    card = page.locator(".st-key-card_listenbrainz")
    card.get_by_label("Your user name at ListenBrainz").fill("nobody there")
    card.get_by_role("button", name="Connect ListenBrainz").click()
    expect(card).to_contain_text("knows nobody of that name")
    expect(page.locator(".st-key-card_lastfm")).to_contain_text("has no key")

    card.get_by_label("Your user name at ListenBrainz").fill("mira")
    card.get_by_role("button", name="Connect ListenBrainz").click()
    expect(card).to_contain_text("New ones come by themselves")
    card.get_by_role("link", name="See your years").click()
    page.wait_for_url("**/overview*")
    person.settle()
    person.choose_range("All time")
    expect(page.locator(".tiles li").first).to_contain_text(re.compile(r"[0-9]"))
    person.settle()
    assert person.number("Plays") == len(listenbrainz.people["mira"])
    assert person.broken() == []

    person.follow_menu("Connections")
    card.get_by_role("button", name="Disconnect").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{len(listenbrainz.people['mira']):,} rows")
    dialog.get_by_role("button", name="Disconnect and delete").click()
    expect(card.get_by_role("button", name="Connect ListenBrainz")).to_be_visible()
    person.go("/overview")
    expect(page.get_by_text("Your years fit in here")).to_be_visible()
    assert person.complaints == []
