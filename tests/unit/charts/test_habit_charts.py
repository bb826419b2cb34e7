"""Charts of habits: round pictures that hold what they were given, and specs that name nothing their frame lacks."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from altair import Chart
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.charts.counts import counts
from rewrapped.charts.palettes import DARK, LIGHT
from rewrapped.charts.radial import clock, is_one_turn, year_dial
from rewrapped.charts.shares import share_bars, share_lines, share_rows
from rewrapped.charts.trend import trend, trend_bars
from tests.unit.charts.test_specs import fields

MONTHS = np.array(["2026-01-01", "2026-02-01"], "datetime64[s]")


def dial_months(hours: dict[tuple[int, int], float], years: list[int]) -> pd.DataFrame:
    every = [(year, month) for year in years for month in range(1, 13)]
    return pd.DataFrame(
        {
            "year": [year for year, _ in every],
            "month": [month for _, month in every],
            "heard_minutes": [60 * hours.get(each, 0.0) for each in every],
            "known": [each in hours for each in every],
        }
    )


def trend_frame(starts: list[str], means: list[float]) -> pd.DataFrame:
    heard = [90.0] * len(starts)
    return pd.DataFrame({"start_on": pd.to_datetime(starts), "plays": 2, "heard_minutes": heard, "mean_minutes": means})


def drawn() -> list[tuple[dict[str, Any], pd.DataFrame]]:
    rows = share_rows(MONTHS, ("Mac", "Other"), [[1, 3], [0, 2]], [[4], [2]])
    classes = pd.DataFrame({"name": ["1–2 h"], "said": ["1–2 h"], "count": [3]})
    return [
        (counts(DARK, "Sessions"), classes),
        (share_lines(LIGHT, ("Mac", "Other")), rows),
        (share_bars(DARK, ("Mac", "Other")), rows),
        (trend(DARK), trend_bars(trend_frame(["2026-01-01"], [3.0]), "month", date(2026, 2, 1))),
    ]


@pytest.mark.parametrize(("spec", "frame"), drawn())
def test_a_spec_is_valid_and_names_only_columns_of_its_frame(spec: dict[str, Any], frame: pd.DataFrame) -> None:
    Chart.from_dict({**spec, "data": {"values": []}})

    assert fields(spec) <= set(frame.columns)
    assert spec["description"]
    json.dumps(spec)


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
@given(plays=st.lists(st.integers(0, 5_000), min_size=24, max_size=24))
def test_the_clock_tells_every_hour_and_none_reaches_out_of_it(tokens, plays: list[int]) -> None:
    picture = clock(plays, tokens, "18:00")

    told = re.findall(r"<title>(\d\d):00 to \d\d:00: ([\d,]+) plays?</title>", picture)
    assert [(int(hour), int(count.replace(",", ""))) for hour, count in told] == list(enumerate(plays))
    paths = re.findall(r'd="([^"]+)"', picture)
    spots = [float(number) for path in paths for number in re.findall(r"-?\d+\.\d", path)]
    assert all(0 <= number <= 400 for number in spots)
    assert "18:00</text>" in picture


def test_a_clock_without_a_clear_hour_names_none() -> None:
    assert "busiest" not in clock([0] * 24, DARK)


def test_one_play_is_one_play() -> None:
    assert "<title>09:00 to 10:00: 1 play</title>" in clock([int(hour == 9) for hour in range(24)], DARK)


def test_the_dial_draws_known_months_alone_and_tells_the_latest_five_years_apart() -> None:
    hours = {(year, month): 10.0 * month for year in range(2019, 2026) for month in range(1, 13)}
    hours |= {(2026, 1): 12.0, (2026, 2): 0.0}

    picture = year_dial(dial_months(hours, list(range(2019, 2027))), DARK)

    assert picture.count("<circle cx") == 3 + len(hours)  # its rings, and a spot for each month
    assert "<title>February 2026: 0.0 hours</title>" in picture
    assert "March 2026" not in picture
    key = picture.split('<div class="legend"')[1]
    assert re.findall(r"</i>([^<]+)<", key) == ["2019–2021", "2022", "2023", "2024", "2025", "2026"]


def test_twelve_months_of_two_years_are_one_line_once_around() -> None:
    hours = {(2025, 12): 4.0} | {(2026, month): 5.0 for month in range(1, 12)}
    months = dial_months(hours, [2025, 2026])

    picture = year_dial(months, DARK)

    assert is_one_turn(months)
    assert picture.count("<path") == 1
    assert "December 2025: 4.0 hours" in picture
    assert re.findall(r"</i>([^<]+)<", picture) == ["Dec 2025 to Nov 2026"]
    assert not is_one_turn(dial_months(hours | {(2025, 11): 4.0}, [2025, 2026]))


@given(st.floats(0, 744))
def test_no_month_lies_outside_the_dial(hours: float) -> None:
    picture = year_dial(dial_months({(2026, 1): hours, (2026, 7): hours / 2}, [2026]), DARK)

    [(x, y), _] = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="4"', picture)
    assert float(x) == 200
    assert 200 - 164.1 <= float(y) <= 200 - 23.9


def test_a_month_in_which_no_row_says_anything_has_no_share() -> None:
    rows = share_rows(MONTHS, ("Skipped", "Offline"), [[1, 0], [0, 2]], [[4, 0], [0, 8]])

    assert list(zip(rows["said"], rows["name"], rows["share"], rows["rows"], strict=True)) == [
        ("January 2026", "Skipped", 0.25, 1),
        ("February 2026", "Offline", 0.25, 2),
    ]
    assert share_rows(MONTHS[:0], (), np.zeros((0, 0), int), np.zeros((0, 1), int)).empty


def test_a_month_that_goes_on_has_no_mean() -> None:
    bars = trend_bars(trend_frame(["2026-01-01", "2026-02-01"], [120.0, 60.0]), "month", date(2026, 2, 9))

    assert bars["mean"].iloc[0] == 2
    assert np.isnan(bars["mean"].iloc[1])


def test_the_latest_bars_of_a_trend_keep_their_own_means() -> None:
    frame = trend_frame(["2026-01-01", "2026-02-01", "2026-03-01"], [60.0, 120.0, 180.0])
    assert trend_bars(frame.tail(2), "month", date(2026, 5, 1))["mean"].tolist() == [2.0, 3.0]
