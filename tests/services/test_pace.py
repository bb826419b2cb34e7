"""A pace: a burst at once, then as many as a minute holds, whether Redis answers or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rewrapped.deps import Deps
from rewrapped.errors import TooMany
from rewrapped.queueing import make_redis
from rewrapped.services import pace
from rewrapped.services.pace import Pace
from tests.conftest import Clock

JANE = Pace("test", "jane", per_minute=60, burst=5)


@pytest.fixture(params=["redis", "memory"])
def counting(request: pytest.FixtureRequest, deps: Deps) -> Deps:
    pace._memory.clear()
    return deps if request.param == "redis" else replace(deps, redis=make_redis("redis://127.0.0.1:9"))


def passed(deps: Deps, tries: int, who: Pace = JANE) -> int:
    """Return how many of some requests are let through."""

    def is_let_through() -> bool:
        try:
            pace.keep(deps, who)
        except TooMany:
            return False
        return True

    return sum(is_let_through() for _ in range(tries))


def test_a_burst_passes_and_then_one_a_second(counting: Deps, clock: Clock) -> None:
    assert passed(counting, 9) == 5
    for _ in range(10):
        clock.advance(seconds=1)
        assert passed(counting, 3) == 1
    clock.advance(seconds=60)
    assert passed(counting, 9) == 5


def test_whoever_is_refused_is_told_when_to_come_again_and_is_let_in_then(counting: Deps, clock: Clock) -> None:
    passed(counting, 5)
    with pytest.raises(TooMany) as told:
        pace.keep(counting, JANE)
    clock.advance(seconds=told.value.retry_after_s)
    pace.keep(counting, JANE)


def test_one_asker_doesnt_use_up_anothers(counting: Deps) -> None:
    passed(counting, 9)
    assert passed(counting, 9, replace(JANE, who="joe")) == 5
