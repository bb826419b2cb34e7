"""Markdown of people: links to the web alone, no pictures, no HTML."""

from __future__ import annotations

import re

_CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`)", re.DOTALL)
_PICTURE = re.compile(r"!\[")
_LINK = re.compile(r"\]\((?!\s*<?https?://)", re.IGNORECASE)
_REFERENCE = re.compile(r"^([ >\t]*)\[([^\]\n]*)\]:(?!\s*<?https?://)", re.MULTILINE | re.IGNORECASE)


def safe_markdown(text: str) -> str:
    """Return Markdown in which HTML is text, pictures are links, and links lead to http and https alone."""
    whole = _REFERENCE.sub(r"\1\\[\2]:", _LINK.sub(r"]\\(", _PICTURE.sub("[", text)))
    parts = _CODE.split(whole)  # every other one is code, in which < is shown as it is
    return "".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))
