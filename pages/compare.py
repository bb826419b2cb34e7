"""Two times of a listener side by side, or one time on some weekdays against others."""

import streamlit as st

from rewrapped.ui import cards, compared, genre_view, look, seen
from rewrapped.ui.compared import SECTIONS, Section
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening
from rewrapped.ui.otherbar import other_bar
from rewrapped.ui.pairings import stop_with_pairings
from rewrapped.ui.picks import pick

opened = open_listening()
whole, today = opened.history, opened.now.date()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
sides = other_bar(view, whole, today)
both = compared.Look(whole.filter(sides.a), whole.filter(sides.b), sides, look.tokens())
with head:
    st.title(cards.plain_or("Two times of yours, side by side", compared.title(both)), anchor=False)
    late = compared.begins_late(both.a, "A") + compared.begins_late(both.b, "B")
    early = cards.ends_early(whole, view.filter, today, is_compared=not sides.b_ends)
    said = f"A is {sides.a_said}; B is {sides.b_said}.{late}{early}{sides.b_ends}"
    st.caption(compared.with_estimates(said, both))
if not len(both.a.plays):
    stop_with_pairings(nothing_played(view), whole, view, today)
if not len(both.b.plays):
    said = f"Side B is empty: nothing was played in its time ({sides.b_said}) with these filters."
    stop_with_pairings(f"{said} Choose another one.", whole, view, today)
if sides.a == sides.b:
    said = "Both sides are the same now: choose another time for B, or weekdays of its own, to see what differs."
    stop_with_pairings(said, whole, view, today)

compared.show_tiles(both)
section = pick("What is compared", "part", SECTIONS)
if section is Section.TIME:
    with cards.card("running"):
        compared.show_running(both)
    with cards.card("hours"):
        compared.show_hours(both)
else:
    with cards.card("artists"):
        compared.show_artists(both)
    _, known = genre_view.open_genres(whole)
    with cards.card("genres"):
        compared.show_genres(both, known)
