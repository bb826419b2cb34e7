"""One track, album, artist or genre: how much, when, with what, every play, and where to hear it live."""

import streamlit as st

from rewrapped.ui import genre_view, itemcards, itemhead, items, look, seen, session, wording
from rewrapped.ui.cards import card
from rewrapped.ui.empty import stop_without_plays
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.itemview import SECTIONS, ItemView, Section
from rewrapped.ui.opening import open_listening
from rewrapped.ui.picks import pick

opened = open_listening()
whole, today, colours, visitor = opened.history, opened.now.date(), look.tokens(), session.visitor()

head = st.container(horizontal=True, vertical_alignment="center", key="item_head")
stop_without_plays(whole, head)
_, known = genre_view.open_genres(whole)
about = items.asked(st.query_params, whole, known)
if about is None:
    itemhead.show_nothing()
    st.stop()
ways = st.container()
view = filter_bar(whole, today)
item = ItemView(about, whole, view, known, today)
with head:
    itemhead.show_sleeve(about)
    with st.container(gap=None):
        st.title(wording.plain(itemcards.title(item)), anchor=False)
        st.caption(itemcards.lead(item))
with ways:
    itemhead.show_ways(item, visitor)
if not len(item.mine.plays):
    itemcards.show_silence(item)
    st.stop()

seen.look_through(whole, item.narrowed, today)
itemcards.show_figures(item)
section = pick("What about it", "part", SECTIONS)
if section is Section.TIME:
    with card("item_time"):
        itemcards.show_time(item, colours)
    left, right = st.columns(2)
    with left, card("item_ranks"):
        itemcards.show_ranks(item, colours)
    with right, card("item_week"):
        itemcards.show_week(item, colours)
elif section is Section.MUSIC:
    made_of = itemcards.parts_of(item)
    for place, noun in zip(st.columns(len(made_of)) if made_of else (), made_of, strict=True):
        with place, card(f"item_{noun}"):
            itemcards.show_parts(item, noun)
    itemcards.show_around(item)
else:
    with card("item_plays"):
        itemcards.show_plays(item)
with explain_errors():
    itemhead.show_shows(item, visitor)
