"""Concerts: those that fit the listener, with the reasons, and all others."""

import streamlit as st

from rewrapped.domain.promoting import Placement
from rewrapped.services import events
from rewrapped.ui import eventlist, session, wording
from rewrapped.ui.eventcards import headline, show_cards
from rewrapped.ui.eventfilters import event_bar
from rewrapped.ui.eventmaps import show_map
from rewrapped.ui.explain import explain_errors

visitor = session.visitor()
head = st.container(gap=None)
with explain_errors():
    sought = event_bar(visitor, eventlist.today(visitor))
    board = events.board(session.deps(), visitor, sought.search, sought.here, eventlist.page_number())
    with head:
        st.title(wording.plain(headline(board, sought.where, sought.when)), anchor=False)
        st.caption(eventlist.lead(board, visitor))
    eventlist.ask_what_is_missing(board, sought, visitor)
    if not board.total:
        eventlist.show_nothing(board, sought, visitor)
        st.stop()
    if board.for_you:
        st.header("For you", anchor=False)
        st.caption(eventlist.for_you_said(board))
        show_cards(board.for_you, Placement.FOR_YOU, "Shows for you", visitor)
    eventlist.hint_at_later(sought, visitor)
    if board.sponsored:
        st.header("Sponsored", anchor=False)
        show_cards(board.sponsored, Placement.SPONSORED, "Sponsored shows", visitor)
    show_map(board, sought)
    st.header("Everything", anchor=False)
    st.caption(eventlist.everything_said(board, sought))
    show_cards(board.everything, Placement.EVERYTHING, "All shows", visitor)
    eventlist.turn_pages(board)
