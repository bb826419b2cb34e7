"""Forms, and pages before and after a first import, are accessible in both themes; test_look has the full pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import exports
from tests.browser.accessibility import serious
from tests.browser.people import Person
from tests.browser.site import Site

FORMS = ("/auth/sign-in", "/auth/register", "/auth/goodbye", "/no/such/page")
BEFORE = ("/overview", "/import", "/connections", "/profile", "/preferences", "/privacy")
AFTER = ("/overview", "/genres?range=all", "/history", "/notebook", "/notebook?template=weekends", "/import")


@pytest.fixture(params=("dark", "light"))
def themed(chromium: Browser, live: Site, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody whose browser asks for one of the themes, and for no motion: what fades in is pale for a moment."""
    person = Person(chromium, live, color_scheme=request.param, reduced_motion="reduce")
    yield person
    person.leave()


def test_no_form_and_no_refusal_has_a_serious_violation(themed: Person) -> None:
    for path in FORMS:
        themed.page.goto(f"{themed.site.address}{path}")
        assert serious(themed.page) == [], path
    themed.page.goto(f"{themed.site.address}/auth/sign-in")
    themed.page.get_by_label("E-mail address").fill("nobody@example.org")
    themed.page.get_by_label("Password").fill("not a password")
    themed.page.get_by_role("button", name="Sign in").click()
    expect(themed.page.get_by_role("alert")).to_be_visible()
    assert serious(themed.page) == []
    themed.go("/overview")
    assert serious(themed.page) == []


def test_what_opens_on_a_notebook_has_no_serious_violation(themed: Person) -> None:
    themed.look_around()
    themed.go("/notebook?template=hours")
    for name in ("Columns of plays", "Change the chart", "Edit as JSON", "Rename"):
        themed.page.get_by_role("button", name=name).click()
        expect(themed.page.get_by_test_id("stPopoverBody")).to_be_visible()
        assert serious(themed.page) == [], name
        themed.page.keyboard.press("Escape")
        expect(themed.page.get_by_test_id("stPopoverBody")).to_have_count(0)


def test_no_page_of_a_person_has_a_serious_violation_before_and_after_their_first_play(
    themed: Person, tmp_path: Path
) -> None:
    themed.sign_in_anew("/import")
    for path in BEFORE:
        themed.go(path)
        assert serious(themed.page) == [], path
    themed.page.goto(f"{themed.site.address}/auth/delete")
    assert serious(themed.page) == []
    themed.go("/import")
    one = exports.write_export(tmp_path / "one.zip", [exports.extended_row()])
    themed.page.locator(".upload input[type=file]").set_input_files(one)
    expect(themed.page.locator("[class*=st-key-import_]")).to_contain_text("1 new", timeout=60_000)
    themed.page.get_by_role("button", name="Remove this import").click()
    expect(themed.page.get_by_role("dialog").get_by_role("button", name="Keep it")).to_be_visible()
    assert serious(themed.page) == []
    for path in AFTER:
        themed.go(path)
        assert serious(themed.page) == [], path
