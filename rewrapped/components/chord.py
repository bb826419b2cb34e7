"""A ring of things tied by what they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class Tied:
    """One thing on the ring: its name as it is shown, its colour (#rrggbb), and the minutes it shares with each other.

    `key` is what pressing it gives back.
    """

    key: str
    name: str
    colour: str
    minutes: Sequence[float]


def chord(ring: Sequence[Tied], *, key: str, label: str) -> str | None:
    """Show the ring; return the key of what was pressed in this run. `label` is for screen readers."""
    data = {
        "label": label,
        "names": [each.name for each in ring],
        "keys": [each.key for each in ring],
        "colours": [each.colour for each in ring],
        "matrix": [[round(value, 3) for value in each.minutes] for each in ring],
    }
    state = mount("chord", key=key, data=data, on_picked_change=lambda: None)
    return state.picked if state.picked in {each.key for each in ring} else None
