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
from rewrapped.history.sums import counted

Int64s = npt.NDArray[np.int64]

_ROOM_A_KEY, _MOST_ROOM = 32, 1 << 25  # bytes
_SEATS = 1 << 20


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
    keys = _different(artist[known] * np.int64(len(span)) + (plays.day[known] - span.start))
    artists, days = np.divmod(keys, len(span))
    days += span.start
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
    key, count = _most_frequent(plays.day * tracks + plays.track)
    day, track = divmod(key, int(tracks))
    return Repeat(item(history, "tracks", track), count, day_of(day))


def _different(keys: Int64s) -> Int64s:
    """Return keys (0 or more, at least one) in order, each once.

    Where they lie close enough, ticking them off on a list takes a third of the time that sorting does.
    """
    room = int(keys.max()) + 1
    if room > min(_ROOM_A_KEY * len(keys), _MOST_ROOM):
        return np.unique(keys)
    seen = np.zeros(room, dtype=bool)
    seen[keys] = True
    return np.flatnonzero(seen)


def _most_frequent(keys: Int64s) -> tuple[int, int]:
    """Return the key that stands there most often, of equally frequent ones the largest, and how often.

    Keys share `_SEATS` seats; none is more frequent than its seat is taken. So only those of crowded seats are
    sorted, from half of the most crowded one's on, and fewer and fewer as long as no key is that frequent.
    """
    seats = keys & (_SEATS - 1)
    crowd = counted(seats, _SEATS)
    least = int(crowd.max())
    while True:
        least = (least + 1) // 2
        found, counts = np.unique(keys[crowd[seats] >= least], return_counts=True)
        at = len(counts) - 1 - int(np.argmax(counts[::-1]))
        if counts[at] >= least:
            return int(found[at]), int(counts[at])
