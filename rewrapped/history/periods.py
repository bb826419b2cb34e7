"""Plays by month, quarter or year and by item: what ranks and shares over time are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rewrapped.domain.days import MONTHS, month
from rewrapped.history.frame import History
from rewrapped.history.localtime import month_numbers, month_of
from rewrapped.history.tops import Noun

Int64s = npt.NDArray[np.int64]


class Period(StrEnum):
    """How long a stretch of the calendar is; quarters begin in January, April, July and October."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Return its length."""
        return {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[self]

    def said(self, start_on: date) -> str:
        """Return the one that begins on a day in words: "March 2026", "January to March 2026", "2026"."""
        if self is Period.YEAR:
            return str(start_on.year)
        if self is Period.MONTH:
            return month(start_on)
        return f"{MONTHS[start_on.month - 1]} to {MONTHS[start_on.month + 1]} {start_on.year}"

    def after(self, start_on: date) -> date:
        """Return the first day of the one after that which begins on a day."""
        return month_of((start_on.year - 1970) * 12 + start_on.month - 1 + self.months)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The periods that a view's span touches: the first one, counted from January 1970, and how many there are."""

    period: Period
    first: int
    count: int

    @property
    def starts_on(self) -> tuple[date, ...]:
        """Return their first local days, in order."""
        return tuple(month_of((self.first + number) * self.period.months) for number in range(self.count))

    def numbers(self, months: npt.NDArray[np.integer]) -> Int64s:
        """Return which of them months (since January 1970) lie in, from 0; others come out below 0 or too high."""
        return months.astype(np.int64) // self.period.months - self.first

    def of_days(self, days: npt.NDArray[np.integer]) -> Int64s:
        """Return which of them local days (since 1970-01-01) lie in."""
        return self.numbers(month_numbers(days.astype(np.int32)))


@dataclass(frozen=True, eq=False)
class Tally:
    """What each item was played in each period of a view, kept where there is a play.

    The cells of period n are `edges[n]` up to `edges[n + 1]` of three columns:
    `code` (into the catalogue of `noun`, rising), `plays` by the rule, and
    `heard_ms`, which adds up rows that are no plays as well.
    """

    history: History
    noun: Noun
    stretch: Stretch
    edges: Int64s
    code: Int64s
    plays: Int64s
    heard_ms: Int64s

    @cached_property
    def totals(self) -> Int64s:
        """Return the plays of each period that belong to an item."""
        running = np.concatenate(([0], np.cumsum(self.plays)))
        return np.diff(running[self.edges])

    @cached_property
    def places(self) -> Int64s:
        """Return for every cell which period it belongs to."""
        return np.repeat(np.arange(self.stretch.count), np.diff(self.edges))

    def cells(self, number: int) -> slice:
        """Return where the cells of a period are."""
        return slice(int(self.edges[number]), int(self.edges[number + 1]))


def stretch_of(history: History, period: Period) -> Stretch:
    """Return the periods that a view's span touches."""
    span = history.span
    if not len(span):
        return Stretch(period, 0, 0)
    first, last = month_numbers(np.array([span.start, span.stop - 1], np.int32)) // period.months
    return Stretch(period, int(first), int(last - first) + 1)


def tally(history: History, noun: Noun, period: Period) -> Tally:
    """Return what each track, album or artist was played in each period of a view; see `Tally`."""
    stretch = stretch_of(history, period)
    number, owner, plays, heard = _rows(history, noun, stretch)
    edges = np.searchsorted(number, np.arange(stretch.count + 1))
    cells = [_cells(owner[start:end], plays[start:end], heard[start:end]) for start, end in pairwise(edges)]
    columns = [np.concatenate([np.empty(0, np.int64), *parts]) for parts in zip(*cells, strict=True)]
    code, played, heard_ms = columns or [np.empty(0, np.int64)] * 3
    counts = [len(each[0]) for each in cells]
    return Tally(history, noun, stretch, np.cumsum([0, *counts]), code, played, heard_ms)


def owners(history: History, noun: Noun) -> npt.NDArray[np.int32]:
    """Return the code of the item that each track of the catalogue belongs to; -1 for none."""
    if noun is Noun.TRACKS:
        return np.arange(len(history.tracks), dtype=np.int32)
    return history.tracks.album if noun is Noun.ALBUMS else history.tracks.artist


def _rows(history: History, noun: Noun, stretch: Stretch) -> tuple[npt.NDArray[np.generic], ...]:
    """Return four columns of the view's rows in the order of periods: period, owner + 1, is a play, heard_ms."""
    number = stretch.numbers(history.month)
    owner = np.take(owners(history, noun), history.track) + 1
    columns = (number, owner, history.is_play, history.heard_ms)
    if history.days_ordered:
        return columns
    order = np.argsort(number, kind="stable")
    return tuple(column[order] for column in columns)


def _cells(
    owner: npt.NDArray[np.generic], plays: npt.NDArray[np.generic], heard: npt.NDArray[np.generic]
) -> tuple[Int64s, ...]:
    counts = np.bincount(owner, weights=plays)
    codes = np.flatnonzero(counts)
    codes = codes[codes > 0]  # 0 are rows without an owner
    sums = np.bincount(owner, weights=heard)
    return codes - 1, counts[codes].astype(np.int64), sums[codes].astype(np.int64)
