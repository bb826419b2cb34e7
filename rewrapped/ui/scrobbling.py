"""The card of scrobblers on the profile page: the address they deliver to, a token for one, and the steps."""

from __future__ import annotations

import streamlit as st

from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.services import tokens
from rewrapped.ui import session
from rewrapped.ui.explain import explain_errors

_STEPS = """
**Web Scrobbler** (browsers)

1. Open its options, then **Accounts**, and press **Properties** at ListenBrainz.
2. As *API URL* enter `{address}/1/submit-listens`, as *token* the one you made here, and save.

**Pano Scrobbler** (Android, desktop)

1. Open its settings, choose to add a service, then the custom ListenBrainz one.
2. As *API URL* enter `{address}/1/`, as *token* the one you made here.

**Anything else that submits to ListenBrainz** at an address of your choice

Give it `{address}` or, where it wants the whole address, `{address}/1/submit-listens`, and the token.
"""
_COUNTS = (
    "Each delivery is there at once, in source “ListenBrainz”. Scrobblers don't say how long you listened, so their "
    "minutes are estimated; an export from Spotify tells the same plays better, and they count once."
)


def draw(visitor: Visitor) -> None:
    """Draw the card, for whoever can hold tokens."""
    if not visitor.may(Permission.HOLD_TOKENS):
        return
    with st.container(key="card_scrobbler"), explain_errors():
        st.subheader("Let your scrobbler deliver here", anchor=False)
        st.write("A program that notes what you play, in any player, can send it here as it would to ListenBrainz.")
        if st.button("Make a token for my scrobbler", key="scrobbler_token"):
            made = tokens.create(session.deps(), visitor, "Scrobbler", [Scope.SUBMIT], None)
            st.success("Here it is. Copy it now: it is shown this once.", icon=":material/key:")
            st.code(made.secret, language=None, wrap_lines=True)
        st.caption("It may add plays and nothing else, until you revoke it under **Access tokens**.")
        with st.expander("How do I set it up?"):
            st.markdown(_STEPS.format(address=session.deps().site.base_url.rstrip("/")))
        st.caption(_COUNTS)
