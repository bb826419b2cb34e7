"""The evolution page's absences: what came back, and which favourites fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

import pandas as pd
import streamlit as st

from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain.days import day
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import absences, shifts
from rewrapped.history.absences import FAVOURITES, ONCE_PLAYED, Comeback, Lapsed
from rewrapped.history.ever import AWAY_DAYS
from rewrapped.history.periods import Period
from rewrapped.ui import cards, figures, items, wording
from rewrapped.ui.behind import Side
from rewrapped.ui.evolving import Look, behind, named, row, short

_LISTED, _TABLED = 6, 100
_HOLES = "Days in months your history has no rows of are unknown, and count as neither."
_COUNTS_BACK = (
    f"Played {ONCE_PLAYED} times or more, then for {AWAY_DAYS} days or more not at all in your whole history, then "
    f"played again within this time and these filters. {_HOLES}"
)
_COUNTS_GONE = (
    f"Among the {FAVOURITES} most played of a past year, under these filters, and without any play for the last "
    f"{AWAY_DAYS} days of your history. All years are looked at, whatever the time range. {_HOLES}"
)


def show(look: Look, chosen: Filter) -> None:
    """Show what came back within the view, and beside it the favourites of all years that fell silent.

    `chosen` made the view; its time range is left out of the second. Where one of the two is empty, the other has all
    the room.
    """
    back = absences.comebacks(look.whole, look.shown, look.noun, _TABLED)
    gone = absences.lapsed(look.whole, look.whole.filter(chosen.within(TimeRange())), look.noun)
    columns: Literal[1, 2] = 1 if back and gone else 2
    left, right = st.columns(2) if back and gone else (st.container(), st.container())
    if back:
        with left, cards.card("back"):
            _show_back(look, back, columns)
    if gone:
        with right, cards.card("gone"):
            _show_gone(look, gone, columns)


def _show_back(look: Look, found: Sequence[Comeback], columns: Literal[1, 2]) -> None:
    title = cards.plain_or("Comebacks", shifts.came_back(look.whole, look.noun, found))
    figures.head(title, f"Played again after {AWAY_DAYS} days or more, the most played since then first")
    items.follow(top_list(back_rows(look, found), key="comebacks", label="Comebacks", columns=columns))
    of_them = behind(look, f"comebacks-{look.noun}", [one.code for one in found])
    figures.foot(back_table(look, found), _COUNTS_BACK, key="comebacks", behind=of_them)


def _show_gone(look: Look, found: Sequence[Lapsed], columns: Literal[1, 2]) -> None:
    title = cards.plain_or("Lapsed favourites", shifts.fell_silent(look.whole, look.noun, found))
    said = f"Once among the {FAVOURITES} most played of a year, unplayed for {AWAY_DAYS} days or more; all years"
    figures.head(title, said)
    items.follow(top_list(gone_rows(look, found), key="lapsed", label="Lapsed favourites", columns=columns))
    of_them = behind(look, f"lapsed-{look.noun}", [one.code for one in found])
    all_years = replace(of_them, sides=[Side(look.view.filter.within(TimeRange()), "all years")])
    figures.foot(gone_table(look, found), _COUNTS_GONE, key="lapsed_favourites", behind=all_years)


def back_rows(look: Look, found: Sequence[Comeback]) -> list[TopRow]:
    """Return comebacks as rows of a list."""
    return [
        row(
            look,
            rank,
            one.code,
            f"{_month(one.left_on)} to {_month(one.back_on)}",
            (f"{one.away_days:,} days away", f"{wording.plays(one.plays_since)} since"),
        )
        for rank, one in enumerate(found[:_LISTED], start=1)
    ]


def gone_rows(look: Look, found: Sequence[Lapsed]) -> list[TopRow]:
    """Return lapsed favourites as rows of a list."""
    return [
        row(
            look,
            rank,
            one.code,
            f"last in {_month(one.last_on)}",
            (f"rank {one.rank} in {one.year}", f"{wording.plays(one.plays)} then"),
        )
        for rank, one in enumerate(found[:_LISTED], start=1)
    ]


def back_table(look: Look, found: Sequence[Comeback]) -> pd.DataFrame:
    """Return comebacks as a table a person reads."""
    return pd.DataFrame(
        {
            **named(look, [one.code for one in found]),
            "Last play before": [day(one.left_on) for one in found],
            "Back on": [day(one.back_on) for one in found],
            "Days away": [one.away_days for one in found],
            "Plays before": [one.plays_before for one in found],
            "Plays since": [one.plays_since for one in found],
        }
    )


def gone_table(look: Look, found: Sequence[Lapsed]) -> pd.DataFrame:
    """Return lapsed favourites as a table a person reads."""
    return pd.DataFrame(
        {
            **named(look, [one.code for one in found]),
            "Best year": [one.year for one in found],
            "Rank then": [one.rank for one in found],
            "Plays then": [one.plays for one in found],
            "Last play": [day(one.last_on) for one in found],
            "Days silent": [one.silent_days for one in found],
        }
    )


def _month(on: date) -> str:
    return short(Period.MONTH, on)
