"""Notifications: what happened, newest first; opening the page counts them as read."""

import streamlit as st

from rewrapped.services import notices
from rewrapped.ui import session
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.notified import show_message

visitor = session.require_signed_in()
deps = session.deps()

with explain_errors():
    word = st.query_params.get("before", "")
    before = int(word) if word.isascii() and word.isdigit() and len(word) < 18 else None
    messages = notices.list_messages(deps, visitor, before)
    unread = sum(message.read_at is None for message in messages)
    st.title(f"{unread:,} new {'message' if unread == 1 else 'messages'}" if unread else "Nothing new", anchor=False)
    st.caption("What happened while you looked elsewhere, newest first. Messages are kept for a year.")
    if messages:
        notices.mark_read(deps, visitor, messages[0].id)
    else:
        st.info("You are told here when an import ends, and when something you follow or saved changes.")
    for message in messages:
        show_message(message, session.person().zone, deps.now())
    if len(messages) == notices.PAGE and st.button("Older ones"):
        st.query_params["before"] = str(messages[-1].id)
        st.rerun()
