"""The numbers of the Genres page as tables, and the foot of its cards, which says what is covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from rewrapped.domain import days
from rewrapped.history.genres import Covered, Flow, Part, Portion, Ties
from rewrapped.ui import figures, wording
from rewrapped.ui.behind import Behind

DIVIDED = (
    "The time of every row, plays or not. An artist's time is divided among their genres, so that no minute counts "
    "twice: as 1 to 1/2 to 1/3 where you or our own list say them, the most fitting first, else by how often people "
    "tag the artist so."
)


def foot(table: pd.DataFrame, covered: Covered, *, key: str, counts: str = "", behind: Behind) -> None:
    """Close a card as every foot does, with whom no genre is known of."""
    told = wording.with_estimate(f"{DIVIDED} {counts}".strip(), covered.estimated_minutes)
    more = (f"Covers {covered.share:.0%} of the time", lambda: missing(covered))
    figures.foot(table, told, key=key, more=more, behind=behind)


def missing(covered: Covered) -> None:
    """Say how much of a view has a genre, and of whom none is known."""
    hours = wording.length(covered.known_minutes), wording.length(covered.minutes)
    st.write(f"Genres are known for {hours[0]} of {hours[1]}.")
    if covered.hidden_minutes:
        st.write(f"{wording.length(covered.hidden_minutes)} are of artists or genres you left out.")
    if covered.estimated_minutes:
        st.write(wording.with_estimate("", covered.estimated_minutes))
    if not covered.missing:
        return
    count = covered.artist_count
    st.write(f"No genre is known of {count:,} {'artist' if count == 1 else 'artists'}; those you hear most:")
    table = pd.DataFrame(
        {
            "Artist": [each.name for each in covered.missing],
            "Time": [wording.length(each.minutes) for each in covered.missing],
        }
    )
    st.dataframe(table, hide_index=True)
    st.caption("You can say what they are under “Change genres” at the end of this page.")


def flow_table(flow: Flow) -> pd.DataFrame:
    """Return minutes of the largest over time as a table a person reads."""
    starts = ("From", [days.day(start) for start in flow.starts])
    return as_columns(starts, [label.name for label in flow.labels], np.round(flow.minutes.T, 1))


def as_columns(first: tuple[str, list[str]], names: Sequence[str], values: npt.NDArray[Any]) -> pd.DataFrame:
    """Return a table of a first column and one per name; a name that stands there already gets a number."""
    head, *others = _unique([first[0], *names])
    table = pd.DataFrame(values, columns=others)
    table.insert(0, head, first[1])
    return table


def parts_table(parts: Sequence[Part], families: Mapping[str, str]) -> pd.DataFrame:
    """Return genres as a table a person reads."""
    return pd.DataFrame(
        {
            "Genre": [part.label.name for part in parts],
            "Family": [families.get(part.label.family, "") for part in parts],
            "Hours": [round(part.minutes / 60, 1) for part in parts],
            "Share": [f"{part.share:.1%}" for part in parts],
            "Artists": [part.artist_count for part in parts],
        }
    )


def portions_table(found: Sequence[Portion]) -> pd.DataFrame:
    """Return artists by their time within a genre as a table a person reads."""
    return pd.DataFrame(
        {
            "Artist": [wording.called(each.name) for each in found],
            "Minutes within it": [round(each.minutes) for each in found],
            "Minutes in all": [round(each.whole_minutes) for each in found],
        }
    )


def ties_table(ties: Ties) -> pd.DataFrame:
    """Return ties as pairs, the strongest first."""
    pairs = [
        (float(ties.minutes[i, j]), ties.names[i], ties.names[j])
        for i in range(len(ties.names))
        for j in range(i + 1, len(ties.names))
        if ties.minutes[i, j] > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1:]))
    return pd.DataFrame(
        {
            "One": [one for _, one, _ in pairs],
            "Other": [other for *_, other in pairs],
            "Minutes": [round(each) for each, *_ in pairs],
        }
    )


def _unique(names: Sequence[str]) -> list[str]:
    """Return names as columns, which must differ: a family and a genre may share one."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
