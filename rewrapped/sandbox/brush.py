"""The program that draws one picture: what `resvg_py.svg_to_bytes` takes comes in as JSON, a PNG goes out.

Started by file name in Python's isolated mode with an empty environment, it imports nothing of ours, lets everybody
else have the processor first, and may not run on for ever.
"""

from __future__ import annotations

import json
import os
import resource
import sys

import resvg_py

_SECONDS, _BYTES = 20, 1 << 30


def main() -> None:
    """Draw what comes in, and end."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    drawing = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(bytes(resvg_py.svg_to_bytes(**drawing)))


if __name__ == "__main__":
    main()
