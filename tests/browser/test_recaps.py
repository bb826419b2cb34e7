"""Being told of one's week, and where one stands among the listeners here: on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rewrapped.domain.recaps import last_week
from rewrapped.services import importing, recaps
from rewrapped.storage import people
from tests.browser.accessibility import serious
from tests.browser.people import Person
from tests.browser.site import Site
from tests.exports import extended_row, to_json
from tests.services.test_peers import joined

WIDTHS = (390, 1440)
ODD = "<b>Tide</b> [x](javascript:1)"
_COUNTED_MS = 150_000  # the workers look once a minute
_TOO_WIDE = "() => document.querySelector('[data-testid=stMain]').scrollWidth > window.innerWidth"


@pytest.fixture(params=WIDTHS)
def fan(chromium: Browser, live: Site, request: pytest.FixtureRequest) -> Iterator[Person]:
    person = Person(chromium, live, viewport={"width": request.param, "height": 900}, reduced_motion="reduce")
    yield person
    person.leave()
    assert person.complaints == []
    assert person.strangers() == []


def played(site: Site, email: str, folder: Path, begun_at: datetime, count: int = 160) -> None:
    """Let somebody have played an artist of an odd name, four minutes each."""
    rows = [
        extended_row(
            ts=f"{begun_at + timedelta(minutes=4 * number):%Y-%m-%dT%H:%M:%SZ}",
            master_metadata_album_artist_name=ODD,
        )
        for number in range(count)
    ]
    path = folder / "Streaming_History_Audio_2025_0.json"
    path.write_bytes(to_json(rows))
    with site.opened() as deps, deps.engine.connect() as conn:
        person = people.find_by_email(conn, email)
        assert person is not None
        importing.import_files(deps, person.id, [path])


def test_a_week_that_is_told_leads_to_its_story_and_can_be_switched_off(fan: Person, tmp_path: Path) -> None:
    page = fan.page
    email = fan.sign_in_anew("/preferences")
    week = last_week(datetime.now(UTC).date() - timedelta(days=21))  # long over: the site's own workers leave it alone
    monday = datetime(week.end_on.year, week.end_on.month, week.end_on.day, 9, tzinfo=UTC)
    played(fan.site, email, tmp_path, monday - timedelta(days=4))

    with fan.site.opened() as deps:
        assert recaps.tell(replace(deps, clock=lambda: monday)) == 1

    expect(page.get_by_test_id("stToast").filter(has_text="Your week from")).to_contain_text(f"160 plays, all of {ODD}")
    fan.go("/notifications")
    told = page.locator("[class*=st-key-card_notice]").filter(has_text="Your week from")
    assert serious(page) == []
    assert page.evaluate(_TOO_WIDE) is False
    told.get_by_role("button", name="Open").click()
    page.wait_for_url(f"**/wrapped?range=custom&from={week.start_on}&to={week.end_on - timedelta(days=1)}")
    fan.settle()
    expect(page.get_by_role("heading", level=1)).to_have_text("8.9 hours of music")
    fan.go("/preferences")
    page.get_by_text("Your week and your month", exact=True).click()
    expect(page.get_by_role("switch", name="Your week and your month")).not_to_be_checked()
    fan.settle()
    with fan.site.opened() as deps:
        later = monday + timedelta(days=7)
        played(fan.site, email, tmp_path, later - timedelta(days=4))
        assert recaps.tell(replace(deps, clock=lambda: later)) == 0


def test_who_chooses_to_be_compared_sees_where_they_stand_until_they_choose_otherwise(
    fan: Person, tmp_path: Path
) -> None:
    page = fan.page
    email = fan.sign_in_anew("/preferences")
    last_july = datetime(datetime.now(UTC).year - 1, 7, 1, 12, tzinfo=UTC)
    played(fan.site, email, tmp_path, last_july)
    with fan.site.opened() as deps:
        for _ in range(20):
            joined(deps, 120, month=last_july.date())
    fan.go("/notifications")  # what the import told is read
    fan.go("/preferences")
    switch = page.get_by_role("switch", name="Compare Spotify, extended history")
    page.get_by_text("Compare Spotify, extended history").click()
    expect(switch).to_be_checked()
    fan.settle()

    card = page.locator(".st-key-card_peers")
    until_there = datetime.now(UTC) + timedelta(milliseconds=_COUNTED_MS)
    while not card.count() and datetime.now(UTC) < until_there:
        page.wait_for_timeout(2_000)
        fan.go("/evolution?range=all")

    expect(card.get_by_role("heading")).to_contain_text("You are among the top")
    expect(card).to_contain_text("listeners of this site, you counted")
    expect(card.get_by_text("All music")).to_be_visible()
    assert serious(page) == []
    assert page.evaluate(_TOO_WIDE) is False
    fan.go("/preferences")
    page.get_by_text("Compare Spotify, extended history").click()
    expect(switch).not_to_be_checked()
    fan.settle()
    fan.go("/evolution?range=all")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(card).to_have_count(0)
