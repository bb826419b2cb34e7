"""What a listening page shows before there is anything to show."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rewrapped.charts.sleeves import sleeve
from rewrapped.components.svg import svg
from rewrapped.domain.access import Role
from rewrapped.domain.plays import Filter
from rewrapped.history.frame import History
from rewrapped.ui import session
from rewrapped.ui.filters import View

_CSS = """
.row { display: flex; gap: 14px; flex-wrap: wrap; }
.row svg { width: 84px; height: 84px; border-radius: 16px; }
"""
_NAMES = ("an empty shelf", "needle", "first light", "side b", "afterglow", "run-out groove")


def nothing_played(view: View) -> str:
    """Return what a view without plays says, and what could be changed about it."""
    if view.filter == Filter(time_range=view.filter.time_range):
        return f"Nothing was played{view.within}. Choose another time."
    return f"Nothing was played{view.within} with these filters. Take one off, or choose another time."


def stop_without_plays(history: History, place: Any) -> None:
    """Show in `place` how to begin when a history has no rows at all, and end the page; else do nothing."""
    if len(history):
        return
    with place, st.container():
        st.title("Your years fit in here", anchor=False)
        svg(f'<div class="row">{"".join(map(sleeve, _NAMES))}</div>', key="empty_shelf", css=_CSS)
        if session.visitor().read_only:
            st.write("The sample listener is still putting their records in order. Please come back in a minute.")
        elif session.visitor().role is Role.GUEST:
            st.write("Nothing has come from Spotify yet. Your latest plays are here about a minute after you agreed.")
            if st.button("Look after the connection", type="primary"):
                st.switch_page("pages/connections.py")
        else:
            st.write("There is nothing to see yet. Drop your Spotify export on the import page to begin.")
            if st.button("Import your listening", type="primary"):
                st.switch_page("pages/import.py")
            st.write("No export yet? Your ListenBrainz or Last.fm name is enough: your years are here in minutes.")
            if st.button("Type my name"):
                st.switch_page("pages/connections.py")
    st.stop()
