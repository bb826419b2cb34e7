"""The page of a track, an album, an artist or a genre, over a real database: what it counts, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import importing
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import artists, tracks
from tests.exports import to_json
from tests.pages.plays import Open, play, podcast


def artist_id(deps: Deps, name: str) -> str:
    with deps.engine.connect() as conn:
        return str(conn.scalar(select(artists.c.id).where(artists.c.name == name)))


def track_id(deps: Deps, title: str) -> str:
    with deps.engine.connect() as conn:
        return str(conn.scalar(select(tracks.c.id).where(tracks.c.title == title)))


def table(app: AppTest, first: str) -> list[list[dict[str, object]]]:
    """Return the tables on the page whose first column is called so."""
    frames = [each.value for each in app.dataframe]
    return [frame.to_dict("records") for frame in frames if frame.columns[0] == first]


@pytest.fixture
def evening(deps: Deps, given) -> None:
    """Two artists: Tide by Xenia six times, each followed by Ebb by Yves, and one more of hers."""
    start = deps.now() - timedelta(days=3)
    rows = []
    for number in range(6):
        rows.append(play(start + timedelta(minutes=10 * number)))
        rows.append(play(start + timedelta(minutes=10 * number + 4), "Ebb", "Yves"))
    rows.append(play(start + timedelta(hours=9), "Surf"))
    given(rows)


def test_an_artist_has_a_page_with_their_own_figures(open_page: Open, evening: None, deps: Deps) -> None:
    app = open_page("item", of="artist", id=artist_id(deps, "Xenia"))

    assert app.title[0].value == "Xenia"
    assert not app.error
    app.button_group(key="pick_part").set_value("music").run()
    assert app.query_params["part"] == "music"
    assert {"Right before it", "Right after it"} <= {each.value for each in app.subheader}
    app.button_group(key="pick_part").set_value("plays").run()
    assert any(caption.value.startswith("7 plays, all time") for caption in app.caption)


def test_what_comes_right_after_is_told(open_page: Open, evening: None, deps: Deps) -> None:
    app = open_page("item", of="track", id=track_id(deps, "Tide"), part="music")
    for side in ("before", "after"):
        app.session_state[f"table_of_item_{side}"] = True
    app.run()

    assert table(app, "Name") == [[{"Name": "Ebb", "Times": 5}], [{"Name": "Ebb", "Times": 6}]]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"of": "artist"},
        {"of": "artist", "id": "999999999"},
        {"of": "artist", "id": "1 or 1=1"},
        {"of": "artist", "id": "²"},
        {"of": "artist", "id": "9" * 40},
        {"of": "listener", "id": "1"},
        {"of": "genre", "id": "<b>rock</b>"},
    ],
)
def test_an_address_that_leads_to_nothing_says_so(open_page: Open, evening: None, query: dict[str, str]) -> None:
    app = open_page("item", **query)

    assert [each.value for each in app.title] == ["Nothing of yours is here"]
    assert not app.error


def test_what_is_somebody_elses_is_no_more_there_than_what_nobody_has(
    open_page: Open, evening: None, deps: Deps, tmp_path: Path
) -> None:
    with deps.engine.begin() as conn:
        other = people.add_person(conn, NewPerson("zoe@example.org", Role.REGULAR, "UTC", "Zoe"))
    assert other is not None
    path = tmp_path / "Streaming_History_Audio_2026_1.json"
    path.write_bytes(to_json([play(deps.now() - timedelta(days=1), "Secret", "Zoe")]))
    importing.import_files(deps, other, [path])

    app = open_page("item", of="artist", id=artist_id(deps, "Zoe"))

    assert [each.value for each in app.title] == ["Nothing of yours is here"]


def test_a_name_is_no_markup(open_page: Open, given, deps: Deps) -> None:
    name = "<img src=x onerror=alert(1)> **X** :red[y]"
    given([play(deps.now() - timedelta(minutes=5 * number), name, name) for number in range(12)])

    app = open_page("item", of="artist", id=artist_id(deps, name))

    assert not app.error
    assert "\\*\\*X\\*\\*" in app.title[0].value


def test_a_podcast_has_a_page_though_the_bar_shows_music(open_page: Open, given, deps: Deps) -> None:
    given([podcast(deps.now() - timedelta(hours=2)), play(deps.now() - timedelta(hours=4))])

    app = open_page("item", of="track", id=track_id(deps, "An hour of tides"))

    assert app.title[0].value == "An hour of tides"
    assert not app.info


def test_a_time_without_a_play_of_it_says_when_the_last_one_was(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(days=400)), play(deps.now() - timedelta(days=1), "Ebb", "Yves")])

    app = open_page("item", of="artist", id=artist_id(deps, "Xenia"), range="4w")

    said = "Nothing of Xenia was played in the last 4 weeks with these filters. You played it last on"
    assert app.info[0].value.startswith(said)


def test_a_genre_has_a_page(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(minutes=5 * number), f"Song {number}", "Radiohead") for number in range(12)])
    app = open_page("item", of="genre", id="alternative-rock")

    assert not app.error
    assert app.title[0].value.startswith("Alternative rock")
