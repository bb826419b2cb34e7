"""Views that are kept and come back, and the play rule switched in place, as a person does it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from rewrapped.embedded.locks import owning
from tests import exports
from tests.browser.counting import PLAY_MS
from tests.browser.people import Person
from tests.browser.site import PASSWORD, Site
from tests.browser.test_faults import DOWN
from tests.embedded.program import until

NAME = "<b>Weekends</b> [x](javascript:alert(1))"
ROWS = exports.listening(3_000, seed=8, start=datetime(2024, 1, 1, tzinfo=UTC))


@pytest.fixture
def listener(newcomer: Person, live: Site, tmp_path: Path) -> tuple[Person, str]:
    """Somebody signed in whose export is imported, and their address."""
    email = newcomer.sign_in_anew("/import")
    live.command("import", "--user", email, str(exports.write_export(tmp_path / "export.zip", ROWS)))
    return newcomer, email


def plays(rows: Sequence[dict[str, Any]], rule: str) -> int:
    """Count an export's plays of music, row by row."""
    heard = [row for row in rows if not row["incognito_mode"] and row["master_metadata_track_name"]]
    if rule == "any":
        return len(heard)
    ended = [row["reason_end"] == "trackdone" if row["reason_end"] else row["ms_played"] >= PLAY_MS for row in heard]
    return sum(ended) if rule == "finished" else sum(row["ms_played"] >= PLAY_MS for row in heard)


def views(person: Person) -> Locator:
    """Unfold the saved views."""
    person.page.locator(".st-key-filter_bar").get_by_role("button", name="Saved views").click()
    body = person.page.get_by_test_id("stPopoverBody")
    expect(body.get_by_text("The link of the view that is open")).to_be_visible()
    return body


def save(person: Person, name: str) -> None:
    """Keep the view that is open."""
    body = views(person)
    body.get_by_label("Name").fill(name)
    body.get_by_role("button", name="Save", exact=True).click()
    expect(body.get_by_role("link", name=name)).to_be_visible()
    person.page.keyboard.press("Escape")


def switch_rule(person: Person, said: str) -> None:
    """Choose what counts as a play."""
    page = person.page
    page.locator(".st-key-filter_bar").get_by_role("button", name="More filters").click()
    page.get_by_test_id("stPopoverBody").get_by_text(said, exact=True).click()
    chip = page.locator(".st-key-filter_chips").get_by_role("button", name=f"Plays: {said[0].lower()}{said[1:]}")
    expect(chip).to_be_visible()
    page.keyboard.press("Escape")
    person.settle()


def test_a_view_is_kept_by_its_name_until_the_next_time_somebody_signs_in(
    listener: tuple[Person, str], live: Site
) -> None:
    person, email = listener
    page = person.page
    person.go("/tops?range=2024&weekdays=5,6&of=artists&by=time&rule=finished")
    heading = page.get_by_role("heading", level=1).inner_text()
    save(person, NAME)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "tops" not in url)

    person.sign_in(email, PASSWORD, "/overview")
    views(person).get_by_role("link", name=NAME).click()

    page.wait_for_url("**/tops?*")
    person.settle()
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    for part in ("range=2024", "of=artists", "by=time", "rule=finished", "weekdays=5%2C6"):
        assert part in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator(".st-key-filter_chips")).to_contain_text("Saturday, Sunday")
    expect(page.locator(".st-key-filter_chips")).to_contain_text("Plays: played to its end")
    assert person.complaints == []


def test_the_link_of_a_view_opens_it_in_another_tab_with_its_days_pinned(listener: tuple[Person, str]) -> None:
    person, _ = listener
    person.go("/overview?range=12m&weekdays=0")
    body = views(person)
    expect(body).to_contain_text("It shows the last 12 months, whenever it is opened.")
    body.get_by_text("Pin the days").click()
    expect(body).to_contain_text("Always ")
    link = body.locator("code").inner_text()
    assert "range=custom&from=" in link

    other = person.context.new_page()
    other.goto(link)
    person.settle(other)
    expect(other.locator(".st-key-filter_chips")).to_contain_text("Monday")
    assert other.url == link


def test_a_view_that_was_deleted_can_be_had_back(listener: tuple[Person, str]) -> None:
    person, _ = listener
    person.go("/overview?range=all")
    save(person, "Everything")
    body = views(person)
    body.get_by_role("button", name="Rename").click()
    body.get_by_label("New name").fill("All of it")
    body.get_by_role("button", name="Rename").click()
    expect(body.get_by_role("link", name="All of it")).to_be_visible()
    body.get_by_role("button", name="Delete").click()
    expect(body).to_contain_text("All of it is deleted.")
    body.get_by_role("button", name="Undo").click()
    expect(body.get_by_role("link", name="All of it")).to_be_visible()
    assert person.complaints == []


def test_a_switched_rule_counts_on_every_page_what_a_count_by_hand_gives(listener: tuple[Person, str]) -> None:
    person, _ = listener
    person.go("/overview?range=all")
    assert person.number("Plays") == plays(ROWS, "30s")
    switch_rule(person, "Played to its end")
    assert person.number("Plays") == plays(ROWS, "finished")
    person.follow_menu("History")
    expect(person.page.get_by_role("heading", level=1)).to_have_text(f"{plays(ROWS, 'finished'):,} plays")
    switch_rule(person, "Every row, skips too")
    expect(person.page.get_by_role("heading", level=1)).to_have_text(f"{plays(ROWS, 'any'):,} plays")
    person.page.locator(".st-key-filter_chips").get_by_role("button", name="Plays:").click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(f"{plays(ROWS, '30s'):,} plays")
    assert person.complaints == []


def test_a_database_killed_while_somebody_saves_costs_a_sentence_and_not_the_name(
    listener: tuple[Person, str], live: Site
) -> None:
    person, _ = listener
    person.go("/overview?range=all")
    body = views(person)
    body.get_by_label("Name").fill("Kept in the end")
    with owning(live.home / "start.lock", 10) as alone:  # while somebody holds it, no server is started again
        assert alone
        os.kill(live.postmaster(), signal.SIGKILL)
        assert until(lambda: not live.is_healthy(), 30)
        body.get_by_role("button", name="Save", exact=True).click()
        expect(person.page.get_by_text(DOWN)).to_have_count(1)
        assert not person.broken()
    assert until(live.is_healthy, 60)
    expect(person.page.get_by_text(DOWN)).to_have_count(0)
    expect(body.get_by_text("so nothing was changed")).to_be_visible()
    expect(body.get_by_label("Name")).to_have_value("Kept in the end")
    body.get_by_role("button", name="Save", exact=True).click()
    expect(body.get_by_role("link", name="Kept in the end")).to_be_visible()
