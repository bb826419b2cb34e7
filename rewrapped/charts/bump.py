"""Ranks along time: the first ten as lines that cross, and one item's rank however deep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.axes import along_months, bare, ruled
from rewrapped.charts.holes import KNOWN, band_layer
from rewrapped.charts.palettes import Tokens

#: How many lines can be lit: more than that nobody tells apart.
LIT = 5
DEPTH = 10
_GREY = -1
_COLUMNS = ("on", "said", "item", "name", "rank", "plays", "slot", "run")
_DEEP_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


@dataclass(frozen=True, slots=True)
class RankedLine:
    """One item's line: its `ranks` and `plays`, one a period, 0 for none; `slot` is its colour, -1 for grey."""

    item: int
    name: str
    ranks: Sequence[int]
    plays: Sequence[int]
    slot: int = _GREY


def bump_rows(lines: Sequence[RankedLine], starts_on: Sequence[date], said: Sequence[str]) -> pd.DataFrame:
    """Return what `bump` and `rank_line` draw, one row for every period in which a line has a rank.

    `run` counts the unbroken parts of a line: a period without a rank starts a new one, so no line bridges it.
    """
    rows: list[tuple[object, ...]] = []
    for line in lines:
        run = 0
        for on, when, rank, plays in zip(starts_on, said, line.ranks, line.plays, strict=True):
            if rank:
                rows.append((on, when, line.item, line.name, rank, plays, line.slot, run))
            else:
                run += 1
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.assign(on=pd.to_datetime(frame["on"]).astype("datetime64[s]"))


@cache
def bump(tokens: Tokens, height: int = 380, *, are_few: bool = False) -> dict[str, Any]:
    """Return the spec of the first ten along time; the line under the pointer stands out, the others fade.

    `are_few` says that eight months at most are drawn. Its frame is `bump_rows` in `with_holes`.
    """
    hover = {
        "name": "hover",
        "select": {"type": "point", "fields": ["item"], "nearest": True, "on": "pointerover", "clear": "pointerout"},
    }
    ranks = {"domain": [1, DEPTH], "reverse": True, "nice": False}
    place = {
        "x": _time(tokens, are_few),
        "y": {
            "field": "rank",
            "type": "quantitative",
            "scale": ranks,
            "axis": bare(tokens, values=list(range(1, DEPTH + 1)), format="d"),
        },
    }
    return {
        "description": "Ranks along time: the five most played of the whole time in colour",
        "height": height,
        "layer": [
            band_layer(tokens),
            _lines(tokens, place, "datum.slot < 0", {"strokeWidth": 2, "color": tokens.muted}, 0.45),
            _lines(tokens, place, "datum.slot >= 0", {"strokeWidth": 3}, 1),
            {
                "transform": [KNOWN],
                "params": [hover],
                "mark": {"type": "point", "filled": True, "size": 90, "aria": False},
                "encoding": {**place, "color": _colour(tokens), "opacity": _faded(1), "tooltip": _hints()},
            },
        ],
    }


@cache
def rank_line(tokens: Tokens, height: int = 240, *, are_few: bool = False) -> dict[str, Any]:
    """Return the spec of one item's rank along time, on a logarithmic scale: from 2 to 1 is as far as from 20 to 10.

    Its frame is `bump_rows` of one line in `with_holes`.
    """
    place = {
        "x": _time(tokens, are_few),
        "y": {
            "field": "rank",
            "type": "quantitative",
            "scale": {"type": "log", "reverse": True, "nice": False},
            "axis": ruled(tokens, values=list(_DEEP_TICKS), format=",d"),
        },
    }
    at_least = {"y": {**place["y"], "scale": {**place["y"]["scale"], "domain": {"unionWith": [1, DEPTH]}}}}
    colour = tokens.categorical[0]
    return {
        "description": "The rank of one item along time",
        "height": height,
        "layer": [
            band_layer(tokens),
            _lines(tokens, place | at_least, "true", {"strokeWidth": 3, "color": colour}, 1, is_coloured=False),
            {
                "transform": [KNOWN],
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "color": colour, "aria": False},
                "encoding": {**place, "tooltip": _hints()},
            },
        ],
    }


def _lines(
    tokens: Tokens, place: dict[str, Any], which: str, look: dict[str, Any], opacity: float, *, is_coloured: bool = True
) -> dict[str, Any]:
    colour = {"color": _colour(tokens), "opacity": _faded(opacity)} if is_coloured else {}
    return {
        "transform": [KNOWN, {"filter": which}],
        "mark": {"type": "line", "interpolate": "monotone", "aria": False, **look},
        "encoding": {**place, **colour, "detail": [{"field": "item"}, {"field": "run"}]},
    }


def _time(tokens: Tokens, are_few: bool) -> dict[str, Any]:
    return {"field": "on", "type": "temporal", "axis": along_months(tokens, are_few=are_few)}


def _colour(tokens: Tokens) -> dict[str, Any]:
    scale = {"domain": [_GREY, *range(LIT)], "range": [tokens.muted, *tokens.categorical[:LIT]]}
    return {"field": "slot", "type": "nominal", "scale": scale, "legend": None}


def _faded(opacity: float) -> dict[str, Any]:
    return {"condition": {"param": "hover", "value": opacity}, "value": 0.15}


def _hints() -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": "What"},
        {"field": "said", "title": "When"},
        {"field": "rank", "title": "Rank", "format": ",d"},
        {"field": "plays", "title": "Plays", "format": ",d"},
    ]
