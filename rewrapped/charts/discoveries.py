"""What was heard for the first time ever, period by period, and how much of it stayed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from rewrapped.charts.axes import along_months, ruled
from rewrapped.charts.holes import KNOWN, band_layer
from rewrapped.charts.palettes import Tokens

STATES = ("stayed", "didn't stay", "too soon to say")


def colours_of(tokens: Tokens) -> tuple[str, str, str]:
    """Return the colours of the three states."""
    return tokens.sequential[7], tokens.sequential[4], tokens.muted


def discovery_rows(by_period: pd.DataFrame, said: Sequence[str], until: Sequence[date]) -> pd.DataFrame:
    """Return what `discoveries` draws, from a frame with `start_on`, `found`, `judged`, `stayed` and `is_early`.

    `said` and `until` (the first day after) are one a period. Each period has
    up to three rows, which lie on each other from `low` to `high`.
    """
    found, judged, stayed = (by_period[name].to_numpy() for name in ("found", "judged", "stayed"))
    high = np.stack([stayed, judged, found])
    count = np.diff(high, axis=0, prepend=0)
    state, period = np.nonzero(count)
    return pd.DataFrame(
        {
            "on": by_period["start_on"].to_numpy()[period],
            "until": np.array(until, "datetime64[s]")[period],
            "said": [said[number] for number in period.tolist()],
            "state": [STATES[number] for number in state.tolist()],
            "count": count[state, period],
            "low": (high - count)[state, period],
            "high": high[state, period],
            "found": found[period],
            "early": by_period["is_early"].to_numpy()[period],
        }
    )


@cache
def discoveries(tokens: Tokens, height: int = 370, *, are_few: bool = False) -> dict[str, Any]:
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
                    "x": {"field": "on", "type": "temporal", "axis": along_months(tokens, are_few=are_few)},
                    "x2": {"field": "until"},
                    "y": {"field": "low", "type": "quantitative", "axis": ruled(tokens, format=",~f", tickMinStep=1)},
                    "y2": {"field": "high"},
                    "color": {
                        "field": "state",
                        "type": "nominal",
                        "scale": {"domain": list(STATES), "range": list(colours_of(tokens))},
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
