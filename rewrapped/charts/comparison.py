"""Events beside each other, as Plotly bars; Plotly is imported when the first is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rewrapped.charts.palettes import Tokens

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_ROW, _FOOT = 34, 40  # pixels
_NAME_MAX = 28


def bars(names: Sequence[str], values: Sequence[int], what: str, tokens: Tokens) -> Figure:
    """Return one bar an event, the first at the top; names are shown as text, cut where they are long.

    `what` says what is counted ("views").
    """
    from plotly import graph_objects as go

    places = list(range(len(names)))
    figure = go.Figure(
        go.Bar(
            x=list(values),
            y=places,
            orientation="h",
            marker={"color": tokens.categorical[0], "cornerradius": 6},
            text=[f"{value:,}" for value in values],
            textposition="outside",
            cliponaxis=False,
            customdata=[[_as_text(name)] for name in names],
            hovertemplate=f"%{{customdata[0]}}<br>%{{x:,}} {what}<extra></extra>",
        )
    )
    figure.update_layout(
        height=_ROW * len(names) + _FOOT,
        margin={"l": 0, "r": 48, "t": 0, "b": 0},
        bargap=0.35,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": tokens.text, "size": 13},
        xaxis={"visible": False, "rangemode": "tozero", "fixedrange": True},
        yaxis={
            "autorange": "reversed",
            "tickvals": places,
            "ticktext": [_as_text(_cut(name)) for name in names],
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
    )
    return figure


def _cut(name: str) -> str:
    return name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1].rstrip()}…"


def _as_text(name: str) -> str:
    """Return a name that Plotly shows as it is: it reads some tags in labels, and %{...} in hover texts."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "% {")
