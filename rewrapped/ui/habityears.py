"""Cards of the habits page about months and years: the dial, the trend, the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from rewrapped.charts import calendar, radial, trend
from rewrapped.charts.calendar import PHONE_WEEKS, calendar_days
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.radial import is_one_turn
from rewrapped.components.svg import svg
from rewrapped.domain import days
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import coverage, findings, trends
from rewrapped.history import timeline as times
from rewrapped.history.frame import History
from rewrapped.history.timeline import Bucket, years
from rewrapped.history.trends import MEAN_OVER
from rewrapped.ui import cards, figures
from rewrapped.ui.behind import Behind, Side
from rewrapped.ui.cards import bucket_for, timeline_table
from rewrapped.ui.filters import View
from rewrapped.ui.picks import pick
from rewrapped.ui.seen import Picture

_MOST_BARS = 730  # that a trend draws
_DIAL_MONTHS = 3


def year_cards(whole: History, shown: History, view: View, today: date, tokens: Tokens) -> None:
    """Show the months around a dial where enough are known, the trend, and the calendar of any year."""
    months = trends.months_of_years(shown, coverage.holes(whole))
    left, right = st.columns([11, 13]) if has_dial(months) else (None, st.container())
    if left:
        with left, cards.card("dial"):
            _show_dial(months, view, tokens)
    with right, cards.card("trend"):
        _show_trend(shown, view, today, tokens)
    with cards.card("year"):
        _show_year(whole, view, tokens)


def _show_trend(shown: History, view: View, today: date, tokens: Tokens) -> None:
    bucket = pick("Trend by", "trend", trend_choice(shown))
    bars = trends.trend(shown, bucket)
    title = findings.fullest(shown, bucket, view.filter) or f"Hours by {bucket}"
    figures.head(title, trend_caption(bars, bucket, view.said))
    latest = bars.tail(_MOST_BARS)
    figures.draw(trend.trend_bars(latest, bucket, today), trend.trend(tokens, 340), key="trend")
    behind = Behind(f"time-{bucket}", of_rows=True)
    figures.foot(trend_table(bars, bucket), cards.counts_time(view.filter), key="trend", behind=behind)


def _show_year(whole: History, view: View, tokens: Tokens) -> None:
    of_years = whole.filter(view.filter.within(TimeRange()))
    year = pick("Year", "year", year_choice(of_years))
    of_year = of_years.filter(only_year(year))
    by_day = times.calendar(of_year, int(year))
    figures.head(year_title(of_year, year), *year_caption(year))
    key = calendar.key(by_day["plays"], tokens)
    figures.draw(year_squares(by_day), calendar.calendar(tokens, 54), key="calendar", colours=key)
    svg(calendar.legend(by_day["plays"], tokens), key="calendar_legend", css=calendar.LEGEND_CSS)
    behind = Behind("time-day", sides=[year_side(year, view.filter)])
    figures.foot(year_table(by_day), cards.PLAYS_ALONE, key="year", behind=behind)


def _show_dial(months: pd.DataFrame, view: View, tokens: Tokens) -> None:
    """Show the months of years around a dial."""
    figures.head(findings.fullest_season(months) or dial_title(months), dial_caption(months, view.said))
    markup = radial.year_dial(months, tokens)
    svg(markup, key="dial", css=radial.CSS)
    figures.picture(Picture(lambda _: radial.drawing(markup), radial.dial_key(months, tokens)))
    behind = Behind("months-of-years", of_rows=True)
    figures.foot(dial_table(months), cards.counts_time(view.filter), key="dial", behind=behind)


def has_dial(months: pd.DataFrame) -> bool:
    """Return whether enough months are known to be drawn around a dial."""
    return int(months["known"].sum()) >= _DIAL_MONTHS


def dial_title(months: pd.DataFrame) -> str:
    """Return what the dial is of where nothing stands out."""
    return "Month by month, once around" if is_one_turn(months) else "Year over year"


def dial_caption(months: pd.DataFrame, said: str) -> str:
    """Return what the dial shows."""
    return f"Hours by month{'' if is_one_turn(months) else ', a line for each year'}, {said}"


def dial_table(months: pd.DataFrame) -> pd.DataFrame:
    """Return hours by month, a column for each year; empty where a month isn't known."""
    known = months[months["known"]]
    table = (known.pivot(index="month", columns="year", values="heard_minutes") / 60).round(1)
    table.columns = [str(year) for year in table.columns]
    table.insert(0, "Month", [days.MONTHS[number - 1] for number in table.index])
    return table.reset_index(drop=True)


def trend_choice(history: History) -> dict[Bucket, str]:
    """Return the lengths of a trend's bars as a choice, the one that suits the view first."""
    words = {Bucket.DAY: "By day", Bucket.WEEK: "By week", Bucket.MONTH: "By month"}
    best = bucket_for(history)
    return {best: words.pop(best), **words}


def trend_caption(bars: pd.DataFrame, bucket: Bucket, said: str) -> str:
    """Return what the trend shows, and its line where there is one."""
    cut = f", of which the latest {_MOST_BARS} {bucket}s are drawn" if len(bars) > _MOST_BARS else ""
    over = MEAN_OVER[bucket]
    mean = f". The line is the mean of the {over} {bucket}s up to each" if len(bars) > over else ""
    return f"Hours listened by {bucket}, {said}{cut}{mean}"


def trend_table(bars: pd.DataFrame, bucket: Bucket) -> pd.DataFrame:
    """Return a trend as a table a person reads."""
    table = timeline_table(bars, bucket)
    table[f"Mean of {MEAN_OVER[bucket]}"] = (bars["mean_minutes"] / 60).round(1)
    return table


def year_choice(history: History) -> dict[str, str]:
    """Return the years with rows, the latest first, as a choice."""
    return {str(year): str(year) for year in reversed(years(history))}


def year_squares(calendar: pd.DataFrame) -> pd.DataFrame:
    """Return what `charts.calendar` draws of `timeline.calendar`; days that aren't known are pale.

    The weeks a phone has room for end with the last known day.
    """
    known = calendar.loc[calendar["known"], "day_on"]
    span = TimeRange(known.iloc[0].date(), known.iloc[-1].date() + timedelta(days=1)) if len(known) else None
    squares = calendar_days(calendar.rename(columns={"day_on": "start_on"}), span)
    last = calendar.loc[calendar["known"], "week"].max()
    squares["age"] = np.where(calendar["week"] > last, PHONE_WEEKS, last - calendar["week"])
    return squares


def year_title(year_rows: History, year: str) -> str:
    """Return the busiest day of a year, else its number."""
    found = findings.busiest_day(year_rows)
    return f"{found}: the most of {year}" if found else f"{year}, day by day"


def year_caption(year: str) -> tuple[str, str]:
    """Return what the calendar shows, and as HTML: on a phone it has room for fewer weeks, and says so there."""
    said = f"Plays on each day of {year}, whatever time the filters choose"
    phone = f'<span class="rw-phone">; the last {PHONE_WEEKS} weeks of them are drawn</span>'
    return said, f'<p class="rw-caption">{said}{phone}</p>'


def year_side(year: str, chosen: Filter) -> Side:
    """Return a year under a filter as what a chart is of."""
    return Side(chosen.within(only_year(year).time_range), year)


def year_table(calendar: pd.DataFrame) -> pd.DataFrame:
    """Return the known days of `timeline.calendar` as a table a person reads."""
    known = calendar[calendar["known"]].rename(columns={"day_on": "start_on"})
    return timeline_table(known, Bucket.DAY)


def only_year(year: str) -> Filter:
    """Return a filter that leaves a year's days, and nothing else out."""
    return Filter(time_range=TimeRange(date(int(year), 1, 1), date(int(year) + 1, 1, 1)), kinds=frozenset())
