"""A few series over time as lines, each named where it ends, with a rule that tells all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.palettes import Tokens

_LABEL = 0.062  # of the chart's height: two names closer than this would touch
_LABEL_PX = 118


@lru_cache(maxsize=256)  # names are part of it, and they are people's own
def lines(tokens: Tokens, names: tuple[str, ...], colours: tuple[str, ...], form: str, height: int = 300) -> Any:
    """Return the spec of lines; its frame is `line_rows` of the same names. `form` is a d3 format of the values.

    No two labels of the axis read alike: they are as far apart as the format tells numbers apart.
    """
    codes = [_code(place) for place in range(len(names))]
    scale = {"domain": codes, "range": list(colours)}
    hover = {"name": "hover", "select": {"type": "point", "fields": ["on"], "nearest": True, "on": "pointerover"}}
    colour = {"field": "series", "type": "nominal", "scale": scale, "legend": None}
    told = [{"field": code, "title": name, "format": form} for code, name in zip(codes, names, strict=True)]
    return {
        "description": "Lines over time",
        "height": height,
        "encoding": {
            "x": {"field": "on", "type": "temporal", "axis": bare(tokens, tickCount=6, labelFlush=True)},
        },
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2.25, "interpolate": "monotone", "aria": False},
                "encoding": {
                    "y": {
                        "field": "value",
                        "type": "quantitative",
                        "axis": ruled(tokens, format=form, tickMinStep=1 if ".0" in form else 0.1),
                    },
                    "color": colour,
                },
            },
            {
                "transform": [{"filter": "isValid(datum.label)"}],
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 8,
                    "fontSize": 12,
                    "fontWeight": 600,
                    "limit": _LABEL_PX - 10,
                    "clip": False,
                    "aria": False,
                },
                "encoding": {
                    "y": {"field": "label_at", "type": "quantitative"},
                    "text": {"field": "label"},
                    "color": colour,
                },
            },
            {
                "transform": [{"pivot": "series", "value": "value", "groupby": ["on", "said"]}],
                "params": [hover],
                "mark": {"type": "rule", "color": tokens.muted, "strokeWidth": 1.5, "aria": False},
                "encoding": {
                    "opacity": {"condition": {"param": "hover", "empty": False, "value": 0.6}, "value": 0},
                    "tooltip": [{"field": "said", "title": "When"}, *told],
                },
            },
        ],
    }


def line_rows(
    starts: Sequence[date], said: Sequence[str], names: Sequence[str], values: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """Return what `lines` draws: `on`, `said`, `series`, `value`; `label` and `label_at` where a line ends.

    `values` has a row per name and a column per start.
    """
    count, width = values.shape
    table = pd.DataFrame(
        {
            "on": np.tile(np.array(starts, dtype="datetime64[s]"), count),
            "said": np.tile(np.array(said, dtype=object), count),
            "series": np.repeat([_code(place) for place in range(count)], width),
            "value": values.ravel(),
        }
    )
    ends = np.arange(count) * width + width - 1
    table["label"] = None
    table["label_at"] = np.nan
    if width:
        table.loc[ends, "label"] = list(names)
        table.loc[ends, "label_at"] = _apart(values[:, -1], _LABEL * float(values.max(initial=0.0)))
    return table


def _apart(values: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    """Move values up until each is at least so far above the next lower one."""
    found, floor = values.copy(), -np.inf
    for place in np.argsort(values, kind="stable"):
        found[place] = max(values[place], floor)
        floor = found[place] + least
    return found


def _code(place: int) -> str:
    return f"s{place}"
