"""Charts: what their frames hold, and that a spec names nothing its frame lacks."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from altair import Chart
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.charts.attention import SERIES, attention, attention_rows
from rewrapped.charts.calendar import calendar, calendar_days, legend, steps
from rewrapped.charts.coverage import coverage
from rewrapped.charts.heatmap import hour_week, hour_week_cells
from rewrapped.charts.palettes import DARK, LIGHT
from rewrapped.charts.timeline import are_few, timeline, timeline_bars
from rewrapped.domain.attention import Figures
from rewrapped.domain.plays import TimeRange


def days(plays: list[int], first: str = "2026-01-01") -> pd.DataFrame:
    start_on = pd.date_range(first, periods=len(plays), freq="D")
    return pd.DataFrame({"start_on": start_on, "plays": plays, "heard_minutes": np.array(plays) * 5.25})


def bars(starts: list[str]) -> pd.DataFrame:
    many = len(starts)
    return pd.DataFrame(
        {
            "start_on": pd.to_datetime(starts),
            "plays": [2] * many,
            "heard_minutes": [90.0] * many,
        }
    )


def fields(spec: Any) -> set[str]:
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        return own.union(*(fields(value) for value in spec.values()))
    return set().union(*(fields(value) for value in spec)) if isinstance(spec, list) else set()


def drawn() -> list[tuple[dict[str, Any], pd.DataFrame]]:
    week = pd.DataFrame({"weekday": [0, 6], "hour": [0, 23], "plays": [1, 2], "heard_minutes": [3.0, 4.0]})
    months = pd.DataFrame({"year": ["2026"], "month": ["Jan"], "rows": [1], "hole": [False], "sources": ["x"]})
    return [
        (hour_week(DARK), hour_week_cells(week)),
        (calendar(DARK), calendar_days(days([0, 1, 2]))),
        (timeline(DARK, "time"), timeline_bars(bars(["2026-01-01"]), "day", date(2026, 1, 1))),
        (timeline(LIGHT, "plays"), timeline_bars(bars(["2026-01-01"]), "month", date(2026, 1, 1))),
        (timeline(LIGHT, "time", few=True), timeline_bars(bars(["2026-01-05"]), "week", date(2026, 1, 8))),
        (coverage(LIGHT, 1), months),
        *((attention(DARK, what), attention_rows([(date(2026, 1, 1), Figures(views=3))])) for what in SERIES),
    ]


@pytest.mark.parametrize(("spec", "frame"), drawn())
def test_a_spec_is_valid_and_names_only_columns_of_its_frame(spec: dict[str, Any], frame: pd.DataFrame) -> None:
    Chart.from_dict({**spec, "data": {"values": []}})

    assert fields(spec) <= set(frame.columns)
    assert spec["description"]
    json.dumps(spec)


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=400))
def test_days_stand_in_their_week_and_louder_days_are_never_paler(plays: list[int]) -> None:
    found = calendar_days(days(plays))

    assert len(found) == len(plays)
    assert found["age"].iloc[-1] == 0
    assert (found["level"] == 0).tolist() == [count == 0 for count in plays]
    by_plays = found.sort_values("plays")
    assert by_plays["level"].is_monotonic_increasing
    assert found["level"].between(0, 5).all()


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=400))
def test_the_key_has_a_text_for_every_shade_that_is_used(plays: list[int]) -> None:
    found = calendar_days(days(plays))

    swatches = legend(np.array(plays), DARK).count("<span>")
    assert swatches == len(steps(plays)) + 2
    assert swatches >= found["level"].nunique()


def test_one_loud_day_leaves_the_others_apart() -> None:
    found = calendar_days(days([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000]))

    assert found["level"].nunique() >= 4


def test_a_calendar_of_no_days_draws_nothing() -> None:
    assert calendar_days(days([])).empty
    assert "none" in legend(np.array([]), LIGHT)


def test_the_key_escapes_its_unit() -> None:
    assert "<img" not in legend(np.array([1]), DARK, "<img src=x>")


def test_a_calendar_starts_its_weeks_on_monday() -> None:
    found = calendar_days(days([1, 1], first="2026-11-22"))  # a Sunday and a Monday

    assert found["day"].tolist() == ["Sun", "Mon"]
    assert found["week"].tolist() == ["2026-11-16", "2026-11-23"]


def test_hours_are_told_as_slots_and_the_last_one_ends_at_midnight() -> None:
    week = pd.DataFrame({"weekday": [6], "hour": [23], "plays": [2], "heard_minutes": [4.0]})

    assert hour_week_cells(week).loc[0, ["day", "slot"]].tolist() == ["Sun", "23:00 to 00:00"]


def test_minutes_are_those_that_were_heard_in_every_chart() -> None:
    week = pd.DataFrame({"weekday": [6], "hour": [23], "plays": [2], "heard_minutes": [5.5]})

    assert hour_week_cells(week)["minutes"].tolist() == [5.5]
    assert calendar_days(days([2]))["minutes"].tolist() == [10]  # 10.5, to the nearest even


def test_a_month_that_is_not_over_is_drawn_paler() -> None:
    found = timeline_bars(bars(["2026-10-01", "2026-11-01"]), "month", date(2026, 11, 30))

    assert found["partial"].tolist() == [False, True]
    assert found["said"].tolist() == ["October 2026", "November 2026"]
    assert found["hours"].tolist() == [1.5, 1.5]


def test_a_day_is_over_when_the_next_has_begun() -> None:
    found = timeline_bars(bars(["2026-11-21", "2026-11-22"]), "day", date(2026, 11, 22))

    assert found["partial"].tolist() == [False, True]


def test_specs_are_made_once_a_theme() -> None:
    assert calendar(DARK) is calendar(DARK)
    assert calendar(DARK) != calendar(LIGHT)


def test_days_outside_the_chosen_range_are_told_apart() -> None:
    frame = days([1, 2, 3, 4])
    second = frame["start_on"].iloc[1].date()
    found = calendar_days(frame, TimeRange(second, second + timedelta(days=2)))

    assert found["outside"].tolist() == [True, False, False, True]
    assert not calendar_days(frame)["outside"].any()


@pytest.mark.parametrize(
    ("bucket", "starts", "labels"),
    [
        ("day", ["2026-11-22", "2026-11-23"], ["Sun 22", "Mon 23"]),
        ("week", ["2026-11-16"], ["from 16 Nov"]),
        ("month", ["2025-12-01", "2026-01-01"], ["Dec 2025", "Jan 2026"]),
    ],
)
def test_a_few_bars_are_labelled_by_themselves(bucket: str, starts: list[str], labels: list[str]) -> None:
    few = bars(starts)
    assert are_few(few)
    assert timeline_bars(few, bucket, date(2026, 12, 31))["label"].tolist() == labels


def test_bars_end_with_the_last_of_them_and_no_later_month_is_named() -> None:
    along = timeline(DARK, "time")["encoding"]["x"]
    assert along["scale"] == {"nice": False, "padding": 0}
    assert "domain('x')[1]" in along["axis"]["labelExpr"]
