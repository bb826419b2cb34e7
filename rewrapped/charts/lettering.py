"""Text in pictures that nothing wraps: how wide it is, what fits, and which letters can be drawn at all.

The fonts lie beside this module: ours for Latin, and Noto for other writing.
A picture asks for a face by name; letters that it lacks are drawn from Noto.
Names in emoji or in rare writing keep what can be drawn of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

_FONTS = Path(__file__).with_name("fonts")
_OTHER_WRITING = (
    *("noto-sans", "noto-sans-cjk", "noto-sans-arabic", "noto-sans-hebrew", "noto-sans-thai", "noto-sans-devanagari"),
    *("noto-sans-armenian", "noto-sans-georgian", "noto-sans-tamil", "noto-sans-bengali"),
)


class Face(Enum):
    """A face as SVG names it: family and weight."""

    DISPLAY = ("Bricolage Grotesque", 700, ("bricolage-700-latin", "bricolage-700-latin-ext"))
    BODY = ("Hanken Grotesk", 400, ("hanken-400-latin", "hanken-400-latin-ext"))
    STRONG = ("Hanken Grotesk", 600, ("hanken-600-latin", "hanken-600-latin-ext"))

    @property
    def family(self) -> str:
        """Return the family's name."""
        return self.value[0]

    @property
    def weight(self) -> int:
        """Return the weight, 400 or more."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Line:
    """Text that fits where it was fitted for, at a size in pixels."""

    text: str
    size: float


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """The width of every letter that a face and those behind it have, in parts of the size."""

    widths: Mapping[int, float]


def font_files() -> list[str]:
    """Return the paths of all fonts, those of ours first."""
    names = [name for face in Face for name in face.value[2]] + list(_OTHER_WRITING)
    return [str(_path(name)) for name in dict.fromkeys(names)]


def fonts_folder() -> str:
    """Return the folder all of them lie in."""
    return str(_FONTS)


def drawable(text: str) -> str:
    """Return one line of a text without the letters that no font has."""
    known = _glyphs(Face.BODY).widths
    return " ".join("".join(letter for letter in text if ord(letter) in known or letter.isspace()).split())


def width(text: str, face: Face, size: float) -> float:
    """Return how wide a text is in pixels, a little too much where letters are kerned or joined."""
    known = _glyphs(face).widths
    return size * sum(known.get(ord(letter), 0.6) for letter in text)


def fitted(text: str, face: Face, sizes: tuple[float, float], room: float) -> Line:
    """Return a text as large as it fits in one line of `room` pixels; below the least of the two sizes it is cut."""
    largest, least = sizes
    shown = drawable(text)
    needed = width(shown, face, 1.0)
    size = largest if needed * largest <= room else max(least, room / needed)
    return Line(_cut(shown, face, size, room), size)


def _cut(text: str, face: Face, size: float, room: float) -> str:
    if width(text, face, size) <= room + 0.01:
        return text
    letters = list(text)
    while letters and width("".join(letters) + "…", face, size) > room:
        letters.pop()
    return "".join(letters).rstrip() + "…"


@cache
def _glyphs(face: Face) -> _Glyphs:
    widths: dict[int, float] = {}
    for name in (*face.value[2], *_OTHER_WRITING):
        for letter, advance in _advances(name).items():
            widths.setdefault(letter, advance)
    return _Glyphs(widths)


@cache
def _advances(name: str) -> Mapping[int, float]:
    with TTFont(_path(name), lazy=True) as font:
        units, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        return {letter: metrics[glyph][0] / units for letter, glyph in font.getBestCmap().items()}


def _path(name: str) -> Path:
    return next(_FONTS.glob(f"{name}.[to]tf"))
