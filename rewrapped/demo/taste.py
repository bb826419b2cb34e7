"""Whom the sample listener likes when: drift over the years, seasons, discoveries, obsessions, comebacks."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate
from types import MappingProxyType
from typing import Final

from rewrapped.demo.works import Album, Artist, Track, discography

ROTATION_TRACKS = 34


class Mood(StrEnum):
    """What a listening session is for."""

    COMMUTE = "commute"
    DESK = "desk"
    EVENING = "evening"
    PARTY = "party"
    NIGHT = "night"


#: The weight of a genre at the start of each of the listener's years, and at the end of the last.
_DRIFT: Final = MappingProxyType(
    {
        "indie rock": (3.0, 2.6, 1.8, 1.3, 1.1, 1.0, 1.0),
        "dream pop": (0.8, 1.2, 1.9, 2.2, 1.9, 1.6, 1.7),
        "synth-pop": (1.2, 1.4, 1.3, 1.1, 1.3, 1.6, 1.7),
        "techno": (0.4, 0.9, 1.9, 2.4, 1.9, 1.3, 1.0),
        "house": (0.5, 0.6, 0.9, 1.2, 1.5, 1.4, 1.2),
        "ambient": (0.3, 0.9, 1.1, 0.9, 1.0, 1.1, 1.2),
        "hip hop": (1.8, 1.4, 1.0, 0.8, 0.7, 0.7, 0.8),
        "neo-soul": (0.2, 0.4, 0.6, 1.0, 1.6, 2.2, 2.4),
        "jazz": (0.2, 0.3, 0.4, 0.6, 1.0, 1.4, 1.7),
        "folk": (1.3, 1.1, 0.9, 0.8, 0.8, 0.9, 1.0),
        "post-punk": (0.7, 1.0, 1.5, 1.7, 1.2, 0.8, 0.7),
        "modern classical": (0.2, 0.3, 0.6, 0.8, 0.8, 0.9, 1.0),
    }
)

#: How much a mood asks for a genre; 1 where nothing is said.
_MOODS: Final = MappingProxyType(
    {
        Mood.COMMUTE: {"indie rock": 1.6, "hip hop": 1.7, "synth-pop": 1.5, "post-punk": 1.5, "ambient": 0.3},
        Mood.DESK: {"ambient": 3.2, "techno": 2.0, "modern classical": 3.0, "jazz": 1.6, "hip hop": 0.4},
        Mood.EVENING: {"dream pop": 1.8, "neo-soul": 1.7, "jazz": 1.7, "folk": 1.7, "techno": 0.4},
        Mood.PARTY: {"house": 5.0, "techno": 3.0, "synth-pop": 2.2, "hip hop": 1.8, "ambient": 0.05, "folk": 0.1},
        Mood.NIGHT: {"ambient": 4.0, "modern classical": 2.5, "dream pop": 2.0, "folk": 1.3, "techno": 0.2},
    }
)

#: The month (1 to 12) a genre is loved most, and how much it swings over the year.
_SEASONS: Final = MappingProxyType(
    {
        "house": (7, 0.6),
        "synth-pop": (6, 0.25),
        "indie rock": (5, 0.2),
        "folk": (11, 0.45),
        "jazz": (12, 0.3),
        "modern classical": (1, 0.45),
        "ambient": (1, 0.25),
    }
)


class Shape(StrEnum):
    """How an artist's place in a listener's life goes."""

    STEADY = "steady"
    FADING = "fading"
    RISING = "rising"
    COMEBACK = "comeback"
    FLASH = "flash"


@dataclass(frozen=True, slots=True)
class Favourite:
    """A name that stands out from its scene: by how much, how, and known since which share of the years."""

    factor: float
    shape: Shape
    since: float


_FAVOURITES: Final = MappingProxyType(
    {
        "Wednesday Atlas": Favourite(1.5, Shape.FADING, 0.0),
        "Osei Drummond": Favourite(1.3, Shape.FADING, 0.0),
        "Lumen Arcade": Favourite(1.25, Shape.STEADY, 0.14),
        "Concrete Swimming Club": Favourite(1.2, Shape.COMEBACK, 0.2),
        "Mosslight": Favourite(1.2, Shape.STEADY, 0.2),
        "Neon Almanac": Favourite(1.0, Shape.STEADY, 0.0),
        "Imani Rose Calder": Favourite(1.25, Shape.RISING, 0.5),
    }
)


@dataclass(frozen=True, slots=True)
class Arc:
    """An artist's way through the weeks: unknown before `known_from`, at a height around `peaks`."""

    shape: Shape
    known_from: int
    peaks: tuple[int, int]

    def weight(self, week: int) -> float:
        """Return how much the artist is liked in a week, around 1; 0 before they are known."""
        age = week - self.known_from
        if age < 0:
            return 0.0
        new = 1.6 * math.exp(-age / 4) if self.known_from else 0.0  # a discovery is played a lot at first
        if self.shape is Shape.STEADY:
            return 1.0 + new
        if self.shape is Shape.FADING:
            return 1.5 * math.exp(-age / 55) + new
        if self.shape is Shape.RISING:
            return min(0.25 + age / 110, 1.7) + new
        if self.shape is Shape.COMEBACK:
            return 0.06 + 2.2 * (_bell(week, self.peaks[0], 14) + _bell(week, self.peaks[1], 12))
        return 0.05 + 6.0 * _bell(week, self.peaks[0], 2.5)


def _bell(week: int, centre: int, width: float) -> float:
    return math.exp(-(((week - centre) / width) ** 2))


class Taste:
    """Answers what the sample listener would put on in a given week; draws only from `rng`."""

    def __init__(self, rng: random.Random, first_on: date, weeks: int) -> None:
        self._rng = rng
        self._first_on = first_on
        self._weeks = weeks
        self._artists = discography()
        self._arcs = [_arc(rng, artist, weeks) for artist in self._artists]
        self._standings = [_standing(artist) for artist in self._artists]
        self._ladders: dict[tuple[int, Mood], list[float]] = {}
        self._rotations: dict[int, list[Track]] = {}
        self._known: dict[tuple[str, int], tuple[list[Track], list[float]]] = {}
        self._favour = {artist.name: rng.sample(range(40), 40) for artist in self._artists}

    def artist(self, week: int, mood: Mood) -> Artist:
        """Return somebody to listen to."""
        ladder = self._ladders.get((week, mood))
        if ladder is None:
            ladder = self._ladders[week, mood] = list(accumulate(self._weights(week, mood)))
        return self._rng.choices(self._artists, cum_weights=ladder)[0]

    def song(self, artist: Artist, week: int) -> Track:
        """Return one of the artist's tracks that are out, the loved ones more often."""
        albums = self.out(artist, week)
        known = self._known.get((artist.name, len(albums)))
        if known is None:
            known = self._known[artist.name, len(albums)] = self._loved(artist, albums)
        return self._rng.choices(known[0], cum_weights=known[1])[0]

    def album(self, week: int, mood: Mood) -> Album:
        """Return a record to play through: a new one of a liked artist, when there is one."""
        for _ in range(3):
            artist = self.artist(week, mood)
            newest = self.out(artist, week)[-1]
            if 0 <= week - newest.released * self._weeks < 5 and newest.released:
                return newest
        return self._rng.choice(self.out(artist, week))

    def rotation(self, week: int) -> list[Track]:
        """Return the tracks that are on everything this month; the first ones most."""
        month = week // 4
        if month not in self._rotations:
            moods = (Mood.COMMUTE, Mood.EVENING, Mood.COMMUTE, Mood.PARTY)
            drawn = (self.song(self.artist(week, moods[n % 4]), week) for n in range(ROTATION_TRACKS))
            self._rotations[month] = list(dict.fromkeys(drawn))
        return self._rotations[month]

    def out(self, artist: Artist, week: int) -> list[Album]:
        """Return the artist's records that are released by this week, oldest first; never none."""
        return [album for album in artist.albums if album.released * self._weeks <= week]

    def _weights(self, week: int, mood: Mood) -> list[float]:
        genres = {genre: self._genre_weight(genre, week, mood) for genre in _DRIFT}
        return [
            arc.weight(week) * genres[artist.genre] * standing
            for artist, arc, standing in zip(self._artists, self._arcs, self._standings, strict=True)
        ]

    def _genre_weight(self, genre: str, week: int, mood: Mood) -> float:
        years = _DRIFT[genre]
        at = min(week / self._weeks, 0.999) * (len(years) - 1)
        drift = years[int(at)] + (at - int(at)) * (years[int(at) + 1] - years[int(at)])
        month, swing = _SEASONS.get(genre, (1, 0.0))
        now = self._first_on.month + week * 12 / 52.18
        return drift * _MOODS[mood].get(genre, 1.0) * (1 + swing * math.cos((now - month) / 12 * math.tau))

    def _loved(self, artist: Artist, albums: list[Album]) -> tuple[list[Track], list[float]]:
        tracks = [track for album in albums for track in album.tracks]
        places = self._favour[artist.name]
        return tracks, list(accumulate(1 / (places[n] + 4.0) for n in range(len(tracks))))


def _standing(artist: Artist) -> float:
    favourite = _FAVOURITES.get(artist.name)
    return (favourite.factor if favourite else 1.0) / math.pow(artist.rank + 1.5, 0.8)


def _arc(rng: random.Random, artist: Artist, weeks: int) -> Arc:
    """Draw an artist's way; that of a favourite is told."""
    shape = rng.choices(list(Shape), weights=(30, 25, 16, 15, 14))[0]
    known_from = 0 if rng.random() < 0.34 else rng.randrange(weeks - 6)
    first, second = sorted(rng.sample(range(weeks), 2))
    favourite = _FAVOURITES.get(artist.name)
    if favourite:
        shape, known_from = favourite.shape, int(favourite.since * weeks)
        first, second = known_from + 12, int(0.8 * weeks)
    elif shape in (Shape.COMEBACK, Shape.FLASH):
        known_from = max(first - 8, 0)
    return Arc(shape, known_from, (first, second))
