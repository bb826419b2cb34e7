"""How many of a few classes, as upright bars in the order given."""

from __future__ import annotations

from functools import cache
from typing import Any

from rewrapped.charts.axes import bare, ruled
from rewrapped.charts.palettes import Tokens


@cache
def counts(tokens: Tokens, what: str, height: int = 200) -> dict[str, Any]:
    """Return the spec of a bar per class; `what` is counted ("Sessions").

    Its frame has a row per class: `name` as the axis says it, `said` as a
    sentence says it, `count`.
    """
    return {
        "description": f"{what} by class",
        "height": height,
        "mark": {"type": "bar", "cornerRadiusEnd": 3, "aria": False},
        "encoding": {
            "x": {
                "field": "name",
                "type": "ordinal",
                "sort": None,
                "scale": {"paddingInner": 0.14, "paddingOuter": 0.05},
                "axis": bare(tokens, labelOverlap="parity"),
            },
            "y": {"field": "count", "type": "quantitative", "axis": ruled(tokens, format=",~f", tickMinStep=1)},
            "color": {
                "field": "count",
                "type": "quantitative",
                "scale": {"range": list(tokens.sequential[4:9]), "domainMin": 0},
                "legend": None,
            },
            "tooltip": [
                {"field": "said", "title": "Class"},
                {"field": "count", "title": what, "format": ",.0f"},
            ],
        },
    }
