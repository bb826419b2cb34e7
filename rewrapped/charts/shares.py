"""Parts of a whole month by month: as lines where each stands alone, as stacked bars where they add up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from rewrapped.charts.axes import PAINTED, bare, ruled
from rewrapped.charts.palettes import Tokens
from rewrapped.domain import days

_NO_DAYS = {"hours": " ", "minutes": " ", "date": " "}
_PERCENT = ".0%"
#: What all groups without a colour are called together.
REST = "All others"


@lru_cache(maxsize=256)  # names are part of it, and they come from files
def share_lines(tokens: Tokens, names: tuple[str, ...], height: int = 240) -> dict[str, Any]:
    """Return the spec of a line per name, each a share of its own.

    Its frame has a row per month and name: `on` (first day), `said` ("March
    2026"), `name`, `share` (0 to 1), `rows`.
    """
    return {
        "description": f"{', '.join(names)}: shares by month",
        "height": height,
        "usermeta": PAINTED,
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 26, "filled": True}, "aria": False},
        "encoding": {
            "x": {
                "field": "on",
                "type": "temporal",
                "axis": bare(tokens, tickCount=6, labelFlush=True, format=_NO_DAYS),
            },
            "y": {"field": "share", "type": "quantitative", "axis": ruled(tokens, format=_PERCENT)},
            "color": _colour(tokens, names),
            "tooltip": _hints(),
        },
    }


@lru_cache(maxsize=256)  # names are part of it, and they come from files
def share_bars(tokens: Tokens, names: tuple[str, ...], height: int = 240) -> dict[str, Any]:
    """Return the spec of stacked bars that each add up to all; the frame is that of `share_lines`, and has `until`.

    `REST`, where it is among the names, is grey.
    """
    return {
        "description": f"{', '.join(names)}: shares by month",
        "height": height,
        "usermeta": PAINTED,
        "mark": {"type": "bar", "orient": "vertical", "binSpacing": 1, "aria": False},
        "encoding": {
            "x": {
                "field": "on",
                "type": "temporal",
                "axis": bare(tokens, tickCount=6, labelFlush=True, format=_NO_DAYS),
            },
            "x2": {"field": "until"},
            "y": {
                "field": "share",
                "type": "quantitative",
                "stack": "zero",
                "scale": {"domain": [0, 1]},
                "axis": ruled(tokens, format=_PERCENT),
            },
            "color": _colour(tokens, names),
            "order": {"field": "place", "type": "quantitative"},
            "tooltip": _hints(),
        },
    }


def share_rows(start_on: Any, names: Sequence[str], rows: Any, of: Any) -> pd.DataFrame:
    """Return what both draw; `rows` are counted by month and name, `of` what they are a share of. No share of nothing.

    `start_on` are the first days of months.
    """
    counts, whole = np.asarray(rows, np.int64), np.asarray(of, np.int64)
    month, place = np.nonzero(np.broadcast_to(whole, counts.shape) > 0)
    months = np.asarray(start_on).astype("datetime64[M]")
    said = np.array([days.month(on) for on in months.astype("datetime64[D]").tolist()], dtype=object)
    return pd.DataFrame(
        {
            "on": months.astype("datetime64[s]")[month],
            "until": (months + 1).astype("datetime64[s]")[month],
            "said": said[month],
            "name": np.array(names, dtype=object)[place] if len(names) else [],
            "place": place,
            "share": counts[month, place] / np.broadcast_to(whole, counts.shape)[month, place],
            "rows": counts[month, place],
        }
    )


def key(tokens: Tokens, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the key of the colours; both specs leave it out."""
    return list(zip(_colours(tokens, names), names, strict=True))


def _colours(tokens: Tokens, names: Sequence[str]) -> list[str]:
    return [tokens.muted if name == REST else tokens.categorical[at] for at, name in enumerate(names)]


def _colour(tokens: Tokens, names: tuple[str, ...]) -> dict[str, Any]:
    scale = {"domain": list(names), "range": _colours(tokens, names)}
    return {"field": "name", "type": "nominal", "scale": scale, "legend": None}


def _hints() -> list[dict[str, str]]:
    return [
        {"field": "said", "title": "Month"},
        {"field": "name", "title": "What"},
        {"field": "share", "title": "Share", "format": ".1%"},
        {"field": "rows", "title": "Rows", "format": ",.0f"},
    ]
