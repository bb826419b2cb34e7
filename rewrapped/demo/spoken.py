"""What the sample listener hears besides music: weekly podcasts, heard in pieces, and audiobooks."""

from __future__ import annotations

import random
from dataclasses import dataclass

from rewrapped.demo.catalogue import BOOKS, SHOWS, Show
from rewrapped.demo.works import spotify_id


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of a show."""

    uri: str
    title: str
    show: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter of an audiobook."""

    uri: str
    title: str
    book: str
    book_uri: str
    duration_ms: int


class Podcasts:
    """Where the listener is in each show; a new episode comes out every week."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._started: Episode | None = None
        self._heard_ms = 0
        self._heard: set[str] = set()

    def next(self, week: int) -> tuple[Episode, int]:
        """Return what to go on with: an episode, and how many ms of it are left."""
        if self._started is None:
            self._started, self._heard_ms = self._fresh(week), 0
            self._heard.add(self._started.uri)
        return self._started, self._started.duration_ms - self._heard_ms

    def hear(self, ms: int) -> None:
        """Note that `ms` more of the episode were heard; the last minute is rarely missed by anybody."""
        self._heard_ms += ms
        if self._started and self._started.duration_ms - self._heard_ms < 60_000:
            self._started = None

    def _fresh(self, week: int) -> Episode:
        """Return a new episode of a liked show: of this week, or the next older one not heard yet."""
        while True:
            shows = SHOWS[: 3 + week // 60]  # shows are found one by one
            show = self._rng.choices(shows, weights=[len(shows) + 2 - n for n in range(len(shows))])[0]
            for number in range(week + 40, week, -1):
                episode = _episode(show, number)
                if episode.uri not in self._heard:
                    return episode


def _episode(show: Show, number: int) -> Episode:
    rng = random.Random(f"{show.name} {number}")  # noqa: S311 - made-up data, not a secret
    topic = show.topics[number % len(show.topics)]
    part = number // len(show.topics) + 1
    duration_ms = round(show.minutes * rng.uniform(0.75, 1.3) * 60_000)
    uri = f"spotify:episode:{spotify_id(show.name, str(number))}"
    return Episode(uri, f"{number}: {topic} ({part})", show.name, duration_ms)


def chapters() -> list[Chapter]:
    """Return the chapters of both books in the order they are heard."""
    return [_chapter(book.title, title) for book in BOOKS for title in book.chapters]


def _chapter(book: str, title: str) -> Chapter:
    rng = random.Random(f"{book} {title}")  # noqa: S311 - made-up data, not a secret
    uri = f"spotify:chapter:{spotify_id(book, title)}"
    return Chapter(uri, title, book, f"spotify:show:{spotify_id(book)}", round(rng.uniform(9, 26) * 60_000))
