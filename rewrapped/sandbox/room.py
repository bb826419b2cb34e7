"""Room for a few at once, shared fairly: each name has one place at a time, and whoever waited longest comes in."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from rewrapped.errors import TooMany

_REMEMBERED = 1000  # names that came in lately


class Room:
    """Places for `at_once` names. `busy` is told to whoever finds none within `wait_s` seconds.

    Of all who wait, the one comes in whose name had a place longest ago, so
    that many of one name don't keep out one of another. `waiting_each` may
    wait under one name; more are told at once.
    """

    def __init__(self, busy: str, *, at_once: int, wait_s: float, waiting_each: int = 1000) -> None:
        self._busy, self._at_once, self._wait_s, self._waiting_each = busy, at_once, wait_s, waiting_each
        self._changed = Condition()
        self._waiting: dict[object, str] = {}  # in the order they came
        self._inside: set[str] = set()
        self._came_in: OrderedDict[str, int] = OrderedDict()
        self._count = 0

    @contextmanager
    def taken(self, name: str) -> Iterator[None]:
        """Hold a place under a name.

        Raises:
            TooMany: none became free in time, or too many wait under this name.
        """
        self._enter(name)
        try:
            yield
        finally:
            with self._changed:
                self._inside.discard(name)
                self._changed.notify_all()

    def is_wanted(self, name: str) -> bool:
        """Return whether somebody waits who could come in if whoever is inside under this name went."""
        with self._changed:
            free = len(self._inside) < self._at_once
            others = self._inside - {name}
            return any(one == name or (one not in others and not free) for one in self._waiting.values())

    def _enter(self, name: str) -> None:
        ticket = object()
        with self._changed:
            if Counter(self._waiting.values())[name] >= self._waiting_each:
                raise self._refusal()
            self._waiting[ticket] = name
            try:
                if not self._changed.wait_for(lambda: self._next() is ticket, self._wait_s):
                    raise self._refusal()
            finally:
                del self._waiting[ticket]
                self._changed.notify_all()  # the next may be another now
            self._inside.add(name)
            self._count += 1
            self._came_in[name] = self._count
            self._came_in.move_to_end(name)
            while len(self._came_in) > _REMEMBERED:
                self._came_in.popitem(last=False)

    def _next(self) -> object | None:
        if len(self._inside) >= self._at_once:
            return None
        ready = [ticket for ticket, name in self._waiting.items() if name not in self._inside]
        return min(ready, key=lambda ticket: self._came_in.get(self._waiting[ticket], 0), default=None)

    def _refusal(self) -> TooMany:
        return TooMany(self._busy, retry_after_s=10)
