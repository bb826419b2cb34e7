"""When and how a listener listens: the day, the week, the year, sessions, streaks, and what rows say of themselves."""

import streamlit as st

from rewrapped.history import coverage, findings
from rewrapped.history.totals import estimated_minutes
from rewrapped.ui import cards, habitcards, look, seen, wording
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.habitcards import SECTIONS, Section
from rewrapped.ui.habitsessions import session_cards, streak_cards
from rewrapped.ui.habitshares import share_cards
from rewrapped.ui.habityears import year_cards
from rewrapped.ui.opening import open_listening
from rewrapped.ui.picks import pick

opened = open_listening()
whole, today, colours = opened.history, opened.now.date(), look.tokens()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
section = pick("Which habits", "part", SECTIONS)
shown = whole.filter(view.filter)
with head:
    st.title(findings.part_of_day(shown, "Your") or "Your habits", anchor=False)
    ends = cards.ends_early(whole, view.filter, today, is_compared=False)
    st.caption(wording.with_estimate(f"When and how you listen, {view.said}.{ends}", estimated_minutes(shown)))
if not len(shown.plays):
    st.info(nothing_played(view))
    st.stop()

if section is Section.DAY:
    left, right = st.columns([11, 13])
    with left, cards.card("clock"):
        habitcards.show_clock(shown, view, colours)
    with right, cards.card("week"):
        habitcards.show_week(shown, view, colours)
elif section is Section.YEAR:
    year_cards(whole, shown, view, today, colours)
elif section is Section.SESSIONS:
    session_cards(shown, colours)
    streak_cards(shown, today, coverage.holes(whole))
else:
    share_cards(shown, view.said, colours)
