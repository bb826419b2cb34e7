"""Stretches of time a history knows nothing of, as pale bands behind a chart over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from rewrapped.charts.palettes import Tokens
from rewrapped.domain.days import month


def with_holes(frame: pd.DataFrame, holes: Sequence[date], ends: Sequence[date]) -> pd.DataFrame:
    """Return a chart's frame with a row more for every hole, told apart by `hole`.

    `frame` has `on` and `said`, and is numbered from 0; `holes` are the first days of months without
    rows, in order. A hole's row has `on`, `until` (the first day after) and
    `said`: "no rows: March 2023 to May 2023". Months in a row are one hole.
    `ends`, the first and the last day of the axis, become holes without width:
    so the axis reaches as far where the frame doesn't.
    """
    runs = _runs(holes)
    own = len(frame)
    starts = np.array([*ends, *(first for first, _ in runs)], "datetime64[s]")
    stops = np.array([*ends, *(_after(last) for _, last in runs)], "datetime64[s]")
    untils = frame["until"].to_numpy() if "until" in frame else np.full(own, np.datetime64("NaT"), "datetime64[s]")
    rows = frame.reindex(range(own + len(starts)))
    rows["on"] = np.concatenate((frame["on"].to_numpy(), starts))
    rows["until"] = np.concatenate((untils, stops))
    rows["said"] = [*frame["said"], *("" for _ in ends), *(_said(*run) for run in runs)]
    rows["hole"] = np.arange(len(rows)) >= own
    return rows


def band_colour(tokens: Tokens) -> str:
    """Return the colour of holes, for a key as well."""
    return tokens.edge


def band_layer(tokens: Tokens) -> dict[str, Any]:
    """Return the layer that draws the holes of a frame; the other layers leave them out by `KNOWN`."""
    return {
        "transform": [{"filter": "datum.hole"}],
        "mark": {"type": "rect", "color": band_colour(tokens), "aria": False},
        "encoding": {
            "x": {"field": "on", "type": "temporal"},
            "x2": {"field": "until"},
            "tooltip": [{"field": "said", "title": "History"}],
        },
    }


#: Leaves a frame's own rows.
KNOWN = {"filter": "!datum.hole"}


def _said(first: date, last: date) -> str:
    return f"no rows: {month(first)}" + (f" to {month(last)}" if last > first else "")


def _runs(holes: Sequence[date]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for hole in holes:
        if runs and _after(runs[-1][1]) == hole:
            runs[-1] = (runs[-1][0], hole)
        else:
            runs.append((hole, hole))
    return runs


def _after(month_on: date) -> date:
    return date(month_on.year + month_on.month // 12, month_on.month % 12 + 1, 1)
