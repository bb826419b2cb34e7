"""Which rows a filter leaves, as a stretch of rows and a mask over it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Filter, Flags, TimeRange
from rewrapped.history.localtime import day_number
from rewrapped.history.platforms import family
from rewrapped.history.whole import Mask, Whole, among


def stretch(whole: Whole, time_range: TimeRange) -> tuple[int, int]:
    """Return the first and the last row + 1 that can lie in a time range; exact while days are ordered."""
    days = whole.local.day
    if not whole.local.days_ordered:
        return 0, len(days)
    start = 0 if time_range.start_on is None else _first_row(days, time_range.start_on)
    end = len(days) if time_range.end_on is None else _first_row(days, time_range.end_on)
    return start, end


def mask(whole: Whole, chosen: Filter, start: int, end: int) -> Mask | None:
    """Return which of the rows from `start` to `end` a filter leaves; None stands for all."""
    found: Mask | None = None
    for part in _parts(whole, chosen, slice(start, end)):
        if found is None:
            found = part
        else:
            found &= part
    return found


def _first_row(days: npt.NDArray[np.int32], day: date) -> int:
    return int(np.searchsorted(days, np.int32(day_number(day))))


def _parts(whole: Whole, chosen: Filter, rows: slice) -> Iterator[Mask]:
    yield from _times(whole, chosen, rows)
    yield from _words(whole, chosen, rows)
    yield from _items(whole, chosen, rows)
    yield from _said(whole, chosen, rows)


def _times(whole: Whole, chosen: Filter, rows: slice) -> Iterator[Mask]:
    local = whole.local
    if not local.days_ordered:
        yield from _days(local.day[rows], chosen.time_range)
    if chosen.weekdays:
        yield among(local.weekday[rows], chosen.weekdays)
    if chosen.hours:
        yield among(local.hour[rows], chosen.hours)
    if chosen.months:
        month = local.month[rows]
        span = range(int(month.min()), int(month.max()) + 1) if len(month) else range(0)
        yield among(month, {number for number in span if number % 12 + 1 in chosen.months})


def _days(days: npt.NDArray[np.int32], time_range: TimeRange) -> Iterator[Mask]:
    if time_range.start_on is not None:
        yield days >= day_number(time_range.start_on)
    if time_range.end_on is not None:
        yield days < day_number(time_range.end_on)


def _words(whole: Whole, chosen: Filter, rows: slice) -> Iterator[Mask]:
    columns = whole.columns
    if chosen.platforms:
        yield among(
            columns.platform[rows],
            {code for code, label in enumerate(columns.labels) if label and family(label) in chosen.platforms},
        )
    if chosen.countries:
        yield among(
            columns.country[rows],
            {code for code, label in enumerate(columns.labels) if label and label.upper() in chosen.countries},
        )
    if chosen.sources:
        yield among(columns.source[rows], chosen.sources)
    if chosen.kinds and not whole.kinds <= chosen.kinds:
        yield among(whole.kind[rows], chosen.kinds)


def _items(whole: Whole, chosen: Filter, rows: slice) -> Iterator[Mask]:
    columns = whole.columns
    track = columns.track[rows]
    if chosen.artists:
        yield np.take(_of(columns.tracks.artist, columns.artists.id, chosen.artists), track)
    if chosen.albums:
        yield np.take(_of(columns.tracks.album, columns.albums.id, chosen.albums), track)
    if chosen.tracks:
        codes = np.flatnonzero(np.isin(columns.tracks.id, list(chosen.tracks)))
        yield among(track, set((codes if whole.joined is None else whole.joined[codes]).tolist()))


def _of(codes: npt.NDArray[np.int32], ids: npt.NDArray[np.int64], wanted: frozenset[int]) -> Mask:
    """Return which tracks have one of the wanted artists or albums."""
    return np.isin(codes, np.flatnonzero(np.isin(ids, list(wanted))))


def _said(whole: Whole, chosen: Filter, rows: slice) -> Iterator[Mask]:
    """Compare what a row says of itself; one that doesn't say matches neither way."""
    flags = whole.columns.flags[rows]
    for answer, flag, known in (
        (chosen.skipped, Flags.SKIPPED, Flags.SKIPPED_KNOWN),
        (chosen.shuffle, Flags.SHUFFLE, Flags.SHUFFLE_KNOWN),
        (chosen.offline, Flags.OFFLINE, Flags.OFFLINE_KNOWN),
    ):
        if answer is not None:
            yield (flags & np.uint8(flag | known)) == np.uint8(flag | known if answer else known)
