"""Import: bring your export, follow it, see what became of it."""

import streamlit as st

from rewrapped.components.upload import upload
from rewrapped.domain.access import Role
from rewrapped.services import imports, listening
from rewrapped.ui import importing, profiling, requesting, session
from rewrapped.ui.explain import explain_errors

READS = (
    "Only the files with your plays are opened. Your name, address, payment data, searches and messages in the ZIP are "
    "never read; user name, IP address and device agent are dropped from the plays before anything is stored. "
    "The upload is deleted when the import ends."
)

visitor = session.require_listener()
st.title("Bring your own years")
st.write("Drop the export Spotify sends you, and every page fills with your own listening, right to the play.")

with explain_errors():
    rows = imports.list_imports(session.deps(), visitor)
    running = next((row for row in rows if row.is_open), None)

    if visitor.read_only:
        st.info("You are looking at sample data, which can't be changed. Create an account to import your own.")
    elif visitor.role is Role.GUEST:
        profiling.offer_registration()
    elif running:
        importing.follow(running.id)
    else:
        incognito = st.checkbox("Also import what I played in private sessions", key="incognito")
        site = session.deps().site
        if upload(
            key="upload",
            csrf_token=session.csrf_token(),
            limit_bytes=site.upload_limit_bytes,
            include_incognito=incognito,
        ):
            st.rerun()
        st.caption(READS)

    st.page_link(
        "pages/connections.py",
        label="No export yet? Your ListenBrainz or Last.fm name is enough",
        icon=":material/cable:",
    )
    with st.expander("How do I get my export?", expanded=not rows):
        st.markdown(requesting.STEPS)
        st.markdown(requesting.OTHERS)
        st.info(requesting.MEANWHILE)

    history = listening.history(session.deps(), visitor)
    if len(history):
        if not running:
            st.page_link("pages/overview.py", label="See your years", icon=":material/graphic_eq:")
        with st.container(key="card_coverage"):
            importing.show_coverage(history)
    if rows:
        st.header("Your imports")
        importing.show_history(
            [row for row in rows if not row.is_open], session.listener().zone, read_only=visitor.read_only
        )
