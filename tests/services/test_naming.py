"""How an upload names what it played, where its rows don't agree."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.history import tops
from rewrapped.history.frame import History
from rewrapped.services import importing, imports, listening
from rewrapped.storage import people

_ARTISTS = ("  Ámbar  Fields", "ámbar fields", "AMBAR FIELDS", None)


def _row(artist: str | None, uri: str | None, album: str | None = "First Light", day: int = 1) -> dict[str, object]:
    return {
        "ts": f"2024-05-{day:02d}T10:00:00Z",
        "ms_played": 200_000,
        "spotify_track_uri": uri,
        "master_metadata_track_name": "Song",
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": album,
    }


def _imported(deps: Deps, folder: Path, rows: list[dict[str, object]]) -> History:
    visitor = _person(deps)
    _bring(deps, visitor, folder, rows)
    return listening.history(deps, visitor)


def _person(deps: Deps) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    return Visitor.person(user_id or 0, Role.REGULAR)


def _bring(deps: Deps, visitor: Visitor, folder: Path, rows: list[dict[str, object]]) -> int:
    """Import rows; return the import's id."""
    file = folder / "Streaming_History_Audio_2024_0.json"
    file.write_text(json.dumps(rows))
    importing.import_files(deps, visitor.signed_in(), [file])
    return imports.list_imports(deps, visitor)[0].id


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_rows_of_one_moment_with_and_without_an_artist_are_stored(
    deps: Deps, tmp_path: Path, order: tuple[int, ...]
) -> None:
    rows = [_row(_ARTISTS[n], f"spotify:track:{n}", album=None if n == 2 else "First Light") for n in order]
    history = _imported(deps, tmp_path, rows)
    assert len(history) == 4
    assert {(top.artist, top.uri) for top in tops.tracks(history, 10)} == {
        ("ámbar fields", "spotify:track:0"),
        ("ámbar fields", "spotify:track:1"),
        ("AMBAR FIELDS", "spotify:track:2"),
        (None, "spotify:track:3"),
    }


def test_of_two_writings_of_an_artist_the_newest_row_decides(deps: Deps, tmp_path: Path) -> None:
    rows = [
        _row("Néon Harbour", "spotify:track:1", day=3),
        _row("NÉON HARBOUR", "spotify:track:2", day=9),
        _row("néon harbour", "spotify:track:3", day=6),
    ]
    history = _imported(deps, tmp_path, rows)
    assert [top.name for top in tops.artists(history, 10)] == ["NÉON HARBOUR"]
    assert [top.plays for top in tops.albums(history, 10)] == [3]


def _named(deps: Deps, visitor: Visitor) -> list[str]:
    return [top.artist or "" for top in tops.tracks(listening.history(deps, visitor), 10)]


def test_the_names_of_a_removed_import_go_with_its_rows(deps: Deps, tmp_path: Path) -> None:
    _imported(deps, tmp_path, [_row("Everybody's", "spotify:track:1")])  # what the catalogue says
    visitor = _person(deps)
    removed = _bring(deps, visitor, tmp_path, [_row("Removed", "spotify:track:1", day=9)])
    assert _named(deps, visitor) == ["Removed"]
    imports.remove(deps, visitor, removed)
    _bring(deps, visitor, tmp_path, [_row("Older", "spotify:track:1", day=3)])
    assert _named(deps, visitor) == ["Older"]


def test_a_track_whose_other_rows_stay_is_named_anew_by_the_file_they_came_from(deps: Deps, tmp_path: Path) -> None:
    _imported(deps, tmp_path, [_row("Everybody's", "spotify:track:1")])
    visitor = _person(deps)
    older = [_row("Older", "spotify:track:1", day=3)]
    _bring(deps, visitor, tmp_path, older)
    removed = _bring(deps, visitor, tmp_path, [_row("Removed", "spotify:track:1", day=9)])
    _bring(deps, visitor, tmp_path, older)
    assert _named(deps, visitor) == ["Removed"]  # the newest row decides, whatever the order of imports
    imports.remove(deps, visitor, removed)
    _bring(deps, visitor, tmp_path, older)
    assert _named(deps, visitor) == ["Older"]
