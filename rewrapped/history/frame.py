"""`History`: an immutable view of a listener's rows, of which every insight is a pure function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Filter, PlayRule, TimeRange
from rewrapped.history import narrowing
from rewrapped.history.columns import Albums, Artists, Columns, Tracks
from rewrapped.history.localtime import day_number, day_of, zone_of
from rewrapped.history.names import Names
from rewrapped.history.sums import Sums, added, counted
from rewrapped.history.whole import Mask, Whole, load

Number = TypeVar("Number", bound=np.generic)

Int64s = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


class Taken(Generic[Number]):
    """A column of a view: taken through its index when first asked for, and kept."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, history: History, owner: type) -> npt.NDArray[Number]:
        index, column = history.index, history._whole.column(self._name)  # noqa: SLF001 - a part of the class itself
        taken: npt.NDArray[Number] = column[index] if isinstance(index, slice) else np.take(column, index)
        history.__dict__[self._name] = taken
        return taken


@dataclass(frozen=True, eq=False)
class History:
    """Rows of one listener, in the order of `ended_at`; build it once, then `filter` as often as you like.

    Columns are taken when first asked for, through one index, and kept. A
    history as built holds every kind; `filter(Filter())` leaves the music.
    Insights count *plays* by the rule, and minutes over every row they see.
    """

    _whole: Whole
    _start: int
    _end: int
    _mask: Mask | None = None  # over the rows from _start to _end; None: all of them
    _only_plays: bool = False
    _filters: tuple[Filter, ...] = ()

    #: When each row ended, in microseconds since 1970, UTC.
    ended_at = Taken[np.int64]()
    #: Local days since 1970-01-01.
    day = Taken[np.int32]()
    #: Local months since January 1970.
    month = Taken[np.int16]()
    #: Local hours, 0 to 23.
    hour = Taken[np.uint8]()
    #: Local weekdays, 0 (Monday) to 6.
    weekday = Taken[np.uint8]()
    #: Codes into `tracks`.
    track = Taken[np.int32]()
    #: Milliseconds as the source brought them; 0 where it didn't say.
    ms_played = Taken[np.int32]()
    #: Milliseconds with the track's length standing in where the source didn't say.
    heard_ms = Taken[np.int32]()
    #: Which rows the play rule counts.
    is_play = Taken[np.bool_]()
    #: Which rows' time is an estimate: those of the API and of scrobbles.
    is_estimated = Taken[np.bool_]()
    #: Each row's `domain.plays.Source`.
    source = Taken[np.uint8]()
    #: Each row's `domain.plays.Flags`.
    flags = Taken[np.uint8]()
    #: Codes into `labels`, 0 where the source didn't say; as the next three.
    platform = Taken[np.int16]()
    country = Taken[np.int16]()
    reason_start = Taken[np.int16]()
    reason_end = Taken[np.int16]()

    @classmethod
    def build(cls, columns: Columns, zone: str | ZoneInfo, rule: PlayRule | None = None) -> History:
        """Return all rows of a listener, by their clock and their play rule (30 s unless given).

        Raises:
            InvalidInput: there is no such zone.
        """
        where = zone_of(zone) if isinstance(zone, str) else zone
        return cls(load(columns, where, rule or PlayRule()), 0, len(columns))

    def filter(self, chosen: Filter) -> History:
        """Return the rows of this history that pass a filter too."""
        first, last = narrowing.stretch(self._whole, chosen.time_range)
        start = min(max(self._start, first), self._end)
        end = max(start, min(self._end, last))
        mask = narrowing.mask(self._whole, chosen, start, end)
        if self._mask is not None:
            before = self._mask[start - self._start : end - self._start]
            mask = before if mask is None else mask & before
        return replace(self, _start=start, _end=end, _mask=mask, _filters=(*self._filters, chosen))

    @cached_property
    def plays(self) -> History:
        """Return the rows that the play rule counts."""
        return self if self._only_plays else replace(self, _only_plays=True)

    def with_rule(self, rule: PlayRule) -> History:
        """Return the same rows under another play rule."""
        return replace(self, _whole=self._whole.with_rule(rule))

    def previous(self) -> History | None:
        """Return the same filters over the time range of equal length before this one.

        None when the two can't be compared: the range is open on a side, or
        it reaches back before the first row that is known of this listener.
        """
        before = self.time_range.previous()
        known = self._whole.local.days
        if before is None or before.start_on is None or not known or before.start_on < day_of(known.start):
            return None
        found = replace(self, _start=0, _end=len(self._whole.columns), _mask=None, _filters=())
        for chosen in self._filters:
            found = found.filter(chosen.within(before))
        return found

    @property
    def time_range(self) -> TimeRange:
        """Return the local days that the filters together leave open."""
        ranges = [chosen.time_range for chosen in self._filters]
        start = max((each.start_on for each in ranges if each.start_on), default=None)
        end = min((each.end_on for each in ranges if each.end_on), default=None)
        return TimeRange(start, max(start, end) if start and end else end)

    @cached_property
    def span(self) -> range:
        """Return the local days (since 1970-01-01) this view is about.

        From the listener's first row to the last, of any kind, as far as the
        time range reaches: a day without rows in between was a day without
        listening, one outside is unknown.
        """
        known, asked = self._whole.local.days, self.time_range
        start = known.start if asked.start_on is None else max(known.start, day_number(asked.start_on))
        stop = known.stop if asked.end_on is None else min(known.stop, day_number(asked.end_on))
        return range(start, max(start, stop))

    def __len__(self) -> int:
        index = self.index
        return index.stop - index.start if isinstance(index, slice) else len(index)

    @cached_property
    def index(self) -> slice | Int64s:
        """Return where these rows stand among all rows of the listener."""
        mask = self._mask
        if self._only_plays:
            plays = self._whole.is_play[self._start : self._end]
            mask = plays if mask is None else mask & plays
        if mask is None:
            return slice(self._start, self._end)
        found = np.flatnonzero(mask)
        if self._start:
            found += self._start
        return found

    def at(self, column: str, positions: Int64s) -> npt.NDArray[Any]:
        """Return a column at some positions of this view, without taking all of it."""
        index = self.index
        rows = positions + index.start if isinstance(index, slice) else index[positions]
        return self._whole.column(column)[rows]

    @property
    def zone(self) -> ZoneInfo:
        """Return the listener's zone."""
        return self._whole.zone

    @property
    def rule(self) -> PlayRule:
        """Return what counts as a play here."""
        return self._whole.rule

    @property
    def tracks(self) -> Tracks:
        """Return the listener's tracks, those without a row in this view too."""
        return self._whole.columns.tracks

    @property
    def artists(self) -> Artists:
        """Return the listener's artists."""
        return self._whole.columns.artists

    @property
    def albums(self) -> Albums:
        """Return the listener's albums."""
        return self._whole.columns.albums

    @property
    def names(self) -> Names:
        """Return the catalogue's names as searching and sorting need them."""
        return self._whole.names

    @property
    def labels(self) -> tuple[str, ...]:
        """Return platforms, countries and reasons as the sources wrote them; a code is an index."""
        return self._whole.columns.labels

    @property
    def days_ordered(self) -> bool:
        """Return whether local days never go back from one row to the next."""
        return self._whole.local.days_ordered

    @property
    def days_left_out(self) -> Int64s:
        """Return the days (since 1970-01-01) that the listener's zone never had."""
        return self._whole.local.left_out

    @property
    def nbytes(self) -> int:
        """Return the bytes this history can come to hold, every column taken."""
        return self._whole.nbytes

    @property
    def week_hour(self) -> Bytes:
        """Return the hour of the week, 0 (Monday from 0:00) to 167."""
        return self.weekday * np.uint8(24) + self.hour

    @cached_property
    def estimated(self) -> Int64s:
        """Return the positions, in this view, of rows whose time is an estimate."""
        return np.flatnonzero(self.is_estimated) if self._whole.has_estimates else np.empty(0, np.int64)

    @cached_property
    def by_track(self) -> Sums:
        """Return the sums for every track of the catalogue."""
        return self.summed("track", 0, len(self.tracks))

    @cached_property
    def by_day(self) -> Sums:
        """Return the sums for every local day of `span`."""
        return self.summed("day", self.span.start, len(self.span))

    @cached_property
    def by_week_hour(self) -> Sums:
        """Return the sums for the 168 hours of a week; code 0 is Monday from 0:00."""
        return self.summed("week_hour", 0, 168)

    def summed(self, column: str, first: int, count: int) -> Sums:
        """Return the sums by a column's values, of `count` values from `first` on."""
        played, rows = self._codes(self.plays, column, first), self._codes(self, column, first)
        estimated, heard = self.estimated, self.heard_ms
        return Sums(
            counted(played, count),
            added(rows, heard, count),
            added(rows[estimated], heard[estimated], count) if len(estimated) else np.zeros(count, np.int64),
        )

    @staticmethod
    def _codes(rows: History, column: str, first: int) -> npt.NDArray[Any]:
        codes: npt.NDArray[Any] = getattr(rows, column)
        return codes - first if first else codes
