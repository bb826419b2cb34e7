"""Background jobs, as the operations page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: How often a worker shows that it lives, whether it works or waits.
HEARD_EVERY: Final = timedelta(minutes=1)
#: A worker that wasn't heard for longer doesn't count as running.
QUIET_AFTER: Final = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """How many jobs of one queue wait, run, and failed lately."""

    queue: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed lately; `error` is the last line of what went wrong."""

    key: str
    job: str
    ended_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class WorkerFigures:
    """One worker: what it does, and when it last showed that it lives."""

    name: str
    state: str
    job: str | None
    heard_at: datetime | None

    def is_quiet(self, now: datetime) -> bool:
        """Return whether it wasn't heard for longer than one that runs lets pass."""
        return self.heard_at is None or now - self.heard_at > QUIET_AFTER
