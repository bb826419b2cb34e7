"""`python -m bench [NAME...]`: measure all, or what is named; print a table and write bench/out.json.

Every module measures in a process of its own, so that the memory of one
doesn't weigh on the next. The exit code is 0 unless something couldn't be
measured: a limit that doesn't hold is said, and is no failure of the bench.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from bench import apart
from bench.apart import Result
from bench.screens import SCREENS

_OUT = Path(__file__).with_name("out.json")
#: What each module measures.
_MODULES = {
    "imports": ("import_100k", "import_1m", "history_cold_s", "import_peak_mb"),
    "insights": ("insights_geomean", "insights_slowest_geomean", "history_cached_s"),
    "pages": ("overview_cpu",),
    "growth": tuple(f"page_growth_{screen.name}" for screen in SCREENS),
    "clicks": tuple(f"click_{screen.name}" for screen in SCREENS),
}
#: Ratios may not be above these.
_LIMITS = {
    "import_100k": 3.0,
    "import_1m": 2.5,
    "insights_geomean": 0.5,
    "insights_slowest_geomean": 0.5,
    "overview_cpu": 6.0,
    **dict.fromkeys(_MODULES["growth"], 3.0),
    **dict.fromkeys(_MODULES["clicks"], 2.5),
}


def main(arguments: list[str] | None = None) -> int:
    """Measure; return 0, or 1 when something couldn't be measured."""
    known = sorted([*_MODULES, *(name for names in _MODULES.values() for name in names)])
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what has to be fast.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(known)}")
    chosen = parser.parse_args(arguments).names
    if unknown := set(chosen) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    print(_machine(), flush=True)
    started = time.monotonic()
    results, failed = _measured(chosen)
    _OUT.write_text(json.dumps(results, indent=1) + "\n")
    print(_table(results))
    print(f"{time.monotonic() - started:.0f} s; {_load()}; written to bench/{_OUT.name}")
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _measured(chosen: list[str]) -> tuple[list[Result], list[str]]:
    """Return the results, and the names of what is missing."""
    results: list[Result] = []
    missing: list[str] = []
    for module, names in _MODULES.items():
        wanted = names if not chosen or module in chosen else [name for name in names if name in chosen]
        if wanted:
            print(f"measuring {', '.join(wanted)} ...", flush=True)
            found = [result for result in apart.measured(module) if result["name"] in wanted]
            results += found
            missing += sorted(set(wanted) - {result["name"] for result in found})
    return results, missing


def _machine() -> str:
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{os.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}; {_load()}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "an unnamed processor"


def _load() -> str:
    return f"load average {os.getloadavg()[0]:.1f}"


def _table(results: list[Result]) -> str:
    rows = [("name", "figure", "limit", "", "detail"), *map(_row, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(result: Result) -> tuple[str, str, str, str, str]:
    if "value" in result:
        return result["name"], f"{result['value']:.3g}", "", "", result["unit"]
    limit = _LIMITS.get(result["name"])
    said = "" if limit is None else "holds" if result["ratio"] <= limit else "ABOVE"
    return (
        result["name"],
        f"{result['ratio']:.2f}",
        "" if limit is None else f"{limit:g}",
        said,
        _said(result["detail"]),
    )


def _said(detail: Any) -> str:
    """Return a detail in one line; of questions, the two ends."""
    if isinstance(detail, str):
        return detail
    ordered = sorted(detail, key=lambda each: float(each["ratio"]))
    ends = (f"{each['name']} {each['ratio']:.2f} ({each['ms']:.1f} ms)" for each in (ordered[0], ordered[-1]))
    return f"{len(detail)} questions, from {' to '.join(ends)}"


if __name__ == "__main__":
    sys.exit(main())
