"""What was heard for the first time ever, period by period, and how much of it stayed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.holes import KNOWN, band_layer
from rewrapped.charts.palettes import Tokens

STATES = ("stayed", "didn't stay", "too soon to say")


def colours(tokens: Tokens) -> tuple[str, str, str]:
    """Return the colours of the three states."""
    return tokens.sequential[7], tokens.sequential[4], tokens.muted


def discovery_rows(by_period: pd.DataFrame, said: Sequence[str], until: Sequence[date]) -> pd.DataFrame:
    """Return what `discoveries` draws, from a frame with `start_on`, `found`, `judged`, `stayed` and `is_early`.

    `said` and `until` (the first day after) are one a period. Each period has
    up to three rows, which lie on each other from `low` to `high`.
    """
    rows = []
    for row, when, end in zip(by_period.itertuples(), said, until, strict=True):
        counts = (row.stayed, row.judged - row.stayed, row.found - row.judged)
        low = 0
        for state, count in zip(STATES, counts, strict=True):
            if count:
                rows.append((row.start_on, end, when, state, count, low, low + count, row.found, row.is_early))
            low += count
    names = ["on", "until", "said", "state", "count", "low", "high", "found", "early"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in ("on", "until")})


@cache
def discoveries(tokens: Tokens, height: int = 250) -> dict[str, Any]:
    """Return the spec of stacked bars; what lies in the first days of a history is drawn paler.

    Its frame is `discovery_rows` in `with_holes`.
    """
    return {
        "description": "Discoveries along time, and how many of them stayed",
        "height": height,
        "layer": [
            band_layer(tokens),
            {
                "transform": [KNOWN],
                "mark": {"type": "bar", "orient": "vertical", "binSpacing": 1, "minBandSize": 2, "aria": False},
                "encoding": {
                    "x": {"field": "on", "type": "temporal", "axis": bare(tokens, tickCount=8, labelFlush=True)},
                    "x2": {"field": "until"},
                    "y": {"field": "low", "type": "quantitative", "axis": ruled(tokens, format=",~f", tickMinStep=1)},
                    "y2": {"field": "high"},
                    "color": {
                        "field": "state",
                        "type": "nominal",
                        "scale": {"domain": list(STATES), "range": list(colours(tokens))},
                        "legend": None,
                    },
                    "opacity": {"condition": {"test": "datum.early", "value": 0.35}, "value": 1},
                    "tooltip": [
                        {"field": "said", "title": "When"},
                        {"field": "state", "title": "Which"},
                        {"field": "count", "title": "How many", "format": ",d"},
                        {"field": "found", "title": "Discovered in all", "format": ",d"},
                    ],
                },
            },
        ],
    }
