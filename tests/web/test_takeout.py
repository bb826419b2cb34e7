"""A person's history, downloaded: all of it, nobody else's, and no formula in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from rewrapped.deps import Deps
from rewrapped.services import importing, takeout
from rewrapped.storage.tables import audit_log, users
from tests.exports import to_json
from tests.web.conftest import Browser, NewBrowser

PATH = "/api/v1/me/history.csv"
Import = Callable[[int, list[dict[str, object]]], None]


@pytest.fixture
def imports(deps: Deps, tmp_path: Path) -> Import:
    def store(user_id: int, rows: list[dict[str, object]]) -> None:
        path = tmp_path / "Streaming_History_Audio_2026_0.json"
        path.write_bytes(to_json(rows))
        importing.import_files(deps, user_id, [path], include_incognito=True)

    return store


def row(ts: str, title: str | None = "Tide", artist: str | None = "Xenia", **more: object) -> dict[str, object]:
    return {
        "ts": ts,
        "ms_played": 200_000,
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": 'Shore, "live"',
        "spotify_track_uri": f"spotify:track:{title}",
        **more,
    }


def downloaded(browser: Browser) -> list[dict[str, str]]:
    answer = browser.get(PATH)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    lines = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert tuple(lines.fieldnames or ()) == takeout.COLUMNS
    return list(lines)


def test_a_download_holds_everything_that_is_stored_of_each_row(browser: Browser, imports: Import) -> None:
    browser.register()  # in Europe/Berlin
    told = {"platform": "ios", "conn_country": "DE", "reason_start": "clickrow", "reason_end": "trackdone"}
    moved = {"offline": True, "offline_timestamp": 1_711_843_000}
    episode = {"episode_name": "Talk", "episode_show_name": "Shore talk", "spotify_episode_uri": "spotify:episode:x"}
    imports(
        1,
        [
            row("2024-03-31T01:30:00Z", **told, shuffle=True, skipped=False, incognito_mode=True),
            row("2024-03-31T00:30:00Z", "Ebb", ms_played=3),
            row("2024-04-02T08:00:00Z", "Flow", **moved),
            {**row("2024-04-03T08:00:00Z", None, None), "spotify_track_uri": None, **episode},
        ],
    )

    early, late, offline, talk = downloaded(browser)

    assert (early["title"], early["ms_played"], early["ended_at_local"]) == ("Ebb", "3", "2024-03-31T01:30:00+01:00")
    assert late == {
        "ended_at_utc": "2024-03-31T01:30:00Z",
        "ended_at_local": "2024-03-31T03:30:00+02:00",
        "reported_at_utc": "2024-03-31T01:30:00Z",
        "ms_played": "200000",
        "kind": "track",
        "title": "Tide",
        "artist": "Xenia",
        "album": 'Shore, "live"',
        "uri": "spotify:track:Tide",
        "source": "extended",
        "platform": "ios",
        "country": "DE",
        "reason_start": "clickrow",
        "reason_end": "trackdone",
        "shuffle": "yes",
        "skipped": "no",
        "offline": "",
        "incognito": "yes",
        "import": "1",
    }
    assert (offline["reported_at_utc"], offline["ended_at_utc"]) == ("2024-04-02T08:00:00Z", "2024-03-31T00:00:00Z")
    assert offline["offline"] == "yes"
    assert (talk["kind"], talk["title"], talk["artist"]) == ("episode", "Talk", "Shore talk")


def test_a_long_history_comes_in_parts_and_whole(
    browser: Browser, imports: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takeout, "_AT_A_TIME", 7)
    browser.register()
    assert downloaded(browser) == []
    imports(1, [row(f"2024-05-01T{number // 60:02}:{number % 60:02}:00Z", f"Song {number}") for number in range(100)])

    assert [line["title"] for line in downloaded(browser)] == [f"Song {number}" for number in range(100)]


def test_names_from_a_file_become_no_formulas(browser: Browser, imports: Import) -> None:
    browser.register()
    imports(1, [row("2024-05-01T10:00:00Z", "=HYPERLINK(1)", "@sum", platform="+1", reason_end="-1")])

    [line] = downloaded(browser)

    assert (line["title"], line["artist"], line["platform"], line["reason_end"]) == (
        "'=HYPERLINK(1)",
        "'@sum",
        "'+1",
        "'-1",
    )


def test_nobody_gets_anybody_elses_history(new_browser: NewBrowser, deps: Deps, imports: Import) -> None:
    jane, joe, stranger = new_browser(), new_browser(), new_browser()
    jane.register()
    joe.register("joe@example.org")
    imports(1, [row("2024-05-01T10:00:00Z", "Jane's song", "One")])
    imports(2, [row("2024-05-01T10:00:00Z", "Joe's song", "Other"), row("2024-05-01T10:00:00Z", "Tide", "Other")])

    assert [line["title"] for line in downloaded(jane)] == ["Jane's song"]
    assert {line["title"] for line in downloaded(joe)} == {"Joe's song", "Tide"}
    refused = stranger.get(PATH)
    assert (refused.status_code, "detail" in refused.json()) == (401, True)
    with deps.engine.connect() as conn:
        noted = select(audit_log.c.user_id).where(audit_log.c.action == "downloaded the history")
        assert sorted(conn.scalars(noted)) == [1, 2]


def test_somebody_who_looks_around_in_sample_data_downloads_nothing(
    browser: Browser, deps: Deps, imports: Import
) -> None:
    browser.register("sample@example.org")
    imports(1, [row("2024-05-01T10:00:00Z")])
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(is_demo=True, email=None))
    browser.client.cookies.clear()
    assert browser.post("/auth/demo").status_code == 303

    refused = browser.get(PATH)

    assert refused.status_code == 403
    assert "sample data" in refused.json()["detail"]


def test_downloads_of_one_person_are_held_to_a_limit(browser: Browser) -> None:
    browser.register()

    codes = [browser.get(PATH).status_code for _ in range(takeout._FREE_AN_HOUR + 1)]

    assert codes == [200] * takeout._FREE_AN_HOUR + [429]


def test_a_play_that_two_sources_told_is_in_the_download_once(browser: Browser, deps: Deps, tmp_path: Path) -> None:
    browser.register()
    account = {"endTime": "2026-03-01 10:03", "artistName": "Xenia", "trackName": "Tide", "msPlayed": 200_000}
    for name, told in (
        ("StreamingHistory_music_0.json", account),
        ("Streaming_History_Audio_2026_0.json", row("2026-03-01T10:03:30Z")),
    ):
        (tmp_path / name).write_bytes(to_json([told]))
        importing.import_files(deps, 1, [tmp_path / name])
    assert [line["reported_at_utc"] for line in downloaded(browser)] == ["2026-03-01T10:03:30Z"]
