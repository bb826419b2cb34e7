"""The evolution page's spread: over how many the plays go, and which shares go to a few and to new ones."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rewrapped.charts import diversity as charts
from rewrapped.charts.calendar import LEGEND_CSS
from rewrapped.charts.holes import with_holes
from rewrapped.charts.legends import legend
from rewrapped.charts.palettes import Tokens
from rewrapped.components.svg import svg
from rewrapped.history import shifts
from rewrapped.history.diversity import ENOUGH_PLAYS
from rewrapped.ui import figures
from rewrapped.ui.behind import Behind
from rewrapped.ui.cards import card
from rewrapped.ui.evolving import Look, behind, hole_key

_FEW = f"A period with fewer than {ENOUGH_PLAYS} plays has no figures: a handful of plays is always diverse."
_COUNTS_EFFECTIVE = (
    "The effective number is exp(−Σ p ln p), where p is each one's share of the plays: the Hill number of order 1 "
    "(Hill, Ecology 54, 1973; Jost, Oikos 113, 2006). It is how many equally played ones would be as varied: all plays "
    f"to one make it 1, and rarely played ones add little. {_FEW}"
)
_COUNTS_SHARES = (
    "Of the plays of each period: the part that goes to its ten most played, and the part that goes to those whose "
    f"first play in your whole history lies in it. Just after a history begins nearly everything is new. {_FEW}"
)


def show(look: Look, colours: Tokens) -> None:
    """Show the effective number along time, and beside it two shares; say so where no two periods have figures."""
    if int(look.diversity["effective"].notna().sum()) < 2:
        st.info(
            f"It takes two {look.period}s with {ENOUGH_PLAYS} plays or more each. Choose a longer time to see more."
        )
        return
    rows = with_holes(charts.diversity_rows(look.diversity, look.said), look.holes, look.ends)
    left, right = st.columns(2)
    with left, card("effective"):
        _show_effective(look, rows, colours)
    with right, card("shares"):
        _show_shares(look, rows, colours)


def _show_effective(look: Look, rows: pd.DataFrame, colours: Tokens) -> None:
    title = shifts.broader_or_narrower(look.diversity, look.noun)
    said = f"By {look.period}: how many, equally played, would be as varied (Hill 1973, Jost 2006)"
    figures.head(title or f"How many {look.noun} share your plays", said)
    line = (colours.categorical[0], f"effective number of {look.noun}")
    key = [line, *hole_key(look, colours)]
    svg(legend(key), key="effective_key", css=LEGEND_CSS)
    figures.draw(rows, charts.effective(colours, are_few=look.is_short), key="effective", colours=key)
    figures.foot(table(look), _COUNTS_EFFECTIVE, key="effective_number", behind=_behind(look))


def _show_shares(look: Look, rows: pd.DataFrame, colours: Tokens) -> None:
    title = shifts.share_of_the_top(look.diversity, look.noun, look.period)
    figures.head(title or "What goes to the top, and to new ones", f"Shares of the plays by {look.period}")
    lines = zip(colours.categorical, charts.SHARES, strict=False)
    key = [*lines, *hole_key(look, colours)]
    svg(legend(key), key="shares_key", css=LEGEND_CSS)
    figures.draw(rows, charts.shares(colours, are_few=look.is_short), key="shares", colours=key)
    figures.foot(table(look), _COUNTS_SHARES, key="shares_of_plays", behind=_behind(look))


def _behind(look: Look) -> Behind:
    return behind(look, f"spread-{look.noun}-{look.period}")


def table(look: Look) -> pd.DataFrame:
    """Return the figures as a table a person reads; a period with few plays has none."""
    by_period = look.diversity
    return pd.DataFrame(
        {
            "When": look.said,
            "Plays": by_period["plays"],
            "Different": by_period["different"],
            "Effective": by_period["effective"].round(1),
            "Ten most played, %": (by_period["top_share"] * 100).round(1),
            "New, %": (by_period["new_share"] * 100).round(1),
        }
    )
