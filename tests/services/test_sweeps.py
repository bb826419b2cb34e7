"""Sweeping, from the sources' servers to the database: every show once, within budgets, whatever fails."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select, text

from rewrapped import bootstrap, cli
from rewrapped.clients import jambase, ticketmaster
from rewrapped.clients.answers import RedisAnswers
from rewrapped.clients.http import Call, Surroundings
from rewrapped.deps import Deps
from rewrapped.domain import sweeping
from rewrapped.domain.access import Role
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.domain.sweeping import PLANS, Area, Query, windows
from rewrapped.errors import Conflict, InvalidInput
from rewrapped.queueing import QUEUES
from rewrapped.services import calls, sweeps
from rewrapped.services.asking import alone
from rewrapped.services.sweeps import Report
from rewrapped.settings import Settings
from rewrapped.storage import events, people
from rewrapped.storage import sweeps as rows
from rewrapped.storage.tables import api_integration_logs, metadata
from rewrapped.storage.tables import events as events_table
from tests.conftest import Clock
from tests.simulators import jambase as simulated_jambase
from tests.simulators import ticketmaster as simulated_ticketmaster
from tests.simulators.jambase import JamBaseSimulator
from tests.simulators.server import Reply, serving
from tests.simulators.shows import Show, shows
from tests.simulators.ticketmaster import TicketmasterSimulator
from tests.stored import list_twins
from workers import jobs, tick

TM, JB = EventSource.TICKETMASTER, EventSource.JAMBASE
GERMANY = [Area("DE")]


@dataclass
class Sources:
    """Both simulators, and Deps whose clients ask them."""

    ticketmaster: TicketmasterSimulator
    jambase: JamBaseSimulator
    deps: Deps

    def hold(self, held: Sequence[Show], *, bridged: bool = False) -> None:
        """Let both list the same shows."""
        self.ticketmaster.rows = [simulated_ticketmaster.event(show) for show in held]
        self.jambase.rows = [simulated_jambase.event(show, bridged) for show in held]

    def sweep(self, source: EventSource = TM, **more: Any) -> Report:
        return sweeps.sweep(self.deps, source, **{"areas": GERMANY, **more})


@contextmanager
def asking(deps: Deps, tm: TicketmasterSimulator, jb: JamBaseSimulator, version: str = "v3") -> Iterator[Deps]:
    around = Surroundings(calls.recorder(deps.engine, deps.clock), deps.clock, RedisAnswers(deps.redis))
    of_jambase = (
        jambase.v1(jb.key, f"{jb.url}/jb-api/v1", 0) if version == "v1" else jambase.v3(jb.key, f"{jb.url}/v3", 0)
    )
    clients = {
        TM: ticketmaster.Ticketmaster(ticketmaster.v2(tm.key, f"{tm.url}/discovery/v2", 0), around),
        JB: jambase.JamBase(of_jambase, around),
    }
    try:
        yield replace(deps, event_clients=clients)
    finally:
        for client in clients.values():
            client.close()


@pytest.fixture
def sources(deps: Deps) -> Iterator[Sources]:
    with ExitStack() as stack:
        tm, jb = stack.enter_context(serving(TicketmasterSimulator())), stack.enter_context(serving(JamBaseSimulator()))
        yield Sources(tm, jb, stack.enter_context(asking(deps, tm, jb)))


def stored(deps: Deps) -> list[Any]:
    """Return all rows of events, in the order of their ids."""
    with deps.engine.connect() as conn:
        return list(conn.execute(select(events_table).order_by(events_table.c.id)))


def a_listener(deps: Deps, country: str | None, *, is_demo: bool = False) -> None:
    with deps.engine.begin() as conn:
        people.add_person(conn, people.NewPerson(None, Role.REGULAR, "UTC", country=country, is_demo=is_demo))


def everything(deps: Deps) -> str:
    """Return what every table and all of Redis hold, as text."""
    with deps.engine.connect() as conn:
        tables = "".join(str(list(conn.execute(select(table)))) for table in metadata.tables.values())
    answers = RedisAnswers(deps.redis)
    names = [name.decode() for name in deps.redis.scan_iter()]
    kept = [answers.get(name.removeprefix("rewrapped:answer:")) for name in names if ":answer:" in name]
    return tables + str(names) + str(kept)


def test_every_show_of_a_country_is_stored_once(sources: Sources) -> None:
    sources.hold(shows(150, country="DE") + [replace(one, number=one.number + 500) for one in shows(5, country="US")])
    report = sources.sweep()
    assert (report.new, report.changed, report.stopped) == (150, 0, "")
    assert report.windows == 7
    assert len(stored(sources.deps)) == 150
    assert {row.country for row in stored(sources.deps)} == {"DE"}


def test_sweeping_again_adds_and_changes_nothing(sources: Sources, clock: Clock) -> None:
    sources.hold(shows(40, country="DE"))
    sources.sweep()
    before = stored(sources.deps)
    clock.advance(days=1)
    sources.deps.redis.flushall()
    report = sources.sweep()
    assert (report.new, report.changed, report.tied, report.gone) == (0, 0, 0, 0)
    after = stored(sources.deps)
    assert [(row.id, row.twin_of, row.changed_at) for row in before] == [
        (row.id, row.twin_of, row.changed_at) for row in after
    ]
    assert all(row.seen_at == clock() for row in after)


def test_what_a_source_says_otherwise_is_changed(sources: Sources, clock: Clock) -> None:
    held = shows(10, country="DE")
    sources.hold(held)
    sources.sweep()
    clock.advance(days=1)
    sources.deps.redis.flushall()
    sources.hold([replace(held[0], state="canceled", acts=(*held[0].acts, "One More")), *held[1:]])
    assert sources.sweep().changed == 1
    with sources.deps.engine.connect() as conn:
        [first] = [row for row in stored(sources.deps) if row.source_id == simulated_ticketmaster.event_id(held[0])]
        found = events.find_event(conn, first.id)
    assert found is not None
    assert found.listing.status is EventStatus.CANCELLED
    assert [act.name for act in found.listing.performers] == [*held[0].acts, "One More"]
    assert found.changed_at == clock() > found.added_at


@pytest.mark.parametrize("bridged", [False, True])
@pytest.mark.parametrize("first", [TM, JB])
def test_a_show_of_both_sources_is_one_and_its_lowest_id_stands_for_it(
    sources: Sources, bridged: bool, first: EventSource
) -> None:
    held = shows(120, country="DE")
    sources.hold(held, bridged=bridged)
    second = JB if first is TM else TM
    assert sources.sweep(first).tied == 0
    assert sources.sweep(second).tied == 120
    groups: dict[int, list[Any]] = {}
    for row in stored(sources.deps):
        groups.setdefault(row.twin_of, []).append(row)
    assert len(groups) == 120
    for leader, group in groups.items():
        assert leader == min(row.id for row in group)
        assert {row.source for row in group} == {"ticketmaster", "jambase"}
    with sources.deps.engine.connect() as conn:
        twins = list_twins(conn, max(groups))
        assert [one.listing.source for one in twins] == [first, second]
        assert sum(len(one.listing.offers) for one in twins) == 2


def test_a_show_that_was_moved_keeps_its_twin_by_the_shared_id(sources: Sources, clock: Clock) -> None:
    show = replace(shows(1, country="DE")[0], on=date(2026, 12, 10))
    sources.hold([show], bridged=True)
    sources.sweep(TM)
    sources.sweep(JB)
    clock.advance(days=1)
    sources.deps.redis.flushall()
    sources.ticketmaster.rows = [simulated_ticketmaster.event(replace(show, on=date(2027, 3, 10), state="rescheduled"))]
    assert sources.sweep(TM).changed == 1
    assert [(row.twin_of, row.gone_at) for row in stored(sources.deps)] == [(1, None)] * 2


def test_version_one_of_jambase_brings_the_same(sources: Sources, deps: Deps) -> None:
    sources.hold(shows(130, days=9, country="DE"))
    with asking(deps, sources.ticketmaster, sources.jambase, "v1") as old:
        report = sweeps.sweep(old, JB, GERMANY)
    assert report.new == 130
    assert sources.jambase.key not in everything(deps)


def test_performers_can_be_found_by_the_names_that_plays_have(sources: Sources) -> None:
    held = shows(30, country="DE")
    sources.hold(held)
    sources.sweep(JB)  # which writes them in capitals
    with sources.deps.engine.connect() as conn:
        query = text("SELECT count(*) FROM event_performers WHERE normal_name = :name")
        assert conn.scalar(query, {"name": held[3].acts[0].casefold()}) == 1


# Areas and what is due ----------------------------------------------------------------------------


def test_areas_are_where_listeners_live_and_the_sample_listener_is_none(deps: Deps) -> None:
    for country in ("DE", "AT", "DE", None):
        a_listener(deps, country)
    a_listener(deps, "US", is_demo=True)
    assert sweeps.list_areas(deps) == [Area("AT"), Area("DE")]


def test_a_city_and_its_surroundings_are_an_area_too(sources: Sources) -> None:
    sources.hold(shows(80, country="DE"))
    for source in (TM, JB):
        sources.sweep(source, areas=[Area("DE", 52.52, 13.405, 30)])
    assert {row.city for row in stored(sources.deps)} == {"Berlin"}


def test_what_was_asked_lately_is_not_asked_again_and_the_oldest_comes_first(sources: Sources, clock: Clock) -> None:
    sources.sweep()
    assert sources.sweep().calls == 0
    clock.advance(hours=23)
    assert sources.sweep(areas=[*GERMANY, Area("AT")], calls=3).calls == 3
    assert {asked.params["countryCode"] for asked in sources.ticketmaster.asked[-3:]} == {"AT"}
    clock.advance(hours=1)
    sources.sweep(areas=[*GERMANY, Area("AT")], calls=5)
    asked = [(one.params["countryCode"], one.params["startDateTime"][:7]) for one in sources.ticketmaster.asked[-5:]]
    assert [country for country, _ in asked] == ["AT"] * 4 + ["DE"]
    assert asked[0][1] == "2027-01"  # the third month was asked for already, and its answer is kept


def test_a_sweep_goes_on_where_the_last_one_stopped_and_pays_no_page_twice(sources: Sources) -> None:
    sources.ticketmaster.rows = [simulated_ticketmaster.event(show) for show in _one_month(700)]
    first = sources.sweep(calls=3)
    assert first.calls == 3
    assert "next one goes on" in first.stopped
    second = sources.sweep()
    assert (second.stopped, first.windows + second.windows) == ("", 7)
    assert second.cached >= 1
    assert len(stored(sources.deps)) == 700


# Budgets, pauses and faults -----------------------------------------------------------------------


@pytest.mark.parametrize("source", [TM, JB])
def test_a_budget_counted_here_is_never_passed(
    sources: Sources, clock: Clock, monkeypatch: pytest.MonkeyPatch, source: EventSource
) -> None:
    plan = replace(PLANS[source], calls=6, reserve=2)
    monkeypatch.setitem(sweeping.PLANS, source, plan)
    sources.hold(shows(20, country="DE"))
    report = sources.sweep(source)
    assert (report.calls, report.budget_left) == (4, 0)
    assert "budget" in report.stopped
    assert sources.sweep(source).calls == 0
    clock.at += plan.period + timedelta(seconds=1)
    sources.deps.redis.flushall()
    assert sources.sweep(source).calls == 4


def test_failed_calls_count_too(sources: Sources) -> None:
    sources.jambase.faults.append(Reply(500, {}))
    report = sources.sweep(JB)
    assert report.calls == 1
    assert sweeps.budget_left(sources.deps, JB) == PLANS[JB].budget - 1


def test_cached_answers_are_logged_and_cost_nothing(sources: Sources, clock: Clock) -> None:
    sources.sweep()
    before = sweeps.budget_left(sources.deps, TM)
    with sources.deps.engine.begin() as conn:
        conn.execute(text("DELETE FROM sweeps"))
    report = sources.sweep()
    assert (report.calls, report.cached) == (0, 7)
    assert sweeps.budget_left(sources.deps, TM) == before


def test_a_source_that_asks_to_wait_rests_until_then_and_no_other_does(sources: Sources, clock: Clock) -> None:
    sources.hold(shows(20, country="DE"))
    sources.ticketmaster.faults.extend([None, Reply(429, simulated_ticketmaster.QUOTA, {"Retry-After": "3600"})])
    report = sources.sweep()
    assert report.calls == 2
    assert report.stopped == "Ticketmaster asks us to wait."
    clock.advance(seconds=3599)
    assert "2026-11-22 13:00 UTC" in sources.sweep().stopped
    assert sources.sweep(JB).stopped == ""
    clock.advance(seconds=2)
    assert sources.sweep().stopped == ""
    assert len({row.source_id for row in stored(sources.deps) if row.source == "ticketmaster"}) == 20


FAULTS: list[tuple[Reply, timedelta]] = [
    (Reply(500, b"<html>"), timedelta(minutes=5)),
    (Reply(200, b"<html>"), timedelta(hours=1)),
    (Reply(200, {"page": {"totalElements": 1}}, cut_at=9), timedelta(minutes=5)),
    (Reply(401, simulated_ticketmaster.BAD_KEY), timedelta(hours=1)),
    (Reply(429, simulated_ticketmaster.QUOTA), timedelta(minutes=15)),
    (Reply(503, {}, {"Retry-After": "30"}), timedelta(seconds=30)),
]


@pytest.mark.parametrize(("fault", "rest"), FAULTS)
def test_whatever_fails_keeps_what_was_stored_and_is_made_up_for_later(
    sources: Sources, clock: Clock, fault: Reply, rest: timedelta
) -> None:
    sources.hold(shows(60, country="DE"))
    sources.ticketmaster.faults.extend([None, None, fault])
    report = sources.sweep()
    assert report.stopped.startswith("Ticketmaster ")
    assert 0 < len(stored(sources.deps)) < 60
    with sources.deps.engine.connect() as conn:
        pause = rows.find_pause(conn, TM, clock())
    assert pause is not None
    assert pause.resume_at == clock() + rest
    clock.at += rest
    assert sources.sweep().stopped == ""
    assert len(stored(sources.deps)) == 60


def test_what_a_source_always_fails_at_does_not_keep_the_rest_waiting(sources: Sources, clock: Clock) -> None:
    sources.hold(shows(60, country="DE"))
    answer = sources.ticketmaster.answer

    def fail_in_january(asked: Any) -> Reply:
        return Reply(500, {}) if asked.params["endDateTime"].startswith("2027-02-01") else answer(asked)

    sources.ticketmaster.answer = fail_in_january
    for _ in range(2):
        assert sources.sweep().stopped == "Ticketmaster has troubles of its own (500)."
        clock.advance(minutes=5)
    days = {row.start_on for row in stored(sources.deps)}
    assert {on.month for on in days} >= {11, 12, 2, 3, 4, 5}
    assert not any(date(2027, 1, 1) < on < date(2027, 1, 31) for on in days)


def test_a_question_that_is_refused_stops_no_other(sources: Sources, clock: Clock) -> None:
    sources.ticketmaster.faults.append(Reply(400, {"errors": [{"code": "DIS1015"}]}))
    report = sources.sweep()
    assert (report.stopped, report.windows, report.calls) == ("", 7, 7)
    assert sources.sweep().calls == 0


def test_one_sweep_of_a_source_at_a_time(sources: Sources) -> None:
    with alone(sources.deps, f"sweep:{TM}", 60, "busy"), pytest.raises(Conflict, match="swept already"):
        sources.sweep()
    assert sources.sweep().stopped == ""


def test_a_source_without_a_key_says_so(deps: Deps) -> None:
    with pytest.raises(InvalidInput, match="key"):
        sweeps.sweep(deps, TM, GERMANY)


# Hiding -------------------------------------------------------------------------------------------


def test_what_a_source_no_longer_lists_is_hidden_and_comes_back_with_it(sources: Sources, clock: Clock) -> None:
    held = shows(21, country="DE")[1:]  # the first is over meanwhile
    sources.hold(held)
    sources.sweep()
    for left, gone in ((held[1:], 1), (held, 0)):
        clock.advance(days=1)
        sources.deps.redis.flushall()
        sources.hold(left)
        report = sources.sweep()
        assert report.gone == gone
        assert [row.gone_at is None for row in stored(sources.deps)].count(False) == gone
    assert len(stored(sources.deps)) == 20


def test_a_sweep_that_broke_off_hides_nothing(sources: Sources, clock: Clock) -> None:
    sources.hold(shows(20, country="DE"))
    sources.sweep()
    clock.advance(days=1)
    sources.deps.redis.flushall()
    sources.hold([])
    sources.ticketmaster.faults.append(Reply(500, {}))
    assert sources.sweep().gone == 0


def test_a_row_that_cannot_be_read_this_time_is_not_gone(sources: Sources, clock: Clock) -> None:
    sources.hold(shows(3, country="DE"))
    sources.sweep()
    clock.advance(days=1)
    sources.deps.redis.flushall()
    sources.ticketmaster.rows[0]["dates"]["timezone"] = "Mars/Olympus"
    report = sources.sweep()
    assert (report.unread, report.gone) == (1, 0)


def test_another_area_hides_nothing_of_this_one(sources: Sources, clock: Clock) -> None:
    sources.hold(shows(20, country="DE"))
    sources.sweep()
    clock.advance(days=1)
    sources.deps.redis.flushall()
    sources.hold([])
    assert sources.sweep(areas=[Area("DE", 52.52, 13.405, 30)]).gone == 0


def test_what_is_over_by_a_day_is_hidden_and_kept(sources: Sources, clock: Clock) -> None:
    sources.hold([replace(shows(1, country="DE")[0], on=date(2026, 11, 25), at=time(20))])
    sources.sweep()
    clock.at = clock.at.replace(day=26, hour=11)  # somewhere on earth it is still the 25th
    assert sweeps.hide_ended(sources.deps) == 0
    clock.at = clock.at.replace(day=26, hour=12)
    assert sweeps.hide_ended(sources.deps) == 1
    assert sweeps.hide_ended(sources.deps) == 0
    assert len(stored(sources.deps)) == 1


def test_what_its_source_has_not_confirmed_for_long_is_hidden(sources: Sources, clock: Clock) -> None:
    sources.hold([replace(shows(1, country="DE")[0], on=date(2027, 4, 1))])
    sources.sweep()
    clock.advance(days=7)
    assert sweeps.hide_ended(sources.deps) == 1


# Hostile ------------------------------------------------------------------------------------------


def test_hostile_events_are_stored_as_plain_text(sources: Sources) -> None:
    sources.hold(shows(3, country="DE"))
    row = sources.ticketmaster.rows[0]
    row |= {"name": "<script>alert(1)</script>", "url": "javascript:alert(1)", "images": [{"url": "data:x"}]}
    row["_embedded"]["attractions"] = [
        {"name": "'; DROP TABLE events; --" + "\u202e\0" + "x" * 100_000},
        {"name": "\ufdfa" * 200},  # its normal form is eighteen times as long
    ]
    assert sources.sweep().new == 3
    [found] = [one for one in stored(sources.deps) if one.title.startswith("<script>")]
    assert (found.url, found.image_url, found.offers) == (None, None, [])


def test_no_key_is_in_any_row_log_or_cache(sources: Sources, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sources.hold(shows(120, days=9, country="DE"))
    sources.sweep()
    for number, (fault, rest) in enumerate(FAULTS):
        sources.ticketmaster.faults.append(fault)
        sources.sweep(areas=[Area(f"A{chr(65 + number)}")])
        sources.deps.clock.at += rest
    sources.sweep(JB)
    assert sources.ticketmaster.key == sources.jambase.key
    assert sources.ticketmaster.key not in caplog.text
    assert sources.ticketmaster.key not in everything(sources.deps)


def test_calls_are_logged_one_by_one_with_what_came_of_them(sources: Sources, clock: Clock) -> None:
    sources.ticketmaster.faults.append(Reply(429, {}, {"Retry-After": "60"}))
    sources.sweep()
    with sources.deps.engine.connect() as conn:
        [row] = conn.execute(select(api_integration_logs))
    assert (row.service, row.endpoint, row.status, row.is_cached, row.retry_after_s, row.at) == (
        *("ticketmaster", "/events.json", 429, False, 60),
        clock(),
    )


def test_old_calls_are_pruned_once_no_budget_needs_them(deps: Deps, clock: Clock) -> None:
    calls.recorder(deps.engine, deps.clock)(Call("ticketmaster", "/events.json", 200, 5))
    clock.at += max(plan.period for plan in PLANS.values())
    assert calls.prune(deps) == 0
    clock.advance(days=60)
    assert calls.prune(deps) == 1


# Worker and terminal ------------------------------------------------------------------------------


def test_the_tick_queues_what_is_due_and_a_worker_does_it(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    deps = sources.deps
    assert sweeps.enqueue_due(deps) == 0  # nobody lives anywhere yet
    a_listener(deps, "DE")
    sources.hold(shows(10, country="DE"))
    [duty] = [duty for duty in tick.DUTIES if duty.name == "sweep_events"]
    assert tick.once(deps, [duty]) == ["sweep_events"]
    assert deps.queue.has("sweep-ticketmaster")
    assert deps.queue.has("sweep-jambase")
    assert sweeps.enqueue_due(deps) == 0
    monkeypatch.setattr(jobs, "deps", lambda: deps)
    SimpleWorker(QUEUES, connection=deps.redis, serializer=JSONSerializer).work(burst=True, logging_level="CRITICAL")
    assert len(stored(deps)) == 20
    assert sweeps.enqueue_due(deps) == 0  # all is fresh
    clock.advance(days=1)
    assert sweeps.enqueue_due(deps) == 1  # JamBase is asked weekly
    with alone(deps, f"sweep:{TM}", 60, "busy"):
        jobs.sweep_events(TM.number)  # a terminal is at it: no failure


@pytest.mark.parametrize("cause", ["pause", "budget"])
def test_a_source_that_may_not_be_asked_is_not_queued(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, clock: Clock, cause: str
) -> None:
    a_listener(sources.deps, "DE")
    if cause == "budget":
        monkeypatch.setitem(sweeping.PLANS, TM, replace(PLANS[TM], calls=0, reserve=0))
    else:
        with sources.deps.engine.begin() as conn:
            rows.set_pause(conn, TM, rows.Pause(clock() + timedelta(hours=1), "It rests."))
    assert sweeps.enqueue_due(sources.deps) == 1
    assert not sources.deps.queue.has("sweep-ticketmaster")


def test_the_terminal_sweeps_every_source_and_tells_figures_only(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources.hold(shows(10, country="DE"))
    monkeypatch.setattr("rewrapped.cli.events.opened", lambda _: nullcontext(sources.deps))
    assert cli.main(["events", "sweep", "--country", "de", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["source"], one["new"], one["tied"]) for one in told] == [("ticketmaster", 10, 0), ("jambase", 10, 10)]
    assert cli.main(["events", "sweep", "--country", "DE"]) == 0
    assert "budget left" in capsys.readouterr().out
    assert cli.main(["events", "sweep", "--country", "Germany"]) == 1
    assert cli.main(["events", "sweep"]) == 1
    assert "--country" in capsys.readouterr().err


def test_the_terminal_without_keys_says_which_are_missing(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rewrapped.cli.events.opened", lambda _: nullcontext(deps))
    assert cli.main(["events", "sweep"]) == 1
    assert "TICKETMASTER_API_KEY" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["v3", "v1"])
def test_settings_decide_who_is_asked_and_where(deps: Deps, sources: Sources, version: str) -> None:
    tm, jb = sources.ticketmaster, sources.jambase
    with_keys = Settings(
        ticketmaster_api_key=tm.key,
        jambase_api_key=jb.key,
        jambase_version=version,
        ticketmaster_url=f"{tm.url}/discovery/v2",
        jambase_url=f"{jb.url}/v3",
        jambase_v1_url=f"{jb.url}/jb-api/v1",
    )
    around = Surroundings(calls.recorder(deps.engine, deps.clock), deps.clock)
    assert bootstrap._event_clients(Settings(), around) == {}
    clients = bootstrap._event_clients(with_keys, around)
    query = Query(Area("DE"), windows(deps.now())[0])
    for client in clients.values():
        list(client.search(query))
        client.close()
    assert set(clients) == {TM, JB}
    assert [one.path for one in jb.asked] == [{"v3": "/v3/events", "v1": "/jb-api/v1/events"}[version]]
    assert tm.key not in repr(with_keys)


def test_no_transaction_is_open_while_a_source_is_asked(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    sources.hold(shows(20, country="DE"))
    open_at_call: list[int] = []
    answer: Callable[..., Reply] = sources.ticketmaster.answer

    def look(asked: Any) -> Reply:
        open_at_call.append(sources.deps.engine.pool.checkedout())
        return answer(asked)

    monkeypatch.setattr(sources.ticketmaster, "answer", look)
    sources.sweep()
    assert open_at_call == [0] * 7


def _one_month(count: int) -> list[Show]:
    [plain] = shows(1, country="DE")
    return [
        replace(plain, number=number, acts=(f"Act {number}",), on=date(2026, 12, 1 + number % 30), at=time(20))
        for number in range(count)
    ]
