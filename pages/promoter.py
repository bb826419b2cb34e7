"""Promoters: applying to be one, and for those who are, their events and how they do."""

import streamlit as st

from rewrapped.domain.access import Permission
from rewrapped.ui import promoting_application, promoting_events, session
from rewrapped.ui.explain import explain_errors


def number(name: str) -> int | None:
    """Return an event's id in the address, None where there is none."""
    word = st.query_params.get(name, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 18 else None


visitor = session.require_signed_in()
deps = session.deps()

with explain_errors():
    if not visitor.may(Permission.PROMOTE):
        promoting_application.draw(deps, visitor)
    elif (event_id := number("event")) is not None:
        promoting_events.draw_one(deps, visitor, event_id)
    elif "new" in st.query_params or (number("edit") or number("copy")) is not None:
        promoting_events.draw_form(deps, visitor, edited=number("edit"), copied=number("copy"))
    else:
        promoting_events.draw_all(deps, visitor)
