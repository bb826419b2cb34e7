"""Room for a few: one place a name, in turn, and an answer for whoever waits too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from rewrapped.errors import TooMany
from rewrapped.sandbox.room import Room


class Guests:
    """Threads that take places, stay until they are asked to go, and are written down in the order they came in."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.came_in: list[str] = []
        self.turned_away: list[str] = []
        self._all: list[tuple[Thread, Event]] = []

    def send(self, name: str) -> Event:
        go = Event()

        def stay() -> None:
            try:
                with self.room.taken(name):
                    self.came_in.append(name)
                    go.wait(30)
            except TooMany:
                self.turned_away.append(name)

        before = len(self.room._waiting) + len(self.came_in) + len(self.turned_away)
        thread = Thread(target=stay)
        thread.start()
        self._all.append((thread, go))
        until(lambda: len(self.room._waiting) + len(self.came_in) + len(self.turned_away) > before)
        return go

    def go_home(self) -> None:
        for _, go in self._all:
            go.set()
        for thread, _ in self._all:
            thread.join(30)


def until(holds: Callable[[], bool]) -> None:
    end_at = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end_at
        time.sleep(0.005)


@contextmanager
def guests(at_once: int, wait_s: float = 20, waiting_each: int = 1000) -> Iterator[Guests]:
    found = Guests(Room("Busy.", at_once=at_once, wait_s=wait_s, waiting_each=waiting_each))
    yield found
    found.go_home()


def test_many_of_one_name_take_one_place_and_leave_the_others_free() -> None:
    with guests(3) as those:
        for name in ("demo", "demo", "demo", "demo", "jane", "joe"):
            those.send(name)
        until(lambda: len(those.came_in) == 3)
        assert those.came_in == ["demo", "jane", "joe"]


def test_who_had_no_place_yet_comes_before_those_of_a_name_that_had_one() -> None:
    with guests(1) as those:
        first = those.send("demo")
        those.send("demo")
        second = those.send("demo")
        those.send("jane")
        first.set()
        until(lambda: len(those.came_in) == 2)
        assert those.came_in == ["demo", "jane"]
        assert not second.is_set()


def test_it_is_wanted_while_somebody_else_waits_for_a_place() -> None:
    with guests(1) as those:
        assert not those.room.is_wanted("demo")
        here = those.send("demo")
        assert not those.room.is_wanted("demo")
        those.send("jane")
        assert those.room.is_wanted("demo")
        here.set()
        until(lambda: "jane" in those.came_in)
        assert not those.room.is_wanted("jane")
    with guests(3) as those:
        those.send("demo")
        those.send("jane")
        those.send("demo")
        assert those.room.is_wanted("demo")  # by another of that name
        assert not those.room.is_wanted("jane")  # who would come in no sooner if she went


def test_who_waits_too_long_or_beside_too_many_of_their_name_is_told() -> None:
    with guests(1, wait_s=0.2, waiting_each=1) as those:
        those.send("jane")
        with pytest.raises(TooMany, match="Busy") as told, those.room.taken("joe"):
            pass
        assert told.value.retry_after_s > 0
    with guests(1, waiting_each=1) as those:
        those.send("demo")
        those.send("demo")
        began_at = time.monotonic()
        with pytest.raises(TooMany), those.room.taken("demo"):
            pass
        assert time.monotonic() - began_at < 5


def test_a_place_is_free_again_after_an_error() -> None:
    room = Room("Busy.", at_once=1, wait_s=0.1)
    with pytest.raises(ZeroDivisionError), room.taken("jane"):
        raise ZeroDivisionError
    with room.taken("jane"):
        assert not room.is_wanted("jane")
