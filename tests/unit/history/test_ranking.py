"""An order without chance, however many values are equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import streaks, tops, totals
from rewrapped.history.ranking import Ranking
from tests.unit.history.reference import Heard, Listener, Track

ENTRIES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from((None, "a", "A", "b")), st.booleans()), max_size=12
)


@given(ENTRIES, st.integers(0, 13), st.randoms())
def test_the_best_and_their_ranks_are_those_of_a_full_sort(entries: list, limit: int, random) -> None:
    ids = random.sample(range(100), len(entries))
    firsts, seconds, names, ranked = (
        (list(part) for part in zip(*entries, strict=True)) if entries else ([], [], [], [])
    )
    ranking = Ranking(
        np.array(firsts, np.int64),
        np.array(seconds, np.int64),
        np.array(ids, np.int64),
        lambda codes: [names[code] for code in codes],
        np.array(ranked, bool),
    )

    order = sorted(
        (code for code in range(len(entries)) if ranked[code]),
        key=lambda code: (-firsts[code], -seconds[code], (names[code] or "").casefold(), ids[code]),
    )
    assert ranking.best(limit) == order[:limit]
    assert ranking.ranks(range(len(entries))) == {code: place for place, code in enumerate(order, start=1)}


TRACKS = [Track(number, f"spotify:track:{number}", name) for number, name in ((1, "b"), (2, "A"), (3, "c"))]


def on(day: int, track: Track) -> Heard:
    return Heard(datetime(2024, 5, day, 12, tzinfo=UTC), track)


def test_a_change_of_rank_counts_from_the_range_before() -> None:
    rows = [on(1, TRACKS[0]), on(1, TRACKS[1]), on(2, TRACKS[0]), on(2, TRACKS[0]), on(2, TRACKS[1]), on(2, TRACKS[2])]
    view = Listener(rows, TRACKS).history().filter(Filter(time_range=TimeRange(date(2024, 5, 2), date(2024, 5, 3))))

    found = tops.tracks(view, 3)

    assert [(top.name, top.previous_rank, top.change, top.is_new) for top in found] == [
        ("b", 2, 1, False),
        ("A", 1, -1, False),
        ("c", None, None, True),
    ]


def test_what_was_heard_without_a_play_is_ranked_by_time_and_not_by_plays() -> None:
    rows = [on(1, TRACKS[0]), *(replace(on(1, TRACKS[1]), ms_played=29_999) for _ in range(9)), on(2, TRACKS[1])]
    first = Filter(time_range=TimeRange(date(2024, 5, 1), date(2024, 5, 2)))
    second = Filter(time_range=TimeRange(date(2024, 5, 2), date(2024, 5, 3)))
    history = Listener(rows, TRACKS).history()

    def ranked(by: tops.Measure) -> list[tuple[str | None, int]]:
        return [(top.name, top.plays) for top in tops.tracks(history.filter(first), 9, by)]

    assert ranked(tops.Measure.PLAYS) == [("b", 1)]
    assert ranked(tops.Measure.TIME) == [("A", 0), ("b", 1)]
    assert [top.heard_minutes for top in tops.tracks(history.filter(first), 1)] == [200_000 / 60_000]
    [now] = tops.tracks(history.filter(second), 9, tops.Measure.TIME)
    assert (now.previous_rank, now.is_new) == (1, False)


@pytest.mark.parametrize(("start", "compared"), [(2, False), (3, True)])
def test_a_range_is_compared_only_with_days_since_the_first_row(start: int, compared: bool) -> None:
    history = Listener([on(2, TRACKS[0]), on(9, TRACKS[0])], TRACKS).history()
    view = history.filter(Filter(time_range=TimeRange(date(2024, 5, start), date(2024, 5, start + 1))))

    _, before = totals.with_previous(view)

    assert (before is not None) == compared


@pytest.mark.parametrize(("today", "length"), [(3, 0), (4, 1), (5, 2), (6, 2), (7, 0)])
def test_a_streak_goes_on_until_a_whole_day_is_over_without_a_play(today: int, length: int) -> None:
    history = Listener([on(1, TRACKS[0]), on(4, TRACKS[0]), on(5, TRACKS[1])], TRACKS).history()

    found = streaks.streaks(history, date(2024, 5, today))

    assert found.current.days == length
    assert (found.longest.days, found.days_off) == (2, 2)
