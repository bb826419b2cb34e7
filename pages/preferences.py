"""Preferences: what somebody likes, where they are, what they are told of, and what may choose sponsored events."""

import streamlit as st

from rewrapped.domain.access import Permission
from rewrapped.services import preferences
from rewrapped.ui import choosing, session
from rewrapped.ui.explain import explain_errors

SHARED = """
A promoter can aim a sponsored event at people who play an artist or a genre. Your plays are used for that only
where you switch it on here, by where they came from. It is decided on this server each time, so switching it off
holds at once.

**What is shared:** nothing leaves this server, and no promoter learns who you are or what you play. If you see, open
or save such an event, or follow its tickets, you are counted as one of those it is aimed at; promoters see those
counts for five people or more.

Plays that came through an API are never used. Events can also be aimed at a country and at a kind of account; leave the
country in your profile empty to keep it out.
"""

visitor = session.require(Permission.KEEP_EVENTS)
deps = session.deps()

with explain_errors():
    found = preferences.preferences(deps, visitor)
    st.title(choosing.headline(found), anchor=False)
    st.caption("Events for you are chosen by your plays and by what stands here. Every change holds at once.")
    left, right = st.columns([7, 5], gap="medium")
    with left, st.container(key="card_genres"):
        st.subheader("Genres and tags", anchor=False)
        choosing.ask_genres(found)
        st.caption("Tags are those of promoters, and those that five people gave.")
        choosing.ask_tags(found.tags)
    with left, st.container(key="card_artists"):
        st.subheader("Artists", anchor=False)
        st.caption("Artists you play count by themselves. Follow others here.")
        choosing.ask_artists(found.artists)
    with left, st.container(key="card_venues"):
        st.subheader("Venues", anchor=False)
        choosing.ask_venues(found.venues)
    with left, st.container(key="card_where"):
        st.subheader("Where you are", anchor=False)
        choosing.ask_where(found)
    counted = preferences.count_rows(deps, visitor)
    with left, st.container(key="card_compared"):
        st.subheader("Where you stand among listeners here", anchor=False)
        choosing.ask_compared(found.compared, counted)
        st.markdown(choosing.COMPARED)
    with right, st.container(key="card_told"):
        st.subheader("What you are told of", anchor=False)
        choosing.ask_told(found.told, has_place=found.here.place is not None)
    with right, st.container(key="card_shared"):
        st.subheader("What may choose sponsored events for you", anchor=False)
        choosing.ask_shared(found.shared, counted)
        st.markdown(SHARED)
