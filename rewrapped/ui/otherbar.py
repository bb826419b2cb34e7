"""The bar that chooses side B of a comparison; the address is its truth, as it is the filter bar's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from rewrapped.domain.days import WEEKDAYS_SHORT
from rewrapped.domain.plays import Filter
from rewrapped.history.choices import choices
from rewrapped.history.filterquery import PRESETS, Picked
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.ui import otherquery, wording
from rewrapped.ui.filters import View
from rewrapped.ui.otherquery import NAMES, RELATIVE

_LATEST = "_other_side"  # what the bar was last set to: two presses can be quicker than a run of the page


@dataclass(frozen=True, slots=True)
class Sides:
    """Both filters, and each in words ("the last 4 weeks, on weekends"); what is said of a B that A's history cuts."""

    a: Filter
    b: Filter
    a_said: str
    b_said: str
    b_ends: str = ""


def other_bar(view: View, history: History, today: date) -> Sides:
    """Show the bar; return the side the filter bar is set to, and the one that this is."""
    years = [str(year) for year in choices(history).years]
    relative = otherquery.relative_to(view.filter.time_range)
    other = otherquery.read(st.query_params, otherquery.default(relative, years), relative)
    st.session_state[_LATEST] = other
    with st.container(horizontal=True, vertical_alignment="center", key="filter_bar_other"):
        _words("Side B against it", "relative", {word: RELATIVE[word] for word in relative}, other)
        with st.popover(
            "Another time" if other.word in relative else wording.period(other), icon=":material/calendar_month:"
        ):
            _words("Up to today", "preset", PRESETS, other, is_labelled=True)
            _words("A year", "year", {year: year for year in years}, other, is_labelled=True)
            _days(other, date(int(years[-1]), 1, 1), today)
        with st.popover("B's own weekdays" + (" (on)" if other.rest.weekdays else ""), icon=":material/tune:"):
            _weekdays(other)
    return _sides(view, other, history, today)


def _sides(view: View, other: Picked, history: History, today: date) -> Sides:
    known_until = day_of(history.span.stop) if len(history.span) else None
    found = otherquery.filter_of(other, view.filter, today, known_until)
    a_said, b_said = view.said, otherquery.said(other, view.said, view.before_said)
    if other.rest.weekdays:
        a_said += otherquery.days_said(view.filter.weekdays)
        b_said += otherquery.days_said(found.weekdays)
    ends = otherquery.ends_said(found.time_range, otherquery.filter_of(other, view.filter, today).time_range)
    return Sides(view.filter, found, a_said, b_said, ends)


def _words(label: str, name: str, options: dict[str, str], other: Picked, *, is_labelled: bool = False) -> None:
    key = f"other_{name}"
    st.session_state[key] = other.word if other.word in options else None
    st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=lambda: _choose_word(st.session_state[key]),
        label_visibility="visible" if is_labelled else "collapsed",
    )


def _days(other: Picked, first: date, today: date) -> None:
    days = [other.first_on, other.last_on] if other.first_on and other.last_on else []
    known = [day for day in days if day is not None]
    st.session_state["other_days"] = tuple(known)
    st.date_input(
        "From and to",
        key="other_days",
        min_value=min([first, *known]),
        max_value=max([today, *known]),
        format="YYYY-MM-DD",
        on_change=lambda: _choose_days(st.session_state["other_days"]),
    )


def _weekdays(other: Picked) -> None:
    st.session_state["other_weekdays"] = sorted(other.rest.weekdays)
    st.pills(
        "Weekdays of side B; none chosen: those of side A",
        range(7),
        format_func=WEEKDAYS_SHORT.__getitem__,
        key="other_weekdays",
        selection_mode="multi",
        on_change=lambda: _choose_weekdays(st.session_state["other_weekdays"]),
    )


def _choose_word(word: str | None) -> None:
    if word is not None:  # pressing what is chosen already leaves it chosen
        _choose(replace(_latest(), word=word, first_on=None, last_on=None))


def _choose_days(days: Sequence[date]) -> None:
    if len(days) == 2:  # one: the second hasn't been picked yet
        _choose(replace(_latest(), word="custom", first_on=days[0], last_on=days[1]))


def _choose_weekdays(weekdays: Sequence[int]) -> None:
    _choose(replace(_latest(), rest=replace(_latest().rest, weekdays=frozenset(weekdays))))


def _latest() -> Picked:
    latest: Picked = st.session_state[_LATEST]
    return latest


def _choose(other: Picked) -> None:
    st.session_state[_LATEST] = other
    for key in NAMES:
        st.query_params.pop(key, None)
    st.query_params.update(otherquery.write(other))
