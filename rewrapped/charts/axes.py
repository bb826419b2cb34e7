"""How our axes are drawn: no frame, no ticks, labels nobody has to tilt their head for."""

from __future__ import annotations

from typing import Any, Final

from rewrapped.charts.palettes import Tokens

#: What a spec of hundreds of marks says in its `usermeta`: painted on one canvas they take a fraction of the time that
#: an element each does. What a screen reader says is the description, and the table at the foot of the card.
PAINTED: Final[dict[str, Any]] = {"embedOptions": {"renderer": "canvas"}}


def bare(tokens: Tokens, **more: Any) -> dict[str, Any]:
    """Return an axis of labels alone."""
    return {
        "title": None,
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelAngle": 0,
        "labelFontSize": 12,
        "labelPadding": 8,
        "labelColor": tokens.muted,
        **more,
    }


def ruled(tokens: Tokens, **more: Any) -> dict[str, Any]:
    """Return an axis of labels with few, faint lines across the chart."""
    return bare(tokens, **{"grid": True, "gridColor": tokens.edge, "tickCount": 4, **more})


def along_months(tokens: Tokens, *, are_few: bool) -> dict[str, Any]:
    """Return the axis of what is told by month or longer; where months are few, each has a label."""
    count = {"interval": "month", "step": 1} if are_few else 8
    return bare(tokens, tickCount=count, labelFlush=True)
