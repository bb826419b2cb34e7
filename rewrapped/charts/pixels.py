"""SVG of ours as PNG, with our own fonts alone."""

from __future__ import annotations

import re

import resvg_py

from rewrapped.charts.lettering import Face, font_files

_LOADS = re.compile(r"<(image|use|foreignObject|script|style)\b|<[^>]*\bhref")


def pixels(markup: str, zoom: int = 1) -> bytes:
    """Return an SVG of ours as PNG; no file and no address in it is opened.

    Raises:
        ValueError: the SVG isn't one, or names something that could be loaded.
    """
    if _LOADS.search(markup):
        raise ValueError("a picture of ours holds nothing that could be loaded")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=markup,
            zoom=zoom,
            font_files=font_files(),
            skip_system_fonts=True,
            font_family=Face.BODY.family,
            sans_serif_family=Face.BODY.family,
        )
    )
