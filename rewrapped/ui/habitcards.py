"""The parts of the habits page, and its cards about the day and the week."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import pandas as pd

from rewrapped.charts import heatmap, radial
from rewrapped.charts.palettes import Tokens
from rewrapped.components.svg import svg
from rewrapped.history import findings, habits
from rewrapped.history.frame import History
from rewrapped.ui import cards, figures, wording
from rewrapped.ui.behind import Behind, weekdays
from rewrapped.ui.behind import hours as each_hour
from rewrapped.ui.filters import View
from rewrapped.ui.seen import Picture

#: What charts by the hour count.
COUNTS_HOURS = f"A play counts in the hour it ended in. {cards.PLAYS_ALONE}"


class Section(StrEnum):
    """A part of the page; while one is shown, the others are neither worked out nor drawn."""

    DAY = "day"
    YEAR = "year"
    SESSIONS = "sessions"
    WAYS = "ways"


SECTIONS: Final[Mapping[Section, str]] = {
    Section.DAY: "Day and week",
    Section.YEAR: "Months and years",
    Section.SESSIONS: "Sessions and streaks",
    Section.WAYS: "Skips and devices",
}


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


def show_week(history: History, view: View, tokens: Tokens) -> None:
    """Show the hours of a week as a heat map."""
    week = habits.hour_by_weekday(history)
    title = findings.busiest_hour(history, view.filter) or "When in the week"
    figures.head(title, f"Plays by hour and weekday, {view.said}")
    figures.draw(heatmap.hour_week_cells(week), heatmap.hour_week(tokens, 56), key="hour_week")
    figures.foot(cards.week_table(week), COUNTS_HOURS, key="week", behind=Behind("week", parts=weekdays))
