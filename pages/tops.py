"""Tracks, albums and artists, ranked by plays or by time."""

import streamlit as st

from rewrapped.components.top_list import top_list
from rewrapped.history import findings
from rewrapped.history.tops import Measure, Noun, top
from rewrapped.history.totals import estimated_minutes
from rewrapped.ui import cards, figures, items, ranked, seen, wording
from rewrapped.ui.behind import Behind
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening
from rewrapped.ui.picks import pick

opened = open_listening()
whole, today = opened.history, opened.now.date()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
with st.container(horizontal=True, key="tops_choice"):
    noun = pick("Ranked", "of", {Noun.TRACKS: "Tracks", Noun.ALBUMS: "Albums", Noun.ARTISTS: "Artists"})
    by = pick("Ranked by", "by", {Measure.PLAYS: "By plays", Measure.TIME: "By time"})

shown = whole.filter(view.filter)
best = top(shown, noun, 50, by)
with head:
    st.title(cards.plain_or(f"Your top {noun}", findings.leading_item(best, noun, by)), anchor=False)
    ranked_by = f"Ranked by {'plays' if by is Measure.PLAYS else 'time listened'}, {view.said}."
    st.caption(wording.with_estimate(ranked_by, estimated_minutes(shown)))
if not best:
    st.info(nothing_played(view))
    st.stop()

with cards.card("ten"):
    figures.head("The first ten" if len(best) > 9 else f"Top {noun}", "")
    rows = cards.top_rows(best[:10], noun, by, view)
    items.follow(top_list(rows, key="tops_list", label=f"Top {noun}", columns=2))
with cards.card("fifty"):
    figures.head("The top 50" if len(best) == 50 else f"All {len(best)}", "")
    table = ranked.tops_table(shown, best, noun, by)
    st.dataframe(
        table,
        column_config=ranked.tops_columns(noun, by, table["bar"].max()),
        hide_index=True,
        row_height=52,
        height=min(664, 40 + 52 * len(best)),
        key="tops_table",
    )
    counts = (
        f"{cards.PLAYS_ALONE} {cards.counts_time(view.filter)} Equal ranks are settled by the other measure, then by "
        "name. The arrows compare with the time before."
    )
    behind = Behind(f"top-{noun}-{by}", of_rows=by is Measure.TIME, parts=ranked.parts(noun, best))
    figures.foot(ranked.sheet(best, noun), counts, key=f"top_{noun}", behind=behind)
