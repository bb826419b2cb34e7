"""A picture that another component drew in the browser, as a file made there too."""

from __future__ import annotations

from rewrapped.charts.framed import Labels
from rewrapped.charts.lettering import Face
from rewrapped.charts.palettes import Tokens
from rewrapped.components.packaged import mount

_FONTS = "/app/static/fonts"
_FACES = ((Face.DISPLAY, "bricolage-grotesque"), (Face.BODY, "hanken-grotesk"))


def take(drawn_by: str, labels: Labels, tokens: Tokens, *, file_name: str, key: str) -> None:
    """Show two buttons that download what the component with the key `drawn_by` shows, as PNG and as SVG.

    Labels are shown as they are, never read as markup. The fonts go into the
    file, so it looks the same elsewhere.
    """
    data = {
        "drawn_by": drawn_by,
        "file_name": file_name,
        "title": labels.title,
        "said": labels.said,
        "name": labels.name,
        "colours": {
            "ground": tokens.card,
            "text": tokens.text,
            "muted": tokens.muted,
            "rings": [tokens.primary, tokens.categorical[2]],
        },
        "fonts": [
            {"family": face.family, "address": f"{_FONTS}/{file}-{script}-wght-normal.woff2", "script": script}
            for face, file in _FACES
            for script in ("latin", "latin-ext")
        ],
    }
    mount("take", key=key, data=data)
