"""Two sides drawn over each other, A and B: lines with a rule that tells both, and pairs of bars.

A is a full line and B a dashed one, so that the two are told apart without their colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.palettes import Tokens

_DASHES: Mapping[str, list[int]] = {"a": [1, 0], "b": [6, 4]}
_DAY = "'Day ' + format(datum.value, ',')"
_ROW = 34  # pixels of a pair


def key(tokens: Tokens, a_said: str, b_said: str) -> list[tuple[str, str]]:
    """Return the key of the colours: which side is which, in words."""
    a, b = tokens.categorical[:2]
    return [(a, f"A, a full line: {a_said}"), (b, f"B, dashed: {b_said}")]


def bars_key(tokens: Tokens, a_said: str, b_said: str) -> list[tuple[str, str]]:
    """Return the key of bars."""
    a, b = tokens.categorical[:2]
    return [(a, f"A, above: {a_said}"), (b, f"B, below: {b_said}")]


@cache
def by_day(tokens: Tokens, height: int = 300) -> dict[str, Any]:
    """Return the spec of two lines of hours; its frame has `at` (days, from 1), `said`, `a` and `b` (NaN: no such day).

    Days with the same number lie above each other.
    """
    axis = bare(tokens, tickCount=6, tickMinStep=1, labelFlush=True, labelBound=True, labelExpr=_DAY)
    return _lines(tokens, "Hours added up from the first day of each side", axis, ",.1f", height)


@cache
def by_hour(tokens: Tokens, height: int = 345) -> dict[str, Any]:
    """Return the spec of two lines over the hours of a day; its frame has `at` (0 to 23), `said`, `a` and `b`."""
    axis = bare(tokens, values=[0, 6, 12, 18, 23], labelExpr="format(datum.value, '02d') + ':00'")
    return _lines(tokens, "Shares of the plays by hour of the day", axis, ".0%", height)


def _lines(tokens: Tokens, says: str, axis: dict[str, Any], form: str, height: int) -> dict[str, Any]:
    scale = {"nice": False, "zero": False}
    told = [{"field": side, "type": "quantitative", "title": side.upper(), "format": form} for side in _DASHES]
    hover = {"name": "hover", "select": {"type": "point", "fields": ["at"], "nearest": True, "on": "pointerover"}}
    return {
        "description": says,
        "height": height,
        "encoding": {"x": {"field": "at", "type": "quantitative", "scale": scale, "axis": axis}},
        "layer": [
            *(_line(tokens, side, colour, form) for side, colour in zip(_DASHES, tokens.categorical, strict=False)),
            {
                "params": [hover],
                "mark": {"type": "rule", "color": tokens.muted, "strokeWidth": 1.5, "aria": False},
                "encoding": {
                    "opacity": {"condition": {"param": "hover", "empty": False, "value": 0.6}, "value": 0},
                    "tooltip": [{"field": "said", "title": "When"}, *told],
                },
            },
        ],
    }


def _line(tokens: Tokens, side: str, colour: str, form: str) -> dict[str, Any]:
    axis = ruled(tokens, format=form.replace(".1f", "~f"))
    return {
        "transform": [{"filter": f"isValid(datum.{side})"}],
        "mark": {"type": "line", "color": colour, "strokeWidth": 2.5, "strokeDash": _DASHES[side], "aria": False},
        "encoding": {"y": {"field": side, "type": "quantitative", "axis": axis}},
    }


@cache
def share_pairs(tokens: Tokens, count: int) -> dict[str, Any]:
    """Return the spec of `count` pairs of bars; its frame has a row per name and side: `name`, `side`, `share`."""
    colour = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": ["A", "B"], "range": list(tokens.categorical[:2])},
        "legend": None,
    }
    return {
        "description": "Shares of the time of both sides",
        "height": count * _ROW,
        "mark": {"type": "bar", "cornerRadiusEnd": 3, "aria": False},
        "encoding": {
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "axis": bare(tokens, labelColor=tokens.text, labelLimit=150),
                "scale": {"paddingInner": 0.3},
            },
            "yOffset": {"field": "side", "type": "nominal", "sort": ["A", "B"]},
            "x": {"field": "share", "type": "quantitative", "axis": ruled(tokens, format=".0%")},
            "color": colour,
            "tooltip": [
                {"field": "name", "title": "Genre"},
                {"field": "side", "title": "Side"},
                {"field": "share", "title": "Share", "format": ".1%"},
            ],
        },
    }
