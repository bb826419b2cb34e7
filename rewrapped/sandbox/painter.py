"""SVG as PNG, drawn in a process of its own: the library holds Python still for as long as it draws, about a second."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rewrapped.errors import DrawingFailed
from rewrapped.sandbox.room import Room

log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("brush.py")
_LONGEST_S = 30

Paint = Callable[[Mapping[str, Any]], bytes]


class Painter:
    """Draws one picture at a time for the whole process, beside everything else and after it."""

    def __init__(self, *, wait_s: float = 15) -> None:
        busy = "Many pictures are drawn just now. Please try again in a moment."
        self._room = Room(busy, at_once=1, wait_s=wait_s, waiting_each=6)
        self._desk = Room(busy, at_once=1, wait_s=wait_s, waiting_each=6)

    @contextmanager
    def turn(self, name: str) -> Iterator[Paint]:
        """Wait for one's turn under a name, and hand over what draws while it lasts.

        It takes what `resvg_py.svg_to_bytes` takes, returns a PNG, and raises DrawingFailed where it can't.

        Raises:
            TooMany: others' pictures took too long.
        """
        with self._room.taken(name):
            yield _paint

    @contextmanager
    def sketching(self, name: str) -> Iterator[None]:
        """Wait for one's turn under a name to draw an SVG in this process; a PNG that is painted keeps nobody from it.

        Raises:
            TooMany: others' drawings took too long.
        """
        with self._desk.taken(name):
            yield


def _paint(drawing: Mapping[str, Any]) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_CHILD)],
            input=json.dumps(dict(drawing)).encode(),
            capture_output=True,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            timeout=_LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DrawingFailed("This picture took too long to draw. Please try again in a moment.") from error
    if done.returncode or not done.stdout:
        log.error(
            "a picture couldn't be drawn (%d): %s", done.returncode, done.stderr[-500:].decode("utf-8", "replace")
        )
        raise DrawingFailed("This picture can't be drawn just now. Please tell the operator.")
    return done.stdout
