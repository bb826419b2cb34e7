"""Pictures drawn by us as SVG or HTML, which `st.html` would strip.

Streamlit does not clean what is shown here. Whoever builds the string escapes
every outside name with `html.escape`; no other text may enter it.
"""

from __future__ import annotations

from rewrapped.components.packaged import mount


def svg(markup: str, *, key: str, label: str = "", css: str = "") -> None:
    """Show the markup; with a `label` it is one picture with that name, without it reads as it stands."""
    mount("svg", key=key, data={"markup": markup, "label": label, "css": css})
