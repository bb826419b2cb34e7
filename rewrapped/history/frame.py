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
from rewrapped.history.sums import Rows, Sums, added
from rewrapped.history.whole import Mask, Whole, load

Number = TypeVar("Number", bound=np.generic)

Int64s = npt.NDArray[np.int64]


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
        """Return the same rows under another play rule; it shares all columns but `is_play` with this history."""
        return replace(self, _whole=self._whole.with_rule(rule))

    def previous(self) -> History | None:
        """Return the same filters over the time range that this one is compared with: of a year so far, the days known.

        None when the two can't be compared: the range is open on a side, or
        it reaches back before the first row that is known of this listener.
        """
        known = self._whole.local.days
        before = self.time_range.previous(day_of(known.stop) if known else None)
        if before is None or before.start_on is None or not known or before.start_on < day_of(known.start):
            return None
        found = replace(self, _start=0, _end=len(self._whole.columns), _mask=None, _filters=())
        for chosen in self._filters:
            found = found.filter(chosen.within(before))
        return found

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Return the filters these rows passed, first to last."""
        return self._filters

    @property
    def time_range(self) -> TimeRange:
        """Return the local days that the filters together leave open."""
        ranges = [chosen.time_range for chosen in self._filters]
        start = max((each.start_on for each in ranges if each.start_on), default=None)
        end = min((each.end_on for each in ranges if each.end_on), default=None)
        both = TimeRange(start, max(start, end) if start and end else end)
        return next((each for each in ranges if (each.start_on, each.end_on) == (both.start_on, both.end_on)), both)

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
        return self._end - self._start if self.mask is None else int(np.count_nonzero(self.mask))

    @cached_property
    def mask(self) -> Mask | None:
        """Return which rows of the stretch are in this view; None stands for all."""
        if not self._only_plays:
            return self._mask
        plays = self.stretch("is_play")
        return plays if self._mask is None else self._mask & plays

    @cached_property
    def index(self) -> slice | Int64s:
        """Return where these rows stand among all rows of the listener."""
        if self.mask is None:
            return slice(self._start, self._end)
        found = np.flatnonzero(self.mask)
        if self._start:
            found += self._start
        return found

    @cached_property
    def ends(self) -> tuple[int, int] | None:
        """Return when the first and the last of these rows ended (microseconds, UTC); None when there are none."""
        if not len(self):
            return None
        moments, mask = self.stretch("ended_at"), self.mask
        first = 0 if mask is None else int(np.argmax(mask))
        last = 0 if mask is None else int(np.argmax(mask[::-1]))
        return int(moments[first]), int(moments[len(moments) - 1 - last])

    def stretch(self, column: str) -> npt.NDArray[Any]:
        """Return a column from the first row this view can hold to the last; `mask` says which it does."""
        return self._whole.column(column)[self._start : self._end]

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

    @cached_property
    def by_track(self) -> Sums:
        """Return the sums for every track of the catalogue."""
        return self.rows.by_code(self.stretch("track"), len(self.tracks))

    @cached_property
    def by_day(self) -> Sums:
        """Return the sums for every local day of `span`."""
        first, count = self.span.start, len(self.span)
        runs, plays, heard = self._by_run
        day = self._whole.local.run_day[runs] - first
        inside = np.flatnonzero((day >= 0) & (day < count))  # where days go back, a stretch is all rows
        return Sums(
            added(day[inside], plays[inside], count),
            added(day[inside], heard[inside], count),
            self.rows.estimated_by(self.stretch("day")[self.rows.estimated] - first, count),
        )

    @cached_property
    def by_week_hour(self) -> Sums:
        """Return the sums for the 168 hours of a week; code 0 is Monday from 0:00."""
        runs, plays, heard = self._by_run
        hours = self._whole.local.run_week_hour[runs]
        estimated = self.rows.estimated
        codes = self.stretch("weekday")[estimated] * np.uint8(24) + self.stretch("hour")[estimated]
        return Sums(added(hours, plays, 168), added(hours, heard, 168), self.rows.estimated_by(codes, 168))

    @cached_property
    def _by_run(self) -> tuple[slice, Int64s, Int64s]:
        """Return which runs of one local hour this view touches, their plays and their heard_ms."""
        starts = self._whole.local.run_starts
        if self._start == self._end:
            return slice(0, 0), np.zeros(0, np.int64), np.zeros(0, np.int64)
        first, last = np.searchsorted(starts, (self._start, self._end))  # a stretch begins with a day, so with a run
        edges = np.concatenate((starts[first:last], [self._end])) - self._start
        return slice(int(first), int(last)), *self.rows.by_run(edges)

    @cached_property
    def rows(self) -> Rows:
        """Return the stretch in the form that sums are made from."""
        kept = self.mask
        plays = self.stretch("is_play")
        found = self._whole.estimated_rows
        first, last = np.searchsorted(found, (self._start, self._end))
        estimated = found[first:last] - self._start
        return Rows(
            kept=kept,
            plays=plays if kept is None else plays & kept,
            heard_ms=self.stretch("heard_ms"),
            estimated=estimated if kept is None else estimated[kept[estimated]],
        )
