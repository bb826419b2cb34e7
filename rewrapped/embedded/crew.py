"""The worker processes beside the site: started, restarted when they die, stopped together.

One process of a home runs them, whoever holds `crew.lock`; another site of the
same home takes over when that one is gone. A worker holds `workers.lock` as
long as it or a job of it lives.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread

from rewrapped.embedded import processes
from rewrapped.embedded.locks import FileLock
from rewrapped.errors import RewrappedError, StoreDown
from rewrapped.queueing import RqQueue, make_redis

log = logging.getLogger(__name__)

STOP_S = 5.0  # a running job gets this long; what it did is rolled back, and it runs again
_LOOK_S = 0.5
_ORPHANS_S = 8.0  # workers of a killed parent end by themselves in less
_STEADY_S = 10.0  # a worker that lived this long is restarted at once
_SLOWEST_S = 30.0
_JOIN_S = 1.0


class Tether:
    """The end of a pipe that children watch: it closes when this process ends, however it ends."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()  # neither is inherited, but as a child's standard input

    def start(self, module: str, *arguments: str, home: Path, log_file: Path | None = None) -> int:
        """Start a module as a child that ends with this process; return its pid."""
        command = [sys.executable, "-m", "rewrapped.embedded.tethered", module, *arguments]
        environment = os.environ | {"REWRAPPED_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        return processes.start(command, log_file, stdin=self._read, env=environment)

    def close(self) -> None:
        """Let go of every child that still is there."""
        os.close(self._read)
        os.close(self._write)


@dataclass
class _Post:
    """One worker's place: who fills it, and when the next one may."""

    number: int
    pid: int = 0
    since: float = 0.0
    pause_s: float = 0.0


@dataclass
class Crew:
    """Keeps `size` workers alive for a home while it is open."""

    home: Path
    redis_url: str = field(repr=False)
    revive: Callable[[], None]  # starts servers of ours that died
    requeue: bool  # the Redis is ours alone: a job marked as running has no worker when none of ours lives
    size: int = 2

    def __post_init__(self) -> None:
        self._stop = Event()
        self._filling = Lock()  # after `_stop` is set and this was held, no worker begins
        self._told: Sequence[str] = ()
        self._came_before = False
        self._tether = Tether()
        self._lock = FileLock(self.home / "crew.lock")
        self._posts = [_Post(number) for number in range(1, self.size + 1)]
        self._thread = Thread()

    def start(self) -> None:
        """Begin keeping workers."""
        self._thread = Thread(target=self._keep, name="crew", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the workers: SIGTERM, five seconds, then they are killed with what they started."""
        self._stop.set()
        self._thread.join(_JOIN_S)
        with self._filling:
            pids = [post.pid for post in self._posts if post.pid]
        stop_processes(pids, STOP_S)
        self._tether.close()
        self._lock.close()

    def _keep(self) -> None:
        try:
            while not self._stop.is_set():
                if self._lock.own():  # else another site of this home keeps them
                    self._look_after_all()
                self._stop.wait(_LOOK_S)
        finally:
            if not self._stop.wait(_LOOK_S):  # a defect: Python tells it, and workers are kept all the same
                self.start()

    def _look_after_all(self) -> None:
        """Do each step; a fault of one is told once, and neither stops the others nor the next turn."""
        fills = [partial(self._fill, post) for post in self._posts]
        steps: list[Callable[[], None]] = [self._take_over, self.revive, *fills]
        troubles = [trouble for step in steps if not self._stop.is_set() and (trouble := _trouble_of(step))]
        for trouble in troubles:
            if trouble not in self._told:  # not twice a second
                log.error("%s", trouble)
        self._told = troubles

    def _take_over(self) -> None:
        """Wait, once, for workers of a killed parent to end; then what is marked as running has no worker."""
        if self._came_before:
            return
        workers = FileLock(self.home / "workers.lock")
        try:
            if workers.own_within(_ORPHANS_S) and self.requeue:
                _requeue(self.redis_url)
        finally:
            workers.close()
        self._came_before = True

    def _fill(self, post: _Post) -> None:
        now = time.monotonic()
        if post.pid and processes.lives(post.pid):
            return
        if post.pid:
            log.warning("Worker %d (process %d) ended; another one takes its place.", post.number, post.pid)
            steady = now - post.since > _STEADY_S
            post.pause_s = 0.0 if steady else min(max(1.0, post.pause_s * 2), _SLOWEST_S)
            post.pid, post.since = 0, now
        if now - post.since >= post.pause_s:
            self._begin(post)

    def _begin(self, post: _Post) -> None:
        log_file = self.home / "logs" / f"worker-{post.number}.log"
        with self._filling:
            if not self._stop.is_set():
                post.pid = self._tether.start("workers", home=self.home, log_file=log_file)
                post.since = time.monotonic()


def _trouble_of(step: Callable[[], None]) -> str:
    """Do something; return what went wrong that can go wrong on a machine, empty when nothing did."""
    try:
        step()
    except (RewrappedError, OSError) as error:
        return str(error)
    return ""


def stop_processes(pids: list[int], seconds: float) -> None:
    """Ask processes to stop, all at the same time; after the given time kill them with what they started."""
    processes.send(pids, signal.SIGTERM)
    families = {pid: processes.family(pid) for pid in pids}
    processes.all_gone(pids, seconds)
    left = [one for family in families.values() for one in family if processes.lives(one)]
    left += [one for pid in pids for one in processes.family(pid) if one not in left]
    processes.send(left, signal.SIGKILL)
    processes.all_gone(left, 2)


def _requeue(redis_url: str) -> None:
    redis = make_redis(redis_url)
    try:
        count = RqQueue(redis).requeue_started()
    except StoreDown as error:
        log.warning("Interrupted jobs stay marked as running: %s", error)
    else:
        if count:
            log.warning("%d interrupted jobs were put back into their queues.", count)
    finally:
        redis.close()
