"""Genres as circles within their families; the area of a circle is its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class Bubble:
    """One genre: the key that pressing it gives back, its name as it is shown, its minutes."""

    key: str
    name: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """A family of genres with its colour (#rrggbb)."""

    name: str
    colour: str
    genres: Sequence[Bubble]


def bubbles(families: Sequence[Cluster], *, key: str, label: str) -> str | None:
    """Show the circles; return the key of the genre that was pressed in this run. `label` is for screen readers."""
    data = {"label": label, "families": [asdict(family) for family in families]}
    state = mount("bubbles", key=key, data=data, on_picked_change=lambda: None)
    return state.picked if state.picked in {genre.key for family in families for genre in family.genres} else None
