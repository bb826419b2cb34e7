"""How the preferences page says what is stored."""

from __future__ import annotations

import pytest

from rewrapped.services.preferences import SourceRows
from rewrapped.ui import choosing


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (SourceRows(), "nothing stored yet"),
        (SourceRows(own=15_242), "15,242 rows stored"),
        (SourceRows(behind=1), "1 row stored, told better by another source"),
        (SourceRows(own=1, behind=1_200), "1 row stored, and 1,200 more told better by another source"),
    ],
)
def test_rows_that_stand_behind_a_better_source_are_stored_and_told_apart(rows: SourceRows, said: str) -> None:
    assert choosing.what_is_stored(rows) == said
