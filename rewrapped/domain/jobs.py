"""Background jobs, as the operations page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
