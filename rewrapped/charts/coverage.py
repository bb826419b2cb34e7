"""Which months of the years there are rows of, and which are missing."""

from __future__ import annotations

from functools import cache
from typing import Any

from rewrapped.charts.axes import bare
from rewrapped.charts.palettes import Tokens
from rewrapped.domain.days import MONTHS_SHORT

_HEAD_PX = 30  # the names of the months


@cache
def coverage(tokens: Tokens, years: int) -> dict[str, Any]:
    """Return the spec of a grid of months by years; holes are outlined and carry a cross.

    Its frame has a row per month from the first to the last with rows: `year`,
    `month` (Jan to Dec), `rows`, `hole` (true when there are none), `sources`
    (named, as one text). `years` gives the height.
    """
    place: dict[str, Any] = {
        "x": {
            "field": "month",
            "type": "ordinal",
            "scale": {"domain": list(MONTHS_SHORT), "paddingInner": 0.1},
            "axis": bare(tokens, orient="top"),
        },
        "y": {
            "field": "year",
            "type": "ordinal",
            "sort": "descending",
            "scale": {"paddingInner": 0.16},
            "axis": bare(tokens, labelExpr="datum.value + ''"),
        },
        "tooltip": [
            {"field": "month", "title": "Month"},
            {"field": "year", "title": "Year"},
            {"field": "rows", "title": "Rows", "format": ",.0f"},
            {"field": "sources", "title": "From"},
        ],
    }
    return {
        "description": "Rows by month; months without rows are outlined",
        "height": _HEAD_PX + max(years, 1) * 27,
        "layer": [_full(tokens, place), *_holes(tokens, place)],
    }


def _full(tokens: Tokens, place: dict[str, Any]) -> dict[str, Any]:
    colour = {
        "field": "rows",
        "type": "quantitative",
        "scale": {"type": "sqrt", "range": list(tokens.sequential[1:8]), "domainMin": 0},
        "legend": None,
    }
    return {
        "transform": [{"filter": "!datum.hole"}],
        "mark": {"type": "rect", "cornerRadius": 5, "aria": False},
        "encoding": {**place, "color": colour},
    }


def _holes(tokens: Tokens, place: dict[str, Any]) -> list[dict[str, Any]]:
    only = [{"filter": "datum.hole"}]
    box = {
        "type": "rect",
        "cornerRadius": 5,
        "filled": False,
        "stroke": tokens.down,
        "strokeDash": [3, 3],
        "strokeWidth": 1.5,
        "aria": False,
    }
    cross = {"type": "text", "text": "×", "color": tokens.down, "fontSize": 15, "fontWeight": 600, "aria": False}
    return [
        {"transform": only, "mark": box, "encoding": place},
        {"transform": only, "mark": cross, "encoding": place},
    ]
