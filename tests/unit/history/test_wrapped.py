"""The facts of a time: there where the plays bear them, silent else, and never about more than the view."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st

from rewrapped.domain.owngenres import OwnGenres
from rewrapped.domain.plays import Filter, TimeRange, normalise
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, genre_map
from rewrapped.history.wrapped import wrapped
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Heard, Listener, Track
from tests.unit.history.test_against_reference import held

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
TRACKS = [
    Track(id=100 + number, uri=f"spotify:track:{number}", title=f"Song {number}", artist=11 + number % 4)
    for number in range(8)
]
ARTISTS = {11: "Ana", 12: "Bea", 13: "Cleo", 14: "Dora"}


def unknown(history: History) -> GenreMap:
    return genre_map([normalise(name) for name in history.artists.name.to_pylist()], lambda *_: (), OwnGenres())


def known(history: History) -> GenreMap:
    keys = [normalise(name) for name in history.artists.name.to_pylist()]
    return genre_map(keys, lambda code, _: (("techno", 1.0),) if code else (("jazz", 1.0),), OwnGenres())


def listener(rows: list[Heard]) -> Listener:
    return Listener(rows=rows, tracks=TRACKS, artists=ARTISTS)


def years(days: int = 500) -> list[Heard]:
    """Three plays a day of the first two artists."""
    return [
        Heard(START + timedelta(days=day, minutes=4 * number), TRACKS[(day + number) % 2])
        for day in range(days)
        for number in range(3)
    ]


def facts(rows: list[Heard], chosen: Filter | None = None):
    history = listener(rows).history()
    picked = chosen or Filter()
    return wrapped(history, history.filter(picked), picked, known(history))


@held(listeners(), filters(), st.booleans())
def test_no_history_and_no_filter_breaks_a_story(made: Listener, chosen: Filter, is_known: bool) -> None:
    history = made.history()
    view = history.filter(chosen)

    found = wrapped(history, view, chosen, known(history) if is_known else unknown(history))

    assert found.totals.plays == len(made.plays(made.view(chosen)))
    if found.totals.plays < 30:
        thin = (found.month, found.day, found.discovery, found.comeback, found.streak, found.clock, found.taste)
        assert (*thin, found.repeat, found.before) == (None,) * 9
    if found.day:
        by_day = Counter(made.day(row) for row in made.plays(made.view(chosen)))
        assert by_day[found.day.on] == found.day.plays == max(by_day.values())


def test_the_month_that_stands_out_is_told_with_the_mean_of_the_others() -> None:
    rows = years(150) + [
        Heard(datetime(2024, 3, 5, 8, tzinfo=UTC) + timedelta(minutes=4 * n), TRACKS[2]) for n in range(90)
    ]

    found = facts(rows, Filter(time_range=TimeRange(None, datetime(2024, 5, 1, tzinfo=UTC).date())))

    assert found.month is not None
    assert (found.month.start_on.month, found.month.minutes) == (3, pytest.approx((31 * 3 + 90) * 200 / 60))
    assert found.month.others_minutes == pytest.approx((31 + 29 + 30) * 3 * 200 / 60 / 3)
    assert facts(years(150)).month is None


def test_the_fullest_day_and_the_track_of_a_day_are_the_listeners_days() -> None:
    extra = [Heard(datetime(2024, 2, 10, 9, tzinfo=UTC) + timedelta(minutes=4 * n), TRACKS[3]) for n in range(12)]

    found = facts(years(60) + extra)

    assert found.day is not None
    assert found.repeat is not None
    assert (found.day.on.isoformat(), found.day.plays) == ("2024-02-10", 15)
    assert (found.repeat.track.name, found.repeat.plays, found.repeat.last_on.isoformat()) == (
        "Song 3",
        12,
        "2024-02-10",
    )


def test_a_discovery_is_first_heard_within_the_time_and_never_in_the_first_half_year() -> None:
    new = [Heard(START + timedelta(days=400, minutes=400 + 4 * n), TRACKS[3]) for n in range(9)]
    rows = years(500) + new
    year = Filter(
        time_range=TimeRange(datetime(2025, 1, 1, tzinfo=UTC).date(), datetime(2026, 1, 1, tzinfo=UTC).date())
    )

    found = facts(rows, year).discovery

    assert found is not None
    assert (found.count, found.artist.name, found.plays) == (1, "Dora", 9)
    assert found.first_on == (START + timedelta(days=400)).date()
    before = Filter(time_range=TimeRange(None, datetime(2025, 1, 1, tzinfo=UTC).date()))
    assert facts(rows, before).discovery is None


def test_who_comes_back_is_welcomed_with_the_days_between() -> None:
    early = [Heard(START + timedelta(hours=n), TRACKS[2]) for n in range(12)]
    late = [Heard(START + timedelta(days=300, minutes=300 + 4 * n), TRACKS[2]) for n in range(8)]

    found = facts(years(400) + early + late).comeback

    assert found is not None
    assert (found.artist.name, found.plays, found.back_on) == ("Cleo", 8, (START + timedelta(days=300)).date())
    assert found.away_days > 290


def test_the_hour_is_told_only_where_it_is_clear_and_wasnt_chosen() -> None:
    found = facts(years(60))
    assert found.clock is not None
    assert (found.clock.hour, found.clock.share) == (12, 1.0)
    assert facts(years(60), Filter(hours=frozenset({12}))).clock is None
    spread = [Heard(START + timedelta(hours=n), TRACKS[n % 2]) for n in range(240)]
    assert facts(spread).clock is None


def test_taste_is_told_where_most_of_the_time_has_a_genre() -> None:
    found = facts(years(60)).taste
    assert found is not None
    assert [part.share for part in found.parts] == [0.5, 0.5]
    assert found.covered == 1
    history = listener(years(60)).history()
    assert wrapped(history, history.filter(Filter()), Filter(), unknown(history)).taste is None


def test_a_time_is_compared_only_with_one_that_is_known_and_full_enough() -> None:
    last = Filter(
        time_range=TimeRange(datetime(2025, 1, 1, tzinfo=UTC).date(), datetime(2025, 4, 1, tzinfo=UTC).date())
    )
    assert facts(years(500), last).before is not None
    assert facts(years(500)).before is None


def test_no_run_of_days_is_told_where_the_filter_cuts_runs_off() -> None:
    assert facts(years(150)).streak is not None
    assert facts(years(150), Filter(months=frozenset({2, 3}))).streak is None
