"""The invented promoters: the same for a day however often they are filled in, and nobody else's business."""

from __future__ import annotations

from rewrapped.demo.fill import ensure_sample_listener, ensure_sample_promoters, renew_sample_promoters
from rewrapped.demo.promoters import EMAILS, sample_promoters
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.attention import Period
from rewrapped.services import attention, membership, promoting
from rewrapped.storage import people
from tests.conftest import Clock
from tests.promoters import log, person


def promoter(deps: Deps) -> Visitor:
    with deps.engine.begin() as conn:
        found = people.find_by_email(conn, EMAILS[0])
    assert found is not None
    assert (found.is_demo, found.role) == (True, Role.PROMOTER)
    return Visitor.person(found.id, found.role)


def test_filling_in_twice_changes_nothing(deps: Deps) -> None:
    assert renew_sample_promoters(deps) == 0  # nobody asked for them
    assert ensure_sample_promoters(deps) == 24
    visitor, first = promoter(deps), log(deps)
    before = attention.overview(deps, visitor, Period.ALL)
    assert renew_sample_promoters(deps) == 24
    assert log(deps) == first
    after = attention.overview(deps, visitor, Period.ALL)
    assert (after.whole, after.effects) == (before.whole, before.effects)


def test_the_panel_has_something_to_show_of_everything(deps: Deps) -> None:
    ensure_sample_promoters(deps)
    found = attention.overview(deps, promoter(deps), Period.FOUR_WEEKS)
    assert len(found.lines) == 12
    assert found.before is not None
    assert min(found.whole.total.views, found.whole.total.saves, found.whole.total.clicks) > 50
    assert any(one.is_shown for one in found.effects)
    assert any(line.standing for line in found.lines)


def test_the_sample_listener_stays_who_they_were_and_promoters_are_in_no_list(deps: Deps) -> None:
    ensure_sample_promoters(deps)
    listener = ensure_sample_listener(deps)
    with deps.engine.begin() as conn:
        assert people.find_sample_listener(conn) == listener
        assert not people.is_anyone_registered(conn)
        assert people.list_countries(conn) == []
    admin = person(deps, Role.ADMIN)
    assert [one.id for one in membership.list_people(deps, admin)] == [admin.user_id]


def test_the_events_move_along_with_the_days(deps: Deps, clock: Clock) -> None:
    ensure_sample_promoters(deps)
    visitor = promoter(deps)
    before = [own.event.listing.start_on for own in promoting.list_events(deps, visitor)]
    clock.advance(days=3)
    renew_sample_promoters(deps)
    after = [own.event.listing.start_on for own in promoting.list_events(deps, visitor)]
    assert [(late - early).days for early, late in zip(before, after, strict=True)] == [3] * 12


def test_nobody_does_anything_before_an_event_is_listed_or_tomorrow(deps: Deps) -> None:
    now = deps.now()
    for invented in sample_promoters(now.date(), now):
        for event in invented.events:
            days = [visit.on for visit in event.visits]
            assert event.published_at.date() <= min(days) <= max(days) <= now.date()
