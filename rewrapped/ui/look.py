"""The site's clothes: mark, global style, and the theme's colours for what is drawn in Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from rewrapped.charts.palettes import Tokens, tokens_for

_STATIC = Path(__file__).resolve().parents[2] / "static"

#: A file of ours: a named icon would be asked for at a font service.
FAVICON = str(_STATIC / "favicon.png")


def dress() -> None:
    """Put on the global style and the mark, once in every run, before the page."""
    theme = tokens().name
    st.html(_style(theme))
    st.logo(str(_STATIC / f"logo-{theme}.svg"), size="large", icon_image=str(_STATIC / f"mark-{theme}.svg"))


def tokens() -> Tokens:
    """Return the colours of the theme this visitor sees."""
    return tokens_for(st.context.theme.type)


@cache
def _style(theme: str) -> str:
    """Return the style; dialogs and popovers are drawn beside .stApp, and learn the theme from the root."""
    css = Path(__file__).with_name("look.css").read_text("utf-8")
    return f"<style>:root {{ color-scheme: {theme}; }}\n{css}</style>"
