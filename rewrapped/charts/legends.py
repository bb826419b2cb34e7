"""Keys of colours as HTML, which wraps on a phone where a chart's own legend is cut."""

from __future__ import annotations

import html
from collections.abc import Iterable


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """Return a swatch for every (colour, text); texts are shown as they are."""
    swatches = "".join(
        f'<span><i style="background:{colour}"></i>{html.escape(text)}</span>' for colour, text in entries
    )
    return f'<div class="legend">{swatches}</div>'
