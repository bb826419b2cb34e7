"""The evolution page in a real browser: choices change what is true, a line is followed, numbers are taken away."""

from __future__ import annotations

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


def test_the_number_one_of_a_year_is_the_top_of_that_year(visitor: Person) -> None:
    visitor.go("/evolution?range=all&of=tracks")
    visitor.page.get_by_role("radio", name="By year").click()
    visitor.page.wait_for_url("**per=year*")
    visitor.settle()
    of_2024 = visitor.page.locator(".strip li").filter(has=visitor.page.get_by_text("2024", exact=True))
    name = of_2024.locator(".name").inner_text()

    visitor.go("/tops?range=2024&of=tracks")

    expect(visitor.page.locator(".top_list li").first.locator(".name")).to_contain_text(name)


def test_an_item_chosen_by_keyboard_shows_its_own_ranks_and_stays_in_the_address(visitor: Person) -> None:
    visitor.go("/evolution?range=all&of=artists&per=year")
    card = visitor.page.locator(".st-key-card_one")
    before = card.get_by_role("heading").inner_text()

    box = card.get_by_role("combobox")
    box.focus()
    while box.get_attribute("aria-expanded") != "true":  # a press in the moment Streamlit draws it anew is lost
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.wait_for_timeout(300)
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**item=*")

    expect(card.get_by_role("heading")).not_to_have_text(before)
    after = card.get_by_role("heading").inner_text()
    visitor.page.reload()
    visitor.settle()
    expect(card.get_by_role("heading")).to_have_text(after)


def test_pointing_into_the_ranks_tells_whose_line_it_is(visitor: Person) -> None:
    visitor.go("/evolution?range=all&of=artists&per=year")

    visitor.page.locator(".st-key-card_ranks svg.marks").hover()

    hint = visitor.page.locator("#vg-tooltip-element")
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("Rank")


def test_figures_can_be_taken_away_as_a_file(visitor: Person) -> None:
    visitor.go("/evolution?part=finds&range=2024&of=artists&per=year")
    visitor.page.locator(".st-key-card_found").get_by_role("button", name="Take it away").click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_test_id("stPopoverBody").get_by_role("button", name="CSV", exact=True).click()

    assert download.value.suggested_filename == "discoveries.csv"
    lines = download.value.path().read_text("utf-8").splitlines()
    assert lines[0] == '"When","Discovered","Judged","Stayed"'
    assert lines[1].startswith('"2024",')
