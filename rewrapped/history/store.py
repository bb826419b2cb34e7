"""Histories kept in memory, the least recently used one given up first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from rewrapped.history.frame import History

#: The listener's user id, then whatever tells two states of one listener apart (version, zone, rule).
Key = tuple[int, *tuple[Hashable, ...]]


class Histories:
    """A store of at most `limit_bytes`, shared by all threads of a process.

    What was used longest ago is given up first. A history larger than the
    whole store isn't kept.
    """

    def __init__(self, limit_bytes: int = 512 * 1024**2) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[Key, tuple[History, int]] = OrderedDict()
        self._nbytes = 0
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """Return how many bytes the kept histories count for."""
        return self._nbytes

    def get(self, key: Key) -> History | None:
        """Return the history under this key, None when there is none."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Key, history: History) -> None:
        """Keep a history, in place of an older one under this key."""
        nbytes = history.nbytes
        with self._lock:
            self._forget(key)
            if nbytes > self._limit_bytes:
                return
            self._kept[key] = (history, nbytes)
            self._nbytes += nbytes
            while self._nbytes > self._limit_bytes:
                self._forget(next(iter(self._kept)))

    def drop(self, user_id: int) -> None:
        """Forget everything of one listener."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == user_id]:
                self._forget(key)

    def _forget(self, key: Key) -> None:
        _, nbytes = self._kept.pop(key, (None, 0))
        self._nbytes -= nbytes
