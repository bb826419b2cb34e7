"""The filter in the address: everything the bar can make comes back, and nonsense does nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.plays import Filter, Kind, PlayRule, RuleKind, Source, TimeRange
from rewrapped.history.filterquery import KEYS, PRESETS, RELATIVE, Picked, active_count, fixed, read, without, write
from rewrapped.history.platforms import FAMILIES

TODAY = date(2026, 11, 22)


def some(values: object) -> st.SearchStrategy:
    return st.frozensets(st.sampled_from(tuple(values)), max_size=4)


def rests() -> st.SearchStrategy[Filter]:
    answers = st.sampled_from((None, True, False))
    ids = st.frozensets(st.integers(1, 10**18 - 1), max_size=4)
    return st.builds(
        Filter,
        weekdays=some(range(7)),
        hours=some(range(24)),
        months=some(range(1, 13)),
        platforms=some(FAMILIES),
        countries=some(("DE", "GB", "ZZ")),
        sources=some(Source),
        kinds=st.frozensets(st.sampled_from(Kind), min_size=1),
        artists=ids,
        albums=ids,
        tracks=ids,
        skipped=answers,
        shuffle=answers,
        offline=answers,
    )


@st.composite
def picks(draw) -> Picked:
    rest, rule = draw(rests()), draw(rules())
    if draw(st.booleans()):
        return Picked(draw(st.sampled_from((*PRESETS, "2019", "2026"))), rest=rest, rule=rule)
    first, last = sorted((draw(days()), draw(days())))
    return Picked("custom", first, last, rest, rule)


def rules() -> st.SearchStrategy[PlayRule | None]:
    others = st.sampled_from((None, *(PlayRule(kind) for kind in RuleKind)))
    return others | st.integers(0, 86_400).map(lambda seconds: PlayRule(RuleKind.SECONDS, seconds))


def days() -> st.SearchStrategy[date]:
    return st.dates(date(2006, 10, 1), date(2030, 12, 31))


@given(picks())
def test_what_is_picked_comes_back_from_the_address(picked: Picked) -> None:
    query = write(picked)

    assert read(query, "all") == picked
    assert set(query) <= set(KEYS)


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=60)))
def test_any_address_gives_a_filter_that_can_be_used(query: dict[str, str]) -> None:
    picked = read(query, "12m")

    assert isinstance(picked.filter(TODAY), Filter)
    assert read(write(picked), "12m") == picked


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("range", "1999"),
        ("range", "__import__('os')"),
        ("range", "custom"),
        ("weekdays", "7,-1,1e3,x"),
        ("hours", "24,٣"),
        ("months", "0,13"),
        ("platforms", "toaster"),
        ("countries", "de,DEU,1A"),
        ("sources", "1,none"),
        ("kinds", "opera"),
        ("artists", "0,-5,99999999999999999999999"),
        ("tracks", "1;drop table users"),
        ("skipped", "maybe"),
        ("rule", "30"),
        ("rule", "030s"),
        ("rule", "٣s"),
        ("rule", "86401s"),
        ("rule", "HALF"),
        ("rule", " any"),
        ("rule", "any' or '1'='1"),
    ],
)
def test_nonsense_in_the_address_narrows_nothing(key: str, value: str) -> None:
    assert read({key: value}, "12m") == Picked("12m")


@pytest.mark.parametrize(
    ("first", "last"), [("2026-02-30", "2026-03-01"), ("2026-03-02", "2026-03-01"), ("", "2026-03-01"), ("1", "2")]
)
def test_dates_that_make_no_range_give_the_default(first: str, last: str) -> None:
    assert read({"range": "custom", "from": first, "to": last}, "all") == Picked("all")


def test_a_very_long_list_is_cut() -> None:
    many = ",".join(map(str, range(1, 5_000)))

    assert len(read({"artists": many}, "all").rest.artists) == 50


def test_a_custom_range_holds_its_last_day() -> None:
    picked = read({"range": "custom", "from": "2026-03-01", "to": "2026-03-01"}, "all")

    assert picked.time_range(TODAY) == TimeRange(date(2026, 3, 1), date(2026, 3, 2))


def test_filters_that_are_on_are_counted_without_the_time() -> None:
    rest = Filter(weekdays=frozenset({5}), kinds=frozenset(Kind), offline=False)

    assert active_count(rest) == 3
    assert active_count(Filter(time_range=TimeRange(TODAY, TODAY))) == 0


def test_one_filter_can_be_taken_off_and_the_others_stay() -> None:
    picked = Picked("4w", rest=Filter(weekdays=frozenset({5}), hours=frozenset({8})))

    assert without(picked, "hours") == replace(picked, rest=Filter(weekdays=frozenset({5})))
    assert without(picked, "kinds") == picked


@given(picks(), days())
def test_pinned_days_are_those_of_today_on_every_later_day(picked: Picked, later: date) -> None:
    pinned = fixed(picked, TODAY)

    assert pinned.filter(TODAY).within(TimeRange()) == picked.filter(TODAY).within(TimeRange())
    now, then = picked.time_range(TODAY if picked.word in RELATIVE else later), pinned.time_range(later)
    assert (then.start_on, then.end_on) == (now.start_on, now.end_on)
    assert pinned.rule == picked.rule
    assert read(write(pinned), "all") == pinned
