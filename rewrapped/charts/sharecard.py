"""Cards to share: one SVG of what a time held, in three sizes, drawn to PNG with our own fonts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape

from rewrapped.charts.lettering import Face, Line, fitted
from rewrapped.charts.mark import mark
from rewrapped.charts.rings import Colourway, rings
from rewrapped.charts.sleeves import SIDE, sleeve

_UNIT = 1080  # a card's shorter side, which all measures below are made for


class Size(Enum):
    """A card's width and height in pixels."""

    STORY = (1080, 1920)
    SQUARE = (1080, 1080)
    WIDE = (1200, 630)

    @property
    def word(self) -> str:
        """Return the size as people type it."""
        return f"{self.value[0]}x{self.value[1]}"


class Layout(Enum):
    """What a card shows most of."""

    FIGURE = "One figure"
    TOPS = "Tops"
    BOTH = "Figure and tops"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of a list: a name, what is said of it, and what its sleeve is drawn from."""

    name: str
    sub: str
    art: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a bar: a name, a share (0 to 1), a colour."""

    name: str
    share: float
    colour: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. Every text is shown as it is; what doesn't fit is made smaller, then cut.

    `seed` decides the picture. `slices` may be empty.
    """

    seed: str
    eyebrow: str
    figure: str
    unit: str
    list_title: str
    ranked: Sequence[Ranked]
    slices: Sequence[Slice]
    slices_said: str
    brand: str


def svg(card: Card, size: Size, layout: Layout, colours: Colourway) -> str:
    """Return the card as an SVG."""
    wide, high = size.value
    pen = _Pen(colours, 84.0 if size is not Size.WIDE else 56.0)
    pen.width = wide
    body = "".join({Size.STORY: _story, Size.SQUARE: _square, Size.WIDE: _wide}[size](pen, card, layout))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
        f'<path fill="{colours.ground}" d="M0 0h{wide}v{high}H0z"/>{body}</svg>'
    )


@dataclass(slots=True)
class _Pen:
    colours: Colourway
    left: float
    width: float = _UNIT

    def text(self, line: Line, face: Face, at: tuple[float, float], colour: str) -> str:
        """Return one line of text, its foot at `at`."""
        x, y = at
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" font-family="{face.family}" font-weight="{face.weight}"'
            f' font-size="{line.size:.1f}" fill="{colour}">{escape(line.text)}</text>'
        )

    def shade(self, name: str, top: float, bottom: float) -> str:
        """Return a veil of the ground's colour that thickens from `top` to `bottom`, so that text can be read."""
        return (
            f'<defs><linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">'
            f'<stop offset="0" stop-color="{self.colours.ground}" stop-opacity="0"/>'
            f'<stop offset="1" stop-color="{self.colours.ground}"/></linearGradient></defs>'
            f'<path fill="url(#{name})" d="M0 {top:.0f}h{self.width:.0f}V{bottom:.0f}H0z"/>'
        )

    def curtain(self, name: str, high: float, strength: float) -> str:
        """Return a veil from the left, dense under the text and down to `strength` (0 to 1) at the right edge."""
        return (
            f'<defs><linearGradient id="{name}"><stop offset=".35" stop-color="{self.colours.ground}"/>'
            f'<stop offset="1" stop-color="{self.colours.ground}" stop-opacity="{strength}"/></linearGradient></defs>'
            f'<path fill="url(#{name})" d="M0 0h{self.width:.0f}v{high:.0f}H0z"/>'
        )


def _story(pen: _Pen, card: Card, layout: Layout) -> Iterator[str]:
    room = pen.width - 2 * pen.left
    top = {Layout.FIGURE: 1010.0, Layout.TOPS: 690.0, Layout.BOTH: 770.0}[layout]
    yield rings(card.seed, pen.colours, (800, 330), 900)
    yield pen.shade("veil", top - 500, top - 120)
    yield f'<path fill="{pen.colours.ground}" d="M0 {top - 121:.0f}h1080v1920H0z"/>'
    if layout is Layout.TOPS:
        yield from _heading(pen, card, (pen.left, top), room)
    else:
        yield from _figure(pen, card, (pen.left, top), room, 230 if layout is Layout.FIGURE else 190)
    if layout is not Layout.FIGURE:
        start, row = (top + 150, 158) if layout is Layout.TOPS else (top + 400, 118)
        yield from _list(pen, card, (pen.left, start), room, row, 5 if layout is Layout.TOPS else 4)
    yield from _bar(pen, card, (pen.left, 1690), room)
    yield from _brand(pen, card, (pen.left, 1840), 44)


def _square(pen: _Pen, card: Card, layout: Layout) -> Iterator[str]:
    yield rings(card.seed, pen.colours, (900, 190), 640)
    yield pen.shade("veil", 0, 520)
    yield f'<path fill="{pen.colours.ground}" d="M0 519h1080v561H0z"/>'
    if layout is not Layout.FIGURE:
        yield pen.curtain("curtain", 1080, 0.75)
    room = pen.width - 2 * pen.left
    if layout is Layout.FIGURE:
        yield from _figure(pen, card, (pen.left, 500), room, 200)
        yield from _bar(pen, card, (pen.left, 840), room)
    elif layout is Layout.TOPS:
        yield from _heading(pen, card, (pen.left, 210), room)
        yield from _list(pen, card, (pen.left, 320), room, 122, 5)
    else:
        yield from _figure(pen, card, (pen.left, 220), room, 150)
        yield from _list(pen, card, (pen.left, 545), room, 104, 4)
    yield from _brand(pen, card, (pen.left, 1010), 40)


def _wide(pen: _Pen, card: Card, layout: Layout) -> Iterator[str]:
    yield rings(card.seed, pen.colours, (1010, 150), 560)
    yield pen.curtain("curtain", 630, 0.45 if layout is Layout.FIGURE else 0.86)
    if layout is Layout.FIGURE:
        yield from _figure(pen, card, (pen.left, 190), 760, 170)
    elif layout is Layout.TOPS:
        yield from _heading(pen, card, (pen.left, 190), 500)
        yield from _list(pen, card, (600, 76), 540, 98, 5)
    else:
        yield from _figure(pen, card, (pen.left, 150), 480, 128)
        yield from _list(pen, card, (600, 110), 540, 98, 4)
    yield from _brand(pen, card, (pen.left, 580), 34)


def _figure(pen: _Pen, card: Card, at: tuple[float, float], room: float, large: float) -> Iterator[str]:
    x, y = at
    yield pen.text(fitted(card.eyebrow, Face.BODY, (large / 5, large / 8), room), Face.BODY, (x, y), pen.colours.muted)
    figure = fitted(card.figure, Face.DISPLAY, (large, large / 3), room)
    y += figure.size * 0.98
    yield pen.text(figure, Face.DISPLAY, (x - figure.size * 0.03, y), pen.colours.figure)
    y += large * 0.36
    yield pen.text(
        fitted(card.unit, Face.DISPLAY, (large * 0.3, large / 8), room), Face.DISPLAY, (x, y), pen.colours.text
    )


def _heading(pen: _Pen, card: Card, at: tuple[float, float], room: float) -> Iterator[str]:
    x, y = at
    yield pen.text(fitted(card.eyebrow, Face.BODY, (38, 22), room), Face.BODY, (x, y - 72), pen.colours.muted)
    yield pen.text(fitted(card.list_title, Face.DISPLAY, (76, 30), room), Face.DISPLAY, (x, y), pen.colours.figure)


def _list(pen: _Pen, card: Card, at: tuple[float, float], room: float, row: float, most: int) -> Iterator[str]:
    x, y = at
    side = row * 0.76
    for place, item in enumerate(card.ranked[:most]):
        top = y + place * row
        yield f'<svg x="{x:.1f}" y="{top:.1f}" width="{side:.1f}" height="{side:.1f}" viewBox="0 0 {SIDE} {SIDE}">'
        yield f"{_inner(sleeve(item.art))}</svg>"
        left, inner = x + side + row * 0.24, room - side - row * 0.24
        name = fitted(item.name, Face.STRONG, (row * 0.34, row * 0.22), inner)
        yield pen.text(name, Face.STRONG, (left, top + side * 0.46), pen.colours.text)
        sub = fitted(item.sub, Face.BODY, (row * 0.23, row * 0.17), inner)
        yield pen.text(sub, Face.BODY, (left, top + side * 0.86), pen.colours.muted)


def _bar(pen: _Pen, card: Card, at: tuple[float, float], room: float) -> Iterator[str]:
    if not card.slices:
        return
    x, y = at
    whole = sum(each.share for each in card.slices)
    gap = 6.0
    left = x
    for each in card.slices:
        length = max(12.0, (room - gap * (len(card.slices) - 1)) * each.share / whole)
        yield f'<rect x="{left:.1f}" y="{y:.1f}" width="{length:.1f}" height="26" rx="13" fill="{each.colour}"/>'
        left += length + gap
    said = fitted(card.slices_said, Face.BODY, (32, 22), room)
    yield pen.text(said, Face.BODY, (x, y + 70), pen.colours.muted)


def _brand(pen: _Pen, card: Card, at: tuple[float, float], size: float) -> Iterator[str]:
    x, y = at
    yield mark((x + size * 0.7, y - size * 0.32), size, pen.colours.ribbons, pen.colours.figure)
    line = fitted(card.brand, Face.DISPLAY, (size * 0.86, size * 0.5), 600)
    yield pen.text(line, Face.DISPLAY, (x + size * 1.65, y), pen.colours.text)


def _inner(picture: str) -> str:
    """Return what is within a sleeve's outer tag."""
    return picture[picture.index(">") + 1 : picture.rindex("</svg>")]
