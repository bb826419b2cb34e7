"""The endpoints of preferences: what is chosen is stored, told by all answers, and for its own scope alone."""

from __future__ import annotations

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.notices import Kind
from rewrapped.domain.plays import Source
from rewrapped.domain.tokens import Scope
from rewrapped.services import keeping, preferences
from tests.gigs import BERLIN_ID, a_person
from tests.web.v1.conftest import NewProgram


def test_everything_that_can_be_chosen_is_and_is_told_back(new_program: NewProgram, deps: Deps) -> None:
    jane = a_person(deps)
    program = new_program(jane, Scope.PREFERENCES)
    assert set(program.get("/preferences")["shared"].values()) == {False}
    program.send("PUT", "/preferences/genres", {"genres": ["jazz"]})
    program.send("PUT", "/preferences/tags/Open%20Air")
    program.send("PUT", "/preferences/place", {"place_id": BERLIN_ID, "radius_km": 30})
    program.send("POST", "/preferences/artists", {"name": "Xenia"})
    program.send("PUT", "/preferences/told/event", {"is_on": False})
    program.send("POST", "/preferences/venues", {"city": "Berlin", "name": "Hall"})
    preferences.set_shared(deps, jane, Source.EXTENDED, is_shared=True)
    told = program.send("PUT", "/preferences/shared/account", {"is_on": False})
    assert (told["genres"], told["tags"], told["here"]["radius_km"]) == (["jazz"], ["open air"], 30)
    assert [artist["name"] for artist in told["artists"]] == ["Xenia"]
    stored = preferences.preferences(deps, jane)
    assert (stored.told[Kind.EVENT], stored.shared[Source.EXTENDED], stored.shared[Source.ACCOUNT]) == (
        False,
        True,
        False,
    )
    program.send("DELETE", f"/preferences/artists/{keeping.artist_id('Xenia')}")
    told = program.send("DELETE", "/preferences/tags/Open%20Air")
    assert (told["artists"], told["tags"]) == ([], [])


@pytest.mark.parametrize(
    ("method", "path", "json", "status"),
    [
        ("PUT", "/preferences/genres", {"genres": ["no such"]}, 400),
        ("PUT", "/preferences/genres", {"genres": ["x"] * 1000}, 422),
        ("PUT", "/preferences/tags/" + "x" * 41, None, 422),
        ("PUT", "/preferences/tags/%00", None, 400),
        ("PUT", "/preferences/place", {"place_id": 1, "radius_km": 30}, 400),
        ("PUT", "/preferences/place", {"place_id": None, "radius_km": 10**9}, 422),
        ("PUT", "/preferences/told/application", {"is_on": False}, 404),
        ("PUT", "/preferences/shared/spotify_api", {"is_on": False}, 404),
        ("PUT", "/preferences/compared/spotify_api", {"is_on": False}, 404),
        ("DELETE", "/preferences/roles/0c5ae3b1-7d0e-4a41-8f6f-0b3f2b0a7a11", None, 422),
    ],
)
def test_what_cant_be_chosen_changes_nothing(
    new_program: NewProgram, deps: Deps, method: str, path: str, json: object, status: int
) -> None:
    jane = a_person(deps)
    before = preferences.preferences(deps, jane)
    assert new_program(jane, Scope.PREFERENCES).refused(method, path, json=json)[0] == status
    assert preferences.preferences(deps, jane) == before


def test_no_program_agrees_to_sharing_for_a_person(new_program: NewProgram, deps: Deps) -> None:
    jane = a_person(deps)
    sent = {"json": {"is_on": True}}
    for switch in ("shared", "compared"):
        assert new_program(jane).refused("PUT", f"/preferences/{switch}/extended", **sent)[0] == 403
    stored = preferences.preferences(deps, jane)
    assert not any((*stored.shared.values(), *stored.compared.values()))


def test_a_program_switches_comparing_off_and_tells_it_back(new_program: NewProgram, deps: Deps) -> None:
    jane = a_person(deps)
    program = new_program(jane, Scope.PREFERENCES)
    preferences.set_compared(deps, jane, Source.LASTFM, is_compared=True)
    assert program.get("/preferences")["compared"]["lastfm"] is True
    assert program.send("PUT", "/preferences/compared/lastfm", {"is_on": False})["compared"]["lastfm"] is False
    assert not any(preferences.preferences(deps, jane).compared.values())


def test_a_token_for_shows_reads_and_changes_no_preferences(new_program: NewProgram, deps: Deps) -> None:
    program = new_program(a_person(deps), Scope.EVENTS)
    assert program.refused("GET", "/preferences")[0] == 403
    assert program.refused("PUT", "/preferences/shared/extended", json={"is_on": True})[0] == 403
