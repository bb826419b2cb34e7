"""From UTC to a listener's clock, for whole columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from rewrapped.errors import InvalidInput

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
_EPOCH = date(1970, 1, 1)
_UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400

Moments = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LocalTimes:
    """What a clock on the listener's wall showed.

    `day` counts local days since 1970-01-01, `month` local months since
    January 1970; `hour` is 0 to 23, `weekday` 0 (Monday) to 6. `days_ordered`
    says whether days never go back: a clock set back across midnight makes
    them do so. `days` are all from the earliest to the latest, `left_out`
    those among them that the zone never had, crossing the date line.

    Rows of one local hour that follow each other are a run: `run_starts` are
    the positions of their first rows, `run_day` and `run_week_hour` (0 is
    Monday from 0:00, 167 the last) what they share.
    """

    day: npt.NDArray[np.int32]
    hour: npt.NDArray[np.uint8]
    weekday: npt.NDArray[np.uint8]
    month: npt.NDArray[np.int16]
    days: range
    left_out: Moments
    days_ordered: bool
    run_starts: npt.NDArray[np.int64]
    run_day: npt.NDArray[np.int32]
    run_week_hour: npt.NDArray[np.int32]


def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone of this name; aliases such as Asia/Calcutta are zones too.

    Raises:
        InvalidInput: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder's name, or one out of the zones' folder
        raise InvalidInput("That time zone isn't known.") from error


def local_times(moments: Moments, zone: ZoneInfo) -> LocalTimes:
    """Return the local times of moments (microseconds since 1970, UTC, in ascending order)."""
    starts, offsets = _offsets(moments, zone)
    hours = (_shifted(moments, starts, offsets) // HOUR_US).astype(np.int32)
    run_starts = np.flatnonzero(np.diff(hours, prepend=hours[:1] - 1))
    lengths = np.diff(run_starts, append=len(hours))
    run_hours = hours[run_starts]
    day = run_hours // 24
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
    hour = run_hours - day * 24
    return LocalTimes(
        day=np.repeat(day, lengths),
        hour=np.repeat(hour.astype(np.uint8), lengths),
        weekday=np.repeat(weekday.astype(np.uint8), lengths),
        month=np.repeat(month_numbers(day), lengths),
        days=range(int(day.min()), int(day.max()) + 1) if len(day) else range(0),
        left_out=_left_out(starts, offsets),
        days_ordered=bool((day[1:] >= day[:-1]).all()),
        run_starts=run_starts,
        run_day=day,
        run_week_hour=weekday * 24 + hour,
    )


def wall_clock(moments: Moments, zone: ZoneInfo) -> Moments:
    """Return what a clock in the zone showed at moments (microseconds since 1970, UTC, in ascending order)."""
    return _shifted(moments, *_offsets(moments, zone))


def day_number(day: date) -> int:
    """Return how many days after 1970-01-01 a day is."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the day that is so many days after 1970-01-01."""
    return _EPOCH + timedelta(days=int(number))


def month_of(number: int) -> date:
    """Return the first day of the month that is so many months after January 1970."""
    years, month = divmod(int(number), 12)
    return date(1970 + years, month + 1, 1)


def moment_of(microseconds: int) -> datetime:
    """Return microseconds since 1970 as an aware moment in UTC."""
    return _UTC_EPOCH + timedelta(microseconds=int(microseconds))


def microseconds_of(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970, UTC."""
    return (moment - _UTC_EPOCH) // timedelta(microseconds=1)


def month_numbers(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int16]:
    """Return the months (since January 1970) that days (since 1970-01-01) lie in."""
    months: npt.NDArray[np.int16] = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int16)
    return months


def _shifted(moments: Moments, starts: Moments, offsets: Moments) -> Moments:
    """Return local wall-clock microseconds: one offset per stretch between two changes of the clock."""
    local = moments.copy()
    edges = [0, *np.searchsorted(moments, starts[1:]), len(moments)]
    for offset, (start, end) in zip(offsets, pairwise(edges), strict=False):
        local[start:end] += offset
    return local


def _left_out(starts: Moments, offsets: Moments) -> Moments:
    """Return the days between the last before a change of the clock and the first after it."""
    before = (starts[1:] - 1 + offsets[:-1]) // DAY_US
    after = (starts[1:] + offsets[1:]) // DAY_US
    jumps = [np.arange(last + 1, first) for last, first in zip(before, after, strict=True)]
    return np.concatenate([np.empty(0, np.int64), *jumps])


def _offsets(moments: Moments, zone: ZoneInfo) -> tuple[Moments, Moments]:
    """Return when each UTC offset in the years of the moments begins, and the offset, in microseconds."""
    if not len(moments):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    years = range(moment_of(moments[0]).year, moment_of(moments[-1]).year + 1)
    changes = [change for year in years for change in _year_offsets(zone, year)]
    kept = [change for before, change in zip([(0, None), *changes], changes, strict=False) if change[1] != before[1]]
    starts, offsets = zip(*kept, strict=True)
    return np.array(starts, np.int64) * 1_000_000, np.array(offsets, np.int64) * 1_000_000


@lru_cache(maxsize=4096)
def _year_offsets(zone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    """Return (second it begins, offset in seconds) for every UTC offset a zone has in a UTC year.

    Looks at each midnight; between two that differ, halves its way to the
    change. No zone changes its clock twice within a day.
    """
    start = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(year + 1, 1, 1, tzinfo=UTC).timestamp())
    found = [(start, _offset(zone, start))]
    for midnight in range(start + _DAY_S, end + 1, _DAY_S):
        if _offset(zone, midnight) != found[-1][1]:
            found.append(_change(zone, midnight - _DAY_S, midnight))
    return tuple(change for change in found if change[0] < end)


def _change(zone: ZoneInfo, before: int, after: int) -> tuple[int, int]:
    offset = _offset(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(zone, middle) == offset else (middle, after)
    return after, offset


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
