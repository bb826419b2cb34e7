"""What is due by the clock: a thread in every worker, of which one at a time acts.

Everything here can run twice, or too early, without harm.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from rewrapped.demo.fill import renew_sample_listener, renew_sample_promoters, renew_sample_shows
from rewrapped.deps import Deps
from rewrapped.errors import RewrappedError
from rewrapped.queueing import reaching_redis
from rewrapped.services import (
    accounts,
    aggregates,
    announcing,
    attention,
    calls,
    fresh_plays,
    learning,
    leftovers,
    notices,
    recaps,
    scrobbling,
    spotify_tokens,
    sweeps,
)

log = logging.getLogger("workers.tick")

_PAUSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Duty:
    """Something done every so often by one of all workers; `act` returns how many things it did."""

    name: str
    every_s: int
    act: Callable[[Deps], int]


DUTIES: Sequence[Duty] = (
    Duty("requeue_lost", 15, leftovers.requeue_lost),
    Duty("purge_uploads", 3600, leftovers.purge_uploads),
    Duty("purge_cache", 3600, leftovers.purge_cache),
    Duty("purge_pictures", 3600, leftovers.purge_pictures),
    Duty("purge_ended", 3600, accounts.purge_ended),
    Duty("purge_notices", 3600, notices.purge_old),
    Duty("sample_listener", 3600, renew_sample_listener),
    Duty("sample_shows", 3600, renew_sample_shows),
    Duty("sample_promoters", 24 * 3600, renew_sample_promoters),
    Duty("fetch_listens", 5, scrobbling.enqueue_due),
    Duty("sweep_events", 60, sweeps.enqueue_due),
    Duty("announce_events", 15, announcing.enqueue_due),
    Duty("tell_recaps", 60, recaps.enqueue_due),
    Duty("aggregate", 60, aggregates.enqueue_due),
    Duty("learn_genres", 60, learning.enqueue_due),
    Duty("fetch_plays", 15, fresh_plays.enqueue_due),
    Duty("warn_of_end", 3600, spotify_tokens.warn_of_end),
    Duty("reseal_tokens", 3600, spotify_tokens.reseal),
    Duty("hide_ended_events", 3600, sweeps.hide_ended),
    Duty("count_attention", 60, attention.rebuild_recent),
    Duty("prune_calls", 24 * 3600, calls.prune),
)


@contextmanager
def running(deps: Deps, duties: Sequence[Duty] = DUTIES) -> Iterator[None]:
    """Do what is due while the context lasts."""
    stop = Event()
    thread = Thread(target=_keep, args=(deps, duties, stop), name="tick", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(2)


def once(deps: Deps, duties: Sequence[Duty] = DUTIES) -> list[str]:
    """Do what is due and nobody else has done in its time; return the names."""
    return [duty.name for duty in duties if _do(deps, duty)]


def _do(deps: Deps, duty: Duty) -> bool:
    try:
        with reaching_redis():
            taken = deps.redis.set(f"rewrapped:tick:{duty.name}", "1", nx=True, ex=duty.every_s)
        if not taken:
            return False
        count = duty.act(deps)
    except RewrappedError as error:
        log.warning("%s waits for the next time: %s", duty.name, error)
        return False
    if count:
        log.info("%s count=%d", duty.name, count)
    return True


def _keep(deps: Deps, duties: Sequence[Duty], stop: Event) -> None:
    try:
        while not stop.is_set():
            once(deps, duties)
            stop.wait(_PAUSE_S)
    finally:
        if not stop.is_set():  # a defect: a worker without its tick ends, and is replaced
            os.kill(os.getpid(), signal.SIGTERM)
