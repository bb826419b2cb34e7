"""What a listener's time is made of: genres and families, over time, with whom, and how much of it is known.

An artist's time is divided among their genres (the first most), so that the
figures of all genres add up to the time that is covered, and none is counted
twice. Time that isn't known of any genre is said, never spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.history.columns import texts
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Label, Level, Table
from rewrapped.history.localtime import day_of, month_numbers, month_of
from rewrapped.history.sums import MS_A_MINUTE, added, divided
from rewrapped.history.timeline import Bucket, weeks

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Missing:
    """An artist without a known genre, and the minutes that leaves uncovered."""

    id: int
    name: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Covered:
    """Which part of a view's time genres are known for.

    `minutes` of the view in all, of them `known_minutes` and those of artists
    the listener left out, `hidden_minutes`; `estimated_minutes` are those whose
    source doesn't say them. `artist_count` artists have no genre, the ones of
    most time are in `missing`.
    """

    minutes: float
    known_minutes: float
    hidden_minutes: float
    estimated_minutes: float
    artist_count: int
    missing: tuple[Missing, ...]

    @property
    def share(self) -> float:
        """Return the part that is known, 0 to 1, of what isn't left out; 0 where there is nothing."""
        shown = self.minutes - self.hidden_minutes
        return self.known_minutes / shown if shown > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """A genre or family of a view: minutes, the share of the covered time (0 to 1), and how many artists."""

    label: Label
    minutes: float
    share: float
    artist_count: int


@dataclass(frozen=True, slots=True)
class Portion:
    """An artist's minutes within a genre or family; `whole_minutes` are all of theirs."""

    id: int
    name: str
    minutes: float
    whole_minutes: float


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """Minutes over time: `minutes[label, bucket]`. `starts` are the first days of the buckets, without gaps.

    `covered` and `heard` are the minutes of each bucket that genres are known
    for, and in all.
    """

    bucket: Bucket
    labels: tuple[Label, ...]
    starts: tuple[date, ...]
    minutes: Floats
    covered: Floats
    heard: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """How things hang together: `minutes[i, j]` of what is both, in the order of `names`; the first `genre_count`
    are genres or families, whose `keys` those are; the rest are artists, whose keys are their ids."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    genre_count: int
    minutes: Floats


def coverage(history: History, known: GenreMap, limit: int = 50) -> Covered:
    """Return what is known of a view, and at most `limit` artists that are missing, those of most time first."""
    heard, whole = _by_artist(history), int(history.by_track.heard_ms.sum())
    hidden = int(heard[known.is_hidden].sum())
    unknown = np.flatnonzero(~known.is_known & ~known.is_hidden & (heard > 0))
    most = unknown[np.argsort(-heard[unknown], kind="stable")[:limit]]
    names = texts(history.artists.name, most)
    return Covered(
        minutes=whole / MS_A_MINUTE,
        known_minutes=float(heard[known.is_known].sum()) / MS_A_MINUTE,
        hidden_minutes=hidden / MS_A_MINUTE,
        estimated_minutes=int(history.by_track.estimated_ms.sum()) / MS_A_MINUTE,
        artist_count=len(unknown),
        missing=tuple(
            Missing(int(history.artists.id[code]), name or "", float(heard[code]) / MS_A_MINUTE)
            for code, name in zip(most, names, strict=True)
        ),
    )


def parts(history: History, known: GenreMap, level: Level) -> tuple[Part, ...]:
    """Return the genres or families with time in a view, the largest first; equal ones by name."""
    heard, table = _by_artist(history), known.at(level)
    minutes = table.sums(heard) / MS_A_MINUTE
    counts = np.bincount(table.label[heard[table.artist] > 0], minlength=len(table.labels))
    whole = float(minutes.sum())
    order = sorted(np.flatnonzero(minutes > 0), key=lambda place: (-minutes[place], table.labels[place].name))
    return tuple(
        Part(table.labels[place], float(minutes[place]), float(minutes[place]) / whole, int(counts[place]))
        for place in order
    )


def artists_of(history: History, known: GenreMap, level: Level, key: str, limit: int) -> tuple[Portion, ...]:
    """Return the artists of a genre or family with time in a view, by their time within it."""
    table = known.at(level)
    place = table.place(key)
    if place is None:
        return ()
    heard = _by_artist(history)
    codes, weight = table.artists_of(place)
    within = heard[codes] * weight
    best = [each for each in np.argsort(-within, kind="stable")[:limit] if within[each] > 0]
    names = texts(history.artists.name, codes[best])
    return tuple(
        Portion(
            int(history.artists.id[codes[each]]),
            name or "",
            float(within[each]) / MS_A_MINUTE,
            float(heard[codes[each]]) / MS_A_MINUTE,
        )
        for each, name in zip(best, names, strict=True)
    )


def artist_ids(history: History, known: GenreMap, level: Level, key: str) -> frozenset[int]:
    """Return the ids of all artists that have a genre or family, whether they are played in this view or not."""
    table = known.at(level)
    place = table.place(key)
    if place is None:
        return frozenset()
    codes, _ = table.artists_of(place)
    return frozenset(history.artists.id[codes].tolist())


def flow(history: History, known: GenreMap, level: Level, bucket: Bucket, keys: Sequence[str]) -> Flow:
    """Return minutes over time of the labels with these keys, in their order; those nobody has are left out.

    Every bucket of the view's span is there.
    """
    starts, by_artist, heard = _over_time(history, known.known, bucket)
    labels = _labels(known.at(level), keys)
    minutes = _by_label(known, level, labels, by_artist)
    return Flow(bucket, labels, starts, minutes, by_artist.sum(axis=0) / MS_A_MINUTE, heard / MS_A_MINUTE)


def hours(history: History, known: GenreMap, level: Level, keys: Sequence[str]) -> tuple[tuple[Label, ...], Floats]:
    """Return labels with these keys, those nobody has left out, and minutes by label and local hour (24)."""
    by_artist = _cells(history, known.known, history.stretch("hour").astype(np.int64), 24)
    labels = _labels(known.at(level), keys)
    return labels, _by_label(known, level, labels, by_artist)


def genre_ties(history: History, known: GenreMap, level: Level, limit: int) -> Ties:
    """Return how much time the largest genres share: that of artists who are both, by what they are of each.

    An artist who is 2/3 of one genre and 1/3 of another ties the two by 2/9 of their time.
    """
    heard, table = _by_artist(history), known.at(level)
    best = [part.label for part in parts(history, known, level)[:limit]]
    at = _dense(table, best, len(history.artists))
    minutes = (at.T @ (at * heard[:, None])) / MS_A_MINUTE
    np.fill_diagonal(minutes, 0.0)
    keys = tuple(label.key for label in best)
    return Ties(tuple(label.name for label in best), keys, len(best), minutes)


def artist_ties(history: History, known: GenreMap, level: Level, genre_limit: int, artist_limit: int) -> Ties:
    """Return how much time the largest genres and the most played artists with one of them share."""
    heard, table = _by_artist(history), known.at(level)
    best = [part.label for part in parts(history, known, level)[:genre_limit]]
    at = _dense(table, best, len(history.artists)) * heard[:, None] / MS_A_MINUTE
    codes = np.argsort(-at.sum(axis=1), kind="stable")[:artist_limit]
    codes = codes[at[codes].sum(axis=1) > 0]
    size, first = len(best) + len(codes), len(best)
    minutes = np.zeros((size, size))
    minutes[first:, :first] = at[codes]
    minutes[:first, first:] = at[codes].T
    names = tuple(name or "" for name in texts(history.artists.name, codes))
    ids = tuple(str(each) for each in history.artists.id[codes].tolist())
    return Ties((*(label.name for label in best), *names), (*(label.key for label in best), *ids), first, minutes)


def _by_artist(history: History) -> Int64s:
    return history.by_track.regrouped(history.tracks.artist, len(history.artists)).heard_ms


def _dense(table: Table, labels: Sequence[Label], artist_count: int) -> Floats:
    """Return artists by labels as one matrix, of the wanted labels alone."""
    column = np.full(len(table.labels), -1, np.int64)
    for place, label in enumerate(labels):
        found = table.place(label.key)
        if found is not None:
            column[found] = place
    rows = np.flatnonzero(column[table.label] >= 0)
    dense = np.zeros((artist_count, len(labels)))
    dense[table.artist[rows], column[table.label[rows]]] = table.weight[rows]
    return dense


def _labels(table: Table, keys: Sequence[str]) -> tuple[Label, ...]:
    return tuple(table.labels[place] for key in keys if (place := table.place(key)) is not None)


def _by_label(known: GenreMap, level: Level, labels: Sequence[Label], by_artist: Int64s) -> Floats:
    """Return milliseconds of the known artists by time as minutes of labels by time."""
    parts = _dense(known.at(level), labels, len(known.is_known))[known.known]
    minutes: Floats = parts.T @ (by_artist / MS_A_MINUTE)
    return minutes


def _over_time(
    history: History, codes: npt.NDArray[np.int32], bucket: Bucket
) -> tuple[tuple[date, ...], Int64s, Floats]:
    """Return the buckets' first days, the milliseconds of each artist of `codes` in each, and those of all rows."""
    starts, bucket_of_day = _buckets(history, bucket)
    by_day = history.by_day
    heard = divided(bucket_of_day, by_day.heard_ms, len(starts))
    if not len(starts):
        return (), np.zeros((len(codes), 0), np.int64), heard
    days = np.clip(history.stretch("day") - history.span.start, 0, len(history.span) - 1)
    return starts, _cells(history, codes, np.take(bucket_of_day, days), len(starts)), heard


def _cells(history: History, codes: npt.NDArray[np.int32], column: Int64s, width: int) -> Int64s:
    """Return milliseconds by artist of `codes` and column; `column` has one for every row of the stretch."""
    size = len(codes) + 1
    slot = np.full(len(history.artists) + 1, len(codes), np.int64)  # the last takes whom nobody asked for
    slot[codes] = np.arange(len(codes))
    of_track = slot[history.tracks.artist]  # code -1, no artist, is the last one too
    # Rows are in order of time: with a column's cells side by side, those in use stay in the processor's cache.
    cell = np.take(of_track, history.stretch("track")) + column * size
    heard, mask = history.stretch("heard_ms"), history.mask
    table = added(cell, heard if mask is None else heard * mask, size * width)
    return table.reshape(width, size)[:, :-1].T


def _buckets(history: History, bucket: Bucket) -> tuple[tuple[date, ...], Int64s]:
    """Return the first days of the view's buckets, and the bucket of each day of its span."""
    days = np.arange(history.span.start, history.span.stop, dtype=np.int32)
    if not len(days):
        return (), np.zeros(0, np.int64)
    numbers = _numbers(days, bucket)
    first, last = int(numbers[0]), int(numbers[-1])
    return tuple(_begins(number, bucket) for number in range(first, last + 1)), numbers - first


def _numbers(days: npt.NDArray[np.int32], bucket: Bucket) -> Int64s:
    if bucket is Bucket.DAY:
        return days.astype(np.int64)
    return (weeks(days) if bucket is Bucket.WEEK else month_numbers(days)).astype(np.int64)


def _begins(number: int, bucket: Bucket) -> date:
    if bucket is Bucket.MONTH:
        return month_of(number)
    return day_of(number if bucket is Bucket.DAY else number * 7 - 3)
