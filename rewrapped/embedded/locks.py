"""Locks on files: they end with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rewrapped.embedded import processes


class FileLock:
    """A lock on a file, shared by many or held by one; released when closed or when the process ends."""

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> bool:
        """Take the lock beside others; return False when somebody holds it alone."""
        return self._take(fcntl.LOCK_SH)

    def own(self) -> bool:
        """Take the lock alone; return False when anybody else holds it. A shared lock of ours may be lost then."""
        return self._take(fcntl.LOCK_EX)

    def own_within(self, seconds: float) -> bool:
        """Take the lock alone, waiting for it."""
        return processes.wait_until(self.own, seconds, pause_s=0.05)

    def close(self) -> None:
        """Let go of the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _take(self, how: int) -> bool:
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def owning(path: Path, seconds: float) -> Iterator[bool]:
    """Hold a lock alone for a while; hands over whether it was got within the time."""
    lock = FileLock(path)
    try:
        yield lock.own_within(seconds)
    finally:
        lock.close()
