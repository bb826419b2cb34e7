"""Pictures to take away: a drawing on a ground of its own, with a title above it and the site's name below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from rewrapped.charts.lettering import Face, Line, fitted, width
from rewrapped.charts.mark import mark
from rewrapped.charts.palettes import Tokens

_EDGE = 36.0
_TITLE, _SAID, _KEY, _NAME = (30.0, 17.0), (16.0, 11.0), 14.0, 15.0
_KEY_LINE = 24.0
_LEAST = 560.0  # pixels of width: a title wants room whatever is drawn
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what a file of XML can't hold


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of ours as one `<svg>` element, and its size in pixels."""

    markup: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written around a drawing; every text is shown as it is. `key` has (colour, text) pairs."""

    title: str
    said: str
    name: str
    key: Sequence[tuple[str, str]] = ()


def framed(drawing: Drawing, labels: Labels, tokens: Tokens) -> str:
    """Return the drawing as an SVG file with its labels, on the ground of a theme."""
    room = max(drawing.width, _LEAST)
    wide = room + 2 * _EDGE
    parts, foot = [], _EDGE
    for line, face, colour in _heads(labels, tokens, room):
        foot += line.size * 1.2
        parts.append(_text(line, face, (_EDGE, foot), colour))
        foot += line.size * 0.35
    rows = list(_rows(labels.key, room))
    for row in rows:
        foot += _KEY_LINE
        parts += [
            _swatch(x, foot, colour) + _text(line, Face.BODY, (x + 20, foot), tokens.muted) for x, colour, line in row
        ]
    foot += 18
    parts.append(_placed(drawing, _EDGE + (room - drawing.width) / 2, foot))
    foot += drawing.height + 42
    parts.append(mark((_EDGE + 10, foot - 5), 14, (tokens.primary, tokens.categorical[2]), tokens.text))
    parts.append(_text(Line(labels.name, _NAME), Face.DISPLAY, (_EDGE + 28, foot), tokens.muted))
    high = foot + 24
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" '
        f'height="{high:.0f}"><title>{escape(labels.title)}</title>'
        f'<path fill="{tokens.card}" d="M0 0h{wide:.0f}v{high:.0f}H0z"/>{"".join(parts)}</svg>'
    )
    return _NO_XML.sub("", whole)


def _heads(labels: Labels, tokens: Tokens, room: float) -> Iterator[tuple[Line, Face, str]]:
    yield fitted(labels.title, Face.DISPLAY, _TITLE, room), Face.DISPLAY, tokens.text
    if labels.said:
        yield fitted(labels.said, Face.BODY, _SAID, room), Face.BODY, tokens.muted


def _rows(key: Sequence[tuple[str, str]], room: float) -> Iterator[list[tuple[float, str, Line]]]:
    """Return a key's entries in lines, each with where it begins."""
    row: list[tuple[float, str, Line]] = []
    x = 0.0
    for colour, text in key:
        line = fitted(text, Face.BODY, (_KEY, _KEY), room - 20)
        needed = 20 + width(line.text, Face.BODY, _KEY) + 18
        if row and x + needed - 18 > room:
            yield row
            row, x = [], 0.0
        row.append((_EDGE + x, colour, line))
        x += needed
    if row:
        yield row


def _swatch(x: float, foot: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{foot - 11:.1f}" width="13" height="13" rx="4" fill="{escape(colour)}"/>'


def _text(line: Line, face: Face, at: tuple[float, float], colour: str) -> str:
    x, y = at
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{face.family}, sans-serif" font-weight="{face.weight}"'
        f' font-size="{line.size:.1f}" fill="{colour}">{escape(line.text)}</text>'
    )


def _placed(drawing: Drawing, x: float, y: float) -> str:
    """Return the drawing at its place: an `<svg>` within the `<svg>`."""
    inner = re.sub(r"^<svg\b([^>]*)>", lambda tag: f"<svg{_bare(tag[1])}>", drawing.markup.strip(), count=1)
    return inner.replace(
        "<svg", f'<svg x="{x:.1f}" y="{y:.1f}" width="{drawing.width:.0f}" height="{drawing.height:.0f}"', 1
    )


def _bare(attributes: str) -> str:
    """Return an opening tag's attributes without those of its place."""
    return re.sub(r'\s(?:x|y|width|height)="[^"]*"', "", attributes)
