"""Vega-Lite charts of ours as pictures that need no browser.

Vega runs in this process, in an engine of its own (vl-convert). The first
picture starts it, which takes half a second and about 80 MB; each one after
it takes 25 to 50 ms. Rows are handed over with the spec, and nothing may be loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.framed import Drawing
from rewrapped.charts.lettering import Face, fonts_folder
from rewrapped.charts.palettes import Tokens
from rewrapped.errors import DrawingFailed

WIDTH = 900
_VEGA_LITE = "6.4"
#: What could load something; the specs drawn here have rows of their own.
_LOADING = frozenset({"url", "href", "data", "datasets", "lookup", "loader"})


def still(frame: pd.DataFrame, spec: Mapping[str, Any], tokens: Tokens, width: int = WIDTH) -> Drawing:
    """Return a frame drawn by a spec of `rewrapped.charts`, `width` pixels wide without its axes.

    Raises:
        DrawingFailed: it can't be drawn.
    """
    if not _LOADING.isdisjoint(_words(spec)):
        raise DrawingFailed("This chart can't be drawn as a picture: it names something that would be loaded.")
    rows = json.loads(frame.to_json(orient="records", date_format="iso"))
    whole = {**spec, "data": {"values": rows}, "width": width, "padding": 4, "background": None}
    whole["config"] = _config(tokens)
    try:
        markup = _engine().vegalite_to_svg(whole, vl_version=_VEGA_LITE, allowed_base_urls=[])
    except ValueError as error:
        raise DrawingFailed("This chart can't be drawn as a picture just now.") from error
    return Drawing(markup, *_size(markup))


@cache
def _engine() -> Any:
    import vl_convert

    vl_convert.register_font_directory(fonts_folder())
    return vl_convert


def _size(markup: str) -> tuple[float, float]:
    words = markup[: markup.index(">")].replace("=", " ").replace('"', " ").split()
    return float(words[words.index("width") + 1]), float(words[words.index("height") + 1])


def _words(value: Any) -> Iterator[str]:
    """Return every key of a spec."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key
            yield from _words(part)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part)


def _config(tokens: Tokens) -> dict[str, Any]:
    """Return what Streamlit's theme gives a chart on a page."""
    quiet = {"labelColor": tokens.muted, "titleColor": tokens.muted, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": f"{Face.BODY.family}, sans-serif",
        "view": {"stroke": None},
        "axis": {**quiet, "gridColor": tokens.edge, "domainColor": tokens.edge, "tickColor": tokens.edge},
        "legend": quiet,
        "text": {"color": tokens.text},
        "range": {"category": list(tokens.categorical), "ramp": list(tokens.sequential)},
    }
