"""Any time, told as a story: chapters chosen by what the plays bear, and cards to share."""

import streamlit as st

from rewrapped.history.wrapped import wrapped
from rewrapped.services.wrapped_cards import Words
from rewrapped.ui import cards, figures, genre_view, seen, session, wording, wrapped_parts
from rewrapped.ui.behind import Behind
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening
from rewrapped.ui.wrapped_words import chapters

opened = open_listening()
whole, today = opened.history, opened.now.date()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
wrapped_parts.presets(today)
_, known = genre_view.open_genres(whole)
shown = whole.filter(view.filter)
facts = wrapped(whole, shown, view.filter, known)
told = chapters(facts, view, wrapped_parts.saved_count(view))
with head:
    st.title(wording.plain(told[0].headline) if told else "Nothing to tell", anchor=False)
    ends = cards.ends_early(whole, view.filter, today, is_compared=False)
    said = f"Wrapped: {view.said}. Any time, any filter, any day of the year.{ends}"
    st.caption(wording.with_estimate(said, facts.totals.estimated_minutes))
if not told:
    st.info(nothing_played(view))
    st.stop()

with cards.card("story"):
    count = len(told)
    st.subheader(f"{count} {'chapter' if count == 1 else 'chapters'}", anchor=False)
    wrapped_parts.show_story(told, view.said)
    wrapped_parts.show_chapters(told)
    behind = Behind("figures", of_rows=True)
    figures.foot(wrapped_parts.chapters_table(told), cards.COUNTS_FIGURES, key="wrapped", behind=behind)
with cards.card("share"):
    st.subheader("A card to share", anchor=False)
    words = Words(opened.listener.display_name, view.said, view.filter.subject, session.deps().site.product_name)
    wrapped_parts.share(facts, words)
