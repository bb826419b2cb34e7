"""Plays or hours along time, as bars."""

from __future__ import annotations

from functools import cache
from typing import Any

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.palettes import Tokens

_MEASURES = {"plays": ("plays", "Plays"), "time": ("hours", "Hours")}


@cache
def timeline(tokens: Tokens, measure: str = "plays", height: int = 220) -> dict[str, Any]:
    """Return the spec of bars over time, by `plays` or by `time`.

    Its frame has a row per day, week or month: `on` (first day), `until` (the
    first day after), `said` ("March 2026"), `plays`, `hours`, `partial` (true
    for a time that isn't over yet, which is drawn paler).
    """
    field, title = _MEASURES[measure]
    return {
        "description": f"{title} along time",
        "height": height,
        "mark": {"type": "bar", "color": tokens.primary, "cornerRadiusEnd": 3, "binSpacing": 1, "aria": False},
        "encoding": {
            "x": {"field": "on", "type": "temporal", "axis": bare(tokens, tickCount=8, labelFlush=True)},
            "x2": {"field": "until"},
            "y": {"field": field, "type": "quantitative", "axis": ruled(tokens, format="~s")},
            "opacity": {"condition": {"test": "datum.partial", "value": 0.45}, "value": 1},
            "tooltip": [
                {"field": "said", "title": "When"},
                {"field": "plays", "title": "Plays", "format": ",.0f"},
                {"field": "hours", "title": "Hours", "format": ",.1f"},
            ],
        },
    }
