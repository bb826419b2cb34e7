"""What stands around every page: the menu of a phone, and the header over what scrolls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import Person
from tests.browser.site import Site

CLOSED, OPEN = "true", "false"
TOP = "element => { const { x, y, width, height } = element.getBoundingClientRect();"
IS_ON_TOP = TOP + " return element.contains(document.elementFromPoint(x + width / 2, y + height / 2)) }"


@pytest.fixture
def walker(chromium: Browser, live: Site) -> Iterator[Person]:
    """Somebody with a narrow window, and two messages they haven't read."""
    person = Person(chromium, live, viewport={"width": 390, "height": 844})
    email = person.sign_in_anew("/overview")
    live.tell(email, "One thing", "Another thing")
    person.go("/overview")
    expect(person.page.get_by_role("link", name="2 unread")).to_be_visible()
    yield person
    person.leave()


def menu(person: Person) -> Locator:
    return person.page.get_by_test_id("stSidebar")


def test_the_menu_of_a_phone_closes_by_its_button_by_choosing_a_page_and_with_the_page(walker: Person) -> None:
    opens = walker.page.get_by_test_id("stExpandSidebarButton")
    expect(menu(walker)).to_have_attribute("data-collapsed", CLOSED)
    opens.click()
    closes = menu(walker).get_by_role("button", name="Collapse sidebar")
    expect(closes).to_be_visible()
    walker.page.wait_for_function(IS_ON_TOP, arg=closes.element_handle())  # it slides in
    closes.click()
    expect(menu(walker)).to_have_attribute("data-collapsed", CLOSED)

    opens.click()
    walker.follow_menu("Profile")
    expect(menu(walker)).to_have_attribute("data-collapsed", CLOSED)
    expect(menu(walker)).not_to_be_in_viewport()  # it slides away

    opens.click()
    expect(menu(walker)).to_have_attribute("data-collapsed", OPEN)
    walker.page.reload()
    walker.settle()
    expect(menu(walker)).to_have_attribute("data-collapsed", CLOSED)


def test_a_wide_window_keeps_its_menu_whatever_is_chosen(newcomer: Person) -> None:
    newcomer.look_around()
    newcomer.follow_menu("Tops")

    expect(menu(newcomer)).to_have_attribute("data-collapsed", OPEN)


@pytest.mark.parametrize("width", [390, 1440])
def test_what_scrolls_below_the_header_doesnt_show_through(newcomer: Person, width: int) -> None:
    newcomer.page.set_viewport_size({"width": width, "height": 844})
    newcomer.look_around()
    header, main = newcomer.page.get_by_test_id("stHeader"), newcomer.page.get_by_test_id("stMain")
    page = main.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    expect(header).to_have_css("background-color", "rgba(0, 0, 0, 0)")

    main.evaluate("main => main.scrollTo(0, 700)")
    expect(header).to_have_css("background-color", page)

    main.evaluate("main => main.scrollTo(0, 0)")
    expect(header).to_have_css("background-color", "rgba(0, 0, 0, 0)")
