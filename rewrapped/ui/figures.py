"""Charts on a page: drawn from cached specs, each with its numbers, what they count, and ways to take it along."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pandas as pd
import streamlit as st

from rewrapped.charts.still import still
from rewrapped.ui import behind as plays
from rewrapped.ui import counted, seen, session, sheet, takeaway
from rewrapped.ui.behind import Behind
from rewrapped.ui.seen import Picture, Seen

_PADDING = {"left": 0, "right": 0, "top": 4, "bottom": 6}  # letters reach below the line


def head(title: str, said: str, html: str = "", *, hint: str = "") -> None:
    """Begin a card with its title, in Markdown, and what it shows; `html`, ours alone, stands in place of the second.

    A file of the chart that follows says the same, without the `hint` at what can be done with it on the page.
    """
    st.subheader(title, anchor=False)
    if html:
        st.html(html)
    elif said:
        st.caption(f"{said} {hint}".strip())
    if (page := seen.current()) is not None:
        page.card.title, page.card.said, page.card.picture = title, said, None


def draw(frame: pd.DataFrame, spec: dict[str, Any], *, key: str, colours: list[tuple[str, str]] | None = None) -> None:
    """Draw a frame by a spec of `rewrapped.charts`, as wide as its place.

    Specs are cached and shared between people, so a copy is handed on. The
    spec's `description` is what a screen reader says. `colours` are what a key
    beside the chart says, for a file of it.
    """
    own = {"background": "transparent", "padding": _PADDING, **deepcopy(spec)}  # the card shows through
    st.vega_lite_chart(frame, own, width="stretch", key=key)
    picture(Picture(lambda tokens: still(frame, spec, tokens), colours or ()))


def picture(shown: Picture) -> None:
    """Remember what the next foot offers as a file, for what isn't drawn by `draw`."""
    if (page := seen.current()) is not None:
        page.card.picture = shown


def foot(
    table: pd.DataFrame,
    counts: str,
    *,
    key: str,
    more: tuple[str, Callable[[], None]] | None = None,
    behind: Behind | None = None,
) -> None:
    """Close a card with small buttons: its numbers as a table, the plays behind them, what they count, files to take.

    `more` is one further button, and what draws what it opens. `behind` says
    which rows of the page's view were counted, all of its plays unless given.
    Nothing is worked out for what isn't open.
    """
    page, behind = seen.current(), behind or Behind()
    with st.container(horizontal=True, key=f"foot_{key}"):
        _box("View as table", f"table_of_{key}", lambda: st.dataframe(table, hide_index=True, key=f"table_{key}"))
        is_asked = page is not None and st.button("Plays behind it", key=f"behind_{key}")
        _box("What this counts", f"counts_of_{key}", lambda: _tell(page, behind, counts))
        if page is None:
            _download(table, key)
        else:
            _box("Take it away", f"take_{key}", lambda: _take_away(page, table, behind, key))
        if more is not None:
            _box(more[0], f"more_of_{key}", more[1])
    if page is not None:
        done = page.end_card()
        if is_asked:
            plays.show(page, behind, done.title, key)


def _box(label: str, key: str, draw: Callable[[], Any]) -> None:
    """Show a button that opens a small box; what stands in it is drawn while it is open."""
    box = st.popover(label, key=key, on_change="rerun")
    if box.open:
        with box:
            draw()


def _tell(page: Seen | None, behind: Behind, counts: str) -> None:
    st.write(counts)
    if page is None:
        return
    for side in behind.sides_of(page):
        if side.name:
            st.write(f"**{side.name}**")
        st.markdown(counted.told(page, side.filter, side.said))


def _take_away(page: Seen, table: pd.DataFrame, behind: Behind, key: str) -> None:
    st.caption("Download as")
    with st.container(horizontal=True, key=f"take_row_{key}"):
        _download(table, key, "CSV")
        takeaway.files(page, key)
    takeaway.question(page, behind)


def _download(table: pd.DataFrame, key: str, label: str = "Download as CSV") -> None:
    st.download_button(
        label,
        session.when_pressed(lambda _: sheet.csv(table)),
        f"{takeaway.file_name(key)}.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv_{key}",
    )
