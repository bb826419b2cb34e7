"""What the operations page says of the site follows from the figures it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rewrapped.domain.jobs import HEARD_EVERY, QUIET_AFTER, WorkerFigures
from rewrapped.services.upkeep import State
from rewrapped.ui import operating

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL_WELL = State(database=True, schema=True, redis=True)


def heard(*ages_s: float | None) -> list[WorkerFigures]:
    moments = [None if age is None else NOW - timedelta(seconds=age) for age in ages_s]
    return [WorkerFigures(f"w{number}", "idle", None, at) for number, at in enumerate(moments)]


@pytest.mark.parametrize(
    ("ages_s", "said"),
    [
        ((5, 90), "Everything runs"),
        ((5, 91), "1 of 2 workers is quiet"),
        ((300, None), "No worker runs"),
        ((), "No worker runs"),
    ],
)
def test_everything_runs_only_while_each_worker_was_heard_lately(ages_s: tuple[float | None, ...], said: str) -> None:
    assert operating.headline(ALL_WELL, heard(*ages_s), NOW) == said


def test_what_doesnt_answer_is_named_before_the_workers() -> None:
    state = State(database=False, schema=False, redis=True)
    assert operating.headline(state, heard(300), NOW) == "The database doesn't answer"
    assert "another schema" in operating.headline(State(database=True, schema=False, redis=True), [], NOW)


def test_the_workers_card_agrees_with_the_title() -> None:
    assert operating.workers_finding(heard(5), NOW) == "1 worker runs"
    assert operating.workers_finding(heard(5, 6), NOW) == "2 workers run"
    assert operating.workers_finding(heard(5, 300, 301), NOW) == "2 of 3 workers are quiet"


def test_a_worker_that_lives_is_heard_before_it_counts_as_quiet() -> None:
    assert HEARD_EVERY < QUIET_AFTER
