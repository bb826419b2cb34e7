"""Tiles for the few numbers that matter: value, change, a small line, and what the number counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class Tile:
    """One number. `change` always names its base ("+25 % on the 4 weeks before"), or is empty.

    `trend` colours the change: `up`, `down`, or empty for "neither good nor
    bad". `line` is an SVG of ours (charts.sparkline) or empty; `line_says`
    tells what it shows. `counts` says what the number counts.
    """

    label: str
    value: str
    counts: str
    change: str = ""
    trend: Literal["up", "down", ""] = ""
    line: str = ""
    line_says: str = ""


def tiles(shown: Sequence[Tile], *, key: str) -> None:
    """Show the tiles in one row, two rows of two where there is less room."""
    mount("tiles", key=key, data={"tiles": [asdict(tile) for tile in shown]})
