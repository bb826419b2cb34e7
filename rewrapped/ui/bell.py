"""The bell at the top of every page of a signed-in person: how much they haven't read, and toasts as things happen."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rewrapped.domain.notices import Kind
from rewrapped.services import notices
from rewrapped.ui import session
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.wording import plain

ICONS = {
    Kind.IMPORT: ":material/library_music:",
    Kind.APPLICATION: ":material/campaign:",
    Kind.OWN_EVENT: ":material/gavel:",
    Kind.EVENT: ":material/confirmation_number:",
    Kind.FOR_YOU: ":material/local_activity:",
    Kind.RECAP: ":material/auto_awesome:",
    Kind.CONNECTION: ":material/link:",
}
_LOOK_ANYWAY_S = 30  # a wake-up can get lost
_HEARD, _LOOKED, _UNREAD = "_bell_heard", "_bell_looked", "_bell_unread"


def draw(page: StreamlitPage) -> None:
    """Draw the bell for somebody signed in; `page` is where it leads."""
    st.session_state.pop(_LOOKED, None)  # a page that opens looks at once
    _bell(page)


def icon_of(kind: str) -> str:
    """Return the sign of a kind of message."""
    return ICONS.get(Kind(kind), ":material/notifications:") if kind in set(Kind) else ":material/notifications:"


@st.fragment(run_every="2s")
def _bell(page: StreamlitPage) -> None:
    """Show each new message once, in one of the person's tabs; the database is asked only when there may be news."""
    with explain_errors():
        visitor = session.visitor()
        if visitor.user_id is None:  # signed out in another tab
            return
        heard = session.deps().signals.heard(visitor.user_id)
        late = time.monotonic() - st.session_state.get(_LOOKED, 0.0) > _LOOK_ANYWAY_S
        if late or heard != st.session_state.get(_HEARD):
            st.session_state.update({_HEARD: heard, _LOOKED: time.monotonic()})
            for message in notices.take_messages(session.deps(), visitor):
                st.toast(plain(message.body), icon=icon_of(message.kind), duration="long")
            st.session_state[_UNREAD] = notices.count_unread(session.deps(), visitor)
    unread = st.session_state.get(_UNREAD, 0)
    with st.container(key="bell_news" if unread else "bell"):
        label = f"{unread:,} unread" if unread else "Notifications"
        st.page_link(page, label=label, icon=":material/notifications:")
