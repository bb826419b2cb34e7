"""`import`, `totals`, `top`, `card` and a notebook's `open_history`: figures against those of a table by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from tests.cli.conftest import Done, Python, called_wrongly, refused, told
from tests.exports import extended_row, to_json

ANN = "ann@example.org"
TOTALS = [
    *("plays", "minutes", "estimated_minutes", "tracks", "artists", "albums", "days", "longest_streak_days"),
    *("first_play_at", "last_play_at"),
]
#: When it ended (UTC), what, by whom, how long (ms), why it ended.
HEARD = (
    ("2024-01-01T10:00:00Z", "Tide", "Xenia", 200_001, "trackdone"),
    ("2024-01-01T11:00:00Z", "Tide", "Xenia", 29_999, "trackdone"),
    ("2024-01-02T10:00:00Z", "Ebb", "Nadir", 90_000, "fwdbtn"),
    ("2024-01-03T23:30:00Z", "Tide", "Xenia", 40_000, "fwdbtn"),
    ("2024-01-05T10:00:00Z", "Flow", "Nadir", 600_000, "fwdbtn"),
)


@pytest.fixture
def ann(deps: Deps) -> int:
    with deps.engine.begin() as conn:
        found = people.add_person(conn, NewPerson(ANN, Role.REGULAR, "Europe/Berlin"))
    assert found is not None
    return found


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two files of an export: the table with one row twice, and one more row with one that is none."""
    rows = [
        extended_row(
            ts=ts,
            ms_played=ms,
            reason_end=reason,
            master_metadata_track_name=title,
            master_metadata_album_artist_name=artist,
            master_metadata_album_album_name=None,
            spotify_track_uri=f"spotify:track:{title}",
        )
        for ts, title, artist, ms, reason in HEARD
    ]
    paths = [tmp_path / f"Streaming_History_Audio_2024_{number}.json" for number in (0, 1)]
    paths[0].write_bytes(to_json([*rows[:3], rows[0]]))
    paths[1].write_bytes(to_json([*rows[3:], extended_row(ts="soon")]))
    return [str(path) for path in paths]


@pytest.mark.usefixtures("ann")
def test_an_import_prints_its_ledger_and_adds_nothing_the_second_time(command: Python, files: list[str]) -> None:
    once = json.loads(told(command("import", *files, "--user", ANN, "--json")))

    def figures(ledger: dict[str, object]) -> tuple[object, ...]:
        return tuple(ledger[name] for name in ("rows", "kept", "merged", "dropped"))

    assert [Path(file).name for file in files] == [file["name"] for file in once["files"]]
    assert [figures(file) for file in once["files"]] == [(4, 3, 1, {}), (3, 2, 0, {"bad_time": 1})]
    assert figures(once["sum"]) == (7, 5, 1, {"bad_time": 1})
    again = told(command("import", *files, "--user", ANN))
    assert again == "7 rows: 0 kept, 6 merged with rows known already, 1 dropped (bad_time 1).\n"


@pytest.mark.usefixtures("ann")
def test_an_import_that_cannot_be_is_refused_in_a_sentence(command: Python, files: list[str], tmp_path: Path) -> None:
    (tmp_path / "letter.json").write_text('{"dear": "Ann"}')

    assert "Nobody has the address" in refused(command("import", *files, "--user", "joe@example.org"))
    assert "No such file" in refused(command("import", str(tmp_path / "none.zip"), "--user", ANN))
    refused(command("import", str(tmp_path / "letter.json"), "--user", ANN))
    assert "FILE" in called_wrongly(command("import", "--user", ANN))


@pytest.mark.usefixtures("ann")
def test_totals_are_ten_unrounded_figures_of_the_range_the_rule_and_the_zone(command: Python, files: list[str]) -> None:
    told(command("import", *files, "--user", ANN))

    def totals(*words: str) -> dict[str, object]:
        found = json.loads(told(command("totals", "--user", ANN, "--json", *words)))
        assert list(found) == TOTALS
        return found

    assert totals() == {
        "plays": 4,
        "tracks": 3,
        "artists": 2,
        "albums": 0,
        "days": 4,
        "longest_streak_days": 2,
        "minutes": 960_000 / 60_000,
        "estimated_minutes": 0.0,
        "first_play_at": "2024-01-01T10:00:00Z",
        "last_play_at": "2024-01-05T10:00:00Z",
    }
    # In Berlin the row of 23:30 UTC is of the 4th; --to leaves its own day out.
    part = totals("--from", "2024-01-02", "--to", "2024-01-04", "--rule", "finished")
    assert (part["plays"], part["minutes"], part["first_play_at"]) == (0, 1.5, None)
    part = totals("--from", "2024-01-01", "--to", "2024-01-04", "--rule", "any", "--zone", "UTC")
    assert (part["plays"], part["minutes"], part["days"]) == (4, 360_000 / 60_000, 3)
    shown = told(command("totals", "--user", ANN))
    assert [line.rsplit("  ", 1)[0].strip().replace(" ", "_") for line in shown.splitlines()] == TOTALS


@pytest.mark.usefixtures("ann")
def test_a_top_is_ranked_by_plays_or_time_within_its_limit(command: Python, files: list[str]) -> None:
    told(command("import", *files, "--user", ANN))

    def top(*words: str) -> list[tuple[object, ...]]:
        found = json.loads(told(command("top", *words, "--user", ANN, "--json")))
        return [(one["rank"], one["name"], one["plays"], one["minutes"]) for one in found]

    assert top("tracks", "--limit", "2") == [(1, "Tide", 2, 270_000 / 60_000), (2, "Flow", 1, 10.0)]
    by_time = top("artists", "--by", "time", "--rule", "60s", "--from", "2024-01-02", "--zone", "UTC")
    assert by_time == [(1, "Nadir", 2, 11.5), (2, "Xenia", 0, 40_000 / 60_000)]
    assert told(command("top", "--user", ANN, "--to", "2024-01-02")) == (
        "   1         1 plays         3.8 min  Xenia\n"
    )
    assert told(command("top", "--user", ANN, "--to", "2011-01-01")) == "No plays in this range.\n"
    assert "ends before" in refused(command("top", "--user", ANN, "--from", "2024-02-01", "--to", "2024-01-01"))


@pytest.mark.usefixtures("ann")
def test_a_card_counts_by_the_rule_that_is_asked_for(command: Python, files: list[str], tmp_path: Path) -> None:
    told(command("import", *files, "--user", ANN))
    out = tmp_path / "card.png"

    def card(*words: str) -> Done:
        return command("card", "--user", ANN, "--out", str(out), *words)

    first = ("--from", "2024-01-01", "--to", "2024-01-02")  # two rows, one of them a play unless any is
    pictures = []
    for rule in ("30s", "any"):
        assert told(card(*first, "--rule", rule)) == f"{out}: 1080x1920, 1 January 2024.\n"
        pictures.append(out.read_bytes())
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] != pictures[1]
    assert "no play" in refused(card("--from", "2024-01-02", "--to", "2024-01-05", "--rule", "finished"))
    assert "--rule" in called_wrongly(card(*first, "--rule", "sometimes"))


@pytest.mark.usefixtures("ann")
def test_a_notebook_opens_somebodys_history(command: Python, python: Python, files: list[str]) -> None:
    told(command("import", *files, "--user", ANN))
    cell = """
import sys
import rewrapped
from rewrapped.domain.plays import Filter
from rewrapped.errors import NotFound
from rewrapped.history import tops
with rewrapped.open_history(sys.argv[1]) as history:
    print(len(history), history.zone, [top.name for top in tops.artists(history.filter(Filter()), 10)])
try:
    with rewrapped.open_history("joe@example.org"):
        print("opened")
except NotFound as error:
    print(error)
"""

    lines = told(python("-c", cell, ANN)).splitlines()

    assert lines == ["5 Europe/Berlin ['Nadir', 'Xenia']", "Nobody has the address joe@example.org."]
