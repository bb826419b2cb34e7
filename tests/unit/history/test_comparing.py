"""Two views beside each other against a slow reference, and what is said of them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import comparing, contrasts, tops
from rewrapped.history.comparing import Pair
from rewrapped.history.genremap import Label
from rewrapped.history.genres import Part
from rewrapped.history.tops import Noun
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Listener
from tests.unit.history.test_against_reference import close, held

NEAR = st.dates(date(2010, 10, 1), date(2024, 12, 31))


def label(name: str) -> Label:
    return Label(name.lower(), name, name.lower())


@held(listeners(min_rows=1), NEAR, st.integers(1, 60))
def test_hours_add_up_from_the_first_day_of_the_time_range(listener: Listener, start: date, length: int) -> None:
    days = TimeRange(start, start + timedelta(days=length))
    view = listener.history().filter(Filter(time_range=days))
    heard: Counter[date] = Counter()
    for row in listener.view(Filter(time_range=days)):
        heard[listener.day(row)] += listener.heard_ms(row)

    table = comparing.running_hours(view, view, most=10_000)

    known = table[table["a"].notna()]
    for place, hours in zip(known["day"], known["a"], strict=True):
        last = start + timedelta(days=int(place))
        assert hours == close(sum(ms for on, ms in heard.items() if on <= last) / 3_600_000)
    assert known["a"].equals(known["b"])
    if heard:
        assert known["a"].iloc[-1] == close(sum(heard.values()) / 3_600_000)


@held(listeners(min_rows=1), st.integers(0, 700))
def test_beside_all_time_a_range_begins_with_its_first_row(listener: Listener, earlier: int) -> None:
    whole = listener.history()
    first_on = min(listener.day(row) for row in listener.view(Filter(kinds=frozenset())))
    late = whole.filter(Filter(time_range=TimeRange(first_on - timedelta(days=earlier), date(2100, 1, 1))))

    table = comparing.running_hours(whole.filter(Filter()), late, most=10_000)

    assert table["a"].equals(table["b"])


@held(listeners(), st.integers(1, 9))
def test_of_many_days_few_are_kept_and_the_last_is_among_them(listener: Listener, most: int) -> None:
    whole = listener.history()

    table = comparing.running_hours(whole, whole, most=most)

    assert len(table) <= most + 2
    if len(whole.span):
        assert table["a"].iloc[-1] == close(float(whole.by_day.heard_ms.sum()) / 3_600_000)


@held(listeners(), filters())
def test_hours_of_the_day_are_shares_of_each_sides_plays(listener: Listener, chosen: Filter) -> None:
    plays = listener.plays(listener.view(chosen))
    expected = Counter(listener.local(row).hour for row in plays)

    table = comparing.hour_shares(listener.history().filter(chosen), listener.history())

    assert table["a_plays"].tolist() == [expected[hour] for hour in range(24)]
    assert table["a"].tolist() == [close(expected[hour] / max(1, len(plays))) for hour in range(24)]


@held(listeners(), filters(), filters())
def test_ranks_are_those_of_the_other_side(listener: Listener, one: Filter, other: Filter) -> None:
    a, b = listener.history().filter(one), listener.history().filter(other)
    there = [entry[0] for entry in listener.ranked(listener.view(other), Noun.ARTISTS, tops.Measure.PLAYS)]

    for top in tops.top_against(a, b, Noun.ARTISTS, 9):
        assert top.previous_rank == (there.index(top.id) + 1 if top.id in there else None)


def test_pairs_hold_what_either_side_has_the_largest_first() -> None:
    a = [Part(label("Rock"), 60.0, 0.6, 1), Part(label("Pop"), 40.0, 0.4, 1)]
    b = [Part(label("Jazz"), 9.0, 0.9, 1), Part(label("Pop"), 1.0, 0.1, 1)]

    found = comparing.pairs(a, b, 2)

    assert [(pair.label.name, pair.a_share, pair.b_share) for pair in found] == [("Jazz", 0.0, 0.9), ("Rock", 0.6, 0.0)]


@pytest.mark.parametrize(
    ("start", "end", "earlier"),
    [
        (date(2024, 2, 29), date(2024, 3, 1), (date(2023, 2, 28), date(2023, 3, 1))),
        (date(2025, 1, 1), date(2026, 1, 1), (date(2024, 1, 1), date(2025, 1, 1))),
        (date(2024, 2, 1), date(2024, 3, 1), (date(2023, 2, 1), date(2023, 3, 1))),
        (date(2025, 2, 1), date(2025, 3, 1), (date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_a_year_earlier_holds_the_same_days(start: date, end: date, earlier: tuple[date, date]) -> None:
    found = TimeRange(start, end).year_earlier()
    assert found is not None
    assert (found.start_on, found.end_on) == earlier
    assert TimeRange(None, end).year_earlier() is None


def test_an_hour_is_told_where_shares_differ_clearly_and_both_sides_have_plays() -> None:
    a, b = np.full(24, 10), np.full(24, 10)
    b[20] = 60
    shares = pd.DataFrame({"a_plays": a, "b_plays": b, "a": a / a.sum(), "b": b / b.sum()})

    assert contrasts.hour(shares) == "Less at 20:00 in A: 4% of A's plays, 21% of B's"
    assert contrasts.hour(shares.assign(a_plays=1, a=1 / 24)) is None
    assert contrasts.hour(shares.assign(b_plays=a, b=shares["a"])) is None


def test_a_genre_is_told_where_its_shares_differ_clearly() -> None:
    rock, jazz = Pair(label("Rock"), 0.75, 0.25, 750, 250), Pair(label("Jazz"), 0.25, 0.5, 250, 500)

    assert contrasts.genre([rock, jazz]) == "Rock: 75% of A's time with a known genre, 25% of B's"
    assert contrasts.genre([Pair(label("Rock"), 1.0, 0.0, 600, 0)]) is None
