"""From a ZIP on a person's disk to figures that are right to the play, and back to nothing."""

from __future__ import annotations

import base64
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from rewrapped.storage import database
from tests import exports
from tests.browser.counting import Count, count
from tests.browser.people import Person
from tests.browser.site import Site

ROWS = 40_000
_DROP = """async ([base64, name]) => {
    const bytes = await (await fetch(`data:application/octet-stream;base64,${base64}`)).arrayBuffer();
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name));
    return transfer;
}"""


def drop(page: Page, file: Path) -> None:
    """Let go of a file over the drop zone."""
    held = page.evaluate_handle(_DROP, [base64.b64encode(file.read_bytes()).decode(), file.name])
    page.locator(".upload .zone").dispatch_event("drop", {"dataTransfer": held})


def choose(page: Page, *files: Path) -> None:
    """Pick files in the browser's own dialog."""
    page.locator(".upload input[type=file]").set_input_files(files)


def latest(page: Page) -> str:
    """Return what stands in the newest of the imports that ended."""
    return page.locator("[class*=st-key-import_]").first.inner_text()


def wait_for_outcome(page: Page, sentence: str | re.Pattern[str]) -> None:
    """Wait until the newest import says this."""
    expect(page.locator("[class*=st-key-import_]").first).to_contain_text(sentence)


@pytest.fixture
def export(tmp_path: Path) -> tuple[Path, Count]:
    """Return years of listening as the ZIP that Spotify sends, with what is in it."""
    rows = exports.listening(ROWS, seed=20)
    return exports.write_export(tmp_path / "my_spotify_data.zip", rows), count(rows, "Europe/Berlin")


def assert_overview_holds(person: Person, held: Count) -> None:
    """Compare the figures and the week of the overview with an independent count."""
    person.go("/overview?range=all")
    assert person.number("Plays") == held.plays
    assert person.tile("Listened") == f"{held.ms / 3_600_000:,.{0 if held.ms >= 36_000_000 else 1}f} h"
    assert person.number("Artists") == len(held.artists)
    person.page.locator(".st-key-foot_week").get_by_role("button", name="View as table").click()
    week = person.table(person.page.get_by_test_id("stPopoverBody").get_by_test_id("stDataFrame"))
    assert {(hour["Day"], hour["From"]): int(hour["Plays"]) for hour in week} == {
        (hour["Day"], hour["From"]): held.week[hour["Day"], hour["From"]] for hour in week
    }
    assert len(week) == 168


def assert_tops_hold(person: Person, held: Count) -> None:
    """Compare the 50 tracks of the table, and the ten of the list, with an independent count."""
    person.go("/tops?range=all")
    table = person.table(person.page.locator(".st-key-card_fifty").get_by_test_id("stDataFrame"))
    shown = [((row["name"], row["artist"]), int(float(row["bar"]))) for row in table]
    assert [plays for _, plays in shown] == sorted(held.tracks.values(), reverse=True)[:50]
    assert {track: held.tracks[track] for track, _ in shown} == dict(shown)
    leaders = person.page.locator(".top_list .name")
    expect(leaders).to_have_count(10)  # the list is drawn by a component of its own, after the page has run
    listed = leaders.evaluate_all("names => names.map(name => name.firstChild.data)")
    assert listed == [name for (name, _), _ in shown[:10]]


def test_a_dropped_export_becomes_exact_totals_tops_and_hours(newcomer: Person, export: tuple[Path, Count]) -> None:
    file, held = export
    newcomer.register("import@example.org")
    drop(newcomer.page, file)
    expect(newcomer.page.get_by_text("You can close this page")).to_be_visible()
    wait_for_outcome(
        newcomer.page,
        f"{ROWS:,} rows: {ROWS - held.incognito:,} new, 0 known already, "
        f"{held.incognito:,} left out ({held.incognito:,} played in a private session).",
    )
    assert "my_spotify_data.zip" in latest(newcomer.page)
    assert_overview_holds(newcomer, held)
    assert_tops_hold(newcomer, held)


def test_the_same_file_again_changes_nothing_and_removing_takes_everything(newcomer: Person, tmp_path: Path) -> None:
    rows = [exports.extended_row(ts=f"2024-03-{day:02d}T18:00:00Z") for day in range(1, 31)]
    file = exports.write_export(tmp_path / "march.zip", rows)
    newcomer.sign_in_anew("/import")
    choose(newcomer.page, file)
    wait_for_outcome(newcomer.page, "30 rows: 30 new, 0 known already, none left out.")
    choose(newcomer.page, file)
    wait_for_outcome(newcomer.page, "30 rows: 0 new, 30 known already, none left out.")
    assert_overview_holds(newcomer, count(rows, "Europe/Berlin"))
    remove_every_import(newcomer)
    newcomer.go("/overview")
    expect(newcomer.page.get_by_role("heading", name="Your years fit in here")).to_be_visible()


def remove_every_import(person: Person) -> None:
    """Take imports away, the one that brought the rows last."""
    person.go("/import")
    for number, said in enumerate(("stays as it is", "30 rows smaller"), start=1):
        person.page.get_by_role("button", name="Remove this import").first.click()
        dialog = person.page.get_by_role("dialog")
        expect(dialog).to_contain_text(said)
        dialog.get_by_role("button", name="Remove this import").click()
        expect(dialog).to_have_count(0)
        # the dialog closes before the page is drawn anew: until then the button of what was removed is still the first
        expect(person.page.get_by_text("Removed again")).to_have_count(number)


@contextmanager
def held_up(site: Site) -> Iterator[None]:
    """Keep every import from storing its plays, as a long-running repair of the table would."""
    engine = database.make_engine(site.urls()["DATABASE_URL"])
    with engine.begin() as conn:
        conn.execute(text("LOCK TABLE listening_history IN SHARE MODE"))
        yield
    engine.dispose()


@contextmanager
def asleep(site: Site) -> Iterator[None]:
    """Stop all workers where they are, then let them go on."""
    workers = site.workers()
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def test_an_import_cancelled_at_its_work_leaves_nothing(newcomer: Person, live: Site, tmp_path: Path) -> None:
    file = exports.write_export(tmp_path / "march.zip", exports.listening(2_000))
    newcomer.sign_in_anew("/import")
    page = newcomer.page
    with held_up(live):
        choose(page, file)
        expect(page.get_by_text(re.compile("2,000 rows read"))).to_be_visible()
        page.get_by_role("button", name="Cancel the import").click()
        expect(page.get_by_text("Stopping. Nothing of this import is kept.")).to_be_visible()
    wait_for_outcome(page, "Cancelled")
    assert_nothing_is_left(newcomer, live)


def test_an_import_cancelled_while_it_waits_leaves_nothing(newcomer: Person, live: Site, tmp_path: Path) -> None:
    file = exports.write_export(tmp_path / "march.zip", exports.listening(100))
    newcomer.sign_in_anew("/import")
    page = newcomer.page
    with asleep(live):
        choose(page, file)
        expect(page.get_by_text("Waiting for its turn.")).to_be_visible()
        page.get_by_role("button", name="Cancel the import").click()
        wait_for_outcome(page, "Cancelled")
    assert_nothing_is_left(newcomer, live)


def assert_nothing_is_left(person: Person, site: Site) -> None:
    """Find no play of this person, and no file of an upload."""
    person.go("/overview")
    expect(person.page.get_by_role("heading", name="Your years fit in here")).to_be_visible()
    assert not [path for path in (site.home / "uploads").rglob("*") if path.is_file()]


def test_a_file_that_is_no_export_gets_a_sentence(newcomer: Person, tmp_path: Path) -> None:
    wrong = {"holiday.png": b"\x89PNG\r\n\x1a\n" + bytes(2_000), "diary.zip": b"Dear diary", "empty.json": b""}
    newcomer.sign_in_anew("/import")
    for name, content in wrong.items():
        (tmp_path / name).write_bytes(content)
        choose(newcomer.page, tmp_path / name)
        expect(newcomer.page.locator("[class*=st-key-import_]").first).to_contain_text(name, timeout=30_000)
        said = latest(newcomer.page)
        assert said.startswith("Failed"), said
        assert said.removesuffix("Take off the list").strip().endswith("."), said


def test_more_than_the_limit_is_refused_before_it_is_sent(newcomer: Person, tmp_path: Path) -> None:
    newcomer.sign_in_anew("/import")
    file = tmp_path / "huge.zip"
    with file.open("wb") as sparse:
        sparse.truncate(1024**3 + 1)
    before = len(newcomer.requests)
    choose(newcomer.page, file)
    expect(newcomer.page.get_by_role("alert").filter(has_text="at most 1 GB can be uploaded at once.")).to_be_visible()
    assert not [url for url in newcomer.requests[before:] if "/api/" in url]


def test_scrobbles_of_lastfm_become_totals_and_a_scrobbler_goes_on_from_there(newcomer: Person, tmp_path: Path) -> None:
    table = tmp_path / "recenttracks-xenia.csv"
    lines = [f'"{1_577_968_440 + 300 * n}","","Xenia","","Shore","","Tide {n % 7}",""' for n in range(50)]
    table.write_text(
        "\n".join(["uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid", *lines, "one,two", ""])
    )
    newcomer.sign_in_anew("/import")
    choose(newcomer.page, table)
    wait_for_outcome(newcomer.page, "51 rows: 50 new, 0 known already, 1 left out (1 not a play at all).")
    newcomer.go("/profile")
    newcomer.page.get_by_role("button", name="Make a token for my scrobbler").click()
    secret = newcomer.page.locator(".st-key-card_scrobbler code").filter(has_text="rewrapped_").inner_text().strip()
    listen = {"listened_at": 1_577_968_440, "track_metadata": {"artist_name": "Mallory", "track_name": "<b>Ebb</b>"}}
    answer = newcomer.page.request.post(
        f"{newcomer.site.address}/1/submit-listens",
        data={"listen_type": "single", "payload": [listen]},
        headers={"authorization": f"Token {secret}"},
    )
    assert answer.ok, answer.text()
    newcomer.go("/overview?range=all")
    assert (newcomer.number("Plays"), newcomer.number("Artists")) == (51, 2)
