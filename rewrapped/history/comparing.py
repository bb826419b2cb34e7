"""Two views of one listener beside each other, called A and B: aligned in time, and as shares where lengths differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.frame import History
from rewrapped.history.genremap import Label
from rewrapped.history.genres import Part
from rewrapped.history.habits import hours
from rewrapped.history.localtime import day_number

_MS_AN_HOUR = 3_600_000
_MOST_POINTS = 400  # of a line; more can't be told apart on a screen

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """A genre or family on both sides: its share, 0 to 1, of the time whose genres are known, and its minutes."""

    label: Label
    a_share: float
    b_share: float
    a_minutes: float
    b_minutes: float


def running_hours(a: History, b: History, most: int = _MOST_POINTS) -> pd.DataFrame:
    """Return the hours of two views added up day by day, both from the first day of their time range.

    Where one side's range has no beginning, both are added up from their first row on: they lie above each other.

    Columns are `day` (0 for the first one), `a` and `b`: the hours up to the
    end of that day, NaN where a view has no such day. Of long times about
    `most` days are kept, spread evenly, and the last one of each view.
    """
    from_rows = a.time_range.start_on is None or b.time_range.start_on is None
    sides = {"a": _running(a, from_rows=from_rows), "b": _running(b, from_rows=from_rows)}
    ends = [first + len(running) for first, running in sides.values()]
    step = -(-max(ends) // most) or 1
    days = np.unique([*range(0, max(ends), step), *(end - 1 for end in ends if end)]).astype(np.int64)
    return pd.DataFrame({"day": days, **{side: _at(days - first, running) for side, (first, running) in sides.items()}})


def hour_shares(a: History, b: History) -> pd.DataFrame:
    """Return the 24 hours of a day: `hour`, `a_plays`, `b_plays`, and each side's shares of its own plays, `a` and `b`.

    Shares are 0 to 1, and 0 where a view has no play.
    """
    a_plays, b_plays = (hours(side)["plays"].to_numpy() for side in (a, b))
    return pd.DataFrame(
        {
            "hour": np.arange(24),
            "a_plays": a_plays,
            "b_plays": b_plays,
            "a": a_plays / max(1, a_plays.sum()),
            "b": b_plays / max(1, b_plays.sum()),
        }
    )


def pairs(a: Sequence[Part], b: Sequence[Part], limit: int) -> tuple[Pair, ...]:
    """Return at most `limit` genres or families of either side, those of the largest share on one of them first."""
    of_a, of_b = ({part.label.key: part for part in parts} for parts in (a, b))
    labels = {part.label.key: part.label for part in (*a, *b)}
    found = [_pair(label, of_a.get(key), of_b.get(key)) for key, label in labels.items()]
    found.sort(key=lambda pair: (-max(pair.a_share, pair.b_share), pair.label.name))
    return tuple(found[:limit])


def _pair(label: Label, a: Part | None, b: Part | None) -> Pair:
    return Pair(
        label,
        a_share=a.share if a else 0.0,
        b_share=b.share if b else 0.0,
        a_minutes=a.minutes if a else 0.0,
        b_minutes=b.minutes if b else 0.0,
    )


def _running(history: History, *, from_rows: bool) -> tuple[int, Floats]:
    """Return how many days of the time range pass before any row is known, and the hours added up from there.

    With `from_rows` that is none.
    """
    span, start_on = history.span, history.time_range.start_on
    first = span.start - day_number(start_on) if start_on and len(span) and not from_rows else 0
    return first, np.cumsum(history.by_day.heard_ms) / _MS_AN_HOUR


def _at(places: npt.NDArray[np.int64], running: Floats) -> Floats:
    found = np.full(len(places), np.nan)
    inside = (places >= 0) & (places < len(running))
    found[inside] = running[places[inside]]
    return found
