"""Findings of what changed: said when they are clear, silent when the data is thin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter
from rewrapped.history import absences, discoveries, diversity, ranks, shifts
from rewrapped.history.ever import ever
from rewrapped.history.frame import History
from rewrapped.history.periods import Period, tally
from rewrapped.history.tops import Noun
from tests.unit.history.listeners import filters, listeners
from tests.unit.history.reference import Heard, Listener, Track

NEW_YEAR = datetime(2021, 1, 1, 12, tzinfo=UTC)


def listener(plays: Sequence[tuple[int, str]]) -> History:
    """Return somebody with one track an artist; plays are (days after New Year 2021, whose)."""
    names = list(dict.fromkeys(name for _, name in plays))
    songs = {name: Track(at, f"spotify:track:{at}", "Tide", artist=at) for at, name in enumerate(names, start=1)}
    rows = [
        Heard(NEW_YEAR + timedelta(days=day, minutes=number % 600), songs[name])
        for number, (day, name) in enumerate(plays)
    ]
    return Listener(rows, list(songs.values()), {songs[name].artist or 0: name for name in names}).history()


def led_by(*leaders: str) -> History:
    """Return somebody with a number one a month, of twelve plays."""
    return listener([(30 * month + day, name) for month, name in enumerate(leaders) for day in range(12)])


def said(history: History) -> tuple[str | None, str | None]:
    counted = tally(history, Noun.ARTISTS, Period.MONTH)
    first = ranks.standings(counted, 10)
    return shifts.most_often_first(counted, first), shifts.took_over(counted, first)


@pytest.mark.parametrize(
    ("leaders", "often", "over"),
    [
        (("Ana",) * 4, "Ana was your number one in all 4 months", None),
        (("Ana", "Bo", "Bo", "Cy"), "Bo was your number one in 2 of 4 months", "Ana led at first, Cy in the end"),
        (("Ana", "Ana", "Bo", "Bo"), None, "Ana led at first, Bo in the end"),
        (("Ana", "Bo", "Cy", "Dan"), None, "Ana led at first, Dan in the end"),
        (("Ana", "Ana", "Bo"), None, None),
        (("", "", "Bo", ""), None, None),
    ],
)
def test_who_led_is_said_where_one_clearly_did(leaders: tuple[str, ...], often: str | None, over: str | None) -> None:
    assert said(led_by(*leaders)) == (often, over)


@pytest.mark.parametrize(("judged", "words"), [(19, None), (20, "50% of the artists you discovered stayed")])
def test_how_many_stayed_is_said_of_enough_discoveries_and_never_of_the_first_days(
    judged: int, words: str | None
) -> None:
    early = [(day, f"Early {day}") for day in range(100)]
    later = [(200 + number, f"Late {number}") for number in range(judged)]
    stayed = [(400 + number, f"Late {number}") for number in range(0, judged, 2)]
    whole = listener([*early, *later, *stayed, (500, "Late 0")])

    assert shifts.how_many_stayed(discoveries.found(whole, whole, Noun.ARTISTS), Noun.ARTISTS) == words


@pytest.mark.parametrize(("since", "words"), [(9, None), (10, "Ana came back after 271 days")])
def test_a_return_by_accident_is_no_finding(since: int, words: str | None) -> None:
    steady = [(day, "Bo") for day in range(0, 400, 5)]
    whole = listener([*steady, *((day, "Ana") for day in range(30)), *((300 + day, "Ana") for day in range(since))])

    found = absences.comebacks(whole, whole, Noun.ARTISTS, 5)

    assert len(found) == 1
    assert shifts.came_back(whole, Noun.ARTISTS, found) == words
    assert shifts.came_back(whole, Noun.ARTISTS, ()) is None


def test_a_favourite_that_fell_silent_is_named_with_its_last_month_where_it_was_a_great_one() -> None:
    steady = [(day, "Bo") for day in range(400)]
    few = [(day, f"Trio {place}") for place in range(3) for day in range(20 - place)]
    whole = listener([*steady, *few])

    found = absences.lapsed(whole, whole, Noun.ARTISTS)

    assert [one.rank for one in found] == [2, 3, 4]
    assert shifts.fell_silent(whole, Noun.ARTISTS, found) == "No Trio 0 since January 2021"
    assert shifts.fell_silent(whole, Noun.ARTISTS, found[2:]) is None
    assert shifts.fell_silent(whole, Noun.ARTISTS, ()) is None


def spread(*counts: int) -> History:
    """Return somebody who plays so many artists alike, thirty days each."""
    return listener(
        [
            (30 * month + day, f"No. {who}")
            for month, count in enumerate(counts)
            for day in range(20)
            for who in range(count)
        ]
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((10, 12, 20, 40), "Your listening became broader: from 10 to 40 effective artists"),
        ((40, 20, 12, 10), "Your listening became narrower: from 40 to 10 effective artists"),
        ((20, 40, 10, 22), None),
        ((10, 20, 40), None),
    ],
)
def test_a_clear_change_of_how_far_plays_are_spread_is_said(counts: tuple[int, ...], words: str | None) -> None:
    whole = spread(*counts)
    by_month = diversity.diversity(tally(whole, Noun.ARTISTS, Period.MONTH), ever(whole, Noun.ARTISTS))

    assert shifts.broader_or_narrower(by_month, Noun.ARTISTS) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((40, 40, 40, 40), "Ten artists take 25% of the plays of a usual month"),
        ((19, 19, 19, 19), None),
        ((40, 40, 40), None),
    ],
)
def test_the_share_of_ten_is_said_where_there_are_many_more(counts: tuple[int, ...], words: str | None) -> None:
    whole = spread(*counts)
    by_month = diversity.diversity(tally(whole, Noun.ARTISTS, Period.MONTH), ever(whole, Noun.ARTISTS))

    assert shifts.share_of_the_top(by_month, Noun.ARTISTS, Period.MONTH) == words


@settings(max_examples=40)
@given(listeners(), filters(), st.sampled_from(Noun), st.sampled_from(Period))
def test_any_history_has_findings_or_none(who: Listener, chosen: Filter, noun: Noun, period: Period) -> None:
    whole = who.history()
    view = whole.filter(chosen)
    counted = tally(view, noun, period)
    by_period = diversity.diversity(counted, ever(whole, noun))

    assert shifts.most_often_first(counted, ranks.standings(counted, 10)) is None  # 25 rows never rank four periods
    assert shifts.took_over(counted, ranks.standings(counted, 10)) is None
    assert shifts.how_many_stayed(discoveries.found(whole, view, noun), noun) is None
    assert shifts.broader_or_narrower(by_period, noun) is None
    assert shifts.share_of_the_top(by_period, noun, period) is None
