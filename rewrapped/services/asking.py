"""What all who ask outside services share: being alone at it, and leaving a service alone that failed us."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from redis import RedisError

from rewrapped.deps import Deps
from rewrapped.errors import Conflict, IntegrationError, RateLimited, Unavailable
from rewrapped.queueing import reaching_redis
from rewrapped.storage import sweeps as rows
from rewrapped.storage.database import Connection
from rewrapped.storage.sweeps import Pause

log = logging.getLogger(__name__)

_WITHOUT_WORD = timedelta(minutes=15)  # how long a service rests that asks to wait and doesn't say how long
_SHORT_REST = timedelta(minutes=5)
_LONG_REST = timedelta(hours=1)


def rest(deps: Deps, conn: Connection, service: str, error: IntegrationError) -> None:
    """Let a service rest that failed us: as long as it says, or as its failure suggests."""
    rows.set_pause(conn, service, Pause(deps.now() + _how_long(error), str(error)))
    log.warning("%s rests: %s", service, error)


def pause(deps: Deps, service: str) -> Pause | None:
    """Return the rest a service takes, None where it may be asked."""
    with deps.engine.connect() as conn:
        return rows.find_pause(conn, service, deps.now())


@contextmanager
def alone(deps: Deps, name: str, timeout_s: int, busy: str) -> Iterator[None]:
    """Be the only one who does something, for so many seconds at most; `busy` says that somebody else does.

    Raises:
        Conflict: somebody else does.
    """
    lock = deps.redis.lock(f"rewrapped:{name}", timeout=timeout_s, blocking=False)
    with reaching_redis():
        if not lock.acquire():
            raise Conflict(busy)
    try:
        yield
    finally:
        with suppress(RedisError):  # one that outlived its time is gone by itself
            lock.release()


def _how_long(error: IntegrationError) -> timedelta:
    if isinstance(error, Unavailable) and error.retry_after_s is not None:
        return timedelta(seconds=error.retry_after_s)
    if isinstance(error, RateLimited):
        return _WITHOUT_WORD
    return _SHORT_REST if error.retryable else _LONG_REST
