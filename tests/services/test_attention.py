"""Promoters' figures on a real database: whoever knows the true traffic gets exactly it back."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.attention import Figures, Period
from rewrapped.domain.promoting import Interaction
from rewrapped.services import attention, promoting
from rewrapped.storage.tables import user_tags
from tests.conftest import Clock, truncate_all
from tests.promoters import DRAFT, come, draft, log, person

TODAY = date(2026, 11, 22)
Row = tuple[int, date, Interaction, str, bool]


def days_ago(past: int) -> date:
    return TODAY - timedelta(days=past)


def traffic(event_ids: list[int], seed: int = 7) -> list[Row]:
    """Return people x events x kinds x days, with many duplicates."""
    chance = random.Random(seed)
    return [
        (
            chance.choice(event_ids),
            days_ago(chance.choice((0, 0, 1, 2, 5, 6, 7, 13, 20, 27, 28, 40, 55, 300, 700))),
            chance.choice(list(Interaction)),
            f"person {chance.randrange(60)}",
            False,
        )
        for _ in range(3_000)
    ]


def truth(rows: list[Row], event_ids: set[int], first_on: date | None, end_on: date | None) -> tuple[Figures, Figures]:
    """Count slowly and plainly: totals once per event, day, kind and person; people once per kind."""
    within = {
        (event_id, day, kind, who)
        for event_id, day, kind, who, _ in rows
        if event_id in event_ids and (first_on is None or day >= first_on) and (end_on is None or day < end_on)
    }
    totals = [sum(1 for row in within if row[2] is kind) for kind in Interaction]
    people = [len({row[3] for row in within if row[2] is kind}) for kind in Interaction]
    return Figures(*totals), Figures(*people)


def rebuild_all(deps: Deps, rows: list[Row]) -> None:
    for day in sorted({row[1] for row in rows}):
        attention.rebuild_day(deps, day)


@pytest.mark.parametrize("period", list(Period))
def test_the_true_traffic_comes_back(deps: Deps, period: Period) -> None:
    owner, other = person(deps, Role.PROMOTER), person(deps, Role.PROMOTER)
    own = [promoting.create(deps, owner, draft(title=f"Event {number}")) for number in range(4)]
    theirs = promoting.create(deps, other, DRAFT)
    rows = traffic([*own, theirs])
    come(deps, rows)
    rebuild_all(deps, rows)
    days = period.days(TODAY)

    found = attention.overview(deps, owner, period)

    assert (found.whole.total, found.whole.people) == truth(rows, set(own), days.start_on, days.end_on)
    for line in found.lines:
        assert (line.attention.total, line.attention.people) == truth(rows, {line.own.id}, days.start_on, days.end_on)
    assert {line.own.id for line in found.lines} == set(own)
    for on, total in found.series:
        assert total == truth(rows, set(own), on, on + timedelta(days=1))[0]
    assert sum((total for _, total in found.series), Figures()) == found.whole.total
    before = days.previous()
    if before is None:
        assert found.before is None
    else:
        assert found.before is not None
        assert (found.before.total, found.before.people) == truth(rows, set(own), before.start_on, before.end_on)


def test_one_event_by_itself_has_the_figures_it_has_among_all(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    own = [promoting.create(deps, owner, draft(title=f"Event {number}")) for number in range(3)]
    rows = traffic(own)
    come(deps, rows)
    rebuild_all(deps, rows)
    whole = attention.overview(deps, owner, Period.YEAR)
    for line in whole.lines:
        alone = attention.overview(deps, owner, Period.YEAR, line.own.id)
        assert alone.whole == line.attention
        assert alone.lines == (line,)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 30).map(days_ago),
            st.sampled_from(Interaction),
            st.integers(0, 5).map("person {}".format),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_whatever_happens_is_counted_as_a_slow_count_does(deps: Deps, rows: list[Row]) -> None:
    truncate_all(deps.engine)
    owner = person(deps, Role.PROMOTER)
    ids = [promoting.create(deps, owner, draft(title=f"Event {number}")) for number in range(3)]
    rows = [(ids[row[0]], *row[1:]) for row in rows]
    come(deps, rows)
    rebuild_all(deps, rows)
    for period in (Period.WEEK, Period.ALL):
        days = period.days(TODAY)
        found = attention.overview(deps, owner, period).whole
        assert (found.total, found.people) == truth(rows, set(ids), days.start_on, days.end_on)


def test_the_log_is_what_the_interactions_say_however_often_it_is_rebuilt(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    rows = traffic([event_id])
    come(deps, rows)
    rebuild_all(deps, rows)
    first = log(deps)
    assert sum(total for *_, total in first) == len({row[:4] for row in rows})
    with deps.engine.begin() as conn:
        conn.execute(text("UPDATE event_metrics_log SET total = total + 1"))
    rebuild_all(deps, rows)
    assert log(deps) == first
    with deps.engine.begin() as conn:
        conn.execute(text("DELETE FROM event_interactions WHERE day = :day"), {"day": TODAY})
    attention.rebuild_day(deps, TODAY)
    assert log(deps) == [row for row in first if row[1] != TODAY]


def test_what_happens_now_shows_before_the_log_has_it(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    come(deps, [(event_id, TODAY, Interaction.VIEW, "somebody", False)])
    assert attention.overview(deps, owner, Period.WEEK).whole.total.views == 1
    attention.rebuild_recent(deps)
    come(deps, [(event_id, TODAY, Interaction.VIEW, "another", False)])
    assert attention.overview(deps, owner, Period.WEEK).whole.total.views == 2


def test_the_tick_catches_up_with_days_it_missed(deps: Deps, clock: Clock) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    attention.rebuild_recent(deps)
    rows = [(event_id, TODAY + timedelta(days=past), Interaction.VIEW, "somebody", False) for past in range(9)]
    come(deps, rows)
    clock.advance(days=9)  # nobody counted meanwhile
    attention.rebuild_recent(deps)
    assert [row[1] for row in log(deps)] == [row[1] for row in rows]
    assert attention.overview(deps, owner, Period.ALL).whole.total.views == 9


def test_somebody_on_two_events_and_days_is_one_person_and_as_many_views(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    one, two = (promoting.create(deps, owner, draft(title=title)) for title in "ab")
    view = Interaction.VIEW
    come(deps, [(one, TODAY, view, "x", False), (two, TODAY, view, "x", False), (two, days_ago(1), view, "x", False)])
    found = attention.overview(deps, owner, Period.WEEK).whole
    assert (found.total.views, found.people.views) == (3, 1)


def test_the_save_rate_is_of_people(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    rows = [(event_id, days_ago(past), Interaction.VIEW, who, False) for past in range(3) for who in "abcd"]
    come(deps, [*rows, (event_id, TODAY, Interaction.SAVE, "a", False)])
    assert attention.overview(deps, owner, Period.WEEK).whole.save_rate == 0.25


def test_tags_count_once_a_person_and_word_and_never_those_of_samples(deps: Deps) -> None:
    owner, fan, sample = person(deps, Role.PROMOTER), person(deps), person(deps, is_demo=True)
    event_id = promoting.create(deps, owner, DRAFT)
    with deps.engine.begin() as conn:
        for who, tag in ((fan, "loud"), (fan, "outside"), (sample, "loud")):
            conn.execute(insert(user_tags).values(user_id=who.user_id, event_id=event_id, tag=tag))
    [line] = attention.overview(deps, owner, Period.WEEK).lines
    assert line.tags == 2


def test_matched_people_are_held_against_the_others(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    aimed = draft(is_sponsored=True, target_genres=("techno",), target_countries=("PT",))
    event_id = promoting.create(deps, owner, aimed)
    rows: list[Row] = [(event_id, TODAY, Interaction.VIEW, f"fan {number}", True) for number in range(6)]
    rows += [(event_id, TODAY, Interaction.SAVE, f"fan {number}", True) for number in range(3)]
    rows += [(event_id, TODAY, Interaction.VIEW, f"other {number}", False) for number in range(8)]
    rows += [(event_id, days_ago(1), Interaction.VIEW, "fan 0", False)]  # who fits once fits
    rows += [(event_id, TODAY, Interaction.IMPRESSION, f"passer-by {number}", False) for number in range(50)]
    come(deps, rows)
    found = attention.overview(deps, owner, Period.WEEK).effects
    assert [(one.part, one.value) for one in found] == [("country", "PT"), ("genre", "techno")]
    for one in found:
        assert (one.matched.people, one.matched.viewers, one.matched.savers) == (6, 6, 3)
        assert one.matched.total == Figures(0, 7, 3, 0)
        assert (one.others.people, one.others.save_rate) == (8, 0.0)


@pytest.mark.parametrize(("fans", "is_shown"), [(4, False), (5, True), (0, True)])
def test_fewer_than_five_on_a_side_are_never_shown(deps: Deps, fans: int, is_shown: bool) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, draft(target_genres=("techno",)))
    come(deps, [(event_id, TODAY, Interaction.VIEW, f"fan {number}", True) for number in range(fans)])
    come(deps, [(event_id, TODAY, Interaction.VIEW, f"other {number}", False) for number in range(30)])
    [only] = attention.overview(deps, owner, Period.ALL).effects
    assert only.is_shown is is_shown
    if not is_shown:
        assert (only.matched.people, only.others.people) == (0, 0)


def test_an_admin_sees_an_event_beside_its_promoters_earlier_ones(deps: Deps, clock: Clock) -> None:
    owner, admin = person(deps, Role.PROMOTER), person(deps, Role.ADMIN)
    ids = []
    for number in range(4):
        ids.append(promoting.create(deps, owner, draft(title=f"Event {number}", start_on=date(2027, 6, 1))))
        clock.advance(days=2)
    come(
        deps,
        [
            (event_id, (TODAY + timedelta(days=2 * place)), Interaction.VIEW, f"{who}", False)
            for place, event_id in enumerate(ids)
            for who in range(10 if place < 3 else 20)
        ],
    )
    attention.rebuild_recent(deps)
    [line] = attention.overview(deps, admin, Period.ALL, ids[-1]).lines
    assert line.standing is not None
    assert (str(line.standing.verdict), line.standing.own, line.standing.average) == ("improving", 20, 10)
    assert attention.overview(deps, owner, Period.ALL, ids[2]).lines[0].standing is None


def test_a_promoter_without_events_has_empty_figures(deps: Deps) -> None:
    found = attention.overview(deps, person(deps, Role.PROMOTER), Period.ALL)
    assert (found.lines, found.series, found.whole.total) == ((), (), Figures())


def test_another_zone_has_another_day(deps: Deps, clock: Clock) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    tomorrow = TODAY + timedelta(days=1)  # already, where a venue far in the east is
    come(deps, [(event_id, tomorrow, Interaction.VIEW, "somebody", False)])
    attention.rebuild_recent(deps)
    assert attention.overview(deps, owner, Period.ALL).whole.total.views == 1
    clock.at = replace_day(clock.at, 23)
    assert attention.overview(deps, owner, Period.WEEK).whole.total.views == 1


def replace_day(at: object, day: int) -> object:
    return at.replace(day=day)
