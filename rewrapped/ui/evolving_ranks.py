"""The evolution page's ranks: the first ten along time, the number ones, and one item at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from rewrapped.charts import bump
from rewrapped.charts.bump import LIT, RankedLine, bump_rows
from rewrapped.charts.calendar import LEGEND_CSS
from rewrapped.charts.holes import with_holes
from rewrapped.charts.legends import legend
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.sleeves import art_name, sleeve
from rewrapped.components.strip import StripItem, strip
from rewrapped.components.svg import svg
from rewrapped.history import shifts
from rewrapped.history.ranks import ENOUGH_PLAYS, ranks
from rewrapped.history.tops import code_of
from rewrapped.ui import cards, figures, items, wording
from rewrapped.ui.behind import Behind, Side, narrowed
from rewrapped.ui.evolving import CHOICE, Look, behind, counted, full_name, hole_key, named, short

_GREY = 6  # lines at most
_SLEEVES, _FEWEST_SLEEVES = 36, 4  # two or three would leave most of the row empty
_COUNTS = (
    "Ranks by plays; equal ones are settled by time, then by name. A period with fewer than "
    f"{ENOUGH_PLAYS} plays ranks nobody: its order would be chance."
)


def are_ranked(look: Look) -> bool:
    """Return whether ranks could change at all: whether two periods of the view rank somebody."""
    return int(np.count_nonzero(look.first.number_ones >= 0)) >= 2


def show_ranks(look: Look, colours: Tokens) -> None:
    """Show who stood where among the first ten, and the number one of each period."""
    fallback = f"Top {look.noun} by {look.period}"
    title = cards.plain_or(fallback, shifts.took_over(look.tally, look.first))
    if not are_ranked(look):
        needs = f"a {look.period} needs {ENOUGH_PLAYS} plays to be ranked. Choose a longer time to see more."
        figures.head(title, f"Ranks change from the second {look.period} on, and {needs}")
        return
    said = f"Who was among the first ten of each {look.period}."
    figures.head(title, said, hint="Point at a line to follow it.")
    key = [*bump_key(look, colours), *hole_key(look, colours)]
    svg(legend(key), key="bump_key", css=LEGEND_CSS)
    figures.draw(bump_frame(look), bump.bump(colours, are_few=look.is_short), key="bump", colours=key)
    ones = number_ones(look)
    if len(ones) >= _FEWEST_SLEEVES:
        st.caption(f"The number one of each {look.period}, the latest first")
        items.follow(strip(ones, key="number_ones", label=f"Number ones by {look.period}, the latest first"))
    ranked = behind(look, f"ranks-{look.noun}-{look.period}", [*_lit(look), *_grey(look, _lit(look))])
    figures.foot(standings_table(look), _COUNTS, key="top_ten_by_period", behind=ranked)


def show_one(look: Look, colours: Tokens) -> None:
    """Show the ranks of one item, chosen among the most played."""
    head = st.container(gap="xsmall")
    code = pick_item(look)
    frame = rank_frame(look, code)
    with head:
        figures.head(f"Ranks of {wording.plain(full_name(look.item(code)))}", rank_summary(frame, look))
    figures.draw(frame, bump.rank_line(colours, are_few=look.is_short), key="rank")
    one = Behind(sides=[_side(look, code)])  # asked of its plays alone, a notebook would rank it first everywhere
    figures.foot(rank_table(frame), _COUNTS, key="rank_by_period", behind=one)


def _side(look: Look, code: int) -> Side:
    """Return the plays of one item alone as what a chart is of."""
    found = look.item(code)
    return Side(narrowed(look.view.filter, {str(look.noun): frozenset({found.id})}), look.view.said)


def bump_frame(look: Look) -> pd.DataFrame:
    """Return what the bump chart draws: the most played of the view in colour, other number ones in grey."""
    lit = _lit(look)
    lines = [_line(look, code, -1) for code in _grey(look, lit)]
    lines += [_line(look, code, slot) for slot, code in enumerate(lit)]
    return with_holes(bump_rows(lines, look.first.starts_on, look.said), look.holes, look.ends)


def bump_key(look: Look, colours: Tokens) -> list[tuple[str, str]]:
    """Return the colours of the bump chart, each with whose it is and how often it was first."""
    lit = _lit(look)
    entries = [
        (colours.categorical[slot], full_name(look.item(code)) + _times_first(look, code))
        for slot, code in enumerate(lit)
        if look.first.of(code)[0].any()
    ]
    return [*entries, (colours.muted, "others that were number one")] if _grey(look, lit) else entries


def number_ones(look: Look) -> list[StripItem]:
    """Return the number one of each period that has one, the latest first."""
    shown = []
    for on, code, plays in zip(look.first.starts_on, look.first.number_ones, look.first.plays[:, 0], strict=True):
        if code >= 0:
            found = look.item(code)
            art = sleeve(art_name(found.name, found.sub or None))
            sub = found.sub or wording.plays(int(plays))
            page = items.address(look.noun, found.id)
            when = short(look.period, on)
            shown.append(StripItem(wording.called(found.name), sub, when, on.isoformat(), art, page=page))
    return shown[::-1][:_SLEEVES]


def standings_table(look: Look) -> pd.DataFrame:
    """Return the first ten of every period as a table a person reads."""
    places = np.argwhere(look.first.codes >= 0)
    codes = [int(look.first.codes[number, place]) for number, place in places]
    return pd.DataFrame(
        {
            "When": [look.said[number] for number, _ in places],
            "Rank": [int(place) + 1 for _, place in places],
            **named(look, codes),
            "Plays": [int(look.first.plays[number, place]) for number, place in places],
        }
    )


def pick_item(look: Look) -> int:
    """Show the most played to choose one of; return its code. The address keeps the choice in `item`."""
    options = [each.id for each in look.best]
    asked = st.query_params.get("item", "")
    st.session_state["pick_item"] = int(asked) if asked in {str(each) for each in options} else options[0]
    names = {each.id: wording.called(each.name) + (f" by {each.artist}" if each.artist else "") for each in look.best}
    chosen = st.selectbox(
        f"One of your {len(options)} most played" if len(options) == CHOICE else "One of those you played",
        options,
        format_func=lambda each: names.get(each, ""),
        key="pick_item",
        on_change=lambda: st.query_params.update(item=str(st.session_state["pick_item"])),
    )
    return code_of(look.whole, look.noun, chosen)


def rank_frame(look: Look, code: int) -> pd.DataFrame:
    """Return what the rank of one item is drawn from."""
    rank, plays = ranks(look.tally, code)
    line = RankedLine(code, full_name(look.item(code)), rank.tolist(), plays.tolist(), 0)
    return with_holes(bump_rows([line], look.tally.stretch.starts_on, look.said), look.holes, look.ends)


def rank_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one item's ranks as a table a person reads."""
    known = frame[~frame["hole"].astype(bool)]
    return pd.DataFrame({"When": known["said"], "Rank": known["rank"].astype(int), "Plays": known["plays"].astype(int)})


def rank_summary(frame: pd.DataFrame, look: Look) -> str:
    """Return when one item stood highest, and in how many of the view's periods it has a rank."""
    table = rank_table(frame)
    if table.empty:
        return f"Not played in a {look.period} with {ENOUGH_PLAYS} plays or more."
    best = table["Rank"].min()
    when = table.loc[table["Rank"] == best, "When"].iloc[-1]
    of_all = counted(look.period, len(look.said))
    return (
        f"Highest: rank {best:,} in {when}. Ranked in {len(table):,} of {of_all}; a line breaks where it wasn't played."
    )


def _lit(look: Look) -> list[int]:
    return [code_of(look.whole, look.noun, each.id) for each in look.best[:LIT]]


def _grey(look: Look, lit: Sequence[int]) -> list[int]:
    """Return who else was number one, the most often first: a line that never led would carry nothing."""
    ones = look.first.number_ones
    codes, counts = np.unique(ones[(ones >= 0) & ~np.isin(ones, lit)], return_counts=True)
    return [int(code) for code in codes[np.argsort(-counts, kind="stable")][:_GREY]]


def _line(look: Look, code: int, slot: int) -> RankedLine:
    rank, plays = look.first.of(code)
    return RankedLine(code, full_name(look.item(code)), rank.tolist(), plays.tolist(), slot)


def _times_first(look: Look, code: int) -> str:
    times = int(np.count_nonzero(look.first.number_ones == code))
    return f" ({times}× first)" if times else ""
