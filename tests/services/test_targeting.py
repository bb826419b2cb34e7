"""Whom a sponsored event is for: told from what people opted in, and from nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Source
from rewrapped.domain.promoting import Targeting
from rewrapped.services import promoting, targeting
from rewrapped.storage.tables import listening_history, user_preferences
from tests.gigs import heard
from tests.promoters import DRAFT, draft, person

BJORK = Targeting(artists=frozenset({"björk"}), minimum_plays=3)


def share(deps: Deps, visitor: Visitor, *sources: Source) -> None:
    """Opt sources in."""
    with deps.engine.begin() as conn:
        conn.execute(insert(user_preferences).values(user_id=visitor.user_id, shared_sources=[int(s) for s in sources]))


@pytest.fixture
def fan(deps: Deps, tmp_path: Path) -> Visitor:
    """Somebody in Portugal who played Björk three times, and shares their export's plays."""
    visitor = person(deps, country="PT")
    heard(deps, visitor, tmp_path, [("Björk", 1), ("BJÖRK", 2), ("Björk", 3), ("Mitski", 4)])
    share(deps, visitor, Source.EXTENDED)
    return visitor


@pytest.mark.parametrize(
    ("aimed", "is_fit"),
    [
        (Targeting(), True),
        (Targeting(minimum_plays=900), True),
        (Targeting(countries=frozenset({"PT", "ES"})), True),
        (Targeting(countries=frozenset({"ES"})), False),
        (Targeting(roles=frozenset({"regular"})), True),
        (Targeting(roles=frozenset({"analyst"})), False),
        (BJORK, True),
        (Targeting(artists=frozenset({"björk"}), minimum_plays=4), False),
        (Targeting(artists=frozenset({"björk", "nobody"})), True),
        (Targeting(artists=frozenset({"nobody"})), False),
        (Targeting(artists=frozenset({"björk"}), countries=frozenset({"ES"})), False),
        (Targeting(genres=frozenset({"techno"})), False),
    ],
)
def test_each_part_that_is_given_has_to_fit(deps: Deps, fan: Visitor, aimed: Targeting, is_fit: bool) -> None:
    assert targeting.fits(deps, fan, aimed) is is_fit


def test_genres_come_from_the_artists_somebody_plays(deps: Deps, fan: Visitor) -> None:
    from rewrapped.domain import genres

    keys = frozenset(key for key, _ in genres.seeded("Björk"))
    assert keys
    assert targeting.fits(deps, fan, Targeting(genres=keys, minimum_plays=3))


def test_plays_that_nobody_opted_in_say_nothing(deps: Deps, tmp_path: Path) -> None:
    visitor = person(deps)
    heard(deps, visitor, tmp_path, [("Björk", 1), ("Björk", 2), ("Björk", 3)])
    assert not targeting.fits(deps, visitor, BJORK)
    share(deps, visitor, Source.LISTENBRAINZ)  # another source than they came from
    assert not targeting.fits(deps, visitor, BJORK)


def test_plays_of_an_api_never_count_whatever_is_opted_in(deps: Deps, tmp_path: Path) -> None:
    visitor = person(deps)
    heard(deps, visitor, tmp_path, [("Björk", 1), ("Björk", 2), ("Björk", 3)])
    with deps.engine.begin() as conn:
        conn.execute(update(listening_history).values(source=Source.SPOTIFY_API))
    share(deps, visitor, *Source)
    assert not targeting.fits(deps, visitor, BJORK)


def test_taking_an_opt_in_back_holds_at_once(deps: Deps, fan: Visitor) -> None:
    assert targeting.fits(deps, fan, BJORK)
    with deps.engine.begin() as conn:
        conn.execute(update(user_preferences).values(shared_sources=[]))
    assert not targeting.fits(deps, fan, BJORK)


def test_samples_and_strangers_fit_only_what_is_for_everybody(deps: Deps) -> None:
    sample = person(deps, country="PT", is_demo=True)
    everyone = (Visitor(), Visitor.demo(sample.signed_in()), sample)
    for visitor in everyone:
        assert targeting.fits(deps, visitor, Targeting())
        assert not targeting.fits(deps, visitor, Targeting(countries=frozenset({"PT"})))
        assert not targeting.fits(deps, visitor, BJORK)


def test_an_interaction_is_matched_by_the_events_own_targeting(deps: Deps, fan: Visitor) -> None:
    owner = person(deps, Role.PROMOTER)
    aimed = promoting.create(deps, owner, draft(target_artists="Björk", minimum_plays=3))
    elsewhere = promoting.create(deps, owner, draft(title="Other", target_countries=("ES",)))
    open_to_all = promoting.create(deps, owner, DRAFT)
    assert [targeting.is_matched(deps, fan, number) for number in (aimed, elsewhere, open_to_all, 999)] == [
        True,
        False,
        True,
        False,
    ]
