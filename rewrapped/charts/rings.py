"""The ribbons of our mark, grown to a picture: open rings around a point, always the same for the same seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colourway:
    """The colours of a card or a slide: ground, ribbons, and what is written on it (`#rrggbb`)."""

    name: str
    ground: str
    ribbons: tuple[str, ...]
    text: str
    muted: str
    figure: str


COLOURWAYS = (
    Colourway(
        *("Afterglow", "#1B1029", ("#FFC24B", "#F37D4B", "#B94769", "#6A2C6C"), "#F4EEE6", "#CDBFD8", "#FFEDB0"),
    ),
    Colourway(
        *("Violet", "#120E22", ("#CEB6FC", "#9D8CFF", "#5B45D6", "#3A2C8F"), "#F4EEE6", "#C3BADB", "#E4D8FF"),
    ),
    Colourway(
        *("Tide", "#062F38", ("#BCF8FE", "#26E4B0", "#35A7B5", "#1D6470"), "#EFFBFA", "#AFD3D4", "#D9FFF4"),
    ),
    Colourway(
        *("Paper", "#FBF3E4", ("#B4520A", "#C2264F", "#E9A03B", "#F2CFA0"), "#211A2B", "#655A72", "#8A2E00"),
    ),
)


def colourway(name: str) -> Colourway:
    """Return the colours of this name, the first for one that isn't known."""
    return next((each for each in COLOURWAYS if each.name == name), COLOURWAYS[0])


def rings(seed: str, colours: Colourway, centre: tuple[float, float], reach: float) -> str:
    """Return the ribbons as SVG paths, from the centre out to `reach` pixels."""
    noise = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()
    return "".join(_ribbons(noise, colours.ribbons, centre, reach))


def _ribbons(noise: bytes, colours: tuple[str, ...], centre: tuple[float, float], reach: float) -> Iterator[str]:
    step = max(reach / 11, 12.0)
    count = int(reach / step)
    for ring in range(1, count + 1):
        radius = ring * step
        open_at = noise[ring % 32] / 255 * math.tau
        gap = (0.16 + noise[(ring + 9) % 32] / 255 * 0.42) * math.tau / math.sqrt(ring)
        colour = colours[(ring + noise[0]) % len(colours)]
        start, end = open_at + gap / 2, open_at + math.tau - gap / 2
        yield _arc(centre, radius, (start, end), colour, step * 0.62)


def _arc(centre: tuple[float, float], radius: float, angles: tuple[float, float], colour: str, width: float) -> str:
    (x, y), (start, end) = centre, angles
    far = int(end - start > math.pi)
    one = x + radius * math.cos(start), y + radius * math.sin(start)
    other = x + radius * math.cos(end), y + radius * math.sin(end)
    return (
        f'<path d="M{one[0]:.1f} {one[1]:.1f}A{radius:.1f} {radius:.1f} 0 {far} 1 {other[0]:.1f} {other[1]:.1f}"'
        f' fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round"/>'
    )
