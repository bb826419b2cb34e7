"""Small multiples: one little picture per thing, all on one scale, in a grid that fits its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from rewrapped.charts.framed import Drawing
from rewrapped.charts.lettering import Face, fitted
from rewrapped.charts.palettes import Tokens

_WIDTH, _HEIGHT = 200, 56
_ACROSS, _GAP, _ROW = 4, 28, 64  # of a sheet: pictures beside each other, and room between them

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


def areas_drawing(smalls: Sequence[Small], tokens: Tokens) -> Drawing:
    """Return what `areas` shows, to be taken away."""
    peak = max((max(small.values, default=0.0) for small in smalls), default=0.0)
    return _sheet(smalls, tokens, lambda small: _area(small, peak))


def bars_drawing(smalls: Sequence[Small], tokens: Tokens) -> Drawing:
    """Return what `bars` shows, to be taken away."""
    return _sheet(smalls, tokens, _bars)


def _sheet(smalls: Sequence[Small], tokens: Tokens, draw: Callable[[Small], str]) -> Drawing:
    parts = []
    for at, small in enumerate(smalls):
        x, y = at % _ACROSS * (_WIDTH + _GAP), at // _ACROSS * (_HEIGHT + _ROW)
        name = fitted(small.name, Face.STRONG, (15, 12), _WIDTH)
        sub = fitted(small.sub, Face.BODY, (13, 11), _WIDTH)
        parts.append(
            f'<g transform="translate({x} {y})"><text y="15" font-family="{Face.STRONG.family}" font-weight="600"'
            f' font-size="{name.size:.1f}" fill="{tokens.text}">{escape(name.text)}</text>'
            f'<text y="33" font-family="{Face.BODY.family}" font-size="{sub.size:.1f}" fill="{tokens.muted}">'
            f'{escape(sub.text)}</text><g transform="translate(0 42)">{draw(small)}</g></g>'
        )
    rows = -(-len(smalls) // _ACROSS)
    wide, high = _ACROSS * (_WIDTH + _GAP) - _GAP, rows * (_HEIGHT + _ROW) - 22
    return Drawing(f'<svg viewBox="0 0 {wide} {high}">{"".join(parts)}</svg>', wide, high)


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
