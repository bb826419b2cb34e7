"""Connections: years from a user name, and plays that stay fresh by themselves."""

import streamlit as st

from rewrapped.ui import connections, session, spotify_card
from rewrapped.ui.explain import explain_errors

visitor = session.require_listener()
st.title("Connections")
st.write("No export yet? Type the name you go by at a service that kept your listens, and they are fetched for you.")

with explain_errors():
    connections.draw(visitor)
    if not visitor.read_only:
        spotify_card.draw(visitor, session.person())

st.caption(connections.PUBLIC)
st.caption("A play that several of them tell, or your Spotify export, is counted once, whichever came first.")
