"""Pairs of times that a history holds, offered where those that are chosen leave nothing to compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NoReturn

import numpy as np
import streamlit as st

from rewrapped.domain.plays import Filter, PlayRule, TimeRange
from rewrapped.history import filterquery
from rewrapped.history.choices import choices
from rewrapped.history.filterquery import Picked
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.ui import filters, otherquery
from rewrapped.ui.filters import View

_MOST_DAYS = 28
_WORKING, _WEEKEND = frozenset(range(5)), frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two times with plays in both, in words ("Your latest 3 days against the 3 before")."""

    said: str
    a: Picked
    b: Picked

    def parameters(self, rule: PlayRule | None) -> dict[str, str]:
        """Return the address's query of this comparison, under a play rule where one is asked for."""
        return filterquery.write(replace(self.a, rule=rule)) | otherquery.write(self.b)


def stop_with_pairings(message: str, history: History, view: View, today: date) -> NoReturn:
    """Say why there is nothing to compare, offer what there is instead, and end the page.

    `history` is the whole one, `today` the listener's local day.
    """
    st.info(message)
    offered = pairings(history, view.filter, today)
    if offered:
        st.write("Your history holds these:")
    for pairing in offered:
        st.page_link(
            "pages/compare.py",
            label=pairing.said,
            icon=":material/compare_arrows:",
            query_params=pairing.parameters(filters.asked_rule()),
        )
    st.stop()


def pairings(history: History, own: Filter, today: date) -> list[Pairing]:
    """Return the pairs of times whose sides both have plays, beside what else `own` narrows to."""
    rest = replace(own, time_range=TimeRange(), weekdays=frozenset())
    return [pairing for pairing in _thinkable(history, rest) if _has_both(history, pairing, today)]


def _thinkable(history: History, rest: Filter) -> Iterator[Pairing]:
    days = np.unique(history.filter(rest).plays.day)
    if len(days) > 1:
        yield _halves(day_of(days[0]), day_of(days[-1]), rest)
    yield Pairing(
        "Your weekends against Mondays to Fridays",
        Picked("all", rest=replace(rest, weekdays=_WEEKEND)),
        Picked(otherquery.SAME, rest=Filter(weekdays=_WORKING)),
    )
    years = choices(history).years
    if len(years) > 1:
        yield Pairing(f"{years[0]} against {years[1]}", Picked(str(years[0]), rest=rest), Picked(str(years[1])))


def _halves(first: date, last: date, rest: Filter) -> Pairing:
    """Return the latest days against as many before them; at least two days are known."""
    count = min(((last - first).days + 1) // 2, _MOST_DAYS)
    middle = last - timedelta(days=count - 1)
    return Pairing(
        "Your latest day against the day before"
        if count == 1
        else f"Your latest {count} days against the {count} before",
        Picked("custom", middle, last, rest),
        Picked("custom", middle - timedelta(days=count), middle - timedelta(days=1)),
    )


def _has_both(history: History, pairing: Pairing, today: date) -> bool:
    a = pairing.a.filter(today)
    return all(len(history.filter(side).plays) for side in (a, otherquery.filter_of(pairing.b, a, today)))
