"""How many items plays are spread over, and which shares go to a few and to new ones, along time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.axes import along_months, ruled
from rewrapped.charts.holes import KNOWN, band_layer
from rewrapped.charts.palettes import Tokens

SHARES = ("The ten most played", "New ones")


def diversity_rows(by_period: pd.DataFrame, said: Sequence[str]) -> pd.DataFrame:
    """Return what both charts draw, a row a period.

    `by_period` is that of `history.diversity`, `said` its periods in words. Added are `on` and `said`,
    `top` and `new` are the two shares; a period without figures keeps its row, so that a line breaks there.
    """
    return pd.DataFrame(
        {
            "on": by_period["start_on"],
            "said": list(said),
            "effective": by_period["effective"],
            "different": by_period["different"],
            "plays": by_period["plays"],
            "top": by_period["top_share"],
            "new": by_period["new_share"],
        }
    )


@cache
def effective(tokens: Tokens, height: int = 230, *, are_few: bool = False) -> dict[str, Any]:
    """Return the spec of the effective number along time; its frame is `diversity_rows` in `with_holes`."""
    colour = tokens.categorical[0]
    place = {
        "x": _time(tokens, are_few),
        "y": {
            "field": "effective",
            "type": "quantitative",
            "scale": {"zero": True},
            "axis": ruled(tokens, format=",~f"),
        },
    }
    tooltip = [
        {"field": "said", "title": "When"},
        {"field": "effective", "title": "Effective number", "format": ",.1f"},
        {"field": "different", "title": "Different", "format": ",d"},
        {"field": "plays", "title": "Plays", "format": ",d"},
    ]
    return {
        "description": "The effective number along time",
        "height": height,
        "layer": [
            band_layer(tokens),
            {
                "transform": [KNOWN],
                "mark": {"type": "line", "strokeWidth": 2.5, "interpolate": "monotone", "color": colour, "aria": False},
                "encoding": place,
            },
            {
                "transform": [KNOWN, {"filter": "isValid(datum.effective)"}],
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": colour, "aria": False},
                "encoding": {**place, "tooltip": tooltip},
            },
        ],
    }


@cache
def shares(tokens: Tokens, height: int = 230, *, are_few: bool = False) -> dict[str, Any]:
    """Return the spec of the two shares along time; its frame is `diversity_rows` in `with_holes`."""
    fields = ("top", "new")
    hover = {"name": "hover", "select": {"type": "point", "fields": ["on"], "nearest": True, "on": "pointerover"}}
    tooltip = [
        {"field": field, "type": "quantitative", "title": title, "format": ".0%"}
        for field, title in zip(fields, SHARES, strict=True)
    ]
    return {
        "description": "Shares of the plays along time: of the ten most played, and of new ones",
        "height": height,
        "layer": [
            band_layer(tokens),
            *(
                layer
                for field, colour in zip(fields, tokens.categorical, strict=False)
                for layer in _line(tokens, field, colour, are_few)
            ),
            {
                "transform": [KNOWN],
                "params": [hover],
                "mark": {"type": "rule", "color": tokens.muted, "aria": False},
                "encoding": {
                    "x": _time(tokens, are_few),
                    "opacity": {"condition": {"param": "hover", "empty": False, "value": 0.6}, "value": 0},
                    "tooltip": [{"field": "said", "title": "When"}, *tooltip],
                },
            },
        ],
    }


def _line(tokens: Tokens, field: str, colour: str, are_few: bool) -> list[dict[str, Any]]:
    place = {
        "x": _time(tokens, are_few),
        "y": {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": ruled(tokens, format=".0%"),
        },
    }
    look = {"color": colour, "aria": False}
    return [
        {
            "transform": [KNOWN],
            "mark": {"type": "line", "strokeWidth": 2.5, "interpolate": "monotone", **look},
            "encoding": place,
        },
        {
            "transform": [KNOWN, {"filter": f"isValid(datum.{field})"}],
            "mark": {"type": "point", "filled": True, "size": 40, "opacity": 1, **look},
            "encoding": place,
        },
    ]


def _time(tokens: Tokens, are_few: bool) -> dict[str, Any]:
    return {"field": "on", "type": "temporal", "axis": along_months(tokens, are_few=are_few)}
