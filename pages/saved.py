"""Saved: the shows a listener keeps, what was called off among them."""

import streamlit as st

from rewrapped.domain.access import Permission
from rewrapped.domain.following import Followed
from rewrapped.domain.promoting import Placement
from rewrapped.services import events, keeping, whereabouts
from rewrapped.ui import session, wording
from rewrapped.ui.eventcards import show_cards
from rewrapped.ui.explain import explain_errors

visitor = session.require_signed_in()
deps = session.deps()
with explain_errors():
    saved = events.saved(deps, visitor, whereabouts.whereabouts(deps, visitor))
    coming = sum(card.is_on for card in saved)
    st.title(
        f"{coming:,} {'show' if coming == 1 else 'shows'} to come" if coming else "Nothing saved to come", anchor=False
    )
    st.caption("What you saved, the soonest first. Cancelled and past shows stay until you take them out.")
    if saved:
        show_cards(saved, Placement.SAVED, "Saved shows", visitor)
    else:
        st.info("Press the heart on a show to keep it here, and to be told when it changes.")
        if st.button("Find shows", type="primary"):
            st.switch_page("pages/events.py")
    follows = keeping.list_follows(deps, visitor)
    if follows and visitor.may(Permission.KEEP_EVENTS):
        st.header("Whom and where you follow", anchor=False)
        with st.container(horizontal=True, key="filter_chips_follows"):
            for one in follows:
                icon = ":material/artist:" if one.kind is Followed.ARTIST else ":material/location_on:"
                if st.button(wording.plain(one.name), key=f"follow_{one.key}", icon=icon, help="Press to unfollow"):
                    keeping.unfollow(deps, visitor, one.kind, one.key)
                    st.rerun()
