"""The part of the bench that needs a browser runs, small; how long anything takes isn't judged here."""

from __future__ import annotations

from bench import clicks
from bench.screens import SCREENS


def test_a_press_on_a_filter_is_timed_on_a_page_and_beside_it() -> None:
    [found] = clicks.run(seed=1, plays=2_000, rounds=1, screens=SCREENS[:1])
    assert found["name"] == "click_overview"
    assert found["ratio"] > 0
