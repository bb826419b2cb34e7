"""Plays or hours over time, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.palettes import Tokens
from rewrapped.domain.days import MONTHS_SHORT, WEEKDAYS_SHORT, month

_NO_HOURS = {"hours": " ", "minutes": " "}  # where only a few days are shown, ticks stand between them too
_NOT_THE_END = "datum.value < domain('x')[1] ? datum.label : ''"  # the end is the first moment without a bar
_FEW = 8
_DAYS = {"day": 1, "week": 7}
_MEASURES = {"plays": ("plays", "Plays"), "time": ("hours", "Hours")}


def are_few(bars: pd.DataFrame) -> bool:
    """Return whether so few bars are drawn that each can have its own label."""
    return len(bars) <= _FEW


@cache
def timeline(tokens: Tokens, measure: str = "plays", height: int = 220, *, few: bool = False) -> dict[str, Any]:
    """Return the spec of bars over time, by `plays` or by `time`; `few` of them have a label each (`are_few`).

    Its frame has a row per day, week or month: `on` (first day), `until` (the
    first day after), `label` ("Mon 5"), `said` ("March 2026"), `plays`, `hours`,
    `partial` (true for a time that isn't over yet, which is drawn paler).
    """
    field, title = _MEASURES[measure]
    flowing = {
        "field": "on",
        "type": "temporal",
        "scale": {"nice": False, "padding": 0},  # no month that there are no bars of
        "axis": bare(tokens, tickCount=8, labelFlush=True, format=_NO_HOURS, labelExpr=_NOT_THE_END),
    }
    each = {"field": "label", "type": "ordinal", "sort": None, "axis": bare(tokens), "scale": {"paddingInner": 0.06}}
    return {
        "description": f"{title} over time",
        "height": height,
        "mark": {
            "type": "bar",
            "orient": "vertical",
            "cornerRadiusEnd": 3,
            "binSpacing": 1,
            "aria": False,
        },
        "encoding": {
            **({"x": each} if few else {"x": flowing, "x2": {"field": "until"}}),
            "y": {"field": field, "type": "quantitative", "axis": ruled(tokens, format=",~f")},
            "y2": {"datum": 0},
            "color": {
                "field": field,
                "type": "quantitative",
                "scale": {"range": list(tokens.sequential[4:9]), "domainMin": 0},
                "legend": None,
            },
            "opacity": {"condition": {"test": "datum.partial", "value": 0.45}, "value": 1},
            "tooltip": [
                {"field": "said", "title": "When"},
                {"field": "plays", "title": "Plays", "format": ",.0f"},
                {"field": "hours", "title": "Hours", "format": ",.1f"},
            ],
        },
    }


def timeline_bars(bars: pd.DataFrame, bucket: str, today: date) -> pd.DataFrame:
    """Return what `timeline` draws, from a frame with `start_on`, `plays` and `heard_minutes`.

    `bucket` is `day`, `week` or `month`; `today` is the listener's local day.
    """
    starts = bars["start_on"].to_numpy().astype("datetime64[D]")
    until = (
        (starts.astype("datetime64[M]") + 1).astype("datetime64[D]") if bucket == "month" else starts + _DAYS[bucket]
    )
    dates: list[date] = starts.tolist()
    return pd.DataFrame(
        {
            "on": starts.astype("datetime64[s]"),
            "until": until.astype("datetime64[s]"),
            "label": _labels(dates, bucket),
            "said": [_said(on, bucket) for on in dates],
            "plays": bars["plays"].to_numpy(),
            "hours": bars["heard_minutes"].to_numpy() / 60,
            "partial": until > np.datetime64(today),
        },
        index=bars.index,
    )


def _said(on: date, bucket: str) -> str:
    if bucket == "month":
        return month(on)
    return f"{'the week from ' if bucket == 'week' else ''}{on:%d} {month(on)}"


def _labels(starts: Sequence[date], bucket: str) -> list[str]:
    """Return what each of a few bars is called: no two of them alike."""
    if bucket == "day":
        return [f"{WEEKDAYS_SHORT[on.weekday()]} {on.day}" for on in starts]
    if bucket == "week":
        return [f"from {on.day} {MONTHS_SHORT[on.month - 1]}" for on in starts]
    return [f"{MONTHS_SHORT[on.month - 1]} {on.year}" for on in starts]
