"""What a listener plays right before an item and right after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rewrapped.history.columns import texts
from rewrapped.history.frame import History
from rewrapped.history.periods import owners
from rewrapped.history.ranking import Ranking
from rewrapped.history.sittings import GAP_MINUTES
from rewrapped.history.sums import MS_A_MINUTE, counted
from rewrapped.history.tops import Noun, ids_of, names_of

Int64s = npt.NDArray[np.int64]

_US_A_MS = 1_000
_GAP_US = GAP_MINUTES * MS_A_MINUTE * _US_A_MS


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that was played right beside an item, `times` times; `name` is None for a track without names."""

    id: int
    name: str | None
    artist: str | None
    times: int


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of an item's plays.

    Of `plays` of it, `alone` had nothing there within 20 minutes, `same` had
    the item itself, and the others had something else, the most frequent first
    in `others`. What has no album, or no artist, is in none of them.
    """

    plays: int
    alone: int
    same: int
    others: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What was played right before an item, and right after."""

    before: Side
    after: Side


def around(history: History, mine: History, noun: Noun, ids: Collection[int], limit: int) -> Around:
    """Return at most `limit` neighbours on each side of the plays of items.

    `history` holds every row that can be a neighbour, `mine` the rows whose
    neighbours are sought; plays of `mine` that `history` doesn't hold count
    nothing. A neighbour is the next play in time, where no more than 20
    minutes of silence lie between the two: the rule that ends a sitting. Rows
    too short to be a play are passed over.
    """
    every = _positions(history.plays)
    own = _positions(mine.plays)
    at = np.searchsorted(every, own)
    at = at[(at < len(every)) & (np.take(every, np.minimum(at, len(every) - 1)) == own)] if len(every) else at[:0]
    known = frozenset(np.flatnonzero(np.isin(ids_of(history, noun), list(ids))).tolist())
    return Around(_side(history, at, -1, noun, known, limit), _side(history, at, 1, noun, known, limit))


def _positions(history: History) -> Int64s:
    index = history.index
    return np.arange(index.start, index.stop, dtype=np.int64) if isinstance(index, slice) else index


def _side(history: History, at: Int64s, step: int, noun: Noun, own: Collection[int], limit: int) -> Side:
    plays = history.plays
    there = at[(at + step >= 0) & (at + step < len(plays))]
    beside = there + step
    earlier, later = np.minimum(there, beside), np.maximum(there, beside)
    started = plays.at("ended_at", later) - plays.at("heard_ms", later) * np.int64(_US_A_MS)
    near = beside[started - plays.at("ended_at", earlier) <= _GAP_US]
    code = np.take(owners(history, noun), plays.at("track", near))
    is_own = np.isin(code, list(own))
    others = counted(code[(code >= 0) & ~is_own], len(ids_of(history, noun)))
    return Side(
        plays=len(at),
        alone=len(at) - len(near),
        same=int(np.count_nonzero(is_own)),
        others=_named(history, noun, others, limit),
    )


def _named(history: History, noun: Noun, times: Int64s, limit: int) -> tuple[Neighbour, ...]:
    names = names_of(history, noun)
    ranking = Ranking(times, times, ids_of(history, noun), lambda codes: texts(names, codes), times > 0)
    codes = np.array(ranking.best(limit), dtype=np.int64)
    artists: list[str | None] = [None] * len(codes)
    if noun is not Noun.ARTISTS:
        by = history.tracks.artist if noun is Noun.TRACKS else history.albums.artist
        artists = texts(history.artists.name, by[codes])
    found = zip(ids_of(history, noun)[codes].tolist(), texts(names, codes), artists, times[codes].tolist(), strict=True)
    return tuple(Neighbour(*each) for each in found)
