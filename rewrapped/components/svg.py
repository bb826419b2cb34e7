"""Pictures drawn by us as SVG or HTML, which `st.html` would strip.

Streamlit does not clean what is shown here. Whoever builds the string escapes
every outside name with `html.escape`; no other text may enter it.
"""

from __future__ import annotations

from rewrapped.components.packaged import mount


def svg(markup: str, *, key: str, css: str = "") -> None:
    """Show the markup, dressed by `css`; screen readers read it as it stands."""
    mount("svg", key=key, data={"markup": markup, "css": css})
