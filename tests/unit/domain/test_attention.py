"""Figures for promoters, without a database: sums, comparisons, and groups too small to be shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain import attention
from rewrapped.domain.advice import advice
from rewrapped.domain.attention import Attention, Figures, Life, Period, Side, Verdict
from rewrapped.domain.promoting import FEWEST

TODAY = date(2026, 11, 22)


def life(event_id: int, published: int, engagement: dict[int, int], lasts: int = 100) -> Life:
    """Return an event published so many days ago, with its engagement by age in days."""
    published_on = TODAY - timedelta(days=published)
    days = tuple((published_on + timedelta(days=age), value) for age, value in engagement.items())
    return Life(event_id, published_on, published_on + timedelta(days=lasts), days)


def test_engagement_is_views_and_twice_the_saves_and_thrice_the_clicks() -> None:
    assert Figures(1_000, 10, 4, 2).engagement == 10 + 2 * 4 + 3 * 2


def test_a_period_ends_today_and_is_compared_with_as_many_days_before() -> None:
    for period, length in ((Period.WEEK, 7), (Period.FOUR_WEEKS, 28), (Period.YEAR, 365)):
        days = period.days(TODAY)
        before = days.previous()
        assert before is not None
        assert (days.end_on, len_of(days)) == (TODAY + timedelta(days=1), length)
        assert (before.end_on, len_of(before)) == (days.start_on, length)
    assert Period.ALL.days(TODAY).previous() is None


def len_of(days: object) -> int:
    return (days.end_on - days.start_on).days


def test_weeks_begin_on_monday_and_lose_nothing() -> None:
    days = [(TODAY - timedelta(days=past), Figures(0, past + 1, 1, 0)) for past in range(30)]
    weeks = attention.by_week(days)
    assert {monday.weekday() for monday in weeks} == {0}
    assert list(weeks) == sorted(weeks)
    assert sum(weeks.values(), Figures()) == sum((total for _, total in days), Figures())


def test_there_is_no_change_without_a_base() -> None:
    assert attention.change(5, 0) is None
    assert attention.change(5, None) is None
    assert attention.change(5, 4) == 0.25


@pytest.mark.parametrize(
    ("own", "verdict"),
    [(111, Verdict.IMPROVING), (109, Verdict.USUAL), (91, Verdict.USUAL), (89, Verdict.NEEDS_ATTENTION)],
)
def test_an_event_is_held_against_the_average_of_three_earlier_ones_at_its_age(own: int, verdict: Verdict) -> None:
    earlier = [life(number, 50 + number, {0: value, 11: 9_999}) for number, value in enumerate((90, 100, 110))]
    mine = life(9, 10, {0: own})
    found = attention.standing(mine, [*earlier, mine], TODAY)
    assert found is not None
    assert (found.verdict, found.own, found.average, found.age, found.earlier_count) == (verdict, own, 100, 10, 3)


def test_with_fewer_than_three_earlier_events_there_is_nothing_to_say() -> None:
    mine = life(9, 10, {0: 100})
    two = [life(1, 50, {0: 1}), life(2, 60, {0: 1})]
    assert attention.standing(mine, two, TODAY) is None
    later = life(3, 5, {0: 1})
    too_short = life(4, 70, {0: 1}, lasts=9)
    assert attention.standing(mine, [*two, later, too_short], TODAY) is None


def test_an_event_ages_until_its_date_and_no_longer() -> None:
    earlier = [life(number, 90 + number, {0: 10, 20: 10}, lasts=80) for number in range(3)]
    mine = life(9, 40, {0: 10}, lasts=15)
    found = attention.standing(mine, earlier, TODAY)
    assert found is not None
    assert (found.age, found.average) == (15, 10)


def test_nothing_is_claimed_of_earlier_events_that_nobody_came_to() -> None:
    earlier = [life(number, 90 + number, {}) for number in range(3)]
    found = attention.standing(life(9, 10, {0: 100}), earlier, TODAY)
    assert found is not None
    assert found.verdict is Verdict.USUAL


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 12), max_size=8))
def test_no_small_group_is_shown_nor_can_be_worked_out_from_the_total(people: dict[int, int]) -> None:
    shown = attention.showable(people)
    hidden = {group: count for group, count in people.items() if group not in shown}
    assert all(people[group] == 0 or people[group] >= FEWEST for group in shown)
    # whoever knows the total and all that is shown knows the sum of what is hidden, and no more
    if hidden and any(people[group] >= FEWEST for group in people):
        assert sum(hidden.values()) >= FEWEST
        assert len(hidden) >= 2 or len([group for group in people if people[group]]) == 1


def test_hiding_one_of_two_sides_hides_the_other() -> None:
    assert attention.showable({"matched": 4, "others": 400}) == frozenset()
    assert attention.showable({"matched": 5, "others": 400}) == {"matched", "others"}
    assert attention.showable({"a": 2, "b": 9, "c": 7}) == {"b"}
    assert attention.showable({"a": 0, "b": 9}) == {"a", "b"}


def side(people: int, viewers: int = 0, savers: int = 0, views: int = 0) -> Side:
    return Side(people, viewers, savers, Figures(0, views, savers, 0))


def test_an_event_with_too_few_on_a_side_stays_out_so_that_no_difference_tells_it() -> None:
    aimed = {1: {"genre": frozenset({"techno", "house"})}, 2: {"genre": frozenset({"techno"})}}
    sides = {1: (side(10, 8, 4, 12), side(20, 20, 5, 25)), 2: (side(4, 4, 4, 4), side(100, 90, 9, 95))}
    house, techno = attention.effects(aimed, sides)
    assert (house.value, house.events, house.left_out) == ("house", 1, 0)
    assert (techno.value, techno.events, techno.left_out) == ("techno", 1, 1)
    assert techno.matched == house.matched == sides[1][0]
    assert techno.matched.save_rate == 0.5
    assert techno.matched.average_engagement == (12 + 2 * 4) / 10


def test_targeting_that_nobody_came_by_yet_shows_nothing() -> None:
    [only] = attention.effects({1: {"country": frozenset({"PT"})}}, {})
    assert (only.is_shown, only.events, only.left_out) == (False, 0, 1)


def test_advice_is_silent_while_few_people_came_or_all_is_well() -> None:
    few = Attention(Figures(40, 1, 0, 0), Figures(40, 1, 0, 0))
    well = Attention(Figures(900, 300, 60, 40), Figures(700, 200, 50, 30))
    assert advice(few) == advice(well) == ()


def test_advice_names_the_step_that_loses_people() -> None:
    unopened = advice(Attention(Figures(900, 9, 2, 2), Figures(900, 9, 2, 2)))
    unsaved = advice(Attention(Figures(900, 300, 3, 40), Figures(700, 200, 3, 30)))
    unsold = advice(Attention(Figures(9, 9, 2, 0), Figures(9, 9, 2, 0)), sells_tickets=False)
    assert ["opened it" in said for said in unopened] == [True]
    assert ["saved it" in said for said in unsaved] == [True]
    assert ["no way to tickets" in said for said in unsold] == [True]
