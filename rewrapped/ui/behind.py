"""The plays behind a chart: the rows that it counted, a page at a time, in a dialog worked out when it opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history import listing
from rewrapped.history.frame import History
from rewrapped.history.listing import Asked
from rewrapped.ui import browsing, session, wording
from rewrapped.ui.seen import Seen

_SIZE = 20
_ROW_PX = 48


#: Parts of a chart by name, each as fields of `Filter`.
Parts = Callable[[], Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the views that a chart is of: its filter, and its time in words. `name` tells it from another one."""

    filter: Filter
    said: str
    name: str = ""


@dataclass(frozen=True, eq=False)
class Behind:
    """What stands behind a chart.

    `question` is the word under which a notebook asks the same, "" for none;
    `asks_of_all` says that it needs the whole history, whatever the page's filter.
    `sides` are the views the chart is of; none stands for that of the page.
    `of_rows` says that it counts every row, plays or not, as all that counts
    time does. `parts` are fields of `Filter` by name, each a part of the chart
    that can be looked at alone, such as one artist of a list; it is worked out
    when the dialog opens.
    """

    question: str = ""
    asks_of_all: bool = False
    sides: Sequence[Side] = ()
    of_rows: bool = False
    parts: Parts = dict

    def sides_of(self, seen: Seen) -> Sequence[Side]:
        """Return the views the chart is of."""
        return self.sides or (Side(seen.filter, seen.view.said),)


def by_id(noun: str, named: Mapping[int, str]) -> Parts:
    """Return parts that are one artist, album or track each, from names by catalogue id; equal names get a number."""

    def parts() -> Mapping[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for each, name in named.items():
            called, number = name, 1
            while called in found:
                number += 1
                called = f"{name} ({number})"
            found[called] = {noun: frozenset({each})}
        return found

    return parts


def weekdays() -> Mapping[str, Mapping[str, Any]]:
    """Return the days of the week as parts."""
    return {name: {"weekdays": frozenset({number})} for number, name in enumerate(days.WEEKDAYS)}


def hours() -> Mapping[str, Mapping[str, Any]]:
    """Return the hours of the day as parts."""
    return {wording.hour(number): {"hours": frozenset({number})} for number in range(24)}


@st.dialog("The plays behind it", width="large")
def show(seen: Seen, behind: Behind, title: str, key: str) -> None:
    """Show the rows that a chart counted, with how many there are and the way to all of them."""
    session.require_listener()  # turning a page runs this alone: whoever signed out since sees no more of it
    said = st.container()
    side = _one_side(behind.sides_of(seen), key)
    chosen = _one_part(behind, side.filter, key)
    view = seen.whole.filter(chosen)
    shown = view if behind.of_rows else view.plays
    page = listing.page(shown, Asked(_turned(key, chosen), _SIZE))
    if title:
        said.caption(f"Behind “{title}”, {side.said}.")
    st.write(f"**{amount(view, of_rows=behind.of_rows)}**, the newest first.")
    st.dataframe(
        browsing.table(page.rows),
        column_config=browsing.COLUMNS,
        hide_index=True,
        row_height=_ROW_PX,
        height=40 + _ROW_PX * min(max(len(page.rows), 1), 8),
        key=f"behind_rows_{key}_{page.number}",
    )
    if page.pages > 1:
        st.pagination(page.pages, key=_page_key(key, chosen))
    query = seen.query(chosen)
    if query is not None:
        rows = {"rows": "all"} if behind.of_rows else {}
        st.page_link(
            "pages/history.py",
            label="Search and sort them on the History page",
            icon=":material/arrow_forward:",
            query_params=query | rows,
        )


def amount(view: History, *, of_rows: bool) -> str:
    """Return how much a view holds: its plays, or its rows with the time they add up to."""
    if not of_rows:
        return wording.plays(len(view.plays))
    time = wording.length(float(view.heard_ms.sum(dtype="int64")) / 60_000)
    return f"{wording.rows(len(view))}, {time}; {wording.plays(len(view.plays))} among them"


def _one_side(sides: Sequence[Side], key: str) -> Side:
    if len(sides) == 1:
        return sides[0]
    names = [side.name for side in sides]
    chosen = st.segmented_control("Which side", names, default=names[0], key=f"behind_side_{key}", required=True)
    return sides[names.index(chosen or names[0])]


def _one_part(behind: Behind, chosen: Filter, key: str) -> Filter:
    parts = behind.parts()
    if not parts:
        return chosen
    name = st.selectbox("Which of them", list(parts), index=None, placeholder="All of them", key=f"behind_part_{key}")
    return chosen if name is None else narrowed(chosen, parts[name])


def narrowed(chosen: Filter, part: Mapping[str, Any]) -> Filter:
    """Return a filter narrowed to a part of it: what it names already stays the bound."""
    fields: dict[str, Any] = {}
    for name, values in part.items():
        own = getattr(chosen, name)
        fields[name] = (values & own or frozenset({0})) if own and isinstance(values, frozenset) else values
    return replace(chosen, **fields)


def _page_key(key: str, chosen: Filter) -> str:
    return f"behind_page_{key}_{hash(chosen)}"  # another part is another list, which begins at its first page


def _turned(key: str, chosen: Filter) -> int:
    return int(st.session_state.get(_page_key(key, chosen), 1))
