"""The picture on the welcome page: our own components over the sample listener's numbers, nothing staged."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from rewrapped.charts import heatmap
from rewrapped.charts.sleeves import sleeve
from rewrapped.components.svg import svg
from rewrapped.components.top_list import top_list
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Filter, preset_range
from rewrapped.history import findings, habits, tops
from rewrapped.history.frame import History
from rewrapped.services import listening, samples
from rewrapped.ui import cards, figures, forms, look, session
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.filters import View

_FRESH = timedelta(days=60)  # an older sample still makes a true picture, but not of "the last 12 months"
_SHELF_CSS = """
.shelf { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px; }
.shelf svg { width: 100%; height: auto; aspect-ratio: 1; border-radius: 18px; }
"""
_NAMES = ("night bus", "first light", "side b", "harbour", "afterglow", "needle", "run-out", "encore") * 2


def show() -> None:
    """Draw the sample listener's last 12 months, or a shelf of sleeves while there is no sample listener yet."""
    history = _sample()
    if history is None or not len(history.plays):
        shelf = "".join(sleeve(f"{name} {number}") for number, name in enumerate(_NAMES))
        svg(f'<div class="shelf">{shelf}</div>', key="shelf", css=_SHELF_CSS)
        return
    with cards.card("showcase"):
        st.subheader(
            cards.plain_or("A sample listener's year", findings.headline(history, Filter(), "Their")), anchor=False
        )
        st.caption("Computed from the sample listener's last 12 months")
        best = tops.artists(history, 4)
        view = View(Filter(), "", "", "")
        rows = cards.top_rows(best, tops.Noun.ARTISTS, tops.Measure.PLAYS, view, "their")
        top_list(rows, key="showcase_list", label="The sample listener's top artists")
        week = heatmap.hour_week_cells(habits.hour_by_weekday(history))
        figures.draw(week, heatmap.hour_week(look.tokens(), 26), key="showcase_week")


def actions() -> None:
    """Show the three ways in."""
    st.html(forms.ways_in(session.csrf_token()))


def _sample() -> History | None:
    """Return the sample listener's last 12 months; None before there is a sample listener, or while that fails."""
    found: History | None = None
    with explain_errors():
        deps = session.deps()
        user_id = samples.find_fresh(deps, deps.now() - _FRESH)
        if user_id is not None:
            whole = listening.history(deps, Visitor.demo(user_id))
            today = deps.now().astimezone(whole.zone).date()
            found = whole.filter(Filter(time_range=preset_range("12m", today)))
    return found
