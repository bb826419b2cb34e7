"""Our ranking of tracks, albums and artists over plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rewrapped.history.columns import texts
from rewrapped.history.frame import History
from rewrapped.history.localtime import month_numbers, month_of
from rewrapped.history.ranking import Ranking
from rewrapped.history.sums import MS_A_MINUTE, Sums, Timed, counted

Int64s = npt.NDArray[np.int64]


class Noun(StrEnum):
    """What is ranked."""

    TRACKS = "tracks"
    ALBUMS = "albums"
    ARTISTS = "artists"


class Measure(StrEnum):
    """What it is ranked by."""

    PLAYS = "plays"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Top(Timed):
    """One rank.

    `plays` count by the rule; `minutes` sum every row, `estimated_minutes`
    (API and scrobble rows) apart; by time the two together decide. `share`, 0
    to 1, is the part of the view's plays or time. `previous_rank` is the rank
    in the range before, None where it had none there; `is_new` says that a
    range before was compared, and it had none. `name` is None for a track
    without names, `artist` and `uri` where they don't apply.
    """

    rank: int
    id: int
    name: str | None
    artist: str | None
    uri: str | None
    plays: int
    minutes: float
    estimated_minutes: float
    share: float
    previous_rank: int | None = None
    is_new: bool = False

    @property
    def change(self) -> int | None:
        """Return how many ranks it rose (below 0: fell); None when there is nothing to compare."""
        return None if self.previous_rank is None else self.previous_rank - self.rank

    def value(self, by: Measure) -> float:
        """Return what it is ranked by: plays, or minutes with the estimated ones."""
        return float(self.plays) if by is Measure.PLAYS else self.heard_minutes


@dataclass(frozen=True, slots=True, eq=False)
class Months:
    """Plays by local month for some items: `plays[item, month]`; `months` are the first days of them."""

    months: tuple[date, ...]
    plays: Int64s


def tracks(history: History, limit: int, by: Measure = Measure.PLAYS) -> tuple[Top, ...]:
    """Return the top tracks; see `top`."""
    return top(history, Noun.TRACKS, limit, by)


def albums(history: History, limit: int, by: Measure = Measure.PLAYS) -> tuple[Top, ...]:
    """Return the top albums; see `top`."""
    return top(history, Noun.ALBUMS, limit, by)


def artists(history: History, limit: int, by: Measure = Measure.PLAYS) -> tuple[Top, ...]:
    """Return the top artists; see `top`."""
    return top(history, Noun.ARTISTS, limit, by)


def top(history: History, noun: Noun, limit: int, by: Measure = Measure.PLAYS) -> tuple[Top, ...]:
    """Return at most `limit` items, best first, with their rank in the range before.

    By plays those with a play are ranked, by time those with time, plays or not. Equal values are ordered
    by the other measure, then by casefolded name, then by id.
    """
    return top_against(history, history.previous(), noun, limit, by)


def top_against(
    history: History, before: History | None, noun: Noun, limit: int, by: Measure = Measure.PLAYS
) -> tuple[Top, ...]:
    """Return what `top` does, with the ranks of another view of the same listener as the previous ones."""
    sums = sums_of(history, noun)
    ranking = _ranking(history, noun, sums, by)
    codes = ranking.best(limit)
    ranks = {} if before is None else _ranking(before, noun, sums_of(before, noun), by).ranks(codes)
    values = _Values(history, noun, np.array(codes, dtype=np.int64))
    value = sums.plays if by is Measure.PLAYS else sums.heard_ms
    whole = _whole(history, by)
    return tuple(
        Top(
            rank=place + 1,
            id=values.ids[place],
            name=values.names[place],
            artist=values.artists[place],
            uri=values.uris[place],
            plays=int(sums.plays[code]),
            minutes=float(sums.heard_ms[code] - sums.estimated_ms[code]) / MS_A_MINUTE,
            estimated_minutes=float(sums.estimated_ms[code]) / MS_A_MINUTE,
            share=float(value[code] / whole) if whole else 0.0,
            previous_rank=ranks.get(code),
            is_new=before is not None and code not in ranks,
        )
        for place, code in enumerate(codes)
    )


def rank_of(history: History, noun: Noun, item_id: int, by: Measure = Measure.PLAYS) -> tuple[int | None, int]:
    """Return the rank, from 1, that `top` gives an item of the catalogue, and how many are ranked.

    The rank is None where it has neither play nor time, as `by` asks.
    """
    ranking = _ranking(history, noun, sums_of(history, noun), by)
    code = code_of(history, noun, item_id)
    return ranking.ranks([code]).get(code), int(np.count_nonzero(ranking.ranked))


def months(history: History, noun: Noun, ids: Sequence[int]) -> Months:
    """Return the plays by month of some items, in the order of `ids`; every month of the view's span."""
    span = history.span
    if not len(span):
        return Months((), np.zeros((len(ids), 0), np.int64))
    first, last = (int(number) for number in month_numbers(np.array([span.start, span.stop - 1], np.int32)))
    width, slots, track = last - first + 1, _slots(history, noun, ids), history.stretch("track")
    chosen = np.flatnonzero(np.take(slots >= 0, track) & history.rows.plays)
    cell = np.take(slots * width - first, np.take(track, chosen)) + np.take(history.stretch("month"), chosen)
    table = counted(cell, len(ids) * width).reshape(len(ids), width)
    return Months(tuple(month_of(number) for number in range(first, last + 1)), table)


def sums_of(history: History, noun: Noun) -> Sums:
    """Return the sums by code of a noun; rows without an album or artist are left out of theirs."""
    if noun is Noun.TRACKS:
        return history.by_track
    if noun is Noun.ALBUMS:
        return history.by_track.regrouped(history.tracks.album, len(history.albums))
    return history.by_track.regrouped(history.tracks.artist, len(history.artists))


def _ranking(history: History, noun: Noun, sums: Sums, by: Measure) -> Ranking:
    first, second = (sums.plays, sums.heard_ms) if by is Measure.PLAYS else (sums.heard_ms, sums.plays)
    names = names_of(history, noun)
    return Ranking(first, second, ids_of(history, noun), lambda codes: texts(names, codes), first > 0)


def _whole(history: History, by: Measure) -> int:
    return len(history.plays) if by is Measure.PLAYS else int(history.by_track.heard_ms.sum())


def _slots(history: History, noun: Noun, ids: Sequence[int]) -> Int64s:
    """Return for every track which of the items it belongs to, -1 for none."""
    places = {each: place for place, each in enumerate(ids)}
    own = ids_of(history, noun)
    slots = np.full(len(own) + 1, -1, dtype=np.int64)  # the last for tracks without an item: code -1
    for code in np.flatnonzero(np.isin(own, list(ids))):
        slots[code] = places[int(own[code])]
    if noun is Noun.TRACKS:
        return slots[:-1]
    return slots[history.tracks.album if noun is Noun.ALBUMS else history.tracks.artist]


def ids_of(history: History, noun: Noun) -> Int64s:
    """Return the catalogue ids of a noun's codes."""
    if noun is Noun.TRACKS:
        return history.tracks.id
    return history.albums.id if noun is Noun.ALBUMS else history.artists.id


def code_of(history: History, noun: Noun, item_id: int) -> int:
    """Return the code of an item that is there."""
    return int(np.flatnonzero(ids_of(history, noun) == item_id)[0])


def names_of(history: History, noun: Noun) -> pa.StringArray:
    """Return the names of a noun's codes; null for a track without one."""
    if noun is Noun.TRACKS:
        return history.tracks.title
    return history.albums.name if noun is Noun.ALBUMS else history.artists.name


class _Values:
    """What is shown of some items, looked up at once; lists in the order of `codes`."""

    def __init__(self, history: History, noun: Noun, codes: Int64s) -> None:
        self.ids = ids_of(history, noun)[codes].tolist()
        self.names = texts(names_of(history, noun), codes)
        self.artists: list[str | None] = [None] * len(codes)
        self.uris: list[str | None] = [None] * len(codes)
        if noun is Noun.TRACKS:
            self.artists = texts(history.artists.name, history.tracks.artist[codes])
            self.uris = texts(history.tracks.uri, codes)
        elif noun is Noun.ALBUMS:
            self.artists = texts(history.artists.name, history.albums.artist[codes])
