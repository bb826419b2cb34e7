"""Cards of the habits page about the day, the year and the trend: titles, frames, tables, and which there are."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from rewrapped.charts import radial
from rewrapped.charts.calendar import PHONE_WEEKS, calendar_days
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.radial import is_one_turn
from rewrapped.components.svg import svg
from rewrapped.domain import days
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import findings, habits
from rewrapped.history.frame import History
from rewrapped.history.timeline import Bucket, years
from rewrapped.history.trends import MEAN_OVER
from rewrapped.ui import cards, figures, wording
from rewrapped.ui.behind import Behind, Side
from rewrapped.ui.behind import hours as each_hour
from rewrapped.ui.cards import bucket_for, timeline_table
from rewrapped.ui.filters import View
from rewrapped.ui.seen import Picture

#: What charts by the hour count.
COUNTS_HOURS = f"A play counts in the hour it ended in. {cards.PLAYS_ALONE}"
#: What a trend draws at most.
MOST_BARS = 730
_DIAL_MONTHS = 3


def hours_table(hours: pd.DataFrame) -> pd.DataFrame:
    """Return the hours of a day as a table a person reads."""
    return pd.DataFrame(
        {
            "From": [wording.hour(hour) for hour in hours["hour"]],
            "Plays": hours["plays"],
            "Minutes": hours["heard_minutes"].round().astype(int),
        }
    )


def busiest(hours: pd.DataFrame) -> str:
    """Return the hour that has the most plays, "" where several have, or nobody would call it a habit."""
    best = findings.peak(hours["plays"].to_numpy(), 20)
    return "" if best is None else wording.hour(best)


def show_clock(history: History, view: View, tokens: Tokens) -> None:
    """Show the hours of a day as a clock."""
    hours = habits.hours(history)
    title = findings.busiest_time_of_day(history, view.filter) or "Your day as a clock"
    figures.head(title, f"Plays by hour of the day, {view.said}")
    markup = radial.clock(hours["plays"].tolist(), tokens, busiest(hours))
    svg(markup, key="clock", css=radial.CSS)
    figures.picture(Picture(lambda _: radial.drawing(markup)))
    figures.foot(hours_table(hours), COUNTS_HOURS, key="clock", behind=Behind("hours", parts=each_hour))


def show_dial(months: pd.DataFrame, view: View, tokens: Tokens) -> None:
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
    cut = f", of which the latest {MOST_BARS} {bucket}s are drawn" if len(bars) > MOST_BARS else ""
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
    return Side(chosen.within(of_year(year).time_range), year)


def year_table(calendar: pd.DataFrame) -> pd.DataFrame:
    """Return the known days of `timeline.calendar` as a table a person reads."""
    known = calendar[calendar["known"]].rename(columns={"day_on": "start_on"})
    return timeline_table(known, Bucket.DAY)


def of_year(year: str) -> Filter:
    """Return a filter that leaves a year's days, and nothing else out."""
    return Filter(time_range=TimeRange(date(int(year), 1, 1), date(int(year) + 1, 1, 1)), kinds=frozenset())
