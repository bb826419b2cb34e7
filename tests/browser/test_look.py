"""The look in a real browser: accessible in both themes, whole at every width, and moving only where it may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import accessibility
from tests.browser.people import Person
from tests.browser.site import Site

THEMES = ("dark", "light")
WIDTHS = (1440, 1024, 390)
LISTENING = (
    *("/overview", "/wrapped", "/tops", "/genres", "/habits?range=all", "/evolution", "/compare", "/history"),
    *("/item?of=artist&id=1&range=all", "/item?of=genre&id=indie-rock&range=all"),
    "/overview?range=4w&weekdays=5",
)
#: What long pages show but first, each looked at once.
PARTS = (
    *("/habits?part=year&range=all", "/habits?part=sessions&range=all", "/habits?part=ways&range=all"),
    *("/genres?part=ties", "/genres?part=each", "/evolution?part=finds", "/evolution?part=spread"),
    "/compare?part=music",
    *("/item?of=artist&id=1&range=all&part=music", "/item?of=artist&id=1&range=all&part=plays"),
)
_DRAWN = "canvas, .top_list li, .stream .band, .chord .one, .story .open, .svg svg, svg.marks"


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> str:
    """One of the themes."""
    return str(request.param)


@pytest.fixture
def themed(chromium: Browser, live: Site, theme: str) -> Iterator[Person]:
    """Somebody whose browser asks for one of the themes, and for no motion: a row fading in is pale."""
    person = Person(chromium, live, color_scheme=theme, reduced_motion="reduce")
    yield person
    person.leave()


@pytest.fixture
def visitor(chromium: Browser, live: Site) -> Iterator[Person]:
    """Somebody who looks around in the sample data."""
    person = Person(chromium, live)
    person.look_around()
    yield person
    person.leave()


def serious(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds serious or critical once something is drawn."""
    expect(page.locator(_DRAWN).first).to_be_visible()
    return accessibility.serious(page)


def test_the_welcome_page_has_no_serious_violation(themed: Person) -> None:
    themed.go("/")

    assert serious(themed.page) == []


def test_no_listening_page_has_a_serious_violation(themed: Person, theme: str) -> None:
    themed.look_around()
    for path in LISTENING + (PARTS if theme == "dark" else ()):
        themed.go(path)
        assert serious(themed.page) == [], path


_CUT_OFF = """(buttons) => buttons.filter((button) => {
  const own = button.getBoundingClientRect();
  for (let at = button.parentElement; at; at = at.parentElement) {
    const frame = at.getBoundingClientRect();
    if (getComputedStyle(at).overflowX !== "visible" && own.right > frame.right + 1) return true;
  }
  return false;
}).map((button) => button.textContent)"""


@pytest.mark.parametrize("width", WIDTHS)
def test_every_choice_of_a_card_to_share_is_in_sight(visitor: Person, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 1000})
    visitor.go("/wrapped")
    choices = visitor.page.locator(".st-key-card_share [data-testid=stButtonGroup] button")

    expect(choices).to_have_count(7)
    assert choices.evaluate_all(_CUT_OFF) == []


def test_names_beside_each_other_are_not_cut_where_two_lines_hold_them(visitor: Person) -> None:
    visitor.page.set_viewport_size({"width": 1024, "height": 1000})
    visitor.go("/compare?part=music")
    names = visitor.page.locator(".st-key-card_artists .top_list .name")

    expect(names).to_have_count(20)
    cut = names.evaluate_all(
        "names => names.filter((name) => name.scrollWidth > name.clientWidth + 1).map((name) => name.textContent)"
    )
    assert cut == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(visitor: Person, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 1000})
    for path in LISTENING + (PARTS if width == min(WIDTHS) else ()):
        visitor.go(path)
        expect(visitor.page.locator(_DRAWN).first).to_be_visible()
        over = visitor.page.evaluate(
            "(() => { const main = document.querySelector('[data-testid=stMain]');"
            " return main.scrollWidth - main.clientWidth })()"
        )
        assert over == 0, path


def test_the_theme_reaches_everything_that_is_drawn(themed: Person) -> None:
    themed.look_around()
    scheme = themed.page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme")
    card = themed.page.locator(".st-key-card_artists").evaluate("card => getComputedStyle(card).backgroundColor")

    assert card == {"dark": "rgb(30, 24, 41)", "light": "rgb(255, 253, 249)"}[scheme]


def test_rows_of_the_list_are_kept_and_slide_to_their_new_rank(visitor: Person) -> None:
    visitor.go("/tops?range=12m&of=artists")
    rows = visitor.page.locator(".top_list li")
    expect(rows).to_have_count(10)
    rows.evaluate_all("rows => rows.forEach(row => { row.before = row.dataset.key })")

    visitor.page.get_by_role("radio", name="By time").click()
    expect(visitor.page.locator(".top_list .value").first).to_contain_text("h")

    kept = rows.evaluate_all("rows => rows.filter(row => row.before === row.dataset.key).length")
    assert kept >= 5
    assert rows.evaluate_all("rows => rows.map(row => row.value)") == list(range(1, 11))


def test_nothing_slides_for_whoever_asked_for_less_motion(chromium: Browser, live: Site) -> None:
    calm = Person(chromium, live, reduced_motion="reduce")
    calm.look_around()
    calm.page.evaluate(
        "window.moved = 0; const before = Element.prototype.animate;"
        "Element.prototype.animate = function (...all) { window.moved += 1; return before.apply(this, all) }; 0"
    )
    calm.page.get_by_role("radio", name="4 weeks").click()
    expect(calm.page.get_by_role("radio", name="4 weeks")).to_be_checked()
    calm.settle()

    assert calm.page.evaluate("window.moved") == 0
    calm.leave()


def test_a_tile_says_what_it_counts_by_keyboard(visitor: Person) -> None:
    note = visitor.page.locator(".tiles details").first
    note.locator("summary").focus()
    visitor.page.keyboard.press("Enter")
    expect(note.locator("p")).to_be_visible()

    visitor.page.keyboard.press("Escape")

    expect(note.locator("p")).to_be_hidden()
    assert note.locator("summary").evaluate("summary => summary.getRootNode().activeElement === summary")


def test_a_filter_travels_from_page_to_page_and_back_brings_the_former_one(visitor: Person) -> None:
    visitor.page.get_by_role("radio", name="4 weeks").click()
    visitor.page.wait_for_url("**range=4w*")
    visitor.page.get_by_role("link", name="Tops").click()
    visitor.page.wait_for_url("**/tops?range=4w*")
    visitor.settle()
    expect(visitor.page.get_by_role("radio", name="4 weeks")).to_be_checked()

    visitor.page.get_by_role("radio", name="All time").click()
    visitor.page.wait_for_url("**range=all*")
    visitor.page.go_back()

    expect(visitor.page.get_by_role("radio", name="4 weeks")).to_be_checked()


def test_listening_pages_ask_nobody_outside_and_leave_the_console_clean(visitor: Person) -> None:
    for path in LISTENING:
        visitor.go(path)
        expect(visitor.page.locator(_DRAWN).first).to_be_visible()

    assert visitor.strangers() == []
    # Streamlit asks for its health below the page's own path first, and Vega warns while its rows are on their way
    expected = ("404", "Infinite extent")
    assert [line for line in visitor.complaints if not any(part in line for part in expected)] == []
