"""SVG of ours as PNG, with our own fonts alone."""

from __future__ import annotations

import re
from typing import Any

import resvg_py

from rewrapped.charts.lettering import Face, font_files

_TAG = re.compile(r"""<([a-zA-Z][\w:.-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_LOADING = frozenset({"image", "feImage", "use", "foreignObject", "script", "style", "a"})


def drawing(markup: str, zoom: int = 1) -> dict[str, Any]:
    """Return what `resvg_py.svg_to_bytes` takes to draw an SVG of ours; no file and no address in it is opened.

    Raises:
        ValueError: the SVG names something that could be loaded.
    """
    if any(_loads(*tag) for tag in _TAG.findall(markup)):
        raise ValueError("a picture of ours holds nothing that could be loaded")
    return {
        "svg_string": markup,
        "zoom": zoom,
        "font_files": font_files(),
        "skip_system_fonts": True,
        "font_family": Face.BODY.family,
        "sans_serif_family": Face.BODY.family,
    }


def pixels(markup: str, zoom: int = 1) -> bytes:
    """Return an SVG of ours as PNG, drawn here and now: every thread waits for it, so a site asks a painter.

    Raises:
        ValueError: the SVG isn't one, or names something that could be loaded.
    """
    return bytes(resvg_py.svg_to_bytes(**drawing(markup, zoom)))


def _loads(name: str, attributes: str) -> bool:
    """Return whether a tag could load something; what its attributes say is text, whatever it looks like."""
    return name.rsplit(":", maxsplit=1)[-1] in _LOADING or "href" in _QUOTED.sub("", attributes)
