"""Charts on a page: drawn from cached specs, each with its numbers as a table and a word on what they count."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pandas as pd
import streamlit as st

from rewrapped.ui import sheet

_PADDING = {"left": 0, "right": 0, "top": 4, "bottom": 6}  # letters reach below the line


def draw(frame: pd.DataFrame, spec: dict[str, Any], *, key: str) -> None:
    """Draw a frame by a spec of `rewrapped.charts`, as wide as its place.

    Specs are cached and shared between people, so a copy is handed on. The
    spec's `description` is what a screen reader says.
    """
    own = {"background": "transparent", "padding": _PADDING, **deepcopy(spec)}  # the card shows through
    st.vega_lite_chart(frame, own, width="stretch", key=key)


def foot(table: pd.DataFrame, counts: str, *, key: str, more: tuple[str, Callable[[], None]] | None = None) -> None:
    """Close a card with three small buttons: the chart's numbers as a table and as a file, and what they count.

    `more` is one further button, and what draws what it opens.
    """
    with st.container(horizontal=True, key=f"foot_{key}"):
        with st.popover("View as table"):
            st.dataframe(table, hide_index=True, key=f"table_{key}")
        with st.popover("What this counts"):
            st.write(counts)
        if more is not None:
            with st.popover(more[0]):
                more[1]()
        st.download_button(
            "Download as CSV",
            lambda: sheet.csv(table),
            f"{key.replace('_', '-')}.csv",
            "text/csv",
            on_click="ignore",
            key=f"csv_{key}",
        )
