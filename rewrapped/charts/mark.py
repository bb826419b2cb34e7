"""The site's mark as SVG: two open rings around a point."""

from __future__ import annotations

from collections.abc import Sequence


def mark(centre: tuple[float, float], size: float, ribbons: Sequence[str], point: str) -> str:
    """Return the mark around a centre, `size` a little less than its width; colours are `#rrggbb`."""
    x, y = centre
    found = []
    for reach, colour in zip((0.62, 0.38), ribbons, strict=False):
        radius = size * reach
        found.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="none" stroke="{colour}"'
            f' stroke-width="{size * 0.15:.1f}" stroke-linecap="round" stroke-dasharray="{radius * 4.9:.1f} 999"'
            f' transform="rotate({-40 - 90 * reach:.0f} {x:.1f} {y:.1f})"/>'
        )
    return "".join(found) + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size * 0.14:.1f}" fill="{point}"/>'
