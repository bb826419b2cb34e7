"""The bar above an open notebook: back, save, rename, copy, delete, take away, and what the table holds."""

from __future__ import annotations

from html import escape

import streamlit as st

from rewrapped.domain.access import Visitor
from rewrapped.domain.notebooks import CELLS_MAX, TITLE_MAX, CellKind
from rewrapped.domain.plays import Filter, PlayRule
from rewrapped.history.table import DICTIONARY
from rewrapped.services import ipynb
from rewrapped.ui import notebook, session
from rewrapped.ui.notebook import Draft


def show(draft: Draft, visitor: Visitor) -> None:
    """Show what can be done with the whole notebook."""
    with st.container(horizontal=True, vertical_alignment="center", key="foot_notebook"):
        st.button("All notebooks", icon=":material/arrow_back:", on_click=notebook.close)
        if not visitor.read_only:
            changed = draft.is_changed or draft.id is None
            st.button(
                "Save" if changed else "Saved",
                icon=":material/save:" if changed else ":material/check:",
                disabled=not changed,
                on_click=notebook.save,
                args=(draft,),
            )
        with st.popover("Rename", icon=":material/edit:"), st.form(f"rename_{draft.serial}", border=False):
            title = st.text_input("Title", draft.notebook.title, max_chars=TITLE_MAX)
            if st.form_submit_button("Rename it"):
                notebook.rename(draft, title)
                st.rerun()
        if draft.id is not None:
            st.button("Duplicate", icon=":material/content_copy:", on_click=notebook.duplicate, args=(draft.id,))
            with st.popover("Delete", icon=":material/delete:"):
                st.write("The notebook goes at once. Your plays stay.")
                st.button("Delete it", on_click=notebook.delete, args=(draft.id,))
        dictionary()


def dictionary() -> None:
    """Show the columns of the table, on request."""
    with st.popover("Columns of plays", icon=":material/table:"):
        rows = "".join(
            f"<dt><code>{escape(each.name)}</code> <span>{escape(each.type)}</span></dt><dd>{escape(each.says)}</dd>"
            for each in DICTIONARY
        )
        region = 'class="rw-dictionary" tabindex="0" role="region" aria-label="Columns of plays"'
        st.html(f"<div {region}><dl>{rows}</dl></div>")


def take_away(draft: Draft, chosen: Filter, rule: PlayRule) -> None:
    """Offer the notebook as a file, made when it is asked for."""
    shown = draft.notebook

    def packed(visitor: Visitor) -> bytes:
        return ipynb.archive(session.deps(), visitor, shown, chosen, rule)

    st.download_button(
        "Download notebook and data",
        session.when_pressed(packed),
        f"{ipynb.file_name(shown)}.zip",
        "application/zip",
        icon=":material/download:",
        on_click="ignore",
        help="A ZIP with the .ipynb and the filtered plays as Parquet; it runs with duckdb, pandas and altair.",
    )


def show_end(draft: Draft, visitor: Visitor, chosen: Filter, rule: PlayRule) -> None:
    """Show what comes after the last cell: more cells, and the way to take it all away."""
    with st.container(horizontal=True, key="notebook_end"):
        if len(draft.notebook.cells) < CELLS_MAX:
            for kind, label in ((CellKind.SQL, "Add SQL"), (CellKind.CHART, "Add chart"), (CellKind.TEXT, "Add text")):
                st.button(label, icon=":material/add:", on_click=notebook.add_cell, args=(draft, kind))
        take_away(draft, chosen, rule)
    if visitor.read_only:
        st.caption("This is sample data: change and run what you like. Saving needs an account of your own.")
