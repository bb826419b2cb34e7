"""How much memory an import takes: asked of a process of its own, which imported a little before.

Run as a program it is that process: `python -m bench.peak SMALL.zip BIG.zip`,
with the servers' addresses in the environment. It prints two numbers, MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.exports import write_big_export
from bench.ground import Ground, joined

_CHECKOUT = Path(__file__).resolve().parent.parent
_STATUS = Path("/proc/self/status")


def measured(held: Ground, path: Path, rows: int) -> dict[str, Any]:
    """Return `import_peak_mb`: the highest resident memory of an import, above the same worker's when idle."""
    small = write_big_export(held.folder / "small.zip", 5_000, seed=99)
    addresses = {"DATABASE_URL": held.database_url, "REDIS_URL": held.redis_url}
    ran = subprocess.run(
        [sys.executable, "-m", "bench.peak", str(small), str(path)],
        cwd=_CHECKOUT,
        env=os.environ | addresses,
        stdout=subprocess.PIPE,
        check=True,
    )
    idle, peak = map(float, ran.stdout.split())
    unit = f"MB above the {idle:.0f} MB of an idle worker, for {rows:,} rows"
    return {"name": "import_peak_mb", "value": round(peak - idle), "unit": unit}


def _main(small: Path, big: Path) -> None:
    from bench.imports import import_file  # it imports this module

    with joined(big.parent, os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) as held:
        import_file(held.deps, small)
        idle = _megabytes("VmRSS")
        import_file(held.deps, big)
        print(idle, _megabytes("VmHWM"))


def _megabytes(name: str) -> float:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"{_STATUS} doesn't tell {name}")


if __name__ == "__main__":
    _main(*map(Path, sys.argv[1:]))
