"""When something was first and last played, and how much of it was new."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.frame import History
from rewrapped.history.localtime import month_numbers
from rewrapped.history.sums import counted
from rewrapped.history.tops import Noun

Int64s = npt.NDArray[np.int64]


def artists_by_month(history: History) -> list[int]:
    """Return how many different artists were played in each local month of the view's span, in order."""
    months = _months(history)
    seen = _tracks_by_month(history, int(months[0]) if len(months) else 0, len(months))
    return _different(seen, history.tracks.artist, len(history.artists))[0]


def by_month(history: History) -> pd.DataFrame:
    """Return `start_on`, and per noun how many different ones were played and how many for the first time in this view.

    Columns `tracks`, `new_tracks`, `albums`, `new_albums`, `artists`, `new_artists`; one row for
    every local month of the view's span, in order.
    """
    months = _months(history)
    seen = _tracks_by_month(history, int(months[0]) if len(months) else 0, len(months))
    tracks = history.tracks
    found: dict[str, object] = {"start_on": months.astype("datetime64[M]").astype("datetime64[s]")}
    for noun, owner, count in (
        (Noun.TRACKS, np.arange(len(tracks), dtype=np.int32), len(tracks)),
        (Noun.ALBUMS, tracks.album, len(history.albums)),
        (Noun.ARTISTS, tracks.artist, len(history.artists)),
    ):
        found[noun.value], found[f"new_{noun}"] = _different(seen, owner, count)
    return pd.DataFrame(found)


def _months(history: History) -> Int64s:
    """Return the local months (since January 1970) of the view's span, in order."""
    span = history.span
    first, last = month_numbers(np.array([span.start, span.stop - 1], np.int32)) if len(span) else (0, -1)
    return np.arange(int(first), int(last) + 1)


def _tracks_by_month(history: History, first: int, months: int) -> list[Int64s]:
    """Return the tracks played in each month, each once."""
    plays = history.plays
    month, track, count = plays.month - first, plays.track, len(history.tracks)
    if not history.days_ordered:
        order = np.argsort(month, kind="stable")
        month, track = month[order], track[order]
    edges = np.searchsorted(month, np.arange(months + 1, dtype=month.dtype))
    return [np.flatnonzero(counted(track[start:end], count)) for start, end in pairwise(edges)]


def _different(seen: list[Int64s], owner: npt.NDArray[np.int32], count: int) -> tuple[list[int], list[int]]:
    """Return per month how many owners its tracks have, and how many of these no month before had."""
    known = np.zeros(count + 1, dtype=bool)  # the last for tracks without an owner: code -1
    known[-1] = True
    different, new = [], []
    for tracks in seen:
        here = np.zeros(count + 1, dtype=bool)
        here[owner[tracks]] = True
        here[-1] = False
        different.append(int(np.count_nonzero(here)))
        new.append(int(np.count_nonzero(here & ~known)))
        known |= here
    return different, new
