"""The order in which a listener's rows are held."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.services import listening
from rewrapped.storage.plays import PLAY

_ROW = st.tuples(*(st.integers(0, most) for most in (4, 4, 3, 2)))


@given(st.lists(_ROW, max_size=40))
def test_rows_are_ordered_by_their_end_then_report_then_track_then_length(drawn: list[tuple[int, ...]]) -> None:
    rows = np.zeros(len(drawn), PLAY)
    for at, (ended_at, reported_at, track_id, ms_played) in enumerate(drawn):
        row = rows[at]
        row["ended_at"], row["reported_at"], row["track_id"], row["ms_played"] = (
            ended_at,
            reported_at,
            track_id,
            ms_played,
        )
    held = rows[listening._in_order(rows)]
    names = ("ended_at", "reported_at", "track_id", "ms_played")
    assert [tuple(int(row[name]) for name in names) for row in held] == sorted(drawn)


def test_a_history_without_rows_has_an_order_too() -> None:
    assert len(listening._in_order(np.zeros(0, PLAY))) == 0
