"""The part of the bench that needs a browser runs, small; how long anything takes isn't judged here."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench import clicks
from bench.screens import SCREENS


def test_a_press_on_a_filter_is_timed_on_a_page_and_beside_it() -> None:
    # in a process of its own, as the bench runs it: there is one driver of browsers to a process
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        [found] = apart.submit(clicks.run, seed=1, plays=2_000, rounds=1, screens=SCREENS[:1]).result(300)
    assert found["name"] == "click_overview"
    assert found["ratio"] > 0
