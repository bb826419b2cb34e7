"""How a listener stays with one thing: an artist day after day, a track again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.history.choices import Item, item
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.history.streaks import Streak, longest_within

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ArtistStreak:
    """Consecutive local days with a play of one artist."""

    artist: Item
    streak: Streak


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many plays of one track, the last of them on a local day."""

    track: Item
    plays: int
    last_on: date


def artist_streak(history: History) -> ArtistStreak | None:
    """Return the longest streak of one artist, of equal ones the latest; None where no play has an artist."""
    plays, span = history.plays, history.span
    artist = history.tracks.artist[plays.track]
    known = np.flatnonzero(artist >= 0)
    if not len(known):
        return None
    keys = np.sort(artist[known] * np.int64(len(span)) + (plays.day[known] - span.start))
    keys = keys[np.append(True, keys[1:] != keys[:-1])]
    artists, days = keys // len(span), keys % len(span) + span.start
    start, end = longest_within(history, artists, days)
    streak = Streak(end - start, day_of(days[start]), day_of(days[end - 1]))
    return ArtistStreak(item(history, "artists", int(artists[start])), streak)


def on_repeat(history: History) -> Repeat | None:
    """Return the track played most often without another between, of equal ones the latest; None without plays."""
    plays = history.plays
    track = plays.track
    if not len(track):
        return None
    ends = np.append(np.flatnonzero(track[1:] != track[:-1]) + 1, len(track))
    lengths = np.diff(ends, prepend=0)
    at = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    last = int(ends[at]) - 1
    return Repeat(item(history, "tracks", int(track[last])), int(lengths[at]), day_of(plays.day[last]))


def most_in_a_day(history: History) -> Repeat | None:
    """Return the track played most often within one local day, of equal ones the latest; None without plays."""
    plays, tracks = history.plays, np.int64(len(history.tracks))
    if not len(plays):
        return None
    keys, counts = np.unique(plays.day * tracks + plays.track, return_counts=True)
    at = len(counts) - 1 - int(np.argmax(counts[::-1]))
    day, track = divmod(int(keys[at]), int(tracks))
    return Repeat(item(history, "tracks", track), int(counts[at]), day_of(day))
