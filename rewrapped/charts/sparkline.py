"""A line small enough to stand beside a number."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 160, 36
_MOST_POINTS = 60
_DOTS_A_ROW = 14


def sparkline(values: Sequence[float]) -> str:
    """Return an SVG of the values from left (oldest) to right, its foot at zero.

    It takes its colour from the text around it (`currentColor`) and stretches
    to the width it is given. Fewer than two values, or nothing but zeros, give
    an empty string: a flat line would look like a measurement.
    """
    points = _thinned(values)
    peak = max(points, default=0.0)
    if len(points) < 2 or peak <= 0:
        return ""
    step = WIDTH / (len(points) - 1)
    spots = [f"{index * step:.1f} {HEIGHT - 2 - (HEIGHT - 5) * value / peak:.1f}" for index, value in enumerate(points)]
    line = "M" + "L".join(spots)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"'
        f' width="100%" height="{HEIGHT}" aria-hidden="true">'
        f'<path d="{line}L{WIDTH} {HEIGHT}L0 {HEIGHT}z" fill="currentColor" opacity=".16"/>'
        f'<path d="{line}" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round"'
        f' vector-effect="non-scaling-stroke"/></svg>'
    )


def _thinned(values: Sequence[float]) -> list[float]:
    """Sum neighbours until at most sixty points are left, so that a long range stays readable."""
    group = -(-len(values) // _MOST_POINTS) or 1
    whole = len(values) - len(values) % group
    offset = len(values) - whole  # an incomplete group would look like a fall, so the oldest values go
    return [float(sum(values[at : at + group])) for at in range(offset, len(values), group)]


def dots(values: Sequence[float]) -> str:
    """Return an SVG of one dot a value in rows of 14, full where it is above zero; empty for no values."""
    if not values:
        return ""
    spots = "".join(
        f'<circle cx="{index % _DOTS_A_ROW * 11.6 + 4:.1f}" cy="{index // _DOTS_A_ROW * 14 + 10}" r="4"'
        f' opacity="{1 if value > 0 else 0.2}"/>'
        for index, value in enumerate(values)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="currentColor"'
        f' preserveAspectRatio="xMinYMid meet" width="100%" height="{HEIGHT}" aria-hidden="true">{spots}</svg>'
    )
