"""Being told: at once, in one tab, and in a list that remembers."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests import exports
from tests.browser.people import Person


def test_an_import_that_ends_is_told_once_in_one_of_two_tabs_and_stays_in_the_list(
    newcomer: Person, tmp_path: Path
) -> None:
    newcomer.sign_in_anew("/import")
    other = newcomer.context.new_page()
    other.goto(f"{newcomer.site.address}/profile")
    newcomer.settle(other)
    one = exports.write_export(tmp_path / "one.zip", [exports.extended_row()])
    newcomer.page.locator(".upload input[type=file]").set_input_files(one)
    for page in (newcomer.page, other):
        expect(page.get_by_role("link", name="1 unread")).to_be_visible(timeout=60_000)
    toasts = [page.get_by_test_id("stToast").count() for page in (newcomer.page, other)]
    assert sorted(toasts) == [0, 1]
    other.get_by_role("link", name="1 unread").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("1 new message")
    expect(other.get_by_test_id("stMain").get_by_text("Your import is done: 1 new row")).to_be_visible()
    expect(newcomer.page.get_by_role("link", name="1 unread")).to_have_count(0)  # read here is read there
    other.get_by_role("button", name="Open").click()
    other.wait_for_url("**/import")
