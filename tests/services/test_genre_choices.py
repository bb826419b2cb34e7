"""A listener's changes of genres: stored, bounded, theirs alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rewrapped.deps import Deps
from rewrapped.domain import owngenres
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.owngenres import Change, OwnGenres
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.services import genre_choices
from rewrapped.storage import own_genres as rows
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson


@pytest.fixture
def mira(deps: Deps) -> Visitor:
    return person(deps, "mira@example.org")


def person(deps: Deps, email: str) -> Visitor:
    with deps.engine.begin() as conn:
        found = people.add_person(conn, NewPerson(email, Role.REGULAR, "Europe/Berlin", "Mira"))
    assert found is not None
    return Visitor.person(found, Role.REGULAR)


def test_a_change_holds_until_it_is_taken_back_and_for_nobody_else(deps: Deps, mira: Visitor) -> None:
    other = person(deps, "jane@example.org")
    genre_choices.change(deps, mira, "genre:techno", Change(("family:pop",), "Thump"))

    assert genre_choices.own_genres(deps, mira).changes == {"genre:techno": Change(("family:pop",), "Thump")}
    assert genre_choices.own_genres(deps, other) == OwnGenres()

    genre_choices.change(deps, mira, "genre:techno", Change())
    assert genre_choices.own_genres(deps, mira) == OwnGenres()


def test_a_family_of_ones_own_can_be_filled_and_taken_away_again(deps: Deps, mira: Visitor) -> None:
    slow = genre_choices.add_family(deps, mira, "Slow  things")
    genre_choices.change(deps, mira, "artist:low", Change((slow,)))
    genre_choices.change(deps, mira, "genre:slowcore", Change((slow,)))

    assert genre_choices.own_genres(deps, mira).family_of("slowcore") == owngenres.split(slow)[1]
    with pytest.raises(InvalidInput, match="already"):
        genre_choices.add_family(deps, mira, "SLOW things")

    genre_choices.remove_family(deps, mira, slow)
    assert genre_choices.own_genres(deps, mira) == OwnGenres()
    with pytest.raises(NotFound):
        genre_choices.remove_family(deps, mira, slow)
    with pytest.raises(NotFound):
        genre_choices.remove_family(deps, mira, "family:rock")


def test_a_shipped_familys_name_cannot_be_made_again(deps: Deps, mira: Visitor) -> None:
    with pytest.raises(InvalidInput, match="already"):
        genre_choices.add_family(deps, mira, "rock")


def test_a_file_replaces_everything_or_nothing(deps: Deps, mira: Visitor) -> None:
    genre_choices.change(deps, mira, "genre:techno", Change(is_hidden=True))
    with pytest.raises(InvalidInput):
        genre_choices.load_file(deps, mira, b'{"changes": []}')
    assert genre_choices.own_genres(deps, mira).is_hidden_genre("techno")

    written = owngenres.to_file(OwnGenres({"genre:pop": Change(is_hidden=True)})).encode()
    assert genre_choices.load_file(deps, mira, written) == 1
    assert genre_choices.own_genres(deps, mira).changes == {"genre:pop": Change(is_hidden=True)}

    genre_choices.reset(deps, mira)
    assert genre_choices.own_genres(deps, mira) == OwnGenres()


def test_there_is_a_most(deps: Deps, mira: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(genre_choices, "CHANGES_MAX", 2)
    genre_choices.change(deps, mira, "artist:a", Change(is_hidden=True))
    genre_choices.change(deps, mira, "artist:b", Change(is_hidden=True))
    with pytest.raises(Conflict, match="2 changes"):
        genre_choices.change(deps, mira, "artist:c", Change(is_hidden=True))
    with pytest.raises(Conflict, match="2 changes"):
        genre_choices.add_family(deps, mira, "Slow")
    genre_choices.change(deps, mira, "artist:b", Change(("genre:pop",)))


def test_two_tabs_at_once_lose_nothing(deps: Deps, mira: Visitor) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: genre_choices.change(deps, mira, f"artist:{n}", Change(is_hidden=True)), range(12)))
    assert len(genre_choices.own_genres(deps, mira).changes) == 12


def test_whoever_leaves_takes_their_changes_along(deps: Deps, mira: Visitor) -> None:
    genre_choices.change(deps, mira, "genre:techno", Change(is_hidden=True))
    with deps.engine.begin() as conn:
        people.delete_person(conn, mira.writer())
    with deps.engine.connect() as conn:
        assert rows.find_own_genres(conn, mira.writer()) == OwnGenres()
