"""How much a listener plays some artists: all of it, and lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of

#: How far back "the last six months" reach.
RECENT = timedelta(days=182)


@dataclass(frozen=True, slots=True)
class Devotion:
    """Plays of one artist; `recent` are those of the last six months, part of `plays`; the day is the listener's."""

    plays: int
    recent: int
    last_on: date


def of_artists(history: History, artist_ids: Sequence[int], today: date) -> dict[int, Devotion]:
    """Return by artist id what the listener plays of them; who was never played is left out.

    Only music counts. `today` is the listener's local day.
    """
    known, wanted = history.artists.id, np.unique(np.asarray(artist_ids, np.int64))
    codes = np.flatnonzero(np.isin(known, wanted))
    music = history.filter(Filter())
    plays, recent = _plays(music), _plays(music.filter(Filter(time_range=TimeRange(today - RECENT, None))))
    last = _last_days(music)
    return {
        int(known[code]): Devotion(int(plays[code]), int(recent[code]), day_of(int(last[code])))
        for code in codes
        if plays[code]
    }


def _plays(history: History) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return history.by_track.regrouped(history.tracks.artist, len(history.artists)).plays


def _last_days(history: History) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the day of each artist's last play: rows are in order, so what is written last stays."""
    artist = history.tracks.artist[history.plays.track]
    last = np.zeros(len(history.artists) + 1, np.int32)  # the last place takes rows without an artist, whose code is -1
    last[artist] = history.plays.day
    return last
