"""A line small enough to stand beside a number."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH, HEIGHT = 160, 36
_MOST_POINTS = 60


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
