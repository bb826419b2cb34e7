"""The invented shows: enough of them, the same on every day, renewed only where somebody asked for them."""

from __future__ import annotations

from datetime import date, timedelta

from rewrapped.demo import fill
from rewrapped.demo.shows import DAYS, sample_shows
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import EventStatus
from rewrapped.domain.shows import Search
from rewrapped.services import events, whereabouts
from tests.conftest import Clock

TODAY = date(2026, 11, 22)


def test_a_day_has_the_same_shows_whenever_they_are_made(clock: Clock) -> None:
    first = {show.source_id: show for show in sample_shows(TODAY, clock())}
    later = {show.source_id: show for show in sample_shows(TODAY + timedelta(days=30), clock())}
    both = first.keys() & later.keys()
    assert len(both) > 60
    assert all(first[each] == later[each] for each in both)


def test_there_is_something_of_everything(clock: Clock) -> None:
    shows = sample_shows(TODAY, clock())
    assert 110 <= len(shows) <= 160
    assert {show.venue.city for show in shows} == {
        *("Berlin", "Hamburg", "Munich", "Vienna", "London", "Paris", "Amsterdam", "New York", "Chicago")
    }
    assert {show.status for show in shows} >= {EventStatus.CANCELLED, EventStatus.POSTPONED, EventStatus.SCHEDULED}
    assert any(show.start_time is None and not show.is_festival for show in shows)
    assert any(show.is_festival for show in shows)
    assert all(TODAY <= show.start_on < TODAY + timedelta(days=DAYS) for show in shows)


def test_the_sample_listener_has_a_place_and_shows_that_fit_with_true_figures(deps: Deps) -> None:
    fill.ensure_sample_shows(deps)
    visitor = Visitor.demo(fill.ensure_sample_listener(deps))
    here = whereabouts.whereabouts(deps, visitor)
    assert here.place is not None
    assert here.place.name == "Berlin"
    board = events.board(deps, visitor, Search(end_on=TODAY + timedelta(days=90), around=here.around), here)
    assert board.for_you_total > 5
    assert all(card.distance_km is not None and card.distance_km <= 50 for card in board.for_you)


def test_shows_are_renewed_daily_and_only_where_somebody_filled_them_in(deps: Deps, clock: Clock) -> None:
    assert fill.renew_sample_shows(deps) == 0
    count = fill.ensure_sample_shows(deps)
    assert fill.renew_sample_shows(deps) == 0
    clock.advance(days=2)
    assert abs(fill.renew_sample_shows(deps) - count) < 8
    assert events.board(deps, Visitor(), Search(), whereabouts.Whereabouts()).total > 100
