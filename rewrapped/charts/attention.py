"""Views, saves and ticket clicks over time, a line each; and two groups of people beside each other, as dumbbells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.palettes import Tokens
from rewrapped.domain import days
from rewrapped.domain.attention import Effect, Figures

SERIES = ("Views", "Saves", "Ticket clicks")
_SIDES = ("Matched", "Others")
_ROW = 46  # pixels of a dumbbell
_FEW_DAYS = 8  # shown with a point each: a line of two days is hard to see


@cache
def attention(tokens: Tokens, what: str, height: int = 118, *, with_points: bool = False) -> dict[str, Any]:
    """Return the spec of one of SERIES as a line over time; its frame is `attention_rows`."""
    colour = tokens.categorical[SERIES.index(what)]
    at = {"field": "on", "type": "temporal", "axis": bare(tokens, tickCount=6, labelFlush=True, format="%-d %b")}
    values = [{"field": name, "type": "quantitative", "format": ",.0f"} for name in SERIES]
    hover = {"name": "hover", "select": {"type": "point", "fields": ["on"], "nearest": True, "on": "pointerover"}}
    point = {"color": colour, "size": 40} if with_points else False
    count = {"field": what, "type": "quantitative", "title": None, "scale": {"domainMin": 0}}
    return {
        "description": f"{what} over time",
        "title": {"text": what, "anchor": "start", "fontSize": 13, "fontWeight": 600, "color": tokens.text},
        "height": height,
        "encoding": {"x": {**at, "title": None}},
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2.25, "color": colour, "point": point, "aria": False},
                "encoding": {"y": {**count, "axis": ruled(tokens, format=",~f", tickMinStep=1, tickCount=3)}},
            },
            {
                "params": [hover],
                "mark": {"type": "rule", "color": tokens.muted, "aria": False},
                "encoding": {
                    "opacity": {"condition": {"param": "hover", "empty": False, "value": 0.6}, "value": 0},
                    "tooltip": [{"field": "said", "title": "When"}, *values],
                },
            },
        ],
    }


def attention_rows(series: Iterable[tuple[date, Figures]], *, is_weekly: bool = False) -> pd.DataFrame:
    """Return what `attention` draws: `on`, `said`, and a column for each of SERIES, a row a day or week."""
    rows = [
        (
            pd.Timestamp(on),
            f"the week from {days.day(on)}" if is_weekly else days.day(on),
            *(total.views, total.saves, total.clicks),
        )
        for on, total in series
    ]
    return pd.DataFrame(rows, columns=["on", "said", *SERIES])


def needs_points(series: Sequence[object]) -> bool:
    """Return whether so few days are drawn that each needs a point."""
    return len(series) <= _FEW_DAYS


@cache
def dumbbells(tokens: Tokens, count: int) -> dict[str, Any]:
    """Return the spec of matched people against others, for `count` values; its frame is `dumbbell_rows`."""
    rate = {"field": "rate", "type": "quantitative", "axis": ruled(tokens, format=".0%", tickCount=5)}
    value = {"field": "value", "type": "nominal", "sort": None, "axis": bare(tokens, labelLimit=150)}
    colour = {"domain": list(_SIDES), "range": list(tokens.categorical[:2])}
    tooltip = [
        {"field": "value", "title": "Aimed at"},
        {"field": "side", "title": "Who"},
        {"field": "rate", "title": "Save rate", "format": ".1%"},
        {"field": "people", "title": "People", "format": ",.0f"},
    ]
    legend = {"orient": "top", "title": None, "symbolType": "circle", "labelColor": tokens.text, "labelFontSize": 13}
    return {
        "description": "Save rate of people who fit the targeting, against everybody else",
        "height": max(90, _ROW * count),
        "encoding": {"y": {**value, "title": None}},
        "layer": [
            {
                "mark": {"type": "line", "color": tokens.edge, "strokeWidth": 4, "aria": False},
                "encoding": {"x": {**rate, "title": None}, "detail": {"field": "value"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 150, "opacity": 1, "aria": False},
                "encoding": {
                    "x": {**rate, "title": None},
                    "color": {"field": "side", "type": "nominal", "scale": colour, "legend": legend},
                    "tooltip": tooltip,
                },
            },
        ],
    }


def dumbbell_rows(effects: Iterable[Effect], names: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Return what `dumbbells` draws, from effects that may be shown; `names` says each (part, value) for people."""
    rows = [
        {"value": names[one.part, one.value], "side": said, "rate": side.save_rate, "people": side.people}
        for one in effects
        for said, side in zip(_SIDES, (one.matched, one.others), strict=True)
        if side.save_rate is not None
    ]
    return pd.DataFrame(rows, columns=["value", "side", "rate", "people"])
