"""The filter bar over the sample data: every page looks at the same plays, and an address says which."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Person, whole
from tests.browser.site import Site

RANGES = {"All time": "all", "6 months": "6m"}
NONSENSE = (
    "/overview?range=custom&from=2026-13-45&to=yesterday",
    "/tops?range=<script>alert(1)</script>&artists=1%20OR%201=1&weekdays=9,-1,%F0%9F%8E%B5",
    "/overview?weekdays=" + "1," * 3_000,
    "/history?order=%00&page=-1&q=%27%22%3E%3Cimg%20src=x%3E&rows=all",
    "/history?artists=999999999999999999&tracks=00000000000000000000000000001&hours=25",
)


@pytest.fixture
def guest(newcomer: Person) -> Person:
    """Somebody who looks around in the sample data."""
    newcomer.look_around()
    return newcomer


def choose(person: Person, name: str) -> None:
    """Press a time range, and wait for the pages to follow."""
    person.choose_range(name)
    person.page.wait_for_url(f"**range={RANGES[name]}*")
    person.settle()


def more(person: Person) -> Page:
    """Open the further filters."""
    person.page.locator(".st-key-filter_bar").get_by_role("button", name="More filters").click()
    return person.page.get_by_test_id("stPopoverBody")


def plays_everywhere(person: Person) -> int:
    """Return how many plays the view holds, after finding the same on three pages."""
    person.follow_menu("Overview")
    plays = person.number("Plays")
    person.follow_menu("History")
    person.page.get_by_role("heading", level=1).filter(has_text=f"{plays:,} play").wait_for()
    person.follow_menu("Tops")
    person.page.get_by_role("radio", name="Artists", exact=True).click()
    person.page.wait_for_url("**of=artists*")
    person.settle()
    shown = person.table(person.page.locator(".st-key-card_fifty").get_by_test_id("stDataFrame"))
    counted = sum(int(float(row["bar"])) for row in shown)
    assert counted == plays if len(shown) < 50 else counted <= plays
    return plays


def test_each_filter_narrows_overview_tops_and_history_alike_until_all_are_off(guest: Person) -> None:
    choose(guest, "All time")
    everything = plays_everywhere(guest)
    choose(guest, "6 months")
    months = plays_everywhere(guest)
    more(guest).get_by_role("button", name="Sat").click()
    guest.page.get_by_role("button", name="Saturday").wait_for()
    guest.page.keyboard.press("Escape")
    saturdays = plays_everywhere(guest)
    pick_artist(guest, "Lumen Arcade")
    one = plays_everywhere(guest)
    assert everything > months > saturdays > one > 0
    expect(guest.page.locator(".top_list li")).to_have_count(1)
    guest.page.get_by_role("button", name="Take all off").click()
    expect(guest.page.locator(".st-key-filter_chips")).to_have_count(0)
    guest.settle()
    choose(guest, "All time")
    assert plays_everywhere(guest) == everything


def pick_artist(person: Person, name: str) -> None:
    """Search an artist in the further filters and add them."""
    popover = more(person)
    popover.get_by_label("Artist, album or track").fill(name)
    person.page.keyboard.press("Enter")
    popover.get_by_role("button", name=f"Artist: {name}").click()
    person.page.locator(".st-key-filter_chips").get_by_role("button", name=name).wait_for()
    person.page.keyboard.press("Escape")


def test_an_address_carries_the_whole_view_through_a_reload_and_to_another_tab(guest: Person) -> None:
    guest.go("/overview?range=2024&weekdays=4,5&hours=20,21,22")
    plays = guest.number("Plays")
    expect(guest.page.locator(".st-key-filter_chips")).to_contain_text("Friday, Saturday")
    guest.page.reload()
    guest.settle()
    assert guest.number("Plays") == plays
    copied = guest.context.new_page()
    copied.goto(guest.page.url.replace("/overview", "/history"))
    guest.settle(copied)
    assert whole(copied.get_by_role("heading", level=1).inner_text()) == plays
    assert "range=2024" in copied.url


def test_a_bookmarked_view_travels_on_by_the_menu_whatever_was_chosen_before(guest: Person) -> None:
    choose(guest, "6 months")
    guest.go("/overview?range=2024&weekdays=5")
    plays = guest.number("Plays")
    guest.follow_menu("History")
    assert whole(guest.page.get_by_role("heading", level=1).inner_text()) == plays
    guest.page.wait_for_url("**range=2024*")
    expect(guest.page.locator(".st-key-filter_chips")).to_contain_text("Saturday")
    guest.follow_menu("Tops")
    guest.page.wait_for_url("**range=2024*")


def test_nonsense_in_the_address_does_no_harm(guest: Person) -> None:
    for path in NONSENSE:
        guest.go(path)
        assert guest.broken() == [], path
    assert guest.complaints == []


def test_a_link_shows_its_view_to_somebody_else_after_they_came_in(chromium: Browser, live: Site) -> None:
    person = Person(chromium, live)
    person.go("/overview?range=2024&weekdays=5")
    person.page.get_by_role("button", name="Look around with sample data").click()
    person.settle()
    person.go("/overview?range=2024&weekdays=5")
    expect(person.page.locator(".st-key-filter_chips")).to_contain_text("Saturday")
    person.leave()


_BOTH_QUICKLY = "(buttons, ms) => buttons.forEach((button, at) => setTimeout(() => button.click(), at * ms))"


@pytest.mark.parametrize("pause_ms", [0, 5, 10, 20])  # the address lags behind the first press by some of these
def test_two_presses_quicker_than_the_page_both_count(guest: Person, pause_ms: int) -> None:
    guest.go("/overview?range=all")
    box = more(guest)
    expect(box.get_by_role("button", name="Sat")).to_be_visible()
    saturday, december = (box.get_by_role("button", name=name) for name in ("Sat", "Dec"))

    saturday.or_(december).evaluate_all(_BOTH_QUICKLY, pause_ms)

    chips = guest.page.locator(".st-key-filter_chips")
    expect(chips).to_contain_text("December")
    expect(chips).to_contain_text("Saturday")
    assert {"weekdays=5", "months=12"} <= set(guest.page.url.partition("?")[2].split("&"))
