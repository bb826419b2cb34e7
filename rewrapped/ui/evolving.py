"""What the evolution page looks at: a view, what of it is ranked, and by which stretches of the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import pandas as pd
import streamlit as st

from rewrapped.charts.bump import DEPTH
from rewrapped.charts.holes import band_colour
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.sleeves import art_name, sleeve
from rewrapped.components.top_list import TopRow
from rewrapped.domain.days import MONTHS_SHORT
from rewrapped.history import coverage, discoveries, diversity
from rewrapped.history.choices import Item, item
from rewrapped.history.ever import ever
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.history.periods import Period, Tally, stretch_of, tally
from rewrapped.history.ranks import Standings, standings
from rewrapped.history.tops import Noun, Top, top
from rewrapped.ui import items, wording
from rewrapped.ui.behind import Behind, by_id
from rewrapped.ui.filters import View
from rewrapped.ui.picks import pick


class Section(StrEnum):
    """A part of the page; while one is shown, the others are neither worked out nor drawn."""

    RANKS = "ranks"
    FINDS = "finds"
    SPREAD = "spread"


SECTIONS = {
    Section.RANKS: "Ranks",
    Section.FINDS: "Found and lost",
    Section.SPREAD: "How varied",
}
PERIODS = {Period.MONTH: "By month", Period.QUARTER: "By quarter", Period.YEAR: "By year"}
NOUNS = {Noun.ARTISTS: "Artists", Noun.ALBUMS: "Albums", Noun.TRACKS: "Tracks"}
CHOICE = 50
_FEW_MONTHS = 8
_MONTHS_MOST, _QUARTERS_MOST = 30, 40  # periods drawn before longer ones are taken


@dataclass(frozen=True, eq=False)
class Look:
    """A view of a history, what of it is ranked, and by which periods; the rest is worked out when asked for."""

    whole: History
    shown: History
    noun: Noun
    period: Period
    view: View

    @cached_property
    def tally(self) -> Tally:
        """Return plays by period and item."""
        return tally(self.shown, self.noun, self.period)

    @cached_property
    def first(self) -> Standings:
        """Return the first ten of each period."""
        return standings(self.tally, DEPTH)

    @cached_property
    def best(self) -> tuple[Top, ...]:
        """Return the most played of the whole view."""
        return top(self.shown, self.noun, CHOICE)

    @cached_property
    def found(self) -> discoveries.Found:
        """Return what the view discovered."""
        return discoveries.found(self.whole, self.shown, self.noun)

    @cached_property
    def diversity(self) -> pd.DataFrame:
        """Return how plays are spread, by period."""
        return diversity.diversity(self.tally, ever(self.whole, self.noun))

    @cached_property
    def said(self) -> list[str]:
        """Return the periods in words."""
        return [self.period.said(on) for on in self.tally.stretch.starts_on]

    @cached_property
    def until(self) -> list[date]:
        """Return the first day after each period."""
        return [self.period.after(on) for on in self.tally.stretch.starts_on]

    @property
    def is_short(self) -> bool:
        """Return whether so few months are drawn that each can have a label."""
        return self.tally.stretch.count * self.period.months <= _FEW_MONTHS

    @property
    def ends(self) -> tuple[date, ...]:
        """Return the first days of the first period and of the last."""
        return self.tally.stretch.starts_on[:: max(1, self.tally.stretch.count - 1)]

    @cached_property
    def holes(self) -> tuple[date, ...]:
        """Return the months without rows between the view's first period and its last."""
        span = self.shown.span
        if not len(span):
            return ()
        first, last = day_of(span.start).replace(day=1), day_of(span.stop - 1)
        return tuple(month_on for month_on in coverage.holes(self.whole) if first <= month_on <= last)

    def item(self, code: int) -> Item:
        """Return what stands under a code."""
        return item(self.whole, self.noun, int(code))


def choose(whole: History, shown: History, view: View) -> Look:
    """Show what is ranked and by which periods; return the look that is chosen."""
    with st.container(horizontal=True, key="evolution_choice"):
        noun = pick("What", "of", NOUNS)
        period = pick("How long", "per", PERIODS, period_for(shown))
    return Look(whole, shown, noun, period, view)


def period_for(history: History) -> Period:
    """Return the periods that suit a view: short ones while a chart has room for them."""
    if stretch_of(history, Period.MONTH).count <= _MONTHS_MOST:
        return Period.MONTH
    return Period.QUARTER if stretch_of(history, Period.QUARTER).count <= _QUARTERS_MOST else Period.YEAR


def short(period: Period, start_on: date) -> str:
    """Return a period where there is little room: "Mar 2026", "Jan–Mar 2026", "2026"."""
    if period is Period.YEAR:
        return str(start_on.year)
    first = MONTHS_SHORT[start_on.month - 1]
    months = first if period is Period.MONTH else f"{first}–{MONTHS_SHORT[start_on.month + 1]}"
    return f"{months} {start_on.year}"


def behind(look: Look, question: str, codes: Iterable[int] = ()) -> Behind:
    """Return what stands behind a chart of the page: its question, and the items it shows as parts."""
    items = [look.item(code) for code in codes]
    named = {found.id: full_name(found) for found in items}
    of_all = question.startswith(("found-", "comebacks-", "lapsed-"))
    return Behind(question, asks_of_all=of_all, parts=by_id(str(look.noun), named))


def full_name(found: Item) -> str:
    """Return "Tide by Xenia", or the name alone where nobody stands behind it."""
    return f"{wording.called(found.name)} by {found.sub}" if found.sub else wording.called(found.name)


def hole_key(look: Look, colours: Tokens) -> list[tuple[str, str]]:
    """Return what a key says of holes; nothing where the view has none."""
    return [(band_colour(colours), "no rows in your history")] if look.holes else []


def counted(period: Period, count: int) -> str:
    """Return "1 month" or "24 quarters"."""
    return f"{count:,} {period.value if count == 1 else f'{period}s'}"


def named(look: Look, codes: Iterable[int]) -> dict[str, list[str]]:
    """Return the columns of a table that say what stands under codes."""
    codes = list(codes)
    items = {code: look.item(code) for code in set(codes)}
    names = {"Name": [wording.called(items[code].name) for code in codes]}
    return names if look.noun is Noun.ARTISTS else {**names, "Artist": [items[code].sub for code in codes]}


def row(look: Look, rank: int, code: int, sub: str, figures: tuple[str, str]) -> TopRow:
    """Return what stands under a code as a row of a list, with two figures at its right."""
    found = look.item(code)
    return TopRow(
        key=f"{look.noun}-{found.id}",
        rank=rank,
        name=wording.called(found.name),
        sub=found.sub or sub,
        value=figures[0],
        detail=figures[1],
        share=0.0,
        art=sleeve(art_name(found.name, found.sub or None)),
        page=items.address(look.noun, found.id),
    )
