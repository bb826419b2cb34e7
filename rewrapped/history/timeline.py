"""Plays and minutes over time, the empty stretches too."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.frame import History
from rewrapped.history.localtime import day_number, month_numbers, month_of
from rewrapped.history.sums import Sums


class Bucket(StrEnum):
    """How long a stretch is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def timeline(history: History, bucket: Bucket) -> pd.DataFrame:
    """Return `start_on` (local day, datetime64) and `Sums.figures`, one row a bucket, in order.

    Every bucket of the view's span is there.
    """
    return _frame(*course(history, bucket))


def course(history: History, bucket: Bucket) -> tuple[npt.NDArray[np.datetime64], Sums]:
    """Return the local day each bucket of the view's span starts on, in order, and the sums of each."""
    days = np.arange(history.span.start, history.span.stop, dtype=np.int32)
    if bucket is Bucket.DAY or not len(days):
        return _dates(days), history.by_day
    numbers = weeks(days) if bucket is Bucket.WEEK else month_numbers(days).astype(np.int32)
    first, count = int(numbers[0]), int(numbers[-1] - numbers[0]) + 1
    starts = np.arange(first, first + count)
    sums = history.by_day.regrouped(numbers - first, count)
    if bucket is Bucket.WEEK:
        return _dates(starts * 7 - 3), sums
    return starts.astype("datetime64[M]").astype("datetime64[D]"), sums


def calendar(history: History, year: int) -> pd.DataFrame:
    """Return a year day by day: `day_on`, `weekday` (0 Monday), `week` (columns from 0), `Sums.figures` and `known`.

    `known` is false for days outside the view's span, where there are no rows to count.
    """
    first, stop = day_number(date(year, 1, 1)), day_number(date(year + 1, 1, 1))
    days = np.arange(first, stop)
    inside = (days >= history.span.start) & (days < history.span.stop)
    sums = _placed(history.by_day, days[inside] - history.span.start, inside)
    table = _frame(_dates(days), sums).rename(columns={"start_on": "day_on"})
    weekday = (days + 3) % 7
    table.insert(1, "weekday", weekday)
    table.insert(2, "week", (np.arange(len(days)) + weekday[0]) // 7)
    table["known"] = inside
    return table


def years(history: History) -> tuple[int, ...]:
    """Return the local years with a row, in order."""
    months = np.unique(history.month)
    return tuple(sorted({month_of(int(month)).year for month in months}))


def _placed(sums: Sums, codes: npt.NDArray[np.int64], where: npt.NDArray[np.bool_]) -> Sums:
    def placed(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        column = np.zeros(len(where), np.int64)
        column[where] = values[codes]
        return column

    return Sums(placed(sums.plays), placed(sums.heard_ms), placed(sums.estimated_ms))


def weeks(days: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return the weeks, from Monday, since that of 1970-01-01, a Thursday."""
    return (days + 3) // 7


def _dates(days: npt.NDArray[np.int32] | npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    return days.astype("datetime64[D]")


def _frame(starts: npt.NDArray[np.datetime64], sums: Sums) -> pd.DataFrame:
    return pd.DataFrame({"start_on": starts.astype("datetime64[s]"), **sums.figures()})
