"""What each listening page costs the server at a million plays, beside the same page at ten thousand.

Two people of one site ask for every page in turn, over the real websocket. Each
run has a filter that nobody asked for before, so nothing is there for it; what
a page may have kept is only what no filter changes. Session check, menu and
the collecting of garbage are part of both.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import tee
from typing import Any

from bench.ground import ground
from bench.listeners import add_listener, most_played_artist, signed_in
from bench.screens import SCREENS, Screen, new_filters
from bench.site import Site, cpu_s_per_run, site, tab

_SIZES = (10_000, 1_000_000)
_RUNS = 10  # of a block: CPU time is told in hundredths of a second
_BLOCKS = 5
_WARM_UP = 3


def run(
    seed: int,
    *,
    sizes: tuple[int, int] = _SIZES,
    runs: int = _RUNS,
    blocks: int = _BLOCKS,
    screens: tuple[Screen, ...] = SCREENS,
) -> list[dict[str, Any]]:
    """Return `page_growth_SCREEN` of every screen: CPU of a run for the larger listener over that for the smaller."""
    with ground() as held:
        people = [add_listener(held.deps, size, seed) for size in sizes]
        tokens = [signed_in(held.deps, user_id) for user_id in people]
        artist = most_played_artist(held.deps, people[0])
        with site(held) as served:
            return [
                _compare(served, screen, tokens, _addresses(screen, artist, seed), (runs, blocks)) for screen in screens
            ]


def _addresses(screen: Screen, artist_id: int, seed: int) -> Iterator[str]:
    return (screen.address(artist_id, chosen) for chosen in new_filters(seed))


def _compare(
    served: Site, screen: Screen, tokens: list[str], addresses: Iterator[str], measured: tuple[int, int]
) -> dict[str, Any]:
    runs, blocks = measured
    with ExitStack() as stack:
        small, large = (stack.enter_context(tab(served, screen.page, token)) for token in tokens)
        both = list(zip((small, large), tee(addresses), strict=True))  # the same filters for both
        for opened, queries in both:
            cpu_s_per_run(served, opened, queries, _WARM_UP)
        pairs = [tuple(cpu_s_per_run(served, opened, queries, runs) for opened, queries in both) for _ in range(blocks)]
    ratio = statistics.median(large_s / small_s for small_s, large_s in pairs)
    small_ms, large_ms = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    detail = f"{large_ms:.0f} ms of CPU a run against {small_ms:.0f} ms, {blocks} x {runs} runs"
    return {"name": f"page_growth_{screen.name}", "ratio": round(ratio, 2), "detail": detail}


if __name__ == "__main__":
    for result in run(1):
        print(result, flush=True)
