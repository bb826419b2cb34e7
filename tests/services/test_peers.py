"""Where somebody stands among those who chose it: never among few, never by what wasn't opted in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import insert, select, update

from rewrapped.deps import Deps
from rewrapped.domain import genres
from rewrapped.domain.access import Visitor
from rewrapped.domain.aggregates import Part
from rewrapped.domain.peers import FEWEST_OF_ARTIST, FEWEST_OTHERS, NEEDED_PLAYS, TIERS
from rewrapped.domain.plays import Source
from rewrapped.services import accounts, peers, preferences
from rewrapped.services.peers import Peers
from rewrapped.storage import aggregates
from rewrapped.storage.tables import aggregated_stats, user_preferences, users
from tests.conftest import Clock
from tests.gigs import a_person

ARTIST, RARE = 41, 42


def joined(deps: Deps, plays: int, *, of_artist: int = 0, rare: int = 0, month: date = date(2025, 7, 1)) -> Visitor:
    """Return somebody who compares their export's plays: so many in a month, and so many of two artists."""
    visitor = a_person(deps)
    counts = {(Part.ALL, ""): plays, (Part.ARTIST, str(ARTIST)): of_artist, (Part.ARTIST, str(RARE)): rare}
    row = {"user_id": visitor.signed_in(), "source": Source.EXTENDED, "month": month, "ms": 0}
    with deps.engine.begin() as conn:
        conn.execute(insert(user_preferences).values(user_id=visitor.user_id, compared_sources=[int(Source.EXTENDED)]))
        for (part, entity_id), count in counts.items():
            if count:
                conn.execute(insert(aggregated_stats).values(**row, part=part, entity_id=entity_id, plays=count))
        aggregates.set_refreshed(conn, visitor.signed_in(), 0, genres.seed_version(), deps.now())  # no run undoes it
    return visitor


@pytest.fixture
def others(deps: Deps) -> list[Visitor]:
    """Twenty listeners with 101 to 120 plays, 1 to 20 of them of an artist."""
    return [joined(deps, NEEDED_PLAYS + number, of_artist=number) for number in range(1, FEWEST_OTHERS + 1)]


def ask(deps: Deps, visitor: Visitor) -> Peers | None:
    return peers.among(deps, visitor, [RARE, ARTIST])


def test_a_place_is_told_in_all_and_by_artist(deps: Deps, others: list[Visitor]) -> None:
    fan = joined(deps, 500, of_artist=17)
    assert ask(deps, fan) == Peers(2025, 21, 5, ((ARTIST, 25),))  # four others, and oneself, of 21
    assert ask(deps, others[0]) == Peers(2025, 21, None, ())  # the lower half is told no place


def test_with_one_listener_fewer_nothing_is_said(deps: Deps, others: list[Visitor]) -> None:
    fan = joined(deps, 500)
    assert ask(deps, fan) is not None
    accounts.delete_person(deps, others[0].signed_in())
    assert ask(deps, fan) is None


def test_somebody_who_opts_out_is_no_other_from_that_moment(deps: Deps, others: list[Visitor]) -> None:
    fan = joined(deps, 500)
    preferences.set_compared(deps, others[3], Source.EXTENDED, is_compared=False)
    assert ask(deps, fan) is None
    assert ask(deps, others[3]) is None
    with deps.engine.connect() as conn:
        left = conn.scalars(select(aggregated_stats.c.user_id).where(aggregated_stats.c.user_id == others[3].user_id))
        assert list(left) == []


def test_who_did_not_choose_it_is_told_nothing(deps: Deps, others: list[Visitor]) -> None:
    assert ask(deps, a_person(deps)) is None
    assert ask(deps, Visitor()) is None


def test_samples_are_outside_of_it_on_both_sides(deps: Deps, others: list[Visitor]) -> None:
    fan, invented = joined(deps, 500), joined(deps, 900)
    with deps.engine.begin() as conn:
        conn.execute(update(users).where(users.c.id == invented.user_id).values(is_demo=True))
    assert ask(deps, fan) == Peers(2025, 21, 5, ())
    assert ask(deps, invented) is None
    assert ask(deps, Visitor.demo(fan.signed_in())) is None


def test_who_hardly_played_in_the_year_is_none_of_them(deps: Deps, others: list[Visitor]) -> None:
    fan = joined(deps, 500)
    for plays, month in ((NEEDED_PLAYS - 1, date(2025, 1, 1)), (900, date(2024, 12, 1)), (900, date(2026, 1, 1))):
        beside = joined(deps, plays, month=month)
        assert ask(deps, beside) is None
        assert ask(deps, fan) == Peers(2025, 21, 5, ())


def test_an_artist_of_fewer_than_five_others_is_not_told(deps: Deps) -> None:
    fan = joined(deps, 500, rare=90)
    for number in range(FEWEST_OTHERS):
        joined(deps, 200, rare=5 if number < 4 else 0)
    assert ask(deps, fan) == Peers(2025, 21, 5, ())
    joined(deps, 200, rare=5)
    assert ask(deps, fan) == Peers(2025, 22, 5, ((RARE, 5),))


def test_plays_of_somebody_below_the_needed_ones_say_nothing_about_an_artist(deps: Deps, others: list[Visitor]) -> None:
    fan = joined(deps, 500, of_artist=25)
    for _ in range(30):
        joined(deps, NEEDED_PLAYS - 1, of_artist=90)
    assert ask(deps, fan) == Peers(2025, 21, 5, ((ARTIST, 5),))


def test_rows_of_an_api_count_for_nobody_even_if_they_stood_there(deps: Deps, others: list[Visitor]) -> None:
    fan = joined(deps, 500, of_artist=25)
    with deps.engine.begin() as conn:
        of_one = aggregated_stats.c.user_id == others[0].user_id
        conn.execute(update(aggregated_stats).where(of_one).values(source=Source.SPOTIFY_API))
    assert ask(deps, fan) is None


def test_the_year_is_the_last_full_one(deps: Deps, others: list[Visitor], clock: Clock) -> None:
    fan = joined(deps, 500)
    clock.advance(days=60)
    assert ask(deps, fan) is None  # of 2026 nothing is known yet


def reached(mine: int, everybody: Sequence[int]) -> int | None:
    """Return the best tier by counting everybody, the slow way."""
    part = Fraction(sum(plays >= mine for plays in everybody), len(everybody))
    return next((tier for tier in TIERS if part <= Fraction(tier, 100)), None)


@pytest.mark.parametrize("seed", range(3))
def test_what_the_database_counts_is_what_counting_everybody_gives(deps: Deps, seed: int) -> None:
    random = Random(seed)
    drawn = [(random.randint(90, 130), random.choice([0, 1, 2, 9]), random.randint(0, 3)) for _ in range(40)]
    people = [(joined(deps, plays, of_artist=one, rare=other), plays, one, other) for plays, one, other in drawn]
    counted = [plays for plays, *_ in drawn if plays >= NEEDED_PLAYS]
    for visitor, plays, one, other in people[:15]:
        if plays < NEEDED_PLAYS or len(counted) <= FEWEST_OTHERS:
            assert ask(deps, visitor) is None
            continue
        artists = []
        for artist_id, mine, at in ((RARE, other, 2), (ARTIST, one, 1)):
            played = [each[at] for each in drawn if each[0] >= NEEDED_PLAYS]
            best = reached(mine, played) if mine and sum(map(bool, played)) > FEWEST_OF_ARTIST else None
            artists += [(artist_id, best)] if best else []
        assert ask(deps, visitor) == Peers(2025, len(counted), reached(plays, counted), tuple(artists))
