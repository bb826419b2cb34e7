"""When and how a listener listens: the day, the week, the year, sessions, streaks, and what rows say of themselves."""

import streamlit as st

from rewrapped.charts import calendar, heatmap, trend
from rewrapped.components.svg import svg
from rewrapped.domain.plays import TimeRange
from rewrapped.history import coverage, findings, habits, trends
from rewrapped.history import timeline as times
from rewrapped.history.totals import estimated_minutes
from rewrapped.ui import cards, figures, habitcards, look, seen, wording
from rewrapped.ui.behind import Behind, weekdays
from rewrapped.ui.empty import nothing_played, stop_without_plays
from rewrapped.ui.filters import filter_bar
from rewrapped.ui.habitsessions import session_cards, streak_cards
from rewrapped.ui.habitshares import share_cards
from rewrapped.ui.opening import open_listening
from rewrapped.ui.picks import pick

opened = open_listening()
whole, today, colours = opened.history, opened.now.date(), look.tokens()

head = st.container(gap=None)
stop_without_plays(whole, head)
view = filter_bar(whole, today)
seen.look_through(whole, view, today)
shown = whole.filter(view.filter)
with head:
    st.title(findings.part_of_day(shown, "Your") or "Your habits", anchor=False)
    ends = cards.ends_early(whole, view.filter, today, is_compared=False)
    st.caption(wording.with_estimate(f"When and how you listen, {view.said}.{ends}", estimated_minutes(shown)))
if not len(shown.plays):
    st.info(nothing_played(view))
    st.stop()

left, right = st.columns([11, 13])
with left, cards.card("clock"):
    habitcards.show_clock(shown, view, colours)
with right, cards.card("week"):
    week = habits.hour_by_weekday(shown)
    title = findings.busiest_hour(shown, view.filter) or "When in the week"
    figures.head(title, f"Plays by hour and weekday, {view.said}")
    figures.draw(heatmap.hour_week_cells(week), heatmap.hour_week(colours, 56), key="hour_week")
    figures.foot(cards.week_table(week), habitcards.COUNTS_HOURS, key="week", behind=Behind("week", parts=weekdays))

holes = coverage.holes(whole)
months = trends.months_of_years(shown, holes)
left, right = st.columns([11, 13]) if habitcards.has_dial(months) else (None, st.container())
if left:
    with left, cards.card("dial"):
        habitcards.show_dial(months, view, colours)
with right, cards.card("trend"):
    bucket = pick("Trend by", "trend", habitcards.trend_choice(shown))
    bars = trends.trend(shown, bucket)
    latest = bars.tail(habitcards.MOST_BARS)
    title = findings.fullest(shown, bucket, view.filter) or f"Hours by {bucket}"
    figures.head(title, habitcards.trend_caption(bars, bucket, view.said))
    figures.draw(trend.trend_bars(latest, bucket, today), trend.trend(colours, 340), key="trend")
    behind = Behind(f"time-{bucket}", of_rows=True)
    figures.foot(habitcards.trend_table(bars, bucket), cards.counts_time(view.filter), key="trend", behind=behind)

session_cards(shown, colours)
streak_cards(shown, today, holes)

with cards.card("year"):
    of_years = whole.filter(view.filter.within(TimeRange()))
    year = pick("Year", "year", habitcards.year_choice(of_years))
    of_year = of_years.filter(habitcards.of_year(year))
    days = times.calendar(of_year, int(year))
    figures.head(habitcards.year_title(of_year, year), *habitcards.year_caption(year))
    figures.draw(
        habitcards.year_squares(days),
        calendar.calendar(colours, 54),
        key="calendar",
        colours=calendar.key(days["plays"], colours),
    )
    svg(calendar.legend(days["plays"], colours), key="calendar_legend", css=calendar.LEGEND_CSS)
    behind = Behind("time-day", sides=[habitcards.year_side(year, view.filter)])
    figures.foot(habitcards.year_table(days), cards.PLAYS_ALONE, key="year", behind=behind)

share_cards(shown, view.said, colours)
