"""One show: when, where, who plays and how much of them the listener played, tickets, and what one keeps of it."""

import streamlit as st

from rewrapped.domain.sitemap import EVENTS
from rewrapped.services import events, whereabouts
from rewrapped.ui import eventcards, eventpage, session
from rewrapped.ui.explain import explain_errors

visitor = session.visitor()
deps = session.deps()
card = None
with explain_errors():
    event_id = eventcards.asked_event()
    eventcards.finish_save(visitor, event_id)
    card = events.event(deps, visitor, event_id, whereabouts.whereabouts(deps, visitor))
if card is None:
    st.title("Nothing plays here", anchor=False)
    st.page_link(f"pages/{EVENTS}.py", label="All events", icon=":material/event:")
    st.stop()

placement = eventcards.came_by()
via = placement.name.lower()
with explain_errors():
    eventcards.count_view(card.show.id, placement)
eventpage.show_head(card)
with explain_errors():
    eventpage.show_actions(card, visitor, placement)
left, right = st.columns([7, 5])
with left, explain_errors():
    eventpage.show_reasons(card)
    eventpage.show_about(card)
    eventpage.show_line_up(card, visitor)
    eventpage.show_tags(card, visitor)
with right, explain_errors():
    eventpage.show_tickets(card, via)
    eventpage.show_venue(card, visitor)
