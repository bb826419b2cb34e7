"""The tick: every worker has one, each duty is done by one of them at a time, and it survives a fault."""

from __future__ import annotations

import threading
from dataclasses import replace

from rewrapped.deps import Deps
from rewrapped.errors import StoreDown
from rewrapped.queueing import make_redis
from tests.embedded.program import until
from workers import tick
from workers.tick import Duty


def test_two_workers_do_a_duty_once_in_its_time(deps: Deps) -> None:
    done: list[int] = []
    duty = Duty("count", 60, lambda _: done.append(1) or len(done))
    assert tick.once(deps, [duty]) == ["count"]
    assert tick.once(deps, [duty]) == []
    assert done == [1]


def test_a_duty_is_due_again_after_its_time(deps: Deps) -> None:
    duty = Duty("count", 60, lambda _: 0)
    tick.once(deps, [duty])
    deps.redis.pexpire("rewrapped:tick:count", 1)
    assert until(lambda: tick.once(deps, [duty]) == ["count"], 5)


def test_a_store_that_is_away_stops_one_duty_and_no_other(deps: Deps) -> None:
    def fail(_: Deps) -> int:
        raise StoreDown("away")

    assert tick.once(deps, [Duty("first", 60, fail), Duty("second", 60, lambda _: 0)]) == ["second"]


def test_a_redis_that_is_away_is_waited_for(deps: Deps) -> None:
    with make_redis("redis://127.0.0.1:9/0") as away:
        assert tick.once(replace(deps, redis=away), tick.DUTIES) == []


def test_the_real_duties_run_on_an_empty_installation(deps: Deps) -> None:
    assert tick.once(deps) == [duty.name for duty in tick.DUTIES]


def test_a_worker_ticks_while_it_works_and_not_longer(deps: Deps) -> None:
    done: list[int] = []
    with tick.running(deps, [Duty("count", 60, lambda _: done.append(1) or 1)]):
        assert until(lambda: done)
        assert ticking()
    assert not ticking()


def ticking() -> bool:
    """Return whether a tick goes on in this process."""
    return any(thread.name == "tick" for thread in threading.enumerate())
