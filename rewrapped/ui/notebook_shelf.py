"""The shelf: a person's notebooks, and those to begin with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from rewrapped.domain.access import Visitor
from rewrapped.domain.templates import TEMPLATES
from rewrapped.services import notebooks
from rewrapped.services.notebooks import Listed
from rewrapped.ui import notebook, session
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.wording import moment, plain

_COLUMNS = 3


def show(visitor: Visitor, head: Any, now: datetime) -> None:
    """Show the shelf; `now` is the listener's own moment."""
    with head:
        st.title("Ask your own questions", anchor=False)
        st.caption(
            "SQL, charts and notes over every play of yours. Take any notebook away as a file that runs elsewhere."
        )
    notebook.tell()
    with st.container(horizontal=True, key="shelf"):
        new = {"template": "new"}
        st.button("New notebook", type="primary", icon=":material/add:", on_click=notebook.go_to, args=(new,))
        for draft in notebook.unsaved():
            said = f"Back to {plain(draft.notebook.title)}, not saved"
            key = f"back_{draft.serial}"
            st.button(said, key=key, icon=":material/edit:", on_click=notebook.go_to, args=(draft.address,))
    if not visitor.read_only:
        with explain_errors():
            _own(notebooks.list_notebooks(session.deps(), visitor), now)
    st.header("Begin with a question", anchor=False)
    for start in range(0, len(TEMPLATES), _COLUMNS):
        for column, template in zip(st.columns(_COLUMNS), TEMPLATES[start : start + _COLUMNS], strict=False):
            with column, st.container(key=f"card_point_{template.key}", height="stretch"):
                st.subheader(template.notebook.title, anchor=False)
                st.write(template.says)
                with st.container(key=f"foot_{template.key}"):
                    label = f"Open {template.notebook.title}"
                    st.button(
                        label, key=f"open_{template.key}", on_click=notebook.go_to, args=({"template": template.key},)
                    )


def _own(listed: list[Listed], now: datetime) -> None:
    if not listed:
        return
    st.header("Yours", anchor=False)
    with st.container(key="card_own"):
        for each in listed:
            with st.container(horizontal=True, vertical_alignment="center", key=f"own_{each.id}"):
                st.button(
                    plain(each.title),
                    key=f"own_open_{each.id}",
                    type="tertiary",
                    icon=":material/code_blocks:",
                    on_click=notebook.go_to,
                    args=({"notebook": str(each.id)},),
                )
                changed = moment(each.updated_at.astimezone(now.tzinfo), now.date())
                cells = f"{each.cell_count} {'cell' if each.cell_count == 1 else 'cells'}"
                st.caption(f"{cells}, changed {changed}", width="content")
