"""Which months of a listener's life we hold, and from which sources."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from rewrapped.domain.plays import Source
from rewrapped.history.frame import History
from rewrapped.history.localtime import month_of
from rewrapped.history.sums import counted


def by_month(history: History) -> pd.DataFrame:
    """Return one row per local month from the first row to the last.

    Columns `start_on`, `rows`, `is_hole`, and one per source: these are named
    by their words (`extended`, `account`, ...); a hole is a month without rows.
    Give it the history as built: every kind counts.
    """
    months = history.month.astype(np.int64)
    first, last = (int(months.min()), int(months.max())) if len(months) else (0, -1)
    span = np.arange(first, last + 1)
    rows = counted(months - first, len(span))
    sources = {source.word: counted(months[history.source == source] - first, len(span)) for source in Source}
    start_on = span.astype("datetime64[M]").astype("datetime64[s]")
    return pd.DataFrame({"start_on": start_on, "rows": rows, "is_hole": rows == 0, **sources})


def holes(history: History) -> tuple[date, ...]:
    """Return the first days of the months without rows between the first row and the last."""
    if not len(history.month):
        return ()
    months = np.flatnonzero(np.bincount(history.month))
    missing = np.setdiff1d(np.arange(months[0], months[-1] + 1), months)
    return tuple(month_of(number) for number in missing)
