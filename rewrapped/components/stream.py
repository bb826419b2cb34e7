"""A stream of bands over time, its baseline moved so that the bands wiggle least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class Band:
    """One band: its name, colour (#rrggbb), and a value for every moment.

    `key` is what pressing it gives back; a band without one can't be pressed.
    Names are shown as they are, never read as markup.
    """

    key: str
    name: str
    colour: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of a stream: what each is called in full, and short words under some of them, by position."""

    said: Sequence[str]
    ticks: Sequence[tuple[int, str]]


def stream(bands: Sequence[Band], moments: Moments, *, key: str, label: str, is_share: bool) -> str | None:
    """Show the bands (minutes; told as shares of the moment if `is_share`); return the key of one that was pressed.

    `label` is for screen readers.
    """
    data = {
        "label": label,
        "starts": list(range(len(moments.said))),
        "said": list(moments.said),
        "ticks": [list(tick) for tick in moments.ticks],
        "is_share": is_share,
        "bands": [{**asdict(band), "values": [round(value, 4) for value in band.values]} for band in bands],
    }
    state = mount("stream", key=key, data=data, on_picked_change=lambda: None)
    return state.picked if state.picked in {band.key for band in bands if band.key} else None
