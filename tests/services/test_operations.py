"""What an operator sees: figures that agree with a plain count, and nothing for anybody else."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource
from rewrapped.errors import AccessDenied, SignInNeeded
from rewrapped.services import operations
from rewrapped.storage import api_calls, people
from rewrapped.storage import sweeps as pauses
from rewrapped.storage.api_calls import LoggedCall
from tests.conftest import Clock

ASKED: dict[str, Callable[[Deps, Visitor], object]] = {
    "state": operations.state,
    "services": lambda deps, visitor: operations.services(deps, visitor, timedelta(days=1)),
    "quotas": operations.quotas,
    "genres": operations.genres,
    "work": operations.work,
}


def _visitor(deps: Deps, role: Role) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=role, zone="UTC"))
    return Visitor.person(user_id or 0, role)


def _call(deps: Deps, status: int | None, ms: int, *, is_cached: bool = False, age_s: int = 0) -> LoggedCall:
    at = deps.now() - timedelta(seconds=age_s)
    return LoggedCall("ticketmaster", "/events.json", status, ms, is_cached, None, at)


@pytest.mark.parametrize("name", ASKED)
def test_nobody_but_an_admin_sees_anything(deps: Deps, name: str) -> None:
    for role in set(Role) - {Role.ADMIN, Role.ANONYMOUS}:
        with pytest.raises(AccessDenied):
            ASKED[name](deps, _visitor(deps, role))
    with pytest.raises(SignInNeeded):
        ASKED[name](deps, Visitor())
    with pytest.raises(AccessDenied):
        ASKED[name](deps, Visitor.demo(1))
    assert ASKED[name](deps, _visitor(deps, Role.ADMIN)) is not None


def test_calls_errors_times_and_cache_hits_agree_with_a_plain_count(deps: Deps) -> None:
    times = [int(ms) for ms in np.random.default_rng(5).integers(1, 900, 41)]
    calls = [_call(deps, 200, ms) for ms in times]
    calls += [_call(deps, None, 5000), _call(deps, 429, 40), _call(deps, 503, 70)]
    calls += [_call(deps, 200, 0, is_cached=True) for _ in range(7)]
    calls += [_call(deps, 200, 9999, age_s=90_000)]  # before the period
    with deps.engine.begin() as conn:
        for call in calls:
            api_calls.add_call(conn, call)
    [seen] = operations.services(deps, _visitor(deps, Role.ADMIN), timedelta(days=1))
    asked = [*times, 5000, 40, 70]
    assert (seen.service, seen.calls, seen.cached, seen.errors) == ("ticketmaster", 44, 7, 3)
    assert seen.p50_ms == statistics.median(asked)
    assert seen.p95_ms == pytest.approx(float(np.percentile(asked, 95)))
    assert seen.last_at == deps.now()


def test_a_quota_tells_what_is_left_and_how_long_a_source_rests(deps: Deps, clock: Clock) -> None:
    admin = _visitor(deps, Role.ADMIN)
    with deps.engine.begin() as conn:
        for _ in range(3):
            api_calls.add_call(conn, _call(deps, 200, 10))
        resume_at = clock() + timedelta(minutes=30)
        pauses.set_pause(conn, EventSource.TICKETMASTER, pauses.Pause(resume_at, "It asks us to wait."))
    quota = {one.source: one for one in operations.quotas(deps, admin)}[EventSource.TICKETMASTER]
    assert quota.left == quota.allowed - 3
    assert (quota.resume_at, quota.reason, quota.has_key) == (resume_at, "It asks us to wait.", False)
    clock.advance(hours=1)
    assert {one.source: one for one in operations.quotas(deps, admin)}[EventSource.TICKETMASTER].resume_at is None


def test_work_that_waits_is_counted_by_queue(deps: Deps) -> None:
    deps.queue.enqueue("run_import", 1, 2, key="import-1-2", queue="imports")
    work = operations.work(deps, _visitor(deps, Role.ADMIN))
    assert {one.queue: one.waiting for one in work.queues} == {"imports": 1, "default": 0}
    assert work.failed == []
