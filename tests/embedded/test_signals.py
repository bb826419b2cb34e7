"""Wake-ups through a real Valkey: heard by whom they are for, also after its connections were cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from rewrapped.embedded.processes import wait_until
from rewrapped.queueing import make_redis
from rewrapped.signals import RedisSignals


@pytest.fixture
def listening(redis: Redis) -> Iterator[RedisSignals]:
    """Signals whose thread has subscribed."""
    signals = RedisSignals(redis)
    before = signals.heard(1)
    assert wait_until(lambda: signals.heard(1) != before, 5)  # everybody looks once when listening begins
    yield signals
    signals.close()


def test_a_wake_up_reaches_other_processes_and_only_the_person_it_is_for(listening: RedisSignals, redis: Redis) -> None:
    before, others = listening.heard(7), listening.heard(8)
    RedisSignals(redis).send(7)
    assert wait_until(lambda: listening.heard(7) != before, 5)
    assert listening.heard(8) == others


def test_after_a_cut_everybody_looks_because_something_may_have_been_missed(
    listening: RedisSignals, redis: Redis
) -> None:
    before = listening.heard(7)
    redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    assert wait_until(lambda: listening.heard(7) != before, 10)
    again = listening.heard(7)
    RedisSignals(redis).send(7)
    assert wait_until(lambda: listening.heard(7) != again, 5)


def test_what_strangers_publish_is_no_wake_up(listening: RedisSignals, redis: Redis) -> None:
    before, last = listening.heard(7), listening.heard(9)
    for word in ("", "x", "-7", "７", "7 "):
        redis.publish(f"rewrapped:wake:{word}", "")
    redis.publish("rewrapped:wake:9", "")
    assert wait_until(lambda: listening.heard(9) != last, 5)  # those before it were read
    assert listening.heard(7) == before


def test_nobody_is_woken_and_nothing_breaks_without_redis() -> None:
    away = RedisSignals(make_redis("redis://127.0.0.1:9"))
    away.send(7)
    assert away.heard(7) == away.heard(7)
    away.close()
