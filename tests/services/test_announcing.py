"""New shows that people are told of: near, of somebody they love, once each, and no more than they asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource, EventStatus, Venue
from rewrapped.domain.notices import Kind
from rewrapped.errors import Conflict
from rewrapped.services import accounts, announcing, fitting, keeping, notices, preferences, promoting, whereabouts
from rewrapped.storage.tables import announced_events, events, users
from tests.conftest import Clock
from tests.gigs import BERLIN_ID, TODAY, a_person, gig, heard, promote, store, tie
from tests.promoters import draft, person
from workers import jobs, tick

PARIS = Venue("Salle", "Paris", "FR", latitude=48.85, longitude=2.35)
DEMO_HALL = Venue("Hall", "Berlin", "DE", latitude=52.5, longitude=13.4)


@pytest.fixture
def fan(deps: Deps) -> Visitor:
    """Somebody in Berlin who follows Xenia, and has no plays."""
    return a_fan(deps)


def a_fan(deps: Deps, artist: str = "Xenia") -> Visitor:
    visitor = a_person(deps)
    whereabouts.set_whereabouts(deps, visitor, BERLIN_ID, 50)
    keeping.follow_artist(deps, visitor, artist)
    return visitor


def told(deps: Deps, visitor: Visitor) -> list[str]:
    """Return what a person was told of new shows, the first message first."""
    messages = notices.list_messages(deps, visitor)
    return [message.body for message in reversed(messages) if message.kind == Kind.FOR_YOU]


# Who is told of what ------------------------------------------------------------------------------


def test_a_new_show_of_somebody_followed_is_told_with_the_way_to_it(deps: Deps, fan: Visitor) -> None:
    [event_id] = store(deps, gig("Xenia"))
    assert announcing.announce(deps) == 1
    [message] = notices.list_messages(deps, fan)
    assert message.body == ("New near you: Xenia, Sunday, 29 November 2026, Hall in Berlin. You follow Xenia.")
    assert (message.kind, message.link) == (Kind.FOR_YOU, f"event?id={event_id}")
    assert [one.id for one in notices.take_messages(deps, fan)] == [message.id]


def test_who_was_played_a_lot_is_told_with_the_figure_and_who_was_played_a_little_is_not(
    deps: Deps, tmp_path: Path
) -> None:
    visitor = a_person(deps)
    whereabouts.set_whereabouts(deps, visitor, BERLIN_ID, 50)
    heard(deps, visitor, tmp_path, [("Loved", 200)] * 50 + [("Known", 200)] * 49)
    store(deps, gig("Loved"), gig("Known"))
    announcing.announce(deps)
    [body] = told(deps, visitor)
    assert body.endswith("You have played Loved 50 times.")


def test_nobody_is_told_of_what_is_not_theirs(deps: Deps, fan: Visitor) -> None:
    [own] = store(deps, gig("Xenia", on=30, source=EventSource.INTERNAL))
    promote(deps, own, fan.user_id)
    store(
        deps,
        gig("Xenia", status=EventStatus.CANCELLED),
        gig("Somebody"),
        gig("Xenia", on=2, venue=PARIS, zone="Europe/Paris"),
        gig("Xenia", on=3, status=EventStatus.POSTPONED),
        gig("Xenia", on=-2),
        gig("Tribute to Xenia", on=9),
        gig("Xenia", on=12, source=EventSource.DEMO),
    )
    assert announcing.announce(deps) == 0
    assert told(deps, fan) == []


def test_a_sample_promoters_show_is_no_news_and_a_promoters_is(deps: Deps, fan: Visitor) -> None:
    invented, real = person(deps, Role.PROMOTER, is_demo=True), person(deps, Role.PROMOTER)
    berlin = draft(line_up="Xenia", place_id=BERLIN_ID, venue="Hall")
    promoting.create(deps, invented, replace(berlin, title="Invented"))
    promoting.create(deps, real, replace(berlin, title="Real", start_on=TODAY + timedelta(days=40)))
    announcing.announce(deps)
    [body] = told(deps, fan)
    assert "Real" in body


def test_without_a_place_or_with_another_one_nothing_is_near(deps: Deps) -> None:
    nowhere, abroad = a_person(deps), a_person(deps)
    whereabouts.set_whereabouts(deps, abroad, 2988507, 50)  # Paris
    for visitor in (nowhere, abroad):
        keeping.follow_artist(deps, visitor, "Xenia")
    store(deps, gig("Xenia"))
    assert announcing.announce(deps) == 0


def test_the_sample_listener_is_told_nothing(deps: Deps, fan: Visitor) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(is_demo=True))
    store(deps, gig("Xenia"))
    assert announcing.announce(deps) == 0


def test_what_was_listed_before_somebody_told_their_place_is_not_new(deps: Deps, clock: Clock) -> None:
    store(deps, gig("Xenia"))
    clock.advance(hours=1)
    visitor = a_fan(deps)
    clock.advance(minutes=1)
    store(deps, gig("Xenia", on=20))
    announcing.announce(deps)
    assert len(told(deps, visitor)) == 1


# Once ---------------------------------------------------------------------------------------------


def test_a_run_that_is_repeated_tells_nothing_twice(deps: Deps, fan: Visitor, clock: Clock) -> None:
    listing = gig("Xenia")
    store(deps, listing)
    assert announcing.announce(deps) == 1
    for _ in range(3):
        clock.advance(seconds=30)
        assert announcing.announce(deps) == 0
    store(deps, replace(listing, title="Xenia, live"))  # swept again, and it says something else
    clock.advance(days=2)
    store(deps, gig("Somebody"))
    assert announcing.announce(deps) == 0
    assert len(told(deps, fan)) == 1


def test_runs_beside_each_other_tell_everybody_once(deps: Deps) -> None:
    fans = [a_fan(deps) for _ in range(6)]
    store(deps, gig("Xenia"), gig("Xenia", on=20))
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: announcing.announce(deps), range(4)))
    assert sum(counts) == 12
    assert [len(told(deps, visitor)) for visitor in fans] == [2] * 6


def test_somebody_who_cant_be_looked_at_keeps_nobody_else_waiting(
    deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [a_fan(deps) for _ in range(3)]
    store(deps, gig("Xenia"))
    taste = fitting.taste

    def broken(deps: Deps, visitor: Visitor, *rest: Any) -> Any:
        if visitor.user_id == fan.user_id:
            raise Conflict("Something of theirs is wrong.")
        return taste(deps, visitor, *rest)

    monkeypatch.setattr(fitting, "taste", broken)
    assert announcing.announce(deps) == 3
    assert [len(told(deps, other)) for other in others] == [1, 1, 1]
    monkeypatch.undo()
    assert announcing.announce(deps) == 1
    assert len(told(deps, fan)) == 1


def test_a_show_that_two_sources_list_is_told_once_whenever_the_second_comes(
    deps: Deps, fan: Visitor, clock: Clock
) -> None:
    store(deps, gig("Xenia"))
    announcing.announce(deps)
    store(deps, gig("Xenia", source=EventSource.JAMBASE))  # not tied to the other yet
    assert announcing.announce(deps) == 0
    clock.advance(hours=1)
    store(deps, gig("Xenia", on=30, source=EventSource.JAMBASE), gig("Xenia", on=30))
    assert announcing.announce(deps) == 1
    assert len(told(deps, fan)) == 2


def test_shows_that_were_told_apart_and_become_one_are_not_told_again(deps: Deps, fan: Visitor, clock: Clock) -> None:
    first, second = store(deps, gig("Xenia"), gig("Xenia", on=9))
    announcing.announce(deps)
    tie(deps, first, second)
    clock.advance(seconds=30)
    third = store(deps, gig("Xenia", on=11))[0]
    tie(deps, first, second, third)
    assert announcing.announce(deps) == 0
    assert len(told(deps, fan)) == 2


def test_an_older_show_that_another_source_lists_now_is_not_new(deps: Deps, clock: Clock) -> None:
    store(deps, gig("Xenia"))
    clock.advance(hours=1)
    visitor = a_fan(deps)
    store(deps, gig("Xenia", source=EventSource.JAMBASE))
    assert announcing.announce(deps) == 0
    assert told(deps, visitor) == []


def test_a_listing_whose_transaction_ends_after_a_run_is_still_told(deps: Deps, fan: Visitor, clock: Clock) -> None:
    stamped_at = clock.at
    store(deps, gig("Somebody"))
    clock.advance(seconds=90)
    announcing.announce(deps)
    [late] = store(deps, gig("Xenia"))
    with deps.engine.begin() as conn:
        conn.execute(update(events).where(events.c.id == late).values(added_at=stamped_at))
    assert announcing.announce(deps) == 1


# As much as they asked for ------------------------------------------------------------------------


def test_who_switched_it_off_is_told_nothing_then_or_later(deps: Deps, fan: Visitor, clock: Clock) -> None:
    preferences.set_told(deps, fan, Kind.FOR_YOU, is_told=False)
    store(deps, gig("Xenia"))
    assert announcing.announce(deps) == 0
    clock.advance(hours=1)
    preferences.set_told(deps, fan, Kind.FOR_YOU, is_told=True)
    assert announcing.announce(deps) == 0
    clock.advance(minutes=1)
    store(deps, gig("Xenia", on=20))
    assert announcing.announce(deps) == 1
    assert len(told(deps, fan)) == 1


def test_of_many_new_shows_three_are_told_and_one_message_sums_up_the_rest(
    deps: Deps, fan: Visitor, clock: Clock
) -> None:
    store(deps, *(gig("Xenia", on=day) for day in range(1, 11)))
    assert announcing.announce(deps) == 4
    bodies = told(deps, fan)
    assert [body.startswith("New near you: Xenia") for body in bodies] == [True, True, True, False]
    assert bodies[3] == "7 more new shows near you, of artists you follow or play a lot: Xenia."
    newest = notices.list_messages(deps, fan)[0]
    assert newest.link == "events"
    clock.advance(minutes=5)
    store(deps, gig("Xenia", on=40))
    assert announcing.announce(deps) == 0  # enough for today
    assert announcing.enqueue_due(deps) == 0
    clock.advance(hours=11)  # it is the next day in Berlin, and not yet in UTC
    assert announcing.announce(deps) == 1
    assert len(told(deps, fan)) == 5


def test_messages_of_earlier_in_the_day_count(deps: Deps, fan: Visitor, clock: Clock) -> None:
    for day in (1, 3):
        store(deps, gig("Xenia", on=day))
        announcing.announce(deps)
        clock.advance(minutes=10)
    store(deps, gig("Xenia", on=5), gig("Xenia", on=7), gig("Xenia", on=9))
    assert announcing.announce(deps) == 2
    assert told(deps, fan)[3].startswith("2 more new shows near you")


def test_long_names_are_cut(deps: Deps) -> None:
    visitor = a_fan(deps, "N" * 200)
    store(deps, gig("N" * 200, title="T" * 300, venue=replace(DEMO_HALL, name="V" * 200)))
    announcing.announce(deps)
    [body] = told(deps, visitor)
    assert len(body) < 350


# Work ---------------------------------------------------------------------------------------------


def test_the_tick_queues_a_run_while_something_may_be_new_and_the_worker_does_it(
    deps: Deps, fan: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    [duty] = [duty for duty in tick.DUTIES if duty.name == "announce_events"]
    assert duty.act(deps) == 0
    store(deps, gig("Xenia"))
    assert duty.act(deps) == 1
    assert duty.act(deps) == 0  # it waits already
    monkeypatch.setattr(jobs, "deps", lambda: deps)
    jobs.announce_events()
    assert len(told(deps, fan)) == 1
    clock.advance(minutes=3)
    jobs.announce_events()
    deps.redis.flushall()  # the queue is empty: what isn't due isn't queued again
    assert duty.act(deps) == 0


def test_what_people_were_told_goes_with_their_account(deps: Deps, fan: Visitor) -> None:
    store(deps, gig("Xenia"))
    announcing.announce(deps)
    accounts.delete_person(deps, fan.signed_in())
    with deps.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(announced_events)) == 0
    assert announcing.announce(deps) == 0
