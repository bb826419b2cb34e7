"""Hour of the day by day of the week."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd

from rewrapped.charts.axes import PAINTED, bare
from rewrapped.charts.palettes import Tokens
from rewrapped.domain.days import WEEKDAYS_SHORT


def hour_week_cells(week: pd.DataFrame) -> pd.DataFrame:
    """Return what `hour_week` draws, from the hours of a week.

    They are a frame with `weekday` (0 Monday), `hour`, `plays` and `heard_minutes`.
    """
    hours = week["hour"].tolist()
    return pd.DataFrame(
        {
            "day": [WEEKDAYS_SHORT[day] for day in week["weekday"]],
            "hour": hours,
            "slot": [f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00" for hour in hours],
            "plays": week["plays"],
            "minutes": week["heard_minutes"],
        }
    )


@cache
def hour_week(tokens: Tokens, row_height: int = 38) -> dict[str, Any]:
    """Return the spec of a grid of 24 hours by 7 days.

    Its frame has a row per hour and weekday: `day` (Mon to Sun), `hour` (0 to
    23), `slot` ("18:00 to 19:00"), `plays`, `minutes`. `row_height` is in pixels.
    """
    return {
        "description": "Plays by hour of the day and day of the week",
        "height": 7 * row_height,
        "usermeta": PAINTED,
        "mark": {"type": "rect", "cornerRadius": 4, "aria": False},
        "encoding": {
            "x": {
                "field": "hour",
                "type": "ordinal",
                "scale": {"paddingInner": 0.12},
                "axis": bare(
                    tokens,
                    values=[0, 3, 6, 9, 12, 15, 18, 21],
                    labelExpr="(datum.value < 10 ? '0' : '') + datum.value",
                ),
            },
            "y": {
                "field": "day",
                "type": "ordinal",
                "sort": list(WEEKDAYS_SHORT),
                "scale": {"paddingInner": 0.14},
                "axis": bare(tokens),
            },
            "color": {
                "field": "plays",
                "type": "quantitative",
                "scale": {"range": list(tokens.sequential), "domainMin": 0},
                "legend": None,
            },
            "tooltip": [
                {"field": "day", "title": "Day"},
                {"field": "slot", "title": "Time"},
                {"field": "plays", "title": "Plays", "format": ",.0f"},
                {"field": "minutes", "title": "Minutes", "format": ",.0f"},
            ],
        },
    }
