"""Short ways through many keys, against sorting them all: with few seats and little room, so that both run out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.history import insistence

KEYS = st.lists(st.integers(0, 60), min_size=1, max_size=80)


@pytest.fixture(autouse=True, scope="module")
def _crowded() -> Iterator[None]:
    """Let keys meet on their seats, and some of their lists be too long to tick off."""
    patch = pytest.MonkeyPatch()
    patch.setattr(insistence, "_SEATS", 4)
    patch.setattr(insistence, "_ROOM_A_KEY", 2)
    yield
    patch.undo()


@given(KEYS)
def test_the_most_frequent_key_is_the_largest_of_equally_frequent_ones(keys: list[int]) -> None:
    frequent = max(Counter(keys).items(), key=lambda each: (each[1], each[0]))
    assert insistence._most_frequent(np.array(keys, np.int64)) == frequent


@given(KEYS)
def test_different_keys_come_in_order_whether_ticked_off_or_sorted(keys: list[int]) -> None:
    assert insistence._different(np.array(keys, np.int64)).tolist() == sorted(set(keys))
