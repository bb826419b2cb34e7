"""What the listening is made of: genres and families over time, how they hang together, and what to change of them."""

import streamlit as st

from rewrapped.history import genre_findings
from rewrapped.history.genremap import Level
from rewrapped.ui import cards, genre_cards, genre_tools, genre_view, look, seen, wording
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.genre_view import SECTIONS, Ring, Section, Unit
from rewrapped.ui.opening import open_listening
from rewrapped.ui.picks import pick
from rewrapped.ui.sounding import Look, sound

opened = open_listening()
whole, today = opened.history, opened.now.date()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
own, known = genre_view.open_genres(whole)
only = genre_view.picked(known)
section = pick("Which view of genres", "part", SECTIONS)
unit, ring = Unit.TIME, Ring.GENRES
with st.container(horizontal=True, key="tops_choice"):
    levels = {Level.GENRES: "Genres"} if only else {Level.FAMILIES: "Families", Level.GENRES: "Genres"}
    level = pick("Told apart by", "level", levels)
    if section is Section.TIME:
        unit = pick("Measured in", "unit", {Unit.TIME: "Time", Unit.SHARE: "Share"})
    elif section is Section.TIES:
        ring = pick("Tied", "ring", {Ring.GENRES: "Genres to genres", Ring.ARTISTS: "Genres to artists"})
how = Look(known, level, look.tokens())
chosen = genre_view.narrowed(view.filter, whole, known, only) if only else view.filter
shown = sound(whole, chosen, how, only, view.said)
with head:
    found = genre_findings.headline(shown.covered, shown.parts, shown.flow)
    st.title(cards.plain_or("Your genres", f"Your {only.name}" if only else found), anchor=False)
    known_for = f"A genre is known for {shown.covered.share:.0%} of your time, {view.said}."
    silent = f"What your listening is made of, {view.said}."
    said = known_for if shown.view.by_track.heard_ms.any() else silent
    st.caption(wording.with_estimate(said, shown.covered.estimated_minutes))
if only:
    genre_view.way_back(only)
if not shown.view.by_track.heard_ms.any():
    st.info(nothing_played(view))
elif not shown.parts:
    with cards.card("unknown"):
        genre_cards.nothing_known(shown.covered)
else:
    if only:
        with cards.card("one"):
            genre_cards.one_card(shown, only)
    if section is Section.TIME:
        with cards.card("stream"):
            band = genre_cards.stream_card(shown, unit, genre_cards.stream_title(shown, only))
        left, right = st.columns(2)
        with left, cards.card("lines"):
            genre_cards.lines_card(shown)
        with right, cards.card("artists"):
            genre_cards.artists_card(shown)
        genre_view.follow((how.level, band))
    elif section is Section.TIES:
        left, right = st.columns(2)
        with left, cards.card("ties"):
            tied = genre_cards.ties_card(shown, genre_cards.ties_of(shown, ring))
        with right, cards.card("bubbles"):
            circle = genre_cards.bubbles_card(shown, whole)
        genre_view.follow((how.level, tied), (Level.GENRES, circle))
    else:
        with cards.card("multiples"):
            genre_cards.multiples_card(shown)
        with cards.card("hours"):
            genre_cards.hours_card(shown)
with cards.card("tools"):
    genre_tools.show(whole, known, own)
