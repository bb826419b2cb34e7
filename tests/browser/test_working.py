"""Every chart shows its working: the plays behind it, what it counts, files of it, and its question in a notebook."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, expect

from tests.browser.people import Person, whole

#: What counts as a chart on a card: Vega's, our own drawings, ranked lists and tiles.
_DRAWN = "[data-testid=stVegaLiteChart], .chord, .stream, .bubbles, .picture svg[role=img], .picture ul"
PAGES = (
    *("overview?", "tops?", "wrapped?", "compare?", "compare?part=music&"),
    *("genres?", "genres?part=ties&", "genres?part=each&"),
    *("habits?", "habits?part=year&", "habits?part=sessions&", "habits?part=ways&"),
    *("evolution?", "evolution?part=finds&", "evolution?part=spread&"),
)
_LEGAL = re.compile(r"^\{http://www\.w3\.org/2000/svg\}[a-zA-Z]+$")


@pytest.fixture
def guest(newcomer: Person) -> Person:
    """Somebody who looks around in the sample data."""
    newcomer.look_around()
    return newcomer


def open_box(person: Person, card: Locator, name: str) -> Locator:
    """Press a button of a card's foot; return the box it opens."""
    card.locator("[class*=st-key-foot_]").get_by_role("button", name=name).click()
    box = person.page.get_by_test_id("stPopoverBody")
    expect(box).to_be_visible()
    person.settle()
    return box


def take(person: Person, box: Locator, name: str) -> Download:
    with person.page.expect_download() as download:
        box.get_by_role("button", name=name, exact=True).click()
    return download.value


def read_svg(download: Download) -> str:
    """Return the text of a picture, after looking that nothing in it could be loaded or run."""
    text = Path(download.path()).read_text("utf-8")
    for node in ElementTree.fromstring(text).iter():
        assert _LEGAL.match(node.tag), node.tag
        assert not node.tag.endswith(("script", "image", "foreignObject", "use"))
        assert not any("href" in name or name.startswith("on") for name in node.attrib)
    return " ".join(ElementTree.fromstring(text).itertext())


@pytest.mark.parametrize("page", PAGES)
def test_every_card_with_a_chart_has_a_foot(guest: Person, page: str) -> None:
    guest.go(f"/{page}range=12m")
    cards = guest.page.locator("[class*=st-key-card_]").filter(has=guest.page.locator(_DRAWN))
    expect(guest.page.locator("[class*=st-key-foot_]").first).to_be_visible()
    for card in cards.all():
        foot = card.locator("[class*=st-key-foot_]")
        assert foot.count() == 1, card.get_attribute("class")
        for name in ("View as table", "Plays behind it", "What this counts", "Take it away"):
            assert foot.get_by_role("button", name=name).count() == 1, card.get_attribute("class")
    assert guest.broken() == []


def test_the_plays_behind_a_chart_are_turned_in_pages_and_found_again_on_the_history_page(guest: Person) -> None:
    guest.go("/overview?range=12m&weekdays=0,5")
    plays = guest.number("Plays")
    guest.page.locator(".st-key-foot_week").get_by_role("button", name="Plays behind it").click()
    dialog = guest.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{plays:,} plays")
    dialog.get_by_role("button", name="Page 2", exact=True).click()
    expect(dialog.locator("[aria-current=page]")).to_have_text("2")
    dialog.get_by_label("Which of them").click()
    guest.page.get_by_role("option", name="Saturday").click()
    expect(dialog.get_by_text("plays, the newest first")).not_to_contain_text(f"{plays:,} plays")
    saturdays = whole(dialog.get_by_text("plays, the newest first").inner_text())
    dialog.get_by_role("link", name="Search and sort them").click()
    guest.page.wait_for_url("**/history*")
    guest.settle()
    expect(guest.page.get_by_role("heading", level=1)).to_have_text(f"{saturdays:,} plays")
    assert guest.broken() == []


def test_a_chart_is_told_and_taken_away_as_pictures_and_as_a_question(guest: Person) -> None:
    guest.go("/habits?range=12m&hours=7,8,9,10,18,19,20")
    card = guest.page.locator(".st-key-card_week")
    box = open_box(guest, card, "What this counts")
    expect(box).to_contain_text("30 seconds or more")
    expect(box).to_contain_text("Spotify, extended history (")
    expect(box).to_contain_text("07:00")
    guest.page.keyboard.press("Escape")
    box = open_box(guest, card, "Take it away")
    png = take(guest, box, "PNG")
    assert png.suggested_filename == "week.png"
    with Image.open(png.path()) as picture:
        assert picture.size[0] > 1500
        assert picture.convert("RGB").getpixel((2, 2)) == picture.convert("RGB").getpixel((picture.size[0] - 3, 2))
    said = read_svg(take(guest, box, "SVG"))
    assert card.get_by_role("heading").inner_text() in said
    assert "Plays by hour and weekday, the last 12 months" in said
    assert "Music Re-Wrapped" in said
    box.get_by_role("link", name="Open in the notebook").click()
    guest.page.wait_for_url("**/notebook?*question=week*")
    guest.settle()
    assert "hours=7" in guest.page.url
    assert "SELECT" not in guest.page.url
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("Plays by weekday and hour")
    expect(guest.page.get_by_label("SQL").first).to_have_value(re.compile("GROUP BY weekday, hour"))
    expect(guest.page.locator("[data-testid=stVegaLiteChart]")).to_have_count(1)
    assert guest.broken() == []
    assert guest.complaints == []
    assert guest.strangers() == []


@pytest.mark.parametrize("card", ["stream", "ties", "bubbles"])
def test_what_the_browser_draws_is_taken_away_from_there(guest: Person, card: str) -> None:
    guest.go(f"/genres?range=all&part={'time' if card == 'stream' else 'ties'}")
    place = guest.page.locator(f".st-key-card_{card}")
    box = open_box(guest, place, "Take it away")
    said = read_svg(take(guest, box, "SVG"))
    assert place.get_by_role("heading").inner_text() in said
    assert "Music Re-Wrapped" in said
    with Image.open(take(guest, box, "PNG").path()) as picture:
        assert picture.size[0] > 1000
        assert len(picture.convert("RGB").quantize(32).getcolors() or []) > 5
    assert guest.complaints == []
    assert guest.strangers() == []
