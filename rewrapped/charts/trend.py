"""Hours along time as bars, with their running mean as a line."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.palettes import Tokens
from rewrapped.charts.timeline import timeline, timeline_bars


@cache
def trend(tokens: Tokens, height: int = 300) -> dict[str, Any]:
    """Return the spec of bars with a line; its frame is that of `timeline`, with the mean in hours as `mean`."""
    bars = timeline(tokens, "time", height)
    x, y = bars["encoding"]["x"], bars["encoding"]["y"]
    line = {
        "transform": [{"filter": "isValid(datum.mean)"}],
        "mark": {
            "type": "line",
            "stroke": tokens.text,
            "strokeWidth": 2.5,
            "strokeJoin": "round",
            "interpolate": "monotone",
            "aria": False,
        },
        "encoding": {"x": {"field": "on", "type": "temporal"}, "y": {**y, "field": "mean"}},
    }
    return {
        "description": "Hours along time, with their running mean",
        "height": height,
        "layer": [{"mark": bars["mark"], "encoding": {**bars["encoding"], "x": x}}, line],
    }


def trend_bars(bars: pd.DataFrame, bucket: str, today: Any) -> pd.DataFrame:
    """Return what `trend` draws, from a timeline with `mean_minutes`; `today` is the listener's local day.

    A time that isn't over yet has no mean: it would always point down.
    """
    drawn = timeline_bars(bars, bucket, today)
    drawn["mean"] = (bars["mean_minutes"] / 60).where(~drawn["partial"])
    return drawn
