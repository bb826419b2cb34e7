"""When in the week a listener listens."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.frame import History
from rewrapped.history.sums import Sums

_HOURS = 24
_WEEK_HOURS = 7 * _HOURS


def hour_by_weekday(history: History) -> pd.DataFrame:
    """Return all 168 hours of a week: `weekday` (0 Monday), `hour` and `Sums.figures`.

    Hours are the listener's clock: an hour that a change of the clock repeats holds both.
    """
    codes = np.arange(_WEEK_HOURS)
    return _frame({"weekday": codes // _HOURS, "hour": codes % _HOURS}, history.by_week_hour)


def hours(history: History) -> pd.DataFrame:
    """Return the 24 hours of a day: `hour` and `Sums.figures`."""
    hour = np.arange(_WEEK_HOURS) % _HOURS
    return _frame({"hour": np.arange(_HOURS)}, history.by_week_hour.regrouped(hour, _HOURS))


def weekdays(history: History) -> pd.DataFrame:
    """Return the 7 weekdays: `weekday` (0 Monday) and `Sums.figures`."""
    weekday = np.arange(_WEEK_HOURS) // _HOURS
    return _frame({"weekday": np.arange(7)}, history.by_week_hour.regrouped(weekday, 7))


def _frame(keys: dict[str, npt.NDArray[np.int64]], sums: Sums) -> pd.DataFrame:
    return pd.DataFrame({**keys, **sums.figures()})
