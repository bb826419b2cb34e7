"""Tops as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from rewrapped.charts.sleeves import art_name, sleeve_uri
from rewrapped.history.frame import History
from rewrapped.history.tops import Measure, Noun, Top, months
from rewrapped.ui import wording
from rewrapped.ui.behind import Parts, by_id
from rewrapped.ui.links import spotify_link

_FEWEST_MONTHS = 3  # that a small line tells anything of


def tops_table(history: History, best: Sequence[Top], noun: Noun, by: Measure) -> pd.DataFrame:
    """Return a row per item, with its sleeve, its bar and, where there are months enough, its plays by month.

    What a phone has room for, without scrolling sideways, comes first.
    """
    by_month = months(history, noun, [each.id for each in best]).plays
    table = pd.DataFrame(
        {
            "rank": [each.rank for each in best],
            "sleeve": [sleeve_uri(art_name(each.name, each.artist)) for each in best],
            "name": [wording.called(each.name) for each in best],
            "bar": [each.value(by) if by is Measure.PLAYS else each.value(by) / 60 for each in best],
            "artist": [each.artist or "" for each in best],
            "months": [row.tolist() for row in by_month],
            "minutes": [wording.length(each.heard_minutes) for each in best],
            "plays": [each.plays for each in best],
            "link": [spotify_link(each.uri) for each in best],
        }
    )
    hidden = ["minutes" if by is Measure.TIME else "plays"]
    hidden += ["months"] if by_month.shape[1] < _FEWEST_MONTHS else []
    hidden += ["artist"] if noun is Noun.ARTISTS else []
    hidden += ["link"] if table["link"].isna().all() else []
    return table.drop(columns=hidden)


def sheet(best: Sequence[Top], noun: Noun) -> pd.DataFrame:
    """Return tops as they are downloaded: every figure, unrounded."""
    table = pd.DataFrame(
        {
            "Rank": [each.rank for each in best],
            "Name": [wording.called(each.name) for each in best],
            "Artist": [each.artist or "" for each in best],
            "Plays": [each.plays for each in best],
            "Minutes": [each.minutes for each in best],
            "Estimated minutes": [each.estimated_minutes for each in best],
            "Link": [spotify_link(each.uri) or "" for each in best],
        }
    )
    return table.drop(columns="Artist") if noun is Noun.ARTISTS else table


def parts(noun: Noun, best: Sequence[Top]) -> Parts:
    """Return each of some tops as a part of a chart that can be looked at alone."""
    called = {each.id: wording.called(each.name) + (f" by {each.artist}" if each.artist else "") for each in best}
    return by_id(str(noun), called)


def tops_columns(noun: Noun, by: Measure, most: float) -> dict[str, Any]:
    """Return how the table's columns are shown; `most` ends the bars."""
    form = "%d" if by is Measure.PLAYS else "%.1f h"
    return {
        "rank": st.column_config.NumberColumn("#", width=40),
        "sleeve": st.column_config.ImageColumn("", width=48),
        "name": st.column_config.TextColumn(noun.removesuffix("s").capitalize(), width=150),
        "artist": st.column_config.TextColumn("Artist", width=130),
        "bar": st.column_config.ProgressColumn(
            "Plays" if by is Measure.PLAYS else "Hours", format=form, min_value=0, max_value=most, width=94
        ),
        "months": st.column_config.AreaChartColumn("By month", y_min=0, width=96),
        "minutes": st.column_config.TextColumn("Time", width=60),
        "plays": st.column_config.NumberColumn("Plays", width=70),
        "link": st.column_config.LinkColumn("Spotify", display_text="Open", width=64),
    }
