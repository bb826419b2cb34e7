"""Where time is estimated, every page that tells time says so, and how much of it; where none is, none does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Filter, Source
from rewrapped.history.totals import totals
from rewrapped.services import listening
from rewrapped.services.wrapped_cards import Words, card_of, facts_of
from rewrapped.storage import plays
from rewrapped.storage.tables import listening_history, tracks
from rewrapped.ui import cards, wording
from rewrapped.ui.filters import View
from rewrapped.ui.wrapped_words import chapters
from tests.pages.plays import Open, play

TELL_TIME = ("overview", "wrapped", "tops", "genres", "habits", "compare")
ESTIMATED = "is estimated: its source doesn't say how long it was played."


@pytest.fixture
def from_files(given, deps: Deps) -> None:
    """120 plays of four artists within two months, from files."""
    given([play(deps.now() - timedelta(hours=11 * n), f"Song {n % 9}", f"Artist {n % 4}") for n in range(120)])


@pytest.fixture
def from_an_api(from_files: None, deps: Deps, listener: int) -> None:
    """The same plays as an API brings them, without a time."""
    with deps.engine.begin() as conn:
        conn.execute(update(listening_history).values(source=Source.SPOTIFY_API, ms_played=0))
        conn.execute(update(tracks).values(duration_ms=200_000))
        plays.raise_history_version(conn, listener)


@pytest.mark.parametrize("name", TELL_TIME)
def test_a_page_that_tells_time_says_how_much_of_it_is_estimated(open_page: Open, from_an_api, name: str) -> None:
    said = [each.value for each in open_page(name, range="all").caption if ESTIMATED in each.value]
    assert any("6.7 h of " in each for each in said), said


@pytest.mark.parametrize("name", [*TELL_TIME, "evolution"])
def test_time_that_a_source_tells_is_no_estimate(open_page: Open, from_files, name: str) -> None:
    app = open_page(name, range="all")
    assert not [each.value for each in (*app.caption, *app.markdown) if "estimated" in each.value]


def test_an_items_page_says_it_of_its_own_time(open_page: Open, from_an_api, deps: Deps, listener: int) -> None:
    history = listening.history(deps, Visitor.person(listener, Role.REGULAR))
    artist = str(history.artists.id[0])
    said = [each.value for each in open_page("item", of="artist", id=artist, range="all").caption]
    assert any(f"1.7 h of the time {ESTIMATED}" in each for each in said), said


def test_both_sides_of_a_comparison_say_their_own(open_page: Open, from_an_api) -> None:
    [said] = [each.value for each in open_page("compare", range="all").caption if ESTIMATED in each.value]
    assert "A's time is estimated" in said


def test_tiles_rows_chapters_and_cards_say_it_too(deps: Deps, listener: int, from_an_api) -> None:
    visitor = Visitor.person(listener, Role.REGULAR)
    history = listening.history(deps, visitor).filter(Filter())
    view = View(Filter(), "all time", "", "")
    [hours, *_] = cards.kpi_tiles(history, view, deps.now().date())
    assert "6.7 h of the time is estimated" in hours.counts
    facts = facts_of(deps, visitor, Filter())
    assert any(ESTIMATED in line for line in chapters(facts, view)[0].lines)
    assert card_of(facts, Words("", "all time", "music", "Wrapped")).unit == "hours of music, in part estimated"
    assert {wording.time_of(each)[0] for each in facts.artists} == {"~"}


@pytest.mark.parametrize(
    ("text", "minutes", "said"),
    [
        ("Hours by day", 0.0, "Hours by day"),
        ("Hours by day", 90.0, f"Hours by day. 1.5 h of the time {ESTIMATED}"),
        ("Hours by day.", 59.0, f"Hours by day. 59 min of the time {ESTIMATED}"),
        ("", 0.2, f"Less than a minute of the time {ESTIMATED}"),
    ],
)
def test_the_words_go_on_with_what_stands_before_them(text: str, minutes: float, said: str) -> None:
    assert wording.with_estimate(text, minutes) == said


def test_estimates_are_told_beside_known_time_where_a_view_has_both(
    open_page: Open, given, deps: Deps, listener: int, from_an_api
) -> None:
    given([play(deps.now() - timedelta(days=90, hours=n), "Known", "Artist 1") for n in range(18)])
    history = listening.history(deps, Visitor.person(listener, Role.REGULAR)).filter(Filter())
    assert (totals(history).minutes, totals(history).estimated_minutes) == (60.0, 400.0)
    said = [each.value for each in open_page("overview", range="all").caption if ESTIMATED in each.value]
    assert said
    assert all("6.7 h of the time" in each for each in said)
