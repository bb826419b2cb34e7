"""What every service is handed: connections, stores, the clock, and the Protocols behind them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from redis import Redis
from sqlalchemy.engine import Engine  # noqa: TID251 - the name alone, for typing

from rewrapped.clients.lastfm import LastFm
from rewrapped.clients.listenbrainz import ListenBrainz
from rewrapped.clients.musicbrainz import MusicBrainz
from rewrapped.clients.spotify import Spotify
from rewrapped.domain.events import EventSource
from rewrapped.domain.jobs import FailedJob, QueueFigures, WorkerFigures
from rewrapped.domain.plays import Source
from rewrapped.domain.scrobbling import Listed, Told
from rewrapped.domain.sweeping import Found, Query
from rewrapped.history.store import Histories
from rewrapped.sandbox.box import Sandboxes
from rewrapped.sandbox.painter import Painter


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

    def figures(self) -> Sequence[QueueFigures]:
        """Return waiting, running and failed counts per queue."""

    def list_failed(self, limit: int) -> Sequence[FailedJob]:
        """Return the jobs that failed lately, newest first."""

    def list_workers(self) -> Sequence[WorkerFigures]:
        """Return the workers that are known, by name."""


class Signals(Protocol):
    """Wake-ups of people's open pages, across processes. They may get lost."""

    def send(self, user_id: int) -> None:
        """Wake the open pages of a person."""

    def heard(self, user_id: int) -> tuple[int, int]:
        """Return a value that is another one after each wake-up of this person."""

    def close(self) -> None:
        """Stop listening."""


class Rest:
    """Whether something that just failed is left alone: who asks it at every turn makes everybody wait for it."""

    def __init__(self, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._until = 0.0

    def begin(self) -> None:
        """Leave it alone from now on, for the time."""
        self._until = time.monotonic() + self._seconds

    def is_on(self) -> bool:
        """Return whether it is still left alone."""
        return time.monotonic() < self._until


class EventClient(Protocol):
    """An outside source of events."""

    def search(self, query: Query) -> Iterator[Found]:
        """Yield what is on, one call at a time; whoever stops asking makes no more calls."""

    def close(self) -> None:
        """Let go of its connections."""


class ListenSource(Protocol):
    """An outside service that keeps people's listens."""

    def find(self, name: str) -> Listed:
        """Return somebody by name."""

    def page(self, name: str, below_s: int | None, limit: int = ...) -> Told:
        """Return the newest listens below a moment, seconds since 1970."""

    def close(self) -> None:
        """Let go of its connections."""


@dataclass(frozen=True, slots=True)
class GenreSources:
    """Whom artists' genres are learned from."""

    musicbrainz: MusicBrainz
    listenbrainz: ListenBrainz
    lastfm: LastFm | None = None  # None: there is no key for it

    def close(self) -> None:
        """Let go of their connections."""
        self.musicbrainz.close()
        self.listenbrainz.close()
        if self.lastfm is not None:
            self.lastfm.close()


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
    upload_limit_bytes: int
    uploads: Path = Path()  # shared by site and workers
    cache: Path = Path()  # Arrow files of histories, pictures of public cards; safe to delete
    is_local: bool = False  # its address is one of this machine alone
    token_keys: str = field(default="", repr=False)  # see services.sealing


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything a use case reaches the world through."""

    engine: Engine
    redis: Redis
    queue: JobQueue
    signals: Signals
    histories: Histories
    site: Site
    clock: Callable[[], datetime] = utc_now
    redis_rest: Rest = field(default_factory=Rest)  # for copies in Redis that can be done without
    event_clients: Mapping[EventSource, EventClient] = field(default_factory=dict)  # those with a key
    listen_sources: Mapping[Source, ListenSource] = field(default_factory=dict)  # those that can be asked
    genre_sources: GenreSources | None = None  # None: nobody is asked
    spotify: Spotify | None = None  # None: the site has no keys for it
    sandboxes: Sandboxes = field(default_factory=Sandboxes)
    painter: Painter = field(default_factory=Painter)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock()
