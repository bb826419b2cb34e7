"""Notebooks: SQL, charts and notes over every play, all looking through one filter."""

import streamlit as st

from rewrapped.services import cells
from rewrapped.ui import notebook, notebook_bar, notebook_cells, notebook_shelf, session, wording
from rewrapped.ui.empty import stop_without_plays
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening

visitor = notebook.require_analyst()
head = st.container(gap=None)
draft = notebook.opened(visitor)  # sets the filter bar, and with it the play rule
listening = open_listening()
whole, now = listening.history, listening.now

stop_without_plays(whole, head)
if draft is None:
    notebook_shelf.show(visitor, head, now)
    st.stop()

bar = st.container()
view = filter_bar(whole, now.date())
notebook.note_filter(draft)
with head:
    st.title(wording.plain(draft.notebook.title), anchor=False)
    st.caption(f"Every cell reads `plays`: your history under this filter, {view.said}.")
with bar:
    notebook.tell()
    notebook_bar.show(draft, visitor)

outcomes: dict[str, cells.Outcome] = {}
with explain_errors(), st.spinner("Running what changed", show_time=True):
    outcomes = cells.run(session.deps(), visitor, draft.notebook.cells, view.filter, notebook.take_again(), whole.rule)
for cell in draft.notebook.cells:
    notebook_cells.show(draft, cell, outcomes)
notebook_bar.show_end(draft, visitor, view.filter, whole.rule)
