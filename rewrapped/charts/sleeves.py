"""Sleeves for music without artwork: a small picture that is always the same for the same name."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator

SIDE = 48

# Four colours that go well together: ground, two shapes, and an accent.
_SCHEMES = (
    ("#F28F29", "#1E1829", "#FFCA71", "#B94769"),
    ("#9D8CFF", "#1E1829", "#CEB6FC", "#F0607F"),
    ("#35A7B5", "#14333B", "#BCF8FE", "#FFC24B"),
    ("#F0607F", "#42255B", "#FFB3A1", "#FFC24B"),
    ("#42255B", "#F37D4B", "#982F72", "#FFEDB0"),
    ("#FFC24B", "#6A2C6C", "#F37D4B", "#261D33"),
    ("#2A6F62", "#0F2F2A", "#26E4B0", "#FFEDB0"),
    ("#B94769", "#2A1640", "#FCA54B", "#FFEDB0"),
    ("#EADCC2", "#47205E", "#EF7E4F", "#953272"),
    ("#31417F", "#151B3D", "#8FA5F2", "#FFCA71"),
)


def sleeve(name: str) -> str:
    """Return an SVG of 48 by 48 units drawn from the name's hash.

    The name itself never enters the picture, so there is nothing to escape.
    """
    digest = hashlib.sha256(name.casefold().encode("utf-8", "surrogatepass")).digest()
    ground, first, second, accent = _SCHEMES[digest[0] % len(_SCHEMES)]
    draw = _PATTERNS[digest[1] % len(_PATTERNS)]
    shapes = "".join(draw(digest[2:], (first, second, accent)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}"'
        f' aria-hidden="true" preserveAspectRatio="xMidYMid slice">'
        f'<path fill="{ground}" d="M0 0h{SIDE}v{SIDE}H0z"/>{shapes}</svg>'
    )


def art_name(name: str | None, artist: str | None) -> str:
    """Return what an item's sleeve is drawn from, so that it has the same one on every page.

    `artist` is that of a track or an album, None for an artist itself.
    """
    return " ".join(part for part in (artist, name) if part)


def sleeve_uri(name: str) -> str:
    """Return the sleeve as a `data:` address, for tables that show images."""
    return "data:image/svg+xml;base64," + base64.b64encode(sleeve(name).encode()).decode()


_Colours = tuple[str, str, str]


def _stripes(seed: bytes, colours: _Colours) -> Iterator[str]:
    tilt, step = seed[0] % 12 * 15, 6 + seed[1] % 4
    yield f'<g transform="rotate({tilt} 24 24)">'
    for row, top in enumerate(range(-24, 72, step)):
        yield f'<path fill="{colours[row % 2]}" d="M-24 {top}h96v{step / 2:g}h-96z"/>'
    yield f'</g><circle cx="{12 + seed[2] % 24}" cy="{12 + seed[3] % 24}" r="5" fill="{colours[2]}"/>'


def _blocks(seed: bytes, colours: _Colours) -> Iterator[str]:
    for cell in range(16):
        left, top = cell % 4 * 12, cell // 4 * 12
        pick = seed[cell] % 6
        if pick < 3:
            yield f'<path fill="{colours[pick]}" d="M{left} {top}h12v12h-12z"/>'
        elif pick == 3:
            yield f'<circle cx="{left + 6}" cy="{top + 6}" r="6" fill="{colours[0]}"/>'


def _sun(seed: bytes, colours: _Colours) -> Iterator[str]:
    centre, radius, tilt = 18 + seed[0] % 12, 13 + seed[1] % 6, seed[2] % 8 * 45
    yield f'<g transform="rotate({tilt} 24 24)"><circle cx="24" cy="{centre}" r="{radius}" fill="{colours[1]}"/>'
    yield f'<path fill="{colours[0]}" d="M-24 {centre + 3}h96v60h-96z"/>'
    yield f'<path fill="{colours[2]}" d="M-24 {centre + 9}h96v2h-96z"/></g>'


def _hills(seed: bytes, colours: _Colours) -> Iterator[str]:
    yield f'<circle cx="{10 + seed[3] % 28}" cy="13" r="6" fill="{colours[2]}"/>'
    for layer, colour in enumerate((colours[1], colours[0])):
        top, swing = 24 + layer * 10, 5 + seed[layer] % 9
        yield f'<path fill="{colour}" d="M0 {top}q12 {-swing} 24 0t24 0V48H0z"/>'


def _rings(seed: bytes, colours: _Colours) -> Iterator[str]:
    across, down = seed[0] % 3 * 18 + 6, seed[1] % 3 * 18 + 6
    for ring, radius in enumerate((42, 34, 26, 18, 10)):
        yield f'<circle cx="{across}" cy="{down}" r="{radius}" fill="{colours[ring % 2]}"/>'
    yield f'<circle cx="{across}" cy="{down}" r="4" fill="{colours[2]}"/>'


_PATTERNS: tuple[Callable[[bytes, _Colours], Iterator[str]], ...] = (_stripes, _blocks, _sun, _hills, _rings)
