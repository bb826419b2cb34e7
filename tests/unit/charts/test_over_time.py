"""Charts of what changes: lines that break, holes that are marked, bars that add up, and keys that escape."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from altair import Chart
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.charts.bump import RankedLine, bump, bump_rows, rank_line
from rewrapped.charts.discoveries import STATES, discoveries, discovery_rows
from rewrapped.charts.diversity import diversity_rows, effective, shares
from rewrapped.charts.holes import with_holes
from rewrapped.charts.legends import legend
from rewrapped.charts.palettes import DARK, LIGHT
from tests.unit.charts.test_specs import fields

MONTHS = tuple(date(2025 + number // 12, number % 12 + 1, 1) for number in range(24))
SAID = tuple(f"{on:%B %Y}" for on in MONTHS)


def found(counts: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Return discoveries by month: (stayed, judged beyond these, found beyond these)."""
    stayed, more, young = (np.array(part, np.int64) for part in zip(*counts, strict=True))
    return pd.DataFrame(
        {
            "start_on": pd.to_datetime(list(MONTHS[: len(counts)])),
            "found": stayed + more + young,
            "judged": stayed + more,
            "stayed": stayed,
            "is_early": [number == 0 for number in range(len(counts))],
        }
    )


def spread() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "start_on": pd.to_datetime(list(MONTHS[:2])),
            "plays": [40, 3],
            "different": [9, 2],
            "effective": [7.5, np.nan],
            "top_share": [1.0, np.nan],
            "new_share": [0.5, np.nan],
        }
    )


def drawn() -> list[tuple[dict[str, Any], pd.DataFrame]]:
    line = RankedLine(3, "Tide", (1, 0), (9, 0), 0)
    holes, ends = [MONTHS[1]], MONTHS[:2]
    return [
        (bump(DARK), with_holes(bump_rows([line], MONTHS[:2], SAID[:2]), holes, ends)),
        (rank_line(LIGHT), with_holes(bump_rows([line], MONTHS[:2], SAID[:2]), [], ends)),
        (bump(DARK), with_holes(bump_rows([], (), ()), [], ())),
        (discoveries(LIGHT), with_holes(discovery_rows(found([(1, 2, 3)]), SAID[:1], MONTHS[1:2]), holes, ends)),
        (effective(DARK), with_holes(diversity_rows(spread(), SAID[:2]), holes, ends)),
        (shares(DARK), with_holes(diversity_rows(spread(), SAID[:2]), holes, ends)),
    ]


@pytest.mark.parametrize(("spec", "frame"), drawn())
def test_a_spec_is_valid_and_names_only_columns_of_its_frame(spec: dict[str, Any], frame: pd.DataFrame) -> None:
    Chart.from_dict({**spec, "data": {"values": []}})

    assert fields(spec) <= set(frame.columns)
    assert spec["description"]


def test_specs_are_made_once_a_theme() -> None:
    assert bump(DARK) is bump(DARK)
    assert bump(DARK) != bump(LIGHT)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=24))
def test_a_period_without_a_rank_breaks_the_line(ranks: list[int]) -> None:
    rows = bump_rows([RankedLine(7, "Tide", ranks, ranks)], MONTHS[: len(ranks)], SAID[: len(ranks)])

    assert list(rows["rank"]) == [rank for rank in ranks if rank]
    places = [MONTHS.index(on.date()) for on in rows["on"]]
    for (before, run), (after, next_run) in zip(
        zip(places, rows["run"], strict=True), list(zip(places, rows["run"], strict=True))[1:], strict=False
    ):
        assert (run == next_run) == (after == before + 1)


def test_months_without_rows_that_follow_each_other_are_one_hole() -> None:
    frame = pd.DataFrame({"on": pd.to_datetime(list(MONTHS[:1])), "said": SAID[:1]})
    holes = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1)]

    rows = with_holes(frame, holes, (date(2025, 1, 1), date(2026, 6, 1)))

    assert rows["hole"].tolist() == [False, True, True, True, True]
    assert [(on.date(), until.date()) for on, until in zip(rows["on"][1:], rows["until"][1:], strict=True)] == [
        (date(2025, 1, 1), date(2025, 1, 1)),
        (date(2026, 6, 1), date(2026, 6, 1)),
        (date(2025, 11, 1), date(2026, 2, 1)),
        (date(2026, 3, 1), date(2026, 4, 1)),
    ]
    assert rows["said"].tolist()[3:] == ["no rows: November 2025 to January 2026", "no rows: March 2026"]


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=1, max_size=24))
def test_the_parts_of_a_bar_lie_on_each_other_and_add_up(counts: list[tuple[int, int, int]]) -> None:
    table = found(counts)
    rows = discovery_rows(table, SAID[: len(counts)], MONTHS[: len(counts)])

    assert (rows["high"] - rows["low"] == rows["count"]).all()
    assert (rows["count"] > 0).all()
    for said, parts in zip(SAID, counts, strict=False):
        own = rows[rows["said"] == said].sort_values("low")
        assert own["count"].tolist() == [part for part in parts if part]
        assert own["state"].tolist() == [state for state, part in zip(STATES, parts, strict=True) if part]
        assert own["low"].tolist() == [0, *own["high"]][: len(own)]
        assert own["found"].tolist() == [sum(parts)] * len(own)


def test_a_key_shows_names_as_they_are() -> None:
    told = legend([("#FFFFFF", "<img src=x> & Co"), ("#000000", "Tide")])

    assert "&lt;img src=x&gt; &amp; Co" in told
    assert told.count("<span>") == 2
