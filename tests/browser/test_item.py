"""The pages of items in a real browser: reached by a name, true to the list they came from, with a way back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person
from tests.browser.site import Site


@pytest.fixture
def visitor(chromium: Browser, live: Site) -> Iterator[Person]:
    """Somebody who looks around in the sample data."""
    person = Person(chromium, live)
    person.look_around()
    yield person
    person.leave()


def tile(visitor: Person, label: str) -> str:
    own = visitor.page.locator(".tiles li").filter(has=visitor.page.get_by_text(label, exact=True))
    return own.locator(".value").inner_text()


def test_a_name_in_a_list_leads_to_a_page_with_the_figures_of_the_list(visitor: Person) -> None:
    visitor.go("/tops?range=2024&of=artists")
    row = visitor.page.locator(".top_list li").nth(1)
    name, plays = row.locator(".name").inner_text(), row.locator(".value").inner_text()

    row.locator("a.name").click()
    visitor.page.wait_for_url("**/item?*")
    visitor.settle()

    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(name)
    assert f"{tile(visitor, 'Plays')} plays" == plays
    assert tile(visitor, "Rank") == "2"
    assert "range=2024" in visitor.page.url


def test_from_an_artist_to_a_track_to_its_album_and_back(visitor: Person) -> None:
    visitor.go("/item?of=artist&id=1&range=all")
    visitor.page.get_by_role("radio", name="With what").click()
    visitor.page.wait_for_url("**part=music*")
    track = visitor.page.locator(".st-key-card_item_tracks .top_list li").first
    title = track.locator(".name").inner_text()

    track.locator("a.name").click()
    visitor.page.wait_for_url("**of=track*")
    visitor.settle()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(title)

    visitor.page.locator(".st-key-item_ways a").nth(1).click()
    visitor.page.wait_for_url("**of=album*")
    visitor.settle()
    visitor.page.go_back()
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(title)


def test_a_track_in_a_list_leads_to_spotify_too(visitor: Person) -> None:
    visitor.go("/tops?range=all&of=tracks")
    row = visitor.page.locator(".top_list li").first
    name = row.locator(".name").inner_text()

    link = row.get_by_role("link", name=f"Open {name} in Spotify, in a new tab")

    expect(link).to_have_attribute("href", re.compile(r"^https://open\.spotify\.com/track/\w+$"))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    visitor.go("/overview?range=all")
    expect(visitor.page.locator(".strip li").first.get_by_role("link", name=re.compile("in Spotify"))).to_be_visible()


def test_every_play_is_there_and_pages_turn(visitor: Person) -> None:
    visitor.go("/item?of=genre&id=indie-rock&range=all&part=plays")
    plays = tile(visitor, "Plays")

    expect(visitor.page.locator(".st-key-card_item_plays")).to_contain_text(f"{plays} plays")
    visitor.page.locator(".st-key-card_item_plays").get_by_role("button", name="Page 2").click()
    expect(visitor.page.get_by_text(re.compile(f"51 to 100 of {plays}"))).to_be_visible()


def test_an_item_opened_in_a_new_tab_is_the_same_page(visitor: Person) -> None:
    visitor.go("/overview?range=all")
    link = visitor.page.locator(".top_list li").first.locator("a.name")
    name = link.inner_text()

    with visitor.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    visitor.settle(opened.value)

    expect(opened.value.get_by_role("heading", level=1)).to_contain_text(name)
    expect(opened.value.get_by_role("radio", name="All time")).to_be_checked()
