"""Wake-ups between processes over Redis: "look again, there is something for you". They carry nothing else.

One that is lost costs a later look, never a message: the messages are rows.
"""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread

from redis import Redis, RedisError
from redis.client import PubSub

log = logging.getLogger(__name__)

_PREFIX = "rewrapped:wake:"
_WAIT_S = 1.0
_RETRY_S = 2.0
_MOST_COUNTED = 10_000  # people; past that all of them look once


class RedisSignals:
    """Sends wake-ups, and counts those heard. A thread begins to listen at the first question."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lock = Lock()
        self._heard: dict[int, int] = {}
        self._age = 0  # raised when wake-ups may have been missed: everybody looks once
        self._thread: Thread | None = None
        self._stop = Event()

    def send(self, user_id: int) -> None:
        """Wake the open pages of a person, in every process; without Redis they look by themselves a little later."""
        try:
            self._redis.publish(f"{_PREFIX}{user_id}", b"")
        except RedisError:
            log.info("nobody was woken for user_id=%d", user_id)

    def heard(self, user_id: int) -> tuple[int, int]:
        """Return a value that is another one after each wake-up of this person."""
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = Thread(target=self._listen, name="signals", daemon=True)
                self._thread.start()
            return self._age, self._heard.get(user_id, 0)

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2 * _WAIT_S)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with self._pubsub() as listening:
                    listening.psubscribe(f"{_PREFIX}*")
                    self._everybody_looks()
                    self._hear(listening)
            except RedisError:
                self._stop.wait(_RETRY_S)

    def _pubsub(self) -> PubSub:
        listening: PubSub = self._redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis
        return listening

    def _hear(self, listening: PubSub) -> None:
        while not self._stop.is_set():
            message = listening.get_message(timeout=_WAIT_S)
            if message is not None:
                self._count(message["channel"])

    def _count(self, channel: bytes) -> None:
        word = channel.decode("ascii", "replace").removeprefix(_PREFIX)
        if not (word.isascii() and word.isdigit()):
            return
        with self._lock:
            self._heard[int(word)] = self._heard.get(int(word), 0) + 1
            too_many = len(self._heard) > _MOST_COUNTED
        if too_many:
            self._everybody_looks()

    def _everybody_looks(self) -> None:
        with self._lock:
            self._age += 1
            self._heard.clear()
