"""What an Overview costs the server, in CPU time, beside a page with nothing on it.

Both pages are runs of one server process, asked for in turn over the real
websocket: session check, menu, style and message handling are in both. The
overview shows the sample listener, under another filter with every run, so
that nothing is won by remembering the last answer.
"""

from __future__ import annotations

import statistics
from itertools import cycle
from typing import Any

from bench.ground import Ground, ground
from bench.site import cpu_s_per_run, site, tab
from rewrapped.demo.fill import ensure_sample_listener
from rewrapped.services import sessions

_EMPTY = "terms"  # the page whose file is emptied
_CHART = "vega_lite_chart"
_RUNS = 24  # of a block: CPU time is told in hundredths of a second, so many runs are measured at once
_BLOCKS = 7
_WARM_UP = 12
_FILTERS = (
    *("range=12m", "range=all", "range=6m", "range=this_year", "range=3m", "range=4w"),
    *("range=12m&weekdays=5,6", "range=all&hours=18,19,20,21", "range=all&kinds=track,episode", "range=12m&shuffle=no"),
)


def run(seed: int, *, runs: int = _RUNS, blocks: int = _BLOCKS) -> list[dict[str, Any]]:
    """Return `overview_cpu`: CPU of an Overview run over CPU of an empty page's run.

    The sample listener is what it is: `seed` changes nothing.
    """
    del seed
    with ground() as held:
        ensure_sample_listener(held.deps)
        return [_compare(held, runs, blocks)]


def _compare(held: Ground, runs: int, blocks: int) -> dict[str, Any]:
    token = sessions.start_demo(held.deps)
    with (
        site(held, **{_EMPTY: '"""Nothing."""\n'}) as served,
        tab(served, "overview", token) as overview,
        tab(served, _EMPTY, token) as empty,
    ):
        filters = cycle(_FILTERS)
        for page in (overview, empty):
            cpu_s_per_run(served, page, filters, _WARM_UP)
        if _CHART not in overview.drawn or _CHART in empty.drawn:
            raise SystemExit("the overview draws no chart, or the empty page one")
        pairs = [tuple(cpu_s_per_run(served, page, filters, runs) for page in (overview, empty)) for _ in range(blocks)]
        kilobytes = overview.received_bytes / 1024
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    detail = f"{ours:.1f} ms of CPU a run against {theirs:.1f} ms, {blocks} x {runs} runs; {kilobytes:.0f} KB sent"
    return {"name": "overview_cpu", "ratio": round(ratio, 2), "detail": detail}


if __name__ == "__main__":
    print(run(1))
