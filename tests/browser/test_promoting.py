"""A promoter's way in a real browser: asking, being let in, listing, watching, taking figures along, calling off."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from rewrapped import bootstrap
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.services import browsers, interactions, keeping, operators
from rewrapped.services.interactions import Onlooker
from tests.browser.people import Person
from tests.browser.site import PASSWORD, Site

_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def onlook(site: Site, email: str, event_id: int, count: int) -> None:
    """Let `count` people open an event, one of them (by address) save it and go for tickets."""
    with bootstrap.opened(site._as_settings()) as deps:
        fan = Visitor.person(operators.find_user_id(deps, email), Role.REGULAR)
        for number in range(count - 1):
            stranger = Onlooker(Visitor(), browsers.new_visit(deps.site), _AGENT, f"192.0.2.{number}")
            interactions.record(deps, stranger, event_id, Interaction.VIEW, Placement.DIRECT)
        for kind in (Interaction.VIEW, Interaction.SAVE, Interaction.CLICK):
            interactions.record(deps, Onlooker(fan, agent=_AGENT), event_id, kind, Placement.DIRECT)
        keeping.save(deps, fan, event_id)


def test_from_asking_to_calling_off(chromium: Browser, live: Site) -> None:
    promoter, admin, fan = Person(chromium, live), Person(chromium, live), Person(chromium, live)
    promoter.sign_in_anew("/promoter")
    promoter.page.get_by_label("Who you promote for").fill("Harbour Nights")
    promoter.page.get_by_label("What you plan").fill("Two festivals a year.")
    promoter.page.get_by_role("button", name="Send application").click()
    expect(promoter.page.get_by_role("heading", level=1)).to_have_text("Your application is being looked at")

    live.add_person("boss@example.org")
    live.command("user", "role", "boss@example.org", "admin")
    admin.sign_in("boss@example.org", PASSWORD, "/admin")
    admin.page.get_by_role("button", name="Approve").click()
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("Nothing waits for you")
    expect(promoter.page.get_by_test_id("stToast")).to_contain_text("You are a promoter now")

    promoter.go("/promoter?new=1")
    page = promoter.page
    page.get_by_label("City").fill("Lisbon")
    page.get_by_label("City").press("Enter")
    expect(page.get_by_text("Europe/Lisbon")).to_be_visible()
    page.get_by_label("Title").fill("Harbour <script>alert(1)</script>")
    page.get_by_role("textbox", name="Venue").fill("Doca")
    page.get_by_role("textbox", name="Address where tickets are sold").fill("https://tickets.example.org/1")
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type("20261224")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="List it").click()
    page.wait_for_url("**/promoter?event=*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour <script>alert(1)</script>")
    [event_id] = map(int, re.findall(r"event=(\d+)", page.url))

    fan_email = fan.sign_in_anew("/notifications")
    onlook(live, fan_email, event_id, 7)
    promoter.go(f"/promoter?event={event_id}")
    expect(page.locator(".rw-funnel")).to_contain_text("7 people")
    assert promoter.number("Views") == 7
    assert promoter.number("Engagement") == 7 + 2 + 3

    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    [row] = csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8")))
    assert (row["Views"], row["Saves"], row["Ticket clicks"]) == ("7", "1", "1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as JSON").click()
    assert json.loads(Path(download.value.path()).read_text("utf-8"))["events"][0]["Engagement"] == 12

    page.get_by_role("button", name="Change", exact=True).click()
    page.wait_for_url("**/promoter?edit=*")
    page.get_by_role("textbox", name="Venue").fill("Armazém 7")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/promoter?event=*")
    expect(fan.page.get_by_test_id("stToast")).to_contain_text("Armazém 7")

    page.get_by_role("button", name="Call off").click()
    page.get_by_role("button", name="Call it off").click()
    expect(fan.page.get_by_test_id("stToast").filter(has_text="it is called off")).to_be_visible()

    admin.go(f"/promoter?event={event_id}")
    admin.page.get_by_role("button", name="Reinstate").click()
    expect(fan.page.get_by_test_id("stToast").filter(has_text="takes place after all")).to_be_visible()
    admin.page.get_by_role("button", name="Take away").click()
    admin.page.get_by_label("Reason, which its promoter is told").fill("It isn't theirs.")
    admin.page.get_by_role("button", name="Take it away").click()
    expect(admin.page.get_by_role("button", name="Give it back")).to_be_visible()
    expect(page.get_by_test_id("stToast").filter(has_text="It isn't theirs.")).to_be_visible()
    fan.go(f"/event?id={event_id}")
    expect(fan.page.get_by_role("heading", level=1)).to_have_text("Nothing plays here")
    assert promoter.strangers() == []
    for person in (promoter, admin, fan):
        person.leave()
