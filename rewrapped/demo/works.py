"""What the invented artists have released: albums and tracks, the same on every machine."""

from __future__ import annotations

import hashlib
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice
from types import MappingProxyType
from typing import Final

from rewrapped.demo.catalogue import ARTISTS_BY_GENRE
from rewrapped.demo.titles import TITLES, Words

_BASE62 = string.digits + string.ascii_letters

_MINUTES: Final = MappingProxyType(  # the usual length of a track
    {
        "techno": 6.3,
        "ambient": 5.6,
        "house": 5.1,
        "jazz": 5.2,
        "modern classical": 4.1,
        "hip hop": 3.1,
        "synth-pop": 3.5,
        "post-punk": 3.2,
    }
)


@dataclass(frozen=True, slots=True)
class Track:
    """One recording; `uri` is None for a file kept at home."""

    uri: str | None
    title: str
    artist: str
    album: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Album:
    """A record, in its order. `released` is a share of the listener's years: 0 was there from the start."""

    name: str
    released: float
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Artist:
    """An invented artist. `rank` is the place within the genre, from 0."""

    name: str
    genre: str
    rank: int
    albums: tuple[Album, ...]


def spotify_id(*parts: str) -> str:
    """Return 22 base62 characters that are always the same for the same parts."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:16], "big")
    digits = []
    for _ in range(22):
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))


@cache
def discography() -> tuple[Artist, ...]:
    """Return every invented artist with their records: 144 artists, about 1,600 tracks."""
    return tuple(artist for genre in ARTISTS_BY_GENRE for artist in _scene(genre))


def _scene(genre: str) -> Iterator[Artist]:
    """Make a genre's artists; no title is given twice within a genre."""
    rng = random.Random(f"records of {genre}")  # noqa: S311 - made-up data, not a secret
    titles = iter(_titles(rng, TITLES[genre]))
    for rank, name in enumerate(ARTISTS_BY_GENRE[genre]):
        yield Artist(name, genre, rank, tuple(_albums(rng, titles, (name, genre, rank))))


def _albums(rng: random.Random, titles: Iterator[str], artist: tuple[str, str, int]) -> Iterator[Album]:
    """Make an artist's records: the big names have three albums, the small ones one EP."""
    name, genre, rank = artist
    count, shortest, longest = (3, 8, 11) if rank < 2 else (2, 5, 7) if rank < 6 else (1, 4, 6)
    for number in range(count):
        songs = list(islice(titles, rng.randint(shortest, longest)))
        title = rng.choice(songs) if rng.random() < 0.4 else next(titles)  # many records have a title track
        tracks = tuple(_track(rng, genre, (name, title, song)) for song in songs)
        released = (number + rng.random()) / count if number else 0.0
        yield Album(title, released, tracks)


def _titles(rng: random.Random, words: Words) -> list[str]:
    """Return the titles a genre has, all different, in a random order."""
    together = [f"{first} {second}" for first in words.first for second in words.second if first != second]
    pairs = [f"{one} & {other}" for one, other in combinations(words.second, 2)]
    titles = [*words.whole, *words.second, *rng.sample(pairs, 20), *rng.sample(together, 120)]
    return rng.sample(titles, len(titles))


def _track(rng: random.Random, genre: str, names: tuple[str, str, str]) -> Track:
    artist, album, title = names
    minutes = _MINUTES.get(genre, 3.7) * rng.lognormvariate(0.0, 0.2)
    duration_ms = round(min(max(minutes, 1.4), 11.0) * 60_000) + rng.randrange(1_000)
    return Track(f"spotify:track:{spotify_id(artist, album, title)}", title, artist, album, duration_ms)
