"""The Genres page as a person uses it: bands pressed, the ring walked with keys, genres changed and taken back."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Person
from tests.browser.site import Site
from tests.exports import extended_row, to_json

#: The name of the largest genre of each family whose circle is large enough, and the words that stand in it.
_NAMES_IN_CIRCLES = """(root) => {
  const seen = new Set();
  return [...root.querySelectorAll(".genre")].flatMap((one) => {
    const [name, family] = one.getAttribute("aria-label").split(":")[0].split(", ");
    if (seen.has(family)) return [];
    seen.add(family);
    if (one.querySelector("circle").r.baseVal.value < 20) return [];
    const at = one.transform.baseVal[0].matrix.e;
    const every = [...root.querySelectorAll(".names text")];
    const own = every.filter((text) => Math.abs(text.x.baseVal[0].value - at) < 0.01);
    return [[name, own.map((text) => text.textContent).join("")]];
  });
}"""


@pytest.fixture
def guest(chromium: Browser, live: Site) -> Iterator[Person]:
    person = Person(chromium, live, reduced_motion="reduce")
    person.look_around()
    yield person
    person.leave()
    assert person.complaints == []
    assert person.strangers() == []


def test_a_band_that_is_pressed_opens_its_family_and_the_way_back_is_there(guest: Person) -> None:
    guest.go("/genres?range=all")
    page = guest.page
    bands = page.locator(".stream .band[tabindex]")
    expect(bands).to_have_count(9)
    name = bands.first.get_attribute("aria-label") or ""
    family = name.partition(":")[0]

    bands.first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**in=family*")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Your {family}")
    expect(page.get_by_role("heading", name=f"The genres of {family}")).to_be_visible()
    expect(page.locator(".top_list li").first).to_be_visible()
    guest.settle()

    page.get_by_role("button", name=family, exact=True).click()
    expect(page.get_by_role("heading", name="Your families over time")).to_be_visible()
    assert "in=" not in page.url


def test_the_stream_tells_a_moment_where_the_pointer_is(guest: Person) -> None:
    guest.go("/genres?range=all&unit=share")
    box = guest.page.locator(".stream svg").bounding_box()
    assert box is not None
    guest.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    tip = guest.page.locator(".stream .tip")
    expect(tip).to_be_visible()
    assert re.search(r"[A-Z][a-z]+ 20\d\d.* \d+(\.\d)? %", tip.inner_text().replace("\n", " "))
    guest.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


@pytest.mark.parametrize("query", ["", "&level=genres", "&level=genres&ring=artists"])
def test_no_two_names_on_the_ring_lie_over_each_other_and_each_is_tied(guest: Person, query: str) -> None:
    guest.go(f"/genres?part=ties&range=all{query}")
    ring = guest.page.locator(".chord .one")
    expect(ring.first).to_be_visible()
    assert all("tied most to " in (one.get_attribute("aria-label") or "") for one in ring.all())
    places = ring.locator("text").evaluate_all(
        "texts => texts.map((text) => text.getAttribute('transform').match(/-?[0-9.]+/g).slice(0, 2).map(Number))"
    )
    nearest = min(radius for _, radius in places)
    turns = sorted(turn % 360 for turn, _ in places)
    gaps = [(after - before) % 360 for before, after in pairwise([*turns, turns[0]])]
    assert len(turns) > 2
    assert math.radians(min(gaps)) * nearest > 13  # pixels; a name is as high as that


def test_the_largest_circle_of_a_family_is_named_with_its_hyphens(guest: Person) -> None:
    guest.go("/genres?part=ties&range=all")
    circles = guest.page.locator(".bubbles")
    expect(circles.locator(".genre").first).to_be_visible()
    named = circles.evaluate(_NAMES_IN_CIRCLES)
    assert len(named) > 3
    for name, written in named:
        shown = written.removesuffix("…")
        assert shown
        assert name.replace(" ", "").startswith(shown.replace(" ", ""))


def test_the_ring_is_walked_and_pressed_with_the_keyboard(guest: Person) -> None:
    guest.go("/genres?part=ties&range=all&level=genres&ring=artists")
    page = guest.page
    ring = page.locator(".chord .one")
    expect(ring.first).to_be_visible()
    ring.first.focus()
    page.keyboard.press("ArrowRight")
    said = page.evaluate(
        "(() => { let at = document.activeElement;"
        " while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
        " return at.getAttribute('aria-label') })()"
    )
    assert said == ring.nth(1).get_attribute("aria-label")
    assert "tied most to" in said

    artist = ring.last
    name = (artist.get_attribute("aria-label") or "").partition(",")[0]
    artist.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**artists=*")
    expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    guest.settle()


def test_a_circle_opens_its_genre_and_everything_follows_the_range(guest: Person) -> None:
    guest.go("/genres?range=all")
    page = guest.page
    page.get_by_role("radio", name="What goes together").click()
    page.wait_for_url("**part=ties*")
    circle = page.locator(".bubbles .genre").first
    name = (circle.get_attribute("aria-label") or "").partition(",")[0]
    circle.focus()
    page.keyboard.press(" ")

    page.wait_for_url("**in=genre*")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Your {name}")
    guest.settle()
    before = page.locator(".top_list .value").first.inner_text()
    guest.choose_range("4 weeks")
    expect(page.locator(".top_list .value").first).not_to_have_text(before)
    guest.settle()


def test_an_artists_genre_is_said_kept_downloaded_and_taken_back(chromium: Browser, live: Site, tmp_path: Path) -> None:
    person = Person(chromium, live, reduced_motion="reduce", accept_downloads=True)
    person.sign_in_anew("/import")
    rows = [
        extended_row(
            ts=f"2026-0{1 + n % 9}-0{1 + n % 8}T1{n % 10}:00:00Z",
            ms_played=200_000,
            spotify_track_uri=f"spotify:track:{n:022d}",
            master_metadata_track_name=f"Song {n}",
            master_metadata_album_artist_name="Nobody <b>Knows</b>",
        )
        for n in range(40)
    ]
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json(rows))
    page = person.page
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("40 rows: 40 new").first).to_be_visible(timeout=90_000)

    person.go("/genres?range=all")
    expect(page.get_by_role("heading", name="No genre is known yet")).to_be_visible()
    page.get_by_role("button", name="Covers 0% of the time").click()
    expect(page.get_by_text("No genre is known of 1 artist")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("textbox", name="Artist", exact=True).fill("knows")
    page.keyboard.press("Enter")
    genres = page.get_by_role("combobox", name="Genres or families")
    genres.fill("Shoegaze")
    page.get_by_role("option", name="Shoegaze", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep", exact=True).first.click()
    expect(page.get_by_role("button", name="Covers 100% of the time").first).to_be_visible()
    person.settle()

    page.get_by_role("tab", name="All changes").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download them").click()
    written = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert written["changes"] == [{"subject": "artist:nobody <b>knows</b>", "belongs": ["genre:shoegaze"]}]

    page.get_by_text("I want all of them taken back").click()
    page.get_by_role("button", name="Take all changes back").click()
    expect(page.get_by_role("heading", name="No genre is known yet")).to_be_visible()
    person.settle()

    page.get_by_role("tab", name="All changes").click()
    page.get_by_label("Or take them from such a file of up to 2 MB").set_input_files(download.value.path())
    page.get_by_role("button", name="Take these").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 change is taken")
    page.get_by_role("link", name="Back to your genres").click()
    expect(page.get_by_role("button", name="Covers 100% of the time").first).to_be_visible()
    person.settle()
    assert person.complaints == []
    person.leave()
