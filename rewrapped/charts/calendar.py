"""A year of days, a week to a column."""

from __future__ import annotations

import html
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from rewrapped.charts.axes import PAINTED, bare
from rewrapped.charts.palettes import Tokens
from rewrapped.domain.days import WEEKDAYS_SHORT, weekday_and_day
from rewrapped.domain.plays import TimeRange

LEVELS = 5
_QUANTILES = (0.2, 0.5, 0.8, 0.95)
PHONE_WEEKS = 26  # drawn where the calendar is narrower than
_PHONE_WIDTH = 480  # pixels
_WIDEST_DAY = 32  # pixels; a few weeks stay squares on the left


def calendar_days(days: pd.DataFrame, chosen: TimeRange | None = None) -> pd.DataFrame:
    """Return what `calendar` draws, from a frame of days.

    It has `start_on`, `plays` and `heard_minutes`.

    Added are `week` (the Monday, as text), `day` (Mon to Sun), `age` (weeks
    before the last one), `level` (0 for nothing, 1 to 5 by the steps),
    `date_said`, and `outside`: not in the chosen time range, drawn paler.
    """
    if days.empty:
        return pd.DataFrame(columns=["week", "day", "age", "level", "plays", "minutes", "date_said", "outside"])
    on = days["start_on"].to_numpy().astype("datetime64[D]")
    weekday = (on.astype(np.int64) + 3) % 7  # 1970 began on a Thursday
    monday = on - weekday.astype("timedelta64[D]")
    plays = days["plays"].to_numpy()
    return pd.DataFrame(
        {
            "week": np.datetime_as_string(monday).tolist(),
            "day": [WEEKDAYS_SHORT[number] for number in weekday.tolist()],
            "age": (monday.max() - monday).astype(np.int64) // 7,
            "level": _levels(plays, steps(plays)),
            "plays": plays,
            "minutes": np.round(days["heard_minutes"].to_numpy()).astype(np.int64),
            "date_said": [weekday_and_day(day) for day in on.tolist()],
            "outside": [chosen is not None and day not in chosen for day in on.tolist()],
        }
    )


def steps(plays: Any) -> list[int]:
    """Return where levels 2 to 5 begin: rising whole numbers at quantiles of the days with plays.

    Quantiles, because a few loud days would leave all others the same shade on
    a straight scale. Fewer steps come back where the days hardly differ.
    """
    heard = np.asarray(plays)
    heard = heard[heard > 0]
    if not len(heard):
        return []
    found = np.ceil(np.quantile(heard, _QUANTILES)).astype(int)
    return sorted({int(step) for step in found if step > 1})


def legend(plays: Any, tokens: Tokens, unit: str = "plays a day") -> str:
    """Return the key of the shades as HTML."""
    swatches = "".join(f'<span><i style="background:{shade}"></i>{text}</span>' for shade, text in key(plays, tokens))
    return f'<div class="legend"><b>{html.escape(unit)}</b>{swatches}</div>'


def key(plays: Any, tokens: Tokens) -> list[tuple[str, str]]:
    """Return the shades, each with how many plays a day it stands for: those of the levels that are used."""
    starts = [1, *steps(plays)]
    texts = [
        f"{start:,}+" if start == starts[-1] else f"{start:,}" if after == start + 1 else f"{start:,}–{after - 1:,}"
        for start, after in zip(starts, [*starts[1:], 0], strict=True)
    ]
    shades = _shades(tokens)
    used = [(shades[_shade(level, len(starts))], text) for level, text in enumerate(texts, start=1)]
    return [(shades[0], "none"), *used]


LEGEND_CSS = """
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: .8125rem; line-height: 1.4;
  color: color-mix(in srgb, var(--st-text-color) 75%, transparent); }
.legend b { font-weight: 500; }
.legend span { display: inline-flex; align-items: center; gap: 6px; font-variant-numeric: tabular-nums; }
.legend i { width: 14px; height: 14px; border-radius: 4px; }
"""


@cache
def calendar(tokens: Tokens, weeks: int = 53) -> dict[str, Any]:
    """Return the spec of a year of days, or of its first `weeks`; its frame is `calendar_days`.

    Where there is little room only the last `PHONE_WEEKS` weeks are drawn, so that a day
    stays wide enough to see.
    """
    month = "date(toDate(datum.value)) <= 7 ? timeFormat(toDate(datum.value), '%b') : ''"
    return {
        "description": "Plays on every day of the year",
        "height": 7 * 20,
        "usermeta": PAINTED,
        "transform": [{"filter": f"width >= {_PHONE_WIDTH} || datum.age < {PHONE_WEEKS}"}],
        "mark": {"type": "rect", "cornerRadius": 3, "aria": False},
        "encoding": {
            "x": {
                "field": "week",
                "type": "ordinal",
                "scale": {"paddingInner": 0.18, "range": [0, {"expr": f"min(width, {weeks * _WIDEST_DAY})"}]},
                "axis": bare(tokens, orient="top", labelExpr=month, labelOverlap=False, labelAlign="left"),
            },
            "y": {
                "field": "day",
                "type": "ordinal",
                "sort": list(WEEKDAYS_SHORT),
                "scale": {"domain": list(WEEKDAYS_SHORT), "paddingInner": 0.18},
                "axis": bare(tokens, values=["Mon", "Wed", "Fri", "Sun"]),
            },
            "color": {
                "field": "level",
                "type": "ordinal",
                "scale": {"domain": list(range(LEVELS + 1)), "range": _shades(tokens)},
                "legend": None,
            },
            "opacity": {"condition": {"test": "datum.outside", "value": 0.3}, "value": 1},
            "tooltip": [
                {"field": "date_said", "title": "Day"},
                {"field": "plays", "title": "Plays", "format": ",.0f"},
                {"field": "minutes", "title": "Minutes", "format": ",.0f"},
            ],
        },
    }


def _shades(tokens: Tokens) -> list[str]:
    return [tokens.sequential[step] for step in (0, 2, 4, 6, 7, 9)]


def _shade(level: int, used: int) -> int:
    """Spread the levels in use over the five shades, so that two levels differ clearly too."""
    return LEVELS if used == 1 else 1 + round((level - 1) * (LEVELS - 1) / (used - 1))


def _levels(plays: Any, found: list[int]) -> list[int]:
    raw = np.where(plays > 0, 1 + np.searchsorted(found, plays, side="right"), 0)
    return [_shade(int(level), len(found) + 1) if level else 0 for level in raw]
