"""Wrapped as a person uses it: the story by key, by tap and by itself, and a card that can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.browser.accessibility import serious
from tests.browser.people import Person
from tests.browser.site import Site
from tests.exports import extended_row, to_json


@pytest.fixture
def calm(chromium: Browser, live: Site) -> Iterator[Person]:
    yield from visiting(Person(chromium, live, reduced_motion="reduce"))


@pytest.fixture
def phone(chromium: Browser, live: Site) -> Iterator[Person]:
    yield from visiting(Person(chromium, live, viewport={"width": 390, "height": 844}))


def visiting(person: Person) -> Iterator[Person]:
    person.look_around()
    person.go("/wrapped?range=12m")
    yield person
    person.leave()
    assert person.complaints == []
    assert person.strangers() == []


def begin(person: Person) -> Locator:
    person.page.get_by_role("button", name="The story of the last 12 months").click()
    dialog = person.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def slide(dialog: Locator, number: int) -> Locator:
    return dialog.get_by_role("group", name=f"{number} of ")


def test_the_story_goes_by_key_and_leads_back_to_where_it_began(calm: Person) -> None:
    dialog, keyboard = begin(calm), calm.page.keyboard
    expect(slide(dialog, 1)).to_be_visible()
    expect(slide(dialog, 1).get_by_role("heading")).to_contain_text("hours of music")
    assert serious(calm.page) == []
    keyboard.press("ArrowRight")
    expect(slide(dialog, 2).get_by_role("listitem")).to_have_count(5)
    keyboard.press("ArrowLeft")
    expect(slide(dialog, 1)).to_be_visible()
    expect(dialog.get_by_role("button", name="Go on")).to_be_visible()  # less motion: it waits for a key

    keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    assert calm.page.locator(".story .open").evaluate("node => node.getRootNode().activeElement === node")


def test_the_story_goes_on_by_itself_until_it_is_paused(phone: Person) -> None:
    dialog = begin(phone)
    expect(slide(dialog, 2)).to_be_visible()

    dialog.get_by_role("button", name="Pause").click()

    expect(dialog.get_by_role("button", name="Go on")).to_be_visible()
    expect(slide(dialog, 2)).to_be_visible()


def test_a_tap_goes_on_or_back_and_the_last_slide_ends_the_story(phone: Person) -> None:
    dialog, mouse = begin(phone), phone.page.mouse
    dialog.get_by_role("button", name="Pause").click()
    mouse.click(330, 500)
    expect(slide(dialog, 2)).to_be_visible()
    mouse.click(40, 500)
    expect(slide(dialog, 1)).to_be_visible()
    mouse.move(330, 500)
    mouse.down()
    mouse.move(120, 505)
    mouse.up()
    expect(slide(dialog, 2)).to_be_visible()
    count = int((slide(dialog, 2).get_attribute("aria-label") or "").rpartition(" ")[2])
    for _ in range(count - 1):
        dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_be_hidden()


def test_every_chapter_can_be_read_without_playing_and_follows_the_filter(calm: Person) -> None:
    chapters = calm.page.get_by_role("list", name="Chapters").get_by_role("listitem")
    expect(chapters.nth(7)).to_be_visible()
    before = chapters.all_inner_texts()
    assert len(before) >= 8
    assert calm.page.get_by_role("heading", level=1).inner_text() in before[0].replace("\n", " ")

    calm.page.get_by_role("button", name="Your month").click()

    calm.page.wait_for_url("**range=custom*")
    expect(chapters.first).not_to_have_text(before[0])
    calm.settle()


def test_a_card_is_downloaded_in_the_size_that_was_chosen(chromium: Browser, live: Site) -> None:
    person = Person(chromium, live, reduced_motion="reduce", accept_downloads=True)
    person.look_around()
    person.go("/wrapped?range=12m")
    page = person.page
    page.get_by_text("Wide, 1200 × 630").click()
    person.settle()
    page.get_by_role("radio", name="Paper").click()
    page.wait_for_timeout(1_000)  # a press that meets a run of the page is lost with the button it was for
    person.settle()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert download.value.suggested_filename == "wrapped-1200x630.png"
    with Image.open(BytesIO(Path(download.value.path()).read_bytes())) as picture:
        assert picture.size == (1200, 630)
        assert picture.convert("RGB").getpixel((5, 5)) == (251, 243, 228)
    person.leave()
    assert person.complaints == []


def test_a_public_link_shows_the_card_to_a_stranger_until_it_is_taken_back(
    chromium: Browser, live: Site, tmp_path: Path
) -> None:
    owner, stranger = Person(chromium, live, reduced_motion="reduce"), Person(chromium, live)
    owner.sign_in_anew("/import")
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json([played(number) for number in range(40)]))
    owner.page.locator("input[type=file]").set_input_files(path)
    expect(owner.page.get_by_text("40 rows: 40 new").first).to_be_visible(timeout=90_000)
    owner.go("/wrapped?range=all")
    owner.page.get_by_role("button", name="Make a public link").click()
    link = owner.page.get_by_test_id("stCode").inner_text().strip()
    owner.settle()

    stranger.page.goto(link)
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("of music")
    shown = stranger.page.get_by_role("img", name="All time")
    assert shown.evaluate("node => node.complete && node.naturalWidth") == 1200
    assert stranger.strangers() == []

    owner.page.get_by_role("button", name="Take it back").click()
    expect(owner.page.get_by_test_id("stCode")).to_have_count(0)
    answer = stranger.page.goto(link)
    assert answer is not None
    assert answer.status == 404
    owner.leave()
    stranger.leave()
    assert owner.complaints == []


def played(number: int) -> dict[str, object]:
    return extended_row(
        ts=f"2026-0{1 + number % 9}-0{1 + number % 8}T1{number % 10}:00:00Z",
        ms_played=200_000,
        spotify_track_uri=f"spotify:track:{number:022d}",
        master_metadata_track_name=f"Song {number}",
        master_metadata_album_artist_name="Xenia",
    )
