"""What the import page says."""

from __future__ import annotations

from datetime import UTC, datetime

from rewrapped.storage.plays import Extent
from rewrapped.ui import importing


def test_a_removal_says_that_rows_held_by_other_imports_go_too() -> None:
    extent = Extent(30, datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 3, tzinfo=UTC))
    says = importing.what_would_go(extent)
    assert "30 rows would go" in says
    assert "also where another import held it too" in says
    assert "Import that one again" in says


def test_a_removal_of_nothing_says_so() -> None:
    assert "nothing would go" in importing.what_would_go(Extent(0, None, None))
