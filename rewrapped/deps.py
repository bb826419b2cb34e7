"""What every service is handed: connections, stores, the clock, and the Protocols behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from redis import Redis
from sqlalchemy.engine import Engine  # noqa: TID251 - the name alone, for typing

from rewrapped.history.store import Histories
from rewrapped.sandbox.box import Sandboxes


class JobQueue(Protocol):
    """Background jobs, named by string, arguments are ids."""

    def enqueue(self, job: str, *ids: int, key: str, queue: str = "default", timeout_s: int = 300) -> bool:
        """Queue a job unless one with this key waits or runs; return whether it was queued."""

    def has(self, key: str) -> bool:
        """Return whether a job with this key waits or runs."""

    def cancel(self, key: str) -> None:
        """Take a waiting job out of its queue; a running one goes on."""

    def drop(self, key: str) -> None:
        """Forget a job, even one that is marked as running: its worker is known to be gone."""

    def requeue_started(self) -> int:
        """Put back every job that is marked as running; return how many. Only while no worker lives."""

    def figures(self) -> Sequence[dict[str, int | str]]:
        """Return waiting, running and failed counts per queue."""


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """What services need to know of the settings."""

    base_url: str
    product_name: str
    registration: str  # open, invite or closed
    secret_key: bytes = field(repr=False)
    uploads: Path = Path()  # shared by site and workers
    cache: Path = Path()  # Arrow files of histories; safe to delete
    upload_limit_bytes: int = 1024**3


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything a use case reaches the world through."""

    engine: Engine
    redis: Redis
    queue: JobQueue
    histories: Histories
    site: Site
    clock: Callable[[], datetime] = utc_now
    sandboxes: Sandboxes = field(default_factory=Sandboxes)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock()
