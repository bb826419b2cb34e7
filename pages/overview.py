"""The years at a glance: figures, top artists, the week, the year, what was played last."""

import streamlit as st

from rewrapped.charts import calendar, heatmap, timeline
from rewrapped.components.strip import strip
from rewrapped.components.svg import svg
from rewrapped.components.tiles import tiles
from rewrapped.components.top_list import top_list
from rewrapped.history import findings, habits, listing, tops
from rewrapped.history import timeline as times
from rewrapped.history.totals import estimated_minutes
from rewrapped.ui import browsing, cards, figures, items, look, ranked, seen, wording
from rewrapped.ui.behind import Behind, weekdays
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening

opened = open_listening()
whole, today, colours = opened.history, opened.now.date(), look.tokens()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
shown = whole.filter(view.filter)
ends = cards.ends_early(whole, view.filter, today)
with head:
    st.title(cards.plain_or("Your listening", findings.headline(shown, view.filter)), anchor=False)
    said = f"{wording.greeting(opened.now, opened.listener.display_name)} Showing {view.said}.{ends}"
    st.caption(wording.with_estimate(said, estimated_minutes(shown)))
if not len(shown.plays):
    st.info(nothing_played(view))
    st.stop()

kpis = cards.kpi_tiles(shown, view, today)
tiles(kpis, key="figures")
figures.foot(cards.tiles_table(kpis), cards.COUNTS_FIGURES, key="figures", behind=Behind("figures", of_rows=True))
left, right = st.columns([5, 7])
with left, cards.card("artists"):
    best = tops.artists(shown, 10)
    leaders = f"Top {wording.makers(view.filter)}"
    figures.head(leaders, "")
    rows = cards.top_rows(best, tops.Noun.ARTISTS, tops.Measure.PLAYS, view)
    items.follow(top_list(rows, key="top_artists", label=leaders))
    of_artists = Behind("top-artists-plays", parts=ranked.parts(tops.Noun.ARTISTS, best))
    figures.foot(ranked.sheet(best, tops.Noun.ARTISTS), cards.PLAYS_ALONE, key="top_artists", behind=of_artists)
with right, cards.card("week"):
    busiest = findings.busiest_hour(shown, view.filter) or "When in the week"
    figures.head(busiest, f"Plays by hour and weekday, {view.said}")
    week = habits.hour_by_weekday(shown)
    figures.draw(heatmap.hour_week_cells(week), heatmap.hour_week(colours), key="hour_week")
    figures.foot(cards.week_table(week), cards.PLAYS_ALONE, key="week", behind=Behind("week", parts=weekdays))
with right, cards.card("year"):
    days = cards.last_year(whole, shown, view.filter)
    figures.head(cards.calendar_title(shown, days), *cards.calendar_caption(days))
    by_day = times.timeline(days, times.Bucket.DAY)
    squares = calendar.calendar_days(by_day, view.filter.time_range)
    figures.draw(
        squares,
        calendar.calendar(colours, squares["week"].nunique()),
        key="calendar",
        colours=calendar.key(by_day["plays"], colours),
    )
    svg(calendar.legend(by_day["plays"], colours), key="calendar_legend", css=calendar.LEGEND_CSS)
    drawn = Behind("time-day", sides=[cards.last_year_side(days, view.filter)])
    figures.foot(cards.timeline_table(by_day, times.Bucket.DAY), cards.PLAYS_ALONE, key="year", behind=drawn)
with cards.card("time"):
    bucket = cards.bucket_for(shown)
    bars = times.timeline(shown, bucket)
    fullest = findings.fullest(shown, bucket, view.filter) or f"Hours by {bucket}"
    figures.head(fullest, f"Hours listened by {bucket}, {view.said}")
    spec = timeline.timeline(colours, "time", few=timeline.are_few(bars))
    figures.draw(timeline.timeline_bars(bars, bucket, today), spec, key="timeline")
    hours = Behind(f"time-{bucket}", of_rows=True)
    figures.foot(cards.timeline_table(bars, bucket), cards.counts_time(view.filter), key="time", behind=hours)
with cards.card("recent"):
    first = wording.first_play(listing.earliest(shown, 1)[0])
    figures.head("Last played", f"The latest plays, {view.said}. {first}.")
    latest = listing.recent(shown, 8)
    items.follow(strip(cards.strip_items(latest, today), key="recent", label="Last played, newest first"))
    figures.foot(browsing.sheet(latest), cards.PLAYS_ALONE, key="recent", behind=Behind("latest"))
