"""When and how a listener listens: the day, the week, the year, sessions, streaks, and what rows say of themselves."""

import streamlit as st

from rewrapped.charts import calendar, heatmap, radial, trend
from rewrapped.components.svg import svg
from rewrapped.domain.plays import TimeRange
from rewrapped.history import coverage, findings, habits, trends
from rewrapped.history import timeline as times
from rewrapped.ui import cards, figures, habitcards, look
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
shown = whole.filter(view.filter)
with head:
    st.title(findings.part_of_day(shown, "Your") or "Your habits", anchor=False)
    st.caption(f"When and how you listen, {view.said}.{cards.ends_early(whole, view.filter, today, is_compared=False)}")
if not len(shown.plays):
    st.info(nothing_played(view.within))
    st.stop()

left, right = st.columns([11, 13])
with left, cards.card("clock"):
    hours = habits.hours(shown)
    st.subheader(findings.busiest_time_of_day(shown, view.filter) or "Your day as a clock", anchor=False)
    st.caption(f"Plays by hour of the day, {view.said}")
    svg(radial.clock(hours["plays"].tolist(), colours, habitcards.busiest(hours)), key="clock", css=radial.CSS)
    figures.foot(habitcards.hours_table(hours), cards.counts_plays(shown), key="clock")
with right, cards.card("week"):
    week = habits.hour_by_weekday(shown)
    st.subheader(findings.busiest_hour(shown, view.filter) or "When in the week", anchor=False)
    st.caption(f"Plays by hour and weekday, {view.said}")
    figures.draw(heatmap.hour_week_cells(week), heatmap.hour_week(colours, 56), key="hour_week")
    figures.foot(cards.week_table(week), cards.counts_plays(shown), key="week")

holes = coverage.holes(whole)
months = trends.months_of_years(shown, holes)
left, right = st.columns([11, 13]) if habitcards.has_dial(months) else (None, st.container())
if left:
    with left, cards.card("dial"):
        st.subheader(findings.fullest_season(months) or "Year over year", anchor=False)
        st.caption(f"Hours by month, a line for each year, {view.said}")
        svg(radial.year_dial(months, colours), key="dial", css=radial.CSS)
        figures.foot(habitcards.dial_table(months), cards.counts_time(view.filter), key="dial")
with right, cards.card("trend"):
    bucket = pick("Trend by", "trend", habitcards.trend_choice(shown))
    bars = trends.trend(shown, bucket)
    latest = bars.tail(habitcards.MOST_BARS)
    st.subheader(findings.fullest(shown, bucket, view.filter) or f"Hours by {bucket}", anchor=False)
    st.caption(habitcards.trend_caption(bars, bucket, view.said))
    figures.draw(trend.trend_bars(latest, bucket, today), trend.trend(colours, 385), key="trend")
    figures.foot(habitcards.trend_table(bars, bucket), cards.counts_time(view.filter), key="trend")

session_cards(shown, colours)
streak_cards(shown, today, holes)

with cards.card("year"):
    of_years = whole.filter(view.filter.within(TimeRange()))
    year = pick("Year", "year", habitcards.year_choice(of_years))
    of_year = of_years.filter(habitcards.of_year(year))
    days = times.calendar(of_year, int(year))
    st.subheader(habitcards.year_title(of_year, year), anchor=False)
    st.html(habitcards.year_caption(year))
    figures.draw(habitcards.year_squares(days), calendar.calendar(colours, 54), key="calendar")
    svg(calendar.legend(days["plays"], colours), key="calendar_legend", css=calendar.LEGEND_CSS)
    figures.foot(habitcards.year_table(days), cards.counts_plays(shown), key="year")

share_cards(shown, view.said, colours)
