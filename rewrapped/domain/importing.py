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
#: States of one that is over, and holds no rows.
ENDED_EMPTY = (State.FAILED, State.CANCELLED, State.REMOVED)


def size_words(size_bytes: int) -> str:
    """Return a size as limits are told everywhere: 1 GB is 1,073,741,824 bytes."""
    for unit, word in ((1 << 30, "GB"), (1 << 20, "MB")):
        if size_bytes >= unit:
            return f"{round(size_bytes / unit, 1):,g} {word}"
    return f"{size_bytes // 1024:,} kB"
