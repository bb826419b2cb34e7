"""A module's measurements in a process of its own: `python -m bench.apart MODULE FILE` writes them as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

Result = dict[str, Any]

_CHECKOUT = Path(__file__).resolve().parent.parent
_SEED = 1


def measured(module: str) -> list[Result]:
    """Return what `bench.MODULE.run` returns; nothing when it broke, which it has then said on stderr."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
        ran = subprocess.run([sys.executable, "-m", "bench.apart", module, file.name], cwd=_CHECKOUT, check=False)
        found: list[Result] = json.load(file) if ran.returncode == 0 else []
    return found


if __name__ == "__main__":
    name, target = sys.argv[1:]
    Path(target).write_text(json.dumps(import_module(f"bench.{name}").run(seed=_SEED)))
