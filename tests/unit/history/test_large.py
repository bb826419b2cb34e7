"""Histories larger than a block of rows, against pandas; and what a view costs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from bench.synthetic import Size, columns
from rewrapped.domain.plays import Filter, Kind, TimeRange
from rewrapped.history.frame import History
from rewrapped.history.sums import Sums

SIZE = Size(plays=300_000, tracks=2_000, artists=100, years=3)
HISTORY = History.build(columns(SIZE, seed=7), "Europe/Berlin")
FILTERS = [
    Filter(kinds=frozenset()),
    Filter(),  # most rows
    Filter(hours=frozenset({8, 17, 18})),  # few
    Filter(time_range=TimeRange(date(2015, 3, 29), date(2016, 10, 31))),
    Filter(time_range=TimeRange(date(2016, 2, 29), date(2016, 3, 1)), skipped=True),
    Filter(kinds=frozenset({Kind.CHAPTER})),  # none
]


def grouped(view: History, codes: np.ndarray, count: int) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "code": codes,
            "plays": view.is_play.astype(np.int64),
            "heard_ms": view.heard_ms.astype(np.int64),
            "estimated_ms": np.where(view.is_estimated, view.heard_ms, 0).astype(np.int64),
        }
    )
    return rows.groupby("code").sum().reindex(range(count), fill_value=0)


def same(sums: Sums, expected: pd.DataFrame) -> None:
    for name in ("plays", "heard_ms", "estimated_ms"):
        np.testing.assert_array_equal(getattr(sums, name), expected[name].to_numpy(), err_msg=name)


@pytest.mark.parametrize("only_plays", [False, True])
@pytest.mark.parametrize("chosen", FILTERS)
def test_sums_over_many_blocks_are_those_of_a_group_by(chosen: Filter, only_plays: bool) -> None:
    view = HISTORY.filter(chosen)
    view = view.plays if only_plays else view

    same(view.by_track, grouped(view, view.track, SIZE.tracks))
    same(view.by_day, grouped(view, view.day - view.span.start, len(view.span)))
    same(view.by_week_hour, grouped(view, view.weekday.astype(int) * 24 + view.hour, 168))


def test_a_time_range_alone_copies_nothing() -> None:
    everything = Filter(time_range=TimeRange(date(2016, 1, 1), date(2017, 1, 1)), kinds=frozenset())

    assert np.shares_memory(HISTORY.filter(everything).track, HISTORY.track)


def test_the_bytes_a_history_is_said_to_hold_cover_what_it_holds() -> None:
    history = History.build(columns(SIZE, seed=7), "Europe/Berlin")
    for view in (history, history.plays):
        for name in (
            "ended_at",
            "day",
            "month",
            "hour",
            "weekday",
            "track",
            "ms_played",
            "heard_ms",
            "source",
            "flags",
        ):
            getattr(view, name)
    held = [
        array for view in (history, history.plays) for array in view.__dict__.values() if isinstance(array, np.ndarray)
    ]

    assert sum(array.nbytes for array in held) < history.nbytes < 150 * SIZE.plays
