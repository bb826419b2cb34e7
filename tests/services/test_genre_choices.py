"""A listener's changes of genres: stored, bounded, theirs alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain import owngenres
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.learning import Step
from rewrapped.domain.owngenres import Change, OwnGenres
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.services import genre_choices, listening
from rewrapped.storage import artist_genres, people
from rewrapped.storage import own_genres as rows
from rewrapped.storage.people import NewPerson
from tests.conftest import Clock
from tests.gigs import a_person, heard


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

    with pytest.raises(InvalidInput, match="already"):
        genre_choices.add_family(deps, mira, "Slow-things")  # another name, the same key

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


def test_the_seed_stands_above_what_was_learned_and_own_words_above_both(deps: Deps, tmp_path: Path) -> None:
    jane = a_person(deps)
    heard(deps, jane, tmp_path, [("ABBA", 1), ("Nobody Known", 2), ("Somebody", 3)])
    history = listening.history(deps, jane)
    ids = dict(zip(history.artists.name.to_pylist(), history.artists.id.tolist(), strict=True))
    with deps.engine.begin() as conn:
        told = {ids["ABBA"]: (("techno", 1.0),), ids["Nobody Known"]: (("techno", 1.0), ("house", 0.5))}
        artist_genres.replace(conn, Step.TAGS, told)
    genre_choices.change(deps, jane, "artist:somebody", Change(("genre:dream-pop",)))

    found = genre_choices.map_of(deps, history, genre_choices.own_genres(deps, jane)).genres

    of: dict[str, set[str]] = {}
    for code, place in zip(found.artist, found.label, strict=True):
        of.setdefault(history.artists.name[int(code)].as_py(), set()).add(found.labels[int(place)].key)
    assert of["Nobody Known"] == {"techno", "house"}
    assert of["Somebody"] == {"dream-pop"}
    assert "techno" not in of["ABBA"]


def test_what_is_learned_later_shows_within_ten_minutes(deps: Deps, tmp_path: Path, clock: Clock) -> None:
    jane = a_person(deps)
    heard(deps, jane, tmp_path, [("Nobody Known", 1)])
    history = listening.history(deps, jane)

    def known() -> bool:
        return bool(genre_choices.map_of(deps, history, OwnGenres()).is_known.any())

    assert not known()
    with deps.engine.begin() as conn:
        artist_genres.replace(conn, Step.TAGS, {int(history.artists.id[0]): (("techno", 1.0),)})
    assert not known()
    clock.advance(minutes=11)
    assert known()
