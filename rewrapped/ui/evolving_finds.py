"""The evolution page's discoveries: how many, and which stayed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from rewrapped.charts.calendar import LEGEND_CSS
from rewrapped.charts.discoveries import STATES, colours_of, discoveries, discovery_rows
from rewrapped.charts.holes import with_holes
from rewrapped.charts.legends import legend
from rewrapped.charts.palettes import Tokens
from rewrapped.components.svg import svg
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain.days import day
from rewrapped.history import shifts
from rewrapped.history.discoveries import EARLY_DAYS, STAYS_DAYS, by_period
from rewrapped.history.localtime import day_of
from rewrapped.history.periods import Period
from rewrapped.ui import figures, items, wording
from rewrapped.ui.cards import card
from rewrapped.ui.evolving import Look, behind, hole_key, named, row, short

_LISTED, _TABLED = 5, 100
_ENOUGH_TO_DRAW = 5  # fewer bars of one are told by the sentence above them
_COUNTS = (
    "Something is discovered by its first play in your whole history, whatever the time range. It stayed when you "
    f"played it again {STAYS_DAYS} days or more after that; while fewer than {STAYS_DAYS} days have followed, it is "
    f"too soon to say. In the first {EARLY_DAYS} days of a history nearly everything is new: these bars are pale, and "
    "nothing of them is in the title or the list."
)


def show(look: Look, colours: Tokens, said: str) -> None:
    """Show what was discovered, and what of it stayed: beside the chart, else below the sentence in its stead.

    `said` is the view's time in words.
    """
    places = stayed(look)
    if not (places and _is_drawn(look)):
        with card("found"):
            _show_found(look, colours, said)
        if places:
            with card("stayed"):
                _show_stayed(look, places)
        return
    left, right = st.columns([7, 5])
    with left, card("found"):
        _show_found(look, colours, said)
    with right, card("stayed"):
        _show_stayed(look, places)


def _show_found(look: Look, colours: Tokens, said: str) -> None:
    table = by_period(look.shown, look.found, look.period)
    title = shifts.how_many_stayed(look.found, look.noun) or f"{look.noun.capitalize()} heard for the first time"
    found = len(look.found.code)
    figures.head(title, _caption(look, found, said))
    if _is_drawn(look):
        swatches = zip(colours_of(colours), STATES, strict=True)
        key = [*swatches, *hole_key(look, colours)]
        svg(legend(key), key="found_key", css=LEGEND_CSS)
        ends = (look.ends[0], look.until[-1])
        rows = with_holes(discovery_rows(table, look.said, look.until), look.holes, ends)
        figures.draw(rows, discoveries(colours, are_few=look.is_short), key="found", colours=key)
    figures.foot(found_table(look, table), _COUNTS, key="discoveries", behind=behind(look, _question(look)))


def _is_drawn(look: Look) -> bool:
    """Return whether there are discoveries enough for a chart."""
    return len(look.found.code) >= _ENOUGH_TO_DRAW and len(look.said) > 1


def _caption(look: Look, found: int, said: str) -> str:
    if not found:
        return "None in this time: everything had been played before."
    noun = look.noun.removesuffix("s") if found == 1 else look.noun
    start = " At the start of a history nearly everything is new." if look.found.is_early.all() else ""
    return f"{found:,} {noun} you played for the first time ever, by {look.period}, {said}.{start}"


def _show_stayed(look: Look, places: Sequence[int]) -> None:
    said = f"Discoveries of this time that you played again {STAYS_DAYS} days later or more, by all their plays"
    figures.head("Found, and stayed", said)
    items.follow(top_list(stayed_rows(look, places), key="stayed", label="Discoveries that stayed"))
    of_them = behind(look, _question(look), look.found.code[list(places)].tolist())
    figures.foot(stayed_table(look, places), _COUNTS, key="discoveries_that_stayed", behind=of_them)


def _question(look: Look) -> str:
    return f"found-{look.noun}-{look.period}"


def found_table(look: Look, table: pd.DataFrame) -> pd.DataFrame:
    """Return discoveries by period as a table a person reads."""
    names = {"Discovered": "found", "Judged": "judged", "Stayed": "stayed"}
    return pd.DataFrame({"When": look.said, **{said: table[name] for said, name in names.items()}})


def stayed(look: Look) -> list[int]:
    """Return the places, in what was found, of discoveries that stayed, the most played first.

    Those of a history's first days are left out.
    """
    places = np.flatnonzero(look.found.has_stayed & ~look.found.is_early)
    order = np.argsort(-look.found.plays[places], kind="stable")
    return [int(place) for place in places[order][:_TABLED]]


def stayed_rows(look: Look, places: Sequence[int]) -> list[TopRow]:
    """Return the first of them as rows of a list."""
    found = look.found
    return [
        row(
            look,
            rank,
            int(found.code[place]),
            f"since {short(Period.MONTH, day_of(found.first_day[place]))}",
            (wording.plays(int(found.plays[place])), f"last in {short(Period.MONTH, day_of(found.last_day[place]))}"),
        )
        for rank, place in enumerate(places[:_LISTED], start=1)
    ]


def stayed_table(look: Look, places: Sequence[int]) -> pd.DataFrame:
    """Return them as a table a person reads."""
    found = look.found
    return pd.DataFrame(
        {
            **named(look, found.code[list(places)].tolist()),
            "First play": [day(day_of(found.first_day[place])) for place in places],
            "Last play": [day(day_of(found.last_day[place])) for place in places],
            "Plays": found.plays[list(places)],
        }
    )
