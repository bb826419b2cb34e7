"""How an upload names what it played, where its rows don't agree."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.history import tops
from rewrapped.history.frame import History
from rewrapped.services import importing, listening
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
    file = folder / "Streaming_History_Audio_2024_0.json"
    file.write_text(json.dumps(rows))
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    importing.import_files(deps, user_id or 0, [file])
    return listening.history(deps, Visitor.person(user_id or 0, Role.REGULAR))


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
