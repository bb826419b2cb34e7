"""Small multiples: one little picture per thing, all on one scale, in a grid that fits its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 200, 56

CSS = """
:host { display: block; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 16px 20px;
  grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
  font-family: var(--st-font); color: var(--st-text-color); }
li { min-width: 0; }
b, span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
b { font-weight: 600; font-size: .9375rem; }
span { font-size: .8125rem; color: color-mix(in srgb, var(--st-text-color) 72%, transparent); }
svg { display: block; width: 100%; height: 56px; margin-top: 6px; overflow: visible; }
"""


@dataclass(frozen=True, slots=True)
class Small:
    """One of the pictures: a name, a line under it, a colour (#rrggbb), and values from left to right."""

    name: str
    sub: str
    colour: str
    values: Sequence[float]


def areas(smalls: Sequence[Small], label: str) -> str:
    """Return HTML of areas over time, all of one height scale."""
    peak = max((max(small.values, default=0.0) for small in smalls), default=0.0)
    return _grid(smalls, label, lambda small: _area(small, peak))


def bars(smalls: Sequence[Small], label: str) -> str:
    """Return HTML of bars, each picture on a scale of its own."""
    return _grid(smalls, label, _bars)


def _grid(smalls: Sequence[Small], label: str, draw: Callable[[Small], str]) -> str:
    items = "".join(
        f"<li><b>{escape(small.name)}</b><span>{escape(small.sub)}</span>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">{draw(small)}</svg></li>'
        for small in smalls
    )
    return f'<ul role="list" aria-label="{escape(label)}">{items}</ul>'


def _area(small: Small, peak: float) -> str:
    if len(small.values) < 2 or peak <= 0:
        return ""
    step = _WIDTH / (len(small.values) - 1)
    points = [f"{at * step:.1f} {_HEIGHT - (_HEIGHT - 4) * value / peak:.1f}" for at, value in enumerate(small.values)]
    line = "M" + "L".join(points)
    return (
        f'<path d="{line}L{_WIDTH} {_HEIGHT}L0 {_HEIGHT}z" fill="{small.colour}" opacity=".3"/>'
        f'<path d="{line}" fill="none" stroke="{small.colour}" stroke-width="1.75" vector-effect="non-scaling-stroke"/>'
    )


def _bars(small: Small) -> str:
    peak = max(small.values, default=0.0)
    if peak <= 0:
        return ""
    step = _WIDTH / len(small.values)
    return "".join(
        f'<rect x="{at * step + 0.6:.1f}" y="{_HEIGHT - max(1.0, _HEIGHT * value / peak):.1f}"'
        f' width="{step - 1.2:.1f}" height="{max(1.0, _HEIGHT * value / peak):.1f}" rx="1.5" fill="{small.colour}"/>'
        for at, value in enumerate(small.values)
    )
