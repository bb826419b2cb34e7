"""Administration: applications of promoters, who has which role, this site's own events, where events come from."""

import streamlit as st

from rewrapped.domain.access import Permission
from rewrapped.services import applications, membership
from rewrapped.ui import administering, feeding, session
from rewrapped.ui.cards import card
from rewrapped.ui.explain import explain_errors

visitor = session.require(Permission.ADMINISTER)
deps = session.deps()

with explain_errors():
    waiting = applications.list_open(deps, visitor)
    some = f"{len(waiting):,} {'application waits' if len(waiting) == 1 else 'applications wait'}"
    with st.container(gap=None):
        st.title(some if waiting else "Nothing waits for you", anchor=False)
        st.caption("What you decide here is noted in the audit log, and holds at once in every open tab.")
    for applicant in waiting:
        administering.draw_applicant(deps, visitor, applicant)
    with card("people"):
        st.subheader("People and roles", anchor=False)
        search = st.text_input("Search by name or address", max_chars=200, placeholder="Name or address")
        after = st.session_state.get("people_after", 0) if not search else 0
        found = membership.list_people(deps, visitor, search, after)
        for person in found:
            administering.draw_person(deps, visitor, person)
        if not found:
            st.write("Nobody is called so." if search else "That was everybody.")
        if len(found) == membership.PAGE and st.button("More people"):
            st.session_state["people_after"] = found[-1].id
            st.rerun()
        elif after and st.button("From the first"):
            st.session_state["people_after"] = 0
            st.rerun()
    feeding.draw_own_events(deps, visitor)
    feeding.draw_feeds(deps, visitor)
