"""The words of an import."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an import is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REMOVED = "removed"  # its rows were taken away again


#: States of an import that is not over.
OPEN = (State.QUEUED, State.RUNNING)
