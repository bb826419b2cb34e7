"""How a listener's music changed: ranks along time, discoveries, comebacks, and how far it is spread."""

import streamlit as st

from rewrapped.history import shifts
from rewrapped.ui import (
    cards,
    evolving,
    evolving_absences,
    evolving_finds,
    evolving_ranks,
    evolving_spread,
    look,
    peers,
    seen,
)
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.evolving import SECTIONS, Section
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening
from rewrapped.ui.picks import pick

opened = open_listening()
whole, today, colours = opened.history, opened.now.date(), look.tokens()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
section = pick("Which changes", "part", SECTIONS)
ranked = evolving.choose(whole, whole.filter(view.filter), view)
with head:
    title = shifts.most_often_first(ranked.tally, ranked.first)
    st.title(cards.plain_or("How your listening changed", title), anchor=False)
    ends = cards.ends_early(whole, view.filter, today, is_compared=False)
    st.caption(f"Your {ranked.noun} by {ranked.period}, {view.said}.{ends}")
if not ranked.best:
    st.info(nothing_played(view))
    st.stop()

if section is Section.RANKS:
    with cards.card("ranks"):
        evolving_ranks.show_ranks(ranked, colours)
    if evolving_ranks.are_ranked(ranked):
        with cards.card("one"):
            evolving_ranks.show_one(ranked, colours)
elif section is Section.FINDS:
    evolving_finds.show(ranked, colours, view.said)
    evolving_absences.show(ranked, view.filter)
else:
    evolving_spread.show(ranked, colours)
peers.show(whole.filter(view.filter))
