"""The card that says where somebody stands: there with its definition for those who are told, else not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.aggregates import Part
from rewrapped.domain.plays import Source
from rewrapped.services import aggregates, preferences
from rewrapped.services.peers import Peers
from rewrapped.storage.tables import aggregated_stats, artists, users
from rewrapped.ui.peers import definition, peer_tiles, title
from tests.pages.plays import Open, play
from tests.services.test_peers import joined

HOSTILE = "<script>alert(1)</script> :material/home: [x](javascript:1)"
FOUND = Peers(2025, 34, 10, ((1, 5), (2, 25)))


@pytest.fixture
def standing(given, deps: Deps, listener: int) -> None:
    """Somebody with 150 plays of last year, the first of 21 in all and with an artist of an odd name."""
    given([play(deps.now() - timedelta(days=360, hours=n), "Tide", HOSTILE) for n in range(150)])
    preferences.set_compared(deps, Visitor.person(listener, Role.REGULAR), Source.EXTENDED, is_compared=True)
    assert aggregates.refresh(deps) == 1
    others = [joined(deps, 120) for _ in range(20)]
    with deps.engine.begin() as conn:
        artist = conn.scalar(artists.select().with_only_columns(artists.c.id).where(artists.c.name == HOSTILE))
        conn.execute(update(aggregated_stats).where(aggregated_stats.c.part == Part.ARTIST).values(plays=7))
        row = {"source": Source.EXTENDED, "month": "2025-07-01", "part": Part.ARTIST, "plays": 3, "ms": 0}
        rows = [{"user_id": each.user_id, "entity_id": str(artist), **row} for each in others]
        conn.execute(insert(aggregated_stats), rows)


def headings(app) -> list[str]:
    return [each.value for each in app.subheader]


def test_the_card_tells_the_place_with_what_it_means(open_page: Open, standing: None) -> None:
    app = open_page("evolution", range="all")
    assert "You are among the top 5 % of listeners here" in headings(app)
    [said] = [each.value for each in app.caption if "among the 21 listeners of this site" in each.value]
    assert "plays from an API don't count" in said


def test_without_a_place_there_is_no_card(open_page: Open, standing: None, deps: Deps) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(users).where(users.c.email != "mira@example.org").values(is_demo=True))
    assert not [each for each in headings(open_page("evolution", range="all")) if "listeners here" in each]


def test_who_opts_out_has_no_card_at_the_next_look(open_page: Open, standing: None, deps: Deps, listener: int) -> None:
    preferences.set_compared(deps, Visitor.person(listener, Role.REGULAR), Source.EXTENDED, is_compared=False)
    assert not [each for each in headings(open_page("evolution", range="all")) if "listeners here" in each]


def test_tiles_name_what_they_are_of_each_with_the_definition() -> None:
    tiles = peer_tiles(FOUND, {1: HOSTILE, 2: "Tide"})
    assert [(tile.label, tile.value) for tile in tiles] == [
        ("All music", "Top 10\u00a0%"),
        (HOSTILE, "Top 5\u00a0%"),  # the component shows it as text
        ("Tide", "Top 25\u00a0%"),
    ]
    assert all(definition(FOUND) in tile.counts for tile in tiles)


def test_the_title_says_no_more_than_the_places_bear() -> None:
    only_artists = Peers(2025, 34, None, ((1, 25), (2, 5)))
    assert title(only_artists, {1: "Ebb", 2: "Tide"}) == "With Tide you are among the top 5\u00a0% here"
    assert peer_tiles(Peers(2025, 34, None, ()), {}) == ()
