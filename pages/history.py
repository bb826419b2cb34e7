"""Every play: searched, filtered, sorted, a page at a time, and any day in full."""

import streamlit as st

from rewrapped.domain.days import weekday_and_day
from rewrapped.history import listing
from rewrapped.ui import browsing, cards
from rewrapped.ui.empty import stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening

opened = open_listening()
whole, today = opened.history, opened.now.date()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
rows = whole.filter(view.filter)
asked, plays_only = browsing.ask(whole.rule)
page = listing.page(rows.plays if plays_only else rows, asked)
with head:
    st.title(browsing.title(page, plays_only=plays_only, searched=bool(asked.search)), anchor=False)
    st.caption(f"{'Searched' if asked.search else 'Everything you played'}{view.within}, down to the minute.")

if not page.total:
    st.info(f"Nothing played{view.within} fits. Try fewer words or filters, or a longer time.")
    st.stop()

left, right = st.columns([8, 5])
with left, cards.card("plays"):
    picked = st.dataframe(
        browsing.table(page.rows),
        column_config=browsing.COLUMNS,
        hide_index=True,
        row_height=48,
        height=min(40 + 48 * len(page.rows), 760),
        on_select="rerun",
        selection_mode="single-row",
        key="plays",
    )
    browsing.turn_pages(page, "Choose a row to see its whole day.")
with right, cards.card("day"):
    day = browsing.chosen_day(page.rows, picked.selection.rows, today)
    of_day = listing.of_day(whole, day)
    st.subheader(weekday_and_day(day), anchor=False)
    st.caption(browsing.day_summary(of_day))
    browsing.show_day(of_day)
