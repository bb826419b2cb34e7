"""Every page of the menu, for whoever may open it: whole, quiet, as wide as its screen, and at home."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from rewrapped.domain.sitemap import PAGES
from tests.browser.people import Person
from tests.browser.site import Site

#: How each kind of visitor gets in.
ENTRIES: dict[str, Callable[[Person], object]] = {
    "nobody": lambda person: person.go("/"),
    "demo": Person.look_around,
    "fresh": lambda person: person.sign_in_anew("/overview"),
}
NARROW, WIDE = {"width": 390, "height": 900}, {"width": 1440, "height": 1000}
_TOO_WIDE = """() => [...document.querySelectorAll('html, [data-testid=stMain], [data-testid=stMainBlockContainer]')]
    .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => `${part.tagName} ${part.scrollWidth}`)"""


def too_wide(person: Person) -> list[str]:
    """Return which frames of the page scroll sideways, once the menu and the charts have found their places."""
    for _ in range(50):
        found: list[str] = person.page.evaluate(_TOO_WIDE)
        if not found:
            break
        person.page.wait_for_timeout(100)
    return found


@pytest.mark.parametrize("visitor", ENTRIES)
def test_every_page_is_whole_and_quiet_and_sends_no_request_elsewhere(
    chromium: Browser, live: Site, visitor: str
) -> None:
    person = Person(chromium, live, viewport=NARROW)
    ENTRIES[visitor](person)
    for page in PAGES:
        person.page.set_viewport_size(NARROW)
        person.go(f"/{page.path}")
        expect(person.page.get_by_test_id("stMain").get_by_role("heading", level=1)).to_have_count(1)
        assert too_wide(person) == [], page.name
        person.page.set_viewport_size(WIDE)
        assert too_wide(person) == [], page.name
        assert person.broken() == [], page.name
    person.leave()
    assert person.complaints == []
    assert person.requests
    assert person.strangers() == []


def test_the_menu_leads_to_every_page_it_lists(newcomer: Person) -> None:
    newcomer.sign_in_anew("/overview")
    menu = newcomer.page.get_by_test_id("stSidebarNav")
    listed = menu.get_by_role("link").all_inner_texts()
    assert [text.split("\n")[-1] for text in listed] == [
        *("Overview", "Wrapped", "Tops", "Genres", "Habits", "Evolution", "Compare", "History", "Notebook"),
        *("Import", "Connections", "Notifications", "Profile", "Preferences"),
        *("Events", "Saved", "Promote events", "About", "Terms", "Privacy"),
    ]
    for text in listed:
        name = text.split("\n")[-1]
        newcomer.follow_menu(name)
        assert newcomer.broken() == [], name


def test_an_unknown_address_gets_our_own_page_and_a_way_back(newcomer: Person) -> None:
    answer = newcomer.page.goto(f"{newcomer.site.address}/no/such/page")
    assert answer is not None
    assert answer.status == 404
    expect(newcomer.page.get_by_role("heading", name="Nothing plays here")).to_be_visible()
    newcomer.page.get_by_role("link", name="To the start page").click()
    newcomer.settle()
    expect(newcomer.page.get_by_role("heading", level=1)).to_contain_text("Years of your listening")
