"""A notebook in a browser: from a template to a file that runs elsewhere, by somebody with an account of their own."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests import exports
from tests.browser.people import Person
from tests.browser.site import Site

ROWS = 60
SQL = "SELECT count(*) AS n FROM plays"


def cell(person: Person, name: str) -> Locator:
    """Return the card of the SQL cell whose result is called so."""
    named = person.page.get_by_label("Result's name").and_(person.page.locator(f"[value={name}]"))
    return person.page.locator("[class*=st-key-card_cell_]").filter(has=named)


def import_some(person: Person, folder: Path) -> None:
    person.go("/import")
    rows = [exports.extended_row(ts=f"2024-05-01T10:{n:02d}:00Z") for n in range(ROWS)]
    person.page.locator(".upload input[type=file]").set_input_files(exports.write_export(folder / "some.zip", rows))
    expect(person.page.locator("[class*=st-key-import_]")).to_contain_text(f"{ROWS} new", timeout=60_000)


def run_sql(person: Person, name: str, sql: str) -> None:
    """Type a query into a cell and run it from the keyboard."""
    editor = cell(person, name).get_by_label("SQL")
    editor.fill(sql)
    editor.press("Control+Enter")


def test_a_notebook_from_template_to_download(newcomer: Person, tmp_path: Path) -> None:
    newcomer.sign_in_anew("/overview")
    import_some(newcomer, tmp_path)
    newcomer.follow_menu("Notebook")
    newcomer.page.get_by_role("button", name="Open Hours by month").click()
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text("Hours by month")
    expect(cell(newcomer, "monthly")).to_contain_text("1 row")
    run_sql(newcomer, "yearly", SQL.replace("plays", "plas"))
    expect(cell(newcomer, "yearly").get_by_role("alert")).to_contain_text("Line 1: Table with name plas does not exist")
    run_sql(newcomer, "yearly", SQL)
    expect(cell(newcomer, "yearly").get_by_role("alert")).to_have_count(0)
    newcomer.settle()
    [row] = newcomer.table(cell(newcomer, "yearly").get_by_test_id("stDataFrame"))
    assert row == {"n": str(ROWS)}
    newcomer.page.get_by_role("button", name="Save", exact=True).click()
    expect(newcomer.page.get_by_role("button", name="Saved", exact=True)).to_be_disabled()
    newcomer.page.wait_for_url("**notebook=*")
    newcomer.page.reload()
    newcomer.settle()
    expect(cell(newcomer, "yearly").get_by_label("SQL")).to_have_value(SQL)
    with newcomer.page.expect_download() as download:
        newcomer.page.get_by_role("button", name="Download notebook and data").click()
    with zipfile.ZipFile(download.value.path()) as packed:
        packed.extractall(tmp_path)
        assert sorted(packed.namelist()) == ["hours-by-month.ipynb", "plays.parquet"]
    assert pq.read_metadata(tmp_path / "plays.parquet").num_rows == ROWS
    assert SQL in json.dumps(json.loads((tmp_path / "hours-by-month.ipynb").read_text("utf-8")))
    newcomer.page.get_by_role("button", name="All notebooks").click()
    expect(
        newcomer.page.locator("[class*=st-key-card_own]").get_by_role("button", name="Hours by month")
    ).to_be_visible()
    assert newcomer.broken() == []
    assert newcomer.complaints == []
    assert newcomer.strangers() == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_template_fits_a_telephone_and_keeps_nothing_of_the_sample(chromium: Browser, live: Site, theme: str) -> None:
    person = Person(chromium, live, viewport={"width": 390, "height": 900}, color_scheme=theme)
    person.look_around()
    person.go("/notebook?template=weekends")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Weekday and weekend taste")
    expect(person.page.locator("[data-testid=stVegaLiteChart]")).to_have_count(2)
    expect(person.page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert person.broken() == []
    person.leave()
    assert person.complaints == []


def test_a_page_left_open_gives_nothing_away_once_its_person_signed_out(newcomer: Person, tmp_path: Path) -> None:
    newcomer.sign_in_anew("/overview")
    import_some(newcomer, tmp_path)
    newcomer.go("/notebook?template=hours")
    run_sql(newcomer, "yearly", "SELECT 'row ' || ended_at AS n FROM plays")
    newcomer.settle()
    expect(cell(newcomer, "yearly")).to_contain_text("60 rows")
    other = newcomer.context.new_page()
    newcomer.go("/profile", other)
    other.get_by_test_id("stSidebar").get_by_role("button", name="Sign out", exact=True).click()
    other.wait_for_url(f"{newcomer.site.address}/*")
    newcomer.page.get_by_role("button", name="Download notebook and data").click()
    expect(newcomer.page.get_by_text("Failed to generate file for download")).to_be_visible()
    cell(newcomer, "yearly").get_by_role("button", name="Next page").click()
    expect(cell(newcomer, "yearly")).to_contain_text("Please sign in")
    expect(cell(newcomer, "yearly").get_by_test_id("stDataFrame")).to_have_count(0)
    assert newcomer.broken() == []
