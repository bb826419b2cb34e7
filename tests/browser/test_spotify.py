"""A person with nothing but Spotify: signs in, agrees, sees plays come, a new one by itself, and leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person
from tests.browser.site import Site, running_site
from tests.embedded.program import free_port
from tests.simulators.server import serving
from tests.simulators.spotify import Played, SpotifySimulator


@pytest.fixture(scope="module")
def connected() -> Iterator[tuple[Site, SpotifySimulator]]:
    """A site beside a Spotify of its own, which asks who is signing in."""
    simulator = SpotifySimulator("")
    with serving(simulator, free_port()), running_site(**simulator.settings()) as site:
        simulator.redirect_uri = f"{site.address}/auth/spotify/callback"
        simulator.is_asking = True
        yield site, simulator


def test_signing_in_with_spotify_brings_plays_and_disconnecting_takes_everything(
    chromium: Browser, connected: tuple[Site, SpotifySimulator]
) -> None:
    site, spotify = connected
    now = datetime.now(UTC)
    heard = [Played(f"Song {n}", "Xenia", now - timedelta(minutes=5 * n + 5)) for n in range(12)]
    mira = spotify.add("mira", *heard)
    person = Person(chromium, site)
    page = person.page

    page.goto(f"{site.address}/auth/sign-in?next=/tops")
    page.get_by_role("link", name="Sign in with Spotify").click()
    page.get_by_role("link", name="Agree as Mira").click()
    page.wait_for_url("**/auth/consent*")
    for consent in page.get_by_role("checkbox").all():
        consent.check()
    page.get_by_role("button", name="Fetch my plays").click()
    page.wait_for_url("**/tops*")

    person.go("/connections")
    card = page.locator(".st-key-card_spotify")
    expect(card).to_contain_text("Connected as Mira")
    expect(card).to_contain_text("Plays were last fetched")
    person.go("/profile")
    expect(page.locator(".st-key-card_data")).to_contain_text("12 rows")
    mira.plays.append(Played("The newest", "Xenia", datetime.now(UTC)))
    person.go("/connections")
    card.get_by_role("button", name="Fetch now").click()
    expect(card).to_contain_text("Asked for")

    for _ in range(25):  # until a worker has been there
        person.go("/profile")
        if page.get_by_text("13 rows").count():
            break
        page.wait_for_timeout(1000)
    expect(page.locator(".st-key-card_data")).to_contain_text("13 rows")
    assert not person.broken()
    assert not person.complaints

    person.go("/connections")
    page.get_by_role("link", name="Delete my account…").first.click()
    expect(page.get_by_role("heading")).to_have_text("Delete your account?")
    expect(page.locator("main")).to_contain_text("13 plays")
    page.get_by_role("button", name="Delete everything of mine").click()
    page.wait_for_url("**/auth/goodbye")
    person.leave()
