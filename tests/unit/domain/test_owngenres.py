"""What a listener changes about genres, as values and as a file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain import genres, owngenres
from rewrapped.domain.owngenres import Change, Noun, OwnGenres
from rewrapped.errors import InvalidInput

SLOW = "family:own-slow"
OWN = OwnGenres(
    {
        SLOW: Change(name="Slow"),
        "artist:sigur rós": Change((SLOW, "genre:post-rock")),
        "genre:techno": Change((SLOW,), "Thump"),
        "family:rock": Change(name="Guitars"),
        "genre:pop": Change(is_hidden=True),
    }
)


def test_names_and_families_are_the_listeners_where_they_said_so() -> None:
    assert OWN.family_name("rock") == "Guitars"
    assert OWN.family_name("own-slow") == "Slow"
    assert OWN.family_of("techno") == "own-slow"
    assert OWN.genre_name("techno") == "Thump"
    assert OWN.genre_name("family:rock") == "Guitars"
    assert OwnGenres().family_of("techno") == genres.genre("techno").family
    assert OWN.families()[-1] == "own-slow"


def test_an_artists_own_genres_stand_in_place_of_the_shipped_ones_and_hidden_ones_are_left_out() -> None:
    shipped = (("pop", 1.0), ("techno", 0.5))
    assert OWN.weights("sigur rós", shipped) == ((SLOW, 1.0), ("post-rock", 0.5))
    assert OWN.weights("somebody", shipped) == (("techno", 0.5),)
    assert OwnGenres().weights("somebody", shipped) == shipped


def test_a_family_taken_away_leaves_nothing_pointing_at_it() -> None:
    left = OWN.without_family(SLOW)
    assert left.changes == {
        "artist:sigur rós": Change(("genre:post-rock",)),
        "genre:techno": Change((), "Thump"),
        "family:rock": Change(name="Guitars"),
        "genre:pop": Change(is_hidden=True),
    }
    assert left.family_of("techno") == OwnGenres().family_of("techno")


def test_a_file_brings_back_what_was_written() -> None:
    assert owngenres.from_file(owngenres.to_file(OWN).encode()) == OWN
    assert owngenres.from_file(owngenres.to_file(OwnGenres()).encode()) == OwnGenres()


BAD = (
    b"",
    b"\xff\xfe\x00",
    b"[]",
    b"{" * 100_000,
    b'{"format": "music-rewrapped-genres"}',
    b'{"format": "music-rewrapped-genres", "changes": [1]}',
    b'{"format": "music-rewrapped-genres", "changes": [{}]}',
    b'{"format": "something else", "changes": []}',
    b" " * (owngenres.FILE_BYTES_MAX + 1),
)


@pytest.mark.parametrize("data", BAD, ids=range(len(BAD)))
def test_a_file_of_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"file|format"):
        owngenres.from_file(data)


WRONG = (
    {"subject": "genre:no such genre", "hidden": True},
    {"subject": "family:own-slow", "hidden": True},  # without a name
    {"subject": "family:own-../../x", "name": "x"},
    {"subject": "family:nothing", "hidden": True},
    {"subject": "genre:techno", "belongs": ["family:own-gone"]},
    {"subject": "genre:techno", "belongs": ["genre:pop"]},
    {"subject": "genre:techno", "belongs": ["family:pop", "family:rock"]},
    {"subject": "family:rock", "belongs": ["family:pop"]},
    {"subject": "artist:ana", "belongs": ["genre:pop", "genre:rock", "genre:techno", "genre:house"]},
    {"subject": "artist:ana", "belongs": ["artist:ana"]},
    {"subject": "artist:Ana", "hidden": True},  # not in its normal form
    {"subject": "artist:a\0b", "hidden": True},
    {"subject": "artist:" + "a" * 1001, "hidden": True},
    {"subject": "artist:ana", "name": "Anna"},
    {"subject": "genre:techno", "name": "x" * 61},
    {"subject": "genre:techno", "name": "\u202e"},
    {"subject": "genre:techno", "hidden": "yes"},
    {"subject": "genre:techno", "belongs": "family:pop"},
    {"subject": "nothing", "hidden": True},
    {"hidden": True},
)


@pytest.mark.parametrize("entry", WRONG, ids=range(len(WRONG)))
def test_one_wrong_entry_refuses_the_whole_file(entry: dict[str, object]) -> None:
    changes = [{"subject": "genre:pop", "hidden": True}, entry]
    with pytest.raises(InvalidInput):
        owngenres.from_file(json.dumps({"format": "music-rewrapped-genres", "version": 1, "changes": changes}).encode())


def test_a_change_that_changes_nothing_is_not_kept() -> None:
    data = {"format": "music-rewrapped-genres", "version": 1, "changes": [{"subject": "genre:pop"}]}
    assert owngenres.from_file(json.dumps(data).encode()) == OwnGenres()


@given(st.text(max_size=80))
def test_any_name_makes_a_family_that_may_be_stored_or_is_refused(name: str) -> None:
    try:
        subject = owngenres.own_family(name)
        made = owngenres.checked(subject, Change(name=name), OwnGenres({subject: Change(name=name)}))
    except InvalidInput:
        return
    assert owngenres.is_own_family(subject)
    assert owngenres.split(subject)[0] is Noun.FAMILY
    assert made.name
