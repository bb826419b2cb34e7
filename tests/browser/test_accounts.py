"""Accounts in a real browser: registering, deep links, two tabs, the demo, leaving; and nothing leaves the machine."""

from __future__ import annotations

import urllib.error
import urllib.request

from playwright.sync_api import Browser, expect

from tests.browser.people import Person
from tests.browser.site import PASSWORD, Site


def test_a_deep_link_survives_registering_and_the_zone_is_the_browsers(chromium: Browser, live: Site) -> None:
    person = Person(chromium, live, timezone_id="Asia/Kolkata")
    person.go("/tops?range=3m")
    person.page.get_by_role("link", name="Create an account").click()
    expect(person.page.get_by_label("Your time zone")).to_have_value("Asia/Calcutta")  # as this browser calls it
    person.page.get_by_label("E-mail address").fill("deep@example.org")
    person.page.get_by_label("Password").fill(PASSWORD)
    for consent in person.page.get_by_role("checkbox").all():
        consent.check()
    person.page.get_by_role("button", name="Create my account").click()
    person.page.wait_for_url("**/tops?range=3m*")
    person.settle()
    person.go("/profile")
    expect(person.page.get_by_test_id("stSidebar").get_by_text("Signed in as deep@example.org")).to_be_visible()
    expect(person.page.get_by_role("link", name="deep@example.org")).to_have_count(0)
    person.leave()


def test_signing_out_in_one_tab_signs_out_the_other(newcomer: Person) -> None:
    newcomer.sign_in_anew("/profile")
    other = newcomer.context.new_page()
    newcomer.go("/profile", other)
    newcomer.page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out", exact=True).click()
    newcomer.page.wait_for_url(f"{newcomer.site.address}/")
    other.get_by_role("button", name="Save").click()  # the tab was opened while signed in, and isn't reloaded
    expect(other.get_by_text("Please sign in to open this page.")).to_be_visible()
    expect(other.get_by_text("Signed in as")).to_have_count(0)


def test_signing_out_everywhere_reaches_another_browser(newcomer: Person, chromium: Browser) -> None:
    email = newcomer.sign_in_anew("/profile")
    elsewhere = Person(chromium, newcomer.site)
    elsewhere.page.goto(f"{newcomer.site.address}/auth/sign-in?next=/profile")
    elsewhere.page.get_by_label("E-mail address").fill(email)
    elsewhere.page.get_by_label("Password").fill(PASSWORD)
    elsewhere.page.get_by_role("button", name="Sign in").click()
    elsewhere.settle()
    newcomer.page.get_by_role("button", name="Sign out everywhere").click()
    newcomer.page.wait_for_url(f"{newcomer.site.address}/")
    elsewhere.page.get_by_role("button", name="Save").click()
    expect(elsewhere.page.get_by_role("heading", name="Sign in first")).to_be_visible()
    elsewhere.leave()


def test_deleting_shows_what_goes_and_the_account_is_gone_in_every_tab(newcomer: Person) -> None:
    email = newcomer.sign_in_anew("/profile")
    other = newcomer.context.new_page()
    newcomer.go("/profile", other)
    page = newcomer.page
    page.get_by_role("link", name="Delete my account…").click()
    expect(page.get_by_text("rows of listening history")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete everything of mine").click()
    expect(page.get_by_role("heading", name="Your account is gone")).to_be_visible()
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("heading", name="Sign in first")).to_be_visible()
    page.goto(f"{newcomer.site.address}/auth/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("don't fit together")


def test_the_password_is_changed_and_the_new_one_works(newcomer: Person) -> None:
    email = newcomer.sign_in_anew("/profile")
    page = newcomer.page
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_role("textbox", name="Your new password").fill("six brass kettles")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("You weren't signed in anywhere else.")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{newcomer.site.address}/")
    page.goto(f"{newcomer.site.address}/auth/sign-in?next=/profile")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("six brass kettles")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/profile")


def test_the_sample_data_opens_without_an_account_and_is_left_again(newcomer: Person) -> None:
    newcomer.look_around()
    expect(newcomer.page.get_by_text("You are looking at sample data.")).to_be_visible()
    newcomer.page.get_by_role("button", name="Leave the sample data").click()
    newcomer.page.wait_for_url(f"{newcomer.site.address}/")
    newcomer.settle()
    newcomer.go("/profile")
    expect(newcomer.page.get_by_role("heading", name="Sign in first")).to_be_visible()


def test_no_page_asks_anybody_else_for_anything_or_breaks_its_policy(newcomer: Person) -> None:
    newcomer.page.goto(f"{newcomer.site.address}/auth/register")
    newcomer.page.goto(f"{newcomer.site.address}/auth/sign-in")
    newcomer.look_around()
    for path in ("/overview", "/tops", "/history", "/terms", "/privacy", "/import"):
        newcomer.go(path)
    assert len(newcomer.requests) > 50
    assert newcomer.strangers() == []
    assert [text for text in newcomer.complaints if "Content Security Policy" in text or "Refused" in text] == []


def test_what_streamlit_would_show_anybody_is_shut(live: Site) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/nope"):
        try:
            with urllib.request.urlopen(f"{live.address}{path}", timeout=10) as reply:
                status = reply.status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status == 404, path
