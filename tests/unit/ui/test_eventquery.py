"""The events page's address: everything the page can ask comes back, and nothing else gets in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.events import clean_text
from rewrapped.ui.eventquery import ANYWHERE, DEFAULT, KEYS, PRESETS, TEXT_MAX, Asked, read, write

DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
WORDS = st.text(max_size=TEXT_MAX).map(lambda text: clean_text(text, TEXT_MAX))
RANGES = st.one_of(
    st.sampled_from(sorted(PRESETS)).map(lambda word: (word, None, None)),
    st.lists(DAYS, min_size=2, max_size=2).map(lambda days: ("custom", min(days), max(days))),
)
ASKED = st.builds(
    lambda days, **rest: Asked(*days, **rest),
    RANGES,
    text=WORDS,
    artist=WORDS,
    country=st.sampled_from(["", "DE", "US"]),
    place_id=st.one_of(st.none(), st.just(ANYWHERE), st.integers(1, 10**11)),
    radius_km=st.one_of(st.none(), st.integers(5, 500)),
)


@given(ASKED)
def test_what_is_asked_survives_the_address(asked: Asked) -> None:
    assert read(write(asked)) == asked


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=200)))
def test_no_address_fails_and_each_settles_at_once(query: dict[str, str]) -> None:
    asked = read(query)
    assert read(write(asked)) == asked
    start_on, end_on = asked.days(date(2026, 11, 25))
    assert start_on < end_on


@pytest.mark.parametrize(
    ("today", "first", "end"),
    [
        (date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 30)),  # a Wednesday
        (date(2026, 11, 27), date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 11, 29), date(2026, 11, 29), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 12, 4), date(2026, 12, 7)),
    ],
)
def test_this_weekend_is_what_is_left_from_friday_to_sunday(today: date, first: date, end: date) -> None:
    assert Asked("weekend").days(today) == (first, end)


def test_days_are_said_as_a_person_says_them() -> None:
    assert Asked().said == "in the next 30 days"
    assert Asked("custom", date(2026, 3, 5), date(2026, 3, 5)).said == "on 5 March 2026"
    assert Asked("custom", date(2026, 3, 5), date(2026, 3, 9)).said == "from 5 March 2026 to 9 March 2026"
    assert read({"range": "century"}).word == DEFAULT
