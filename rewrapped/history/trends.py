"""How listening goes over time: against its running mean, and one year over another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.frame import History
from rewrapped.history.timeline import Bucket, timeline

#: Over how many buckets the running mean goes: whole weeks for days, a whole year for months.
MEAN_OVER = {Bucket.DAY: 28, Bucket.WEEK: 12, Bucket.MONTH: 12}


def trend(history: History, bucket: Bucket) -> pd.DataFrame:
    """Return `timeline` with `mean_minutes`: the mean of `heard_minutes` over `MEAN_OVER` buckets up to this one.

    It is missing until so many buckets of the view's span have passed.
    """
    bars = timeline(history, bucket)
    bars["mean_minutes"] = _running_mean(bars["heard_minutes"].to_numpy(), MEAN_OVER[bucket])
    return bars


def months_of_years(history: History, holes: Sequence[date] = ()) -> pd.DataFrame:
    """Return every month of every calendar year the view's span touches: `year`, `month` (1 to 12), figures, `known`.

    The figures are `Sums.figures`; months outside the span, and `holes` (first days), aren't known, and hold none.
    """
    bars = timeline(history, Bucket.MONTH)
    numbers = bars["start_on"].to_numpy().astype("datetime64[M]").astype(np.int64)  # since January 1970
    months = np.arange(numbers[0] // 12 * 12, (numbers[-1] // 12 + 1) * 12) if len(numbers) else numbers
    figures = bars.drop(columns="start_on").set_axis(numbers).reindex(months, fill_value=0).reset_index(drop=True)
    figures.insert(0, "year", 1970 + months // 12)
    figures.insert(1, "month", months % 12 + 1)
    missing = [(hole.year - 1970) * 12 + hole.month - 1 for hole in holes]
    figures["known"] = np.isin(months, numbers) & ~np.isin(months, missing)
    return figures


def _running_mean(values: npt.NDArray[np.float64], over: int) -> npt.NDArray[np.float64]:
    means = np.full(len(values), np.nan)
    if len(values) >= over:
        means[over - 1 :] = np.convolve(values, np.ones(over), "valid") / over
    return means
