"""The controls and tables of the history page. What is asked for stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from rewrapped.charts.sleeves import art_name, sleeve, sleeve_uri
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain.plays import Kind, PlayRule
from rewrapped.history.listing import Asked, Page, Row, SortBy
from rewrapped.history.tops import Noun
from rewrapped.ui import items, wording
from rewrapped.ui.links import spotify_link

_SIZE = 50
_MOST_OF_A_DAY = 300  # rows drawn; a day can hold thousands of very short ones
_DAY_ROWS = 10  # that stand beside the table; a longer day scrolls
_DAY_PX = 715
_LONGEST_SEARCH = 200
_ORDERS = {
    "newest": ("Newest first", SortBy.TIME, True),
    "oldest": ("Oldest first", SortBy.TIME, False),
    "title": ("By title", SortBy.TITLE, False),
    "artist": ("By artist", SortBy.ARTIST, False),
    "album": ("By album", SortBy.ALBUM, False),
    "longest": ("Longest first", SortBy.LENGTH, True),
}
COLUMNS: dict[str, Any] = {
    # a phone has room for the first three, a wide screen for five, how long something was played among them
    "sleeve": st.column_config.ImageColumn("", width=44),
    "title": st.column_config.TextColumn("Title", width=152),
    "artist": st.column_config.TextColumn("Artist", width=142),
    "when": st.column_config.DatetimeColumn("Ended", format="D MMM YYYY, HH:mm", width=138),
    "time": st.column_config.TextColumn("Played", width=64),
    "album": st.column_config.TextColumn("Album", width=150),
    "device": st.column_config.TextColumn("Device", width=90),
    "country": st.column_config.TextColumn("Country", width=70),
    "source": st.column_config.TextColumn("Source", width=150),
    "link": st.column_config.LinkColumn("Spotify", display_text="Open", width=70),
}
_CALLED = {
    "title": "Title",
    "artist": "Artist",
    "album": "Album",
    "when": "Ended",
    "time": "Played",
    "device": "Device",
    "country": "Country",
    "source": "Source",
}


def ask(rule: PlayRule) -> tuple[Asked, bool]:
    """Show search, order and the choice of rows; return what is asked for, and whether only plays by the rule count."""
    words = st.query_params.get("q", "")[:_LONGEST_SEARCH]
    order = st.query_params.get("order", "")
    order = order if order in _ORDERS else "newest"
    every = st.query_params.get("rows") == "all"
    st.session_state.update(history_words=words, history_order=order, history_every=every)
    with st.container(horizontal=True, vertical_alignment="bottom", key="history_bar"):
        st.text_input(
            "Search title, artist or album", key="history_words", on_change=_keep, icon=":material/search:", width=340
        )
        names = {word: said for word, (said, _, _) in _ORDERS.items()}
        st.selectbox(
            "Order", list(names), format_func=names.__getitem__, key="history_order", on_change=_keep, width=170
        )
        st.toggle(
            "Show what doesn't count as a play", key="history_every", on_change=_keep, help=wording.counted_by(rule)
        )
    _, sort_by, descending = _ORDERS[order]
    return Asked(_page_number(), _SIZE, words, sort_by, descending), not every


def newest() -> Asked:
    """Return the page of the address, the newest rows first, without controls."""
    return Asked(_page_number(), _SIZE)


def title(page: Page, *, plays_only: bool, searched: bool) -> str:
    """Return how much was found."""
    if searched:
        return f"{wording.plays(page.total)} found" if plays_only else f"{page.total:,} rows found"
    return wording.plays(page.total).capitalize() if plays_only else f"{page.total:,} rows of history"


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as the table shows them; times are the listener's clock."""
    return pd.DataFrame(
        {
            "sleeve": [sleeve_uri(art_name(row.title, row.artist)) for row in rows],
            "title": [wording.called(row.title) for row in rows],
            "artist": [row.artist or "" for row in rows],
            "when": [row.ended_at.replace(tzinfo=None) for row in rows],
            "time": [_clock(row) for row in rows],
            "album": [row.album or "" for row in rows],
            "device": [wording.PLATFORMS.get(row.platform, "") for row in rows],
            "country": [row.country for row in rows],
            "source": [wording.SOURCES[row.source] for row in rows],
            "link": [spotify_link(row.uri) for row in rows],
        }
    )


def sheet(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows as a table a person reads, without pictures."""
    return table(rows).drop(columns=["sleeve", "link"]).rename(columns=_CALLED)


def turn_pages(page: Page, hint: str = "") -> None:
    """Show the page numbers; `hint` says what else can be done."""
    if page.pages > 1:
        key = f"history_page_{page.number}_of_{page.pages}"  # another page is another widget: the address is the truth
        st.pagination(page.pages, default=page.number, key=key, on_change=_turn, args=(key,))
    first = (page.number - 1) * _SIZE + 1
    st.caption(f"{first:,} to {first + len(page.rows) - 1:,} of {page.total:,}. {hint}".rstrip())


def chosen_day(rows: Sequence[Row], selected: Sequence[int], today: date) -> date:
    """Return the local day of the selected row, else that of the first one shown."""
    if not rows:
        return today
    at = selected[0] if selected and selected[0] < len(rows) else 0
    return rows[at].ended_at.date()


def day_summary(rows: Sequence[Row]) -> str:
    """Return what a day held."""
    plays = sum(row.is_play for row in rows)
    artists = len({row.artist_id for row in rows if row.is_play and row.artist_id is not None})
    said = f"{wording.plays(plays)}, {wording.length(sum(row.heard_ms for row in rows) / 60_000)}"
    said += f", {artists:,} {'artist' if artists == 1 else 'artists'}"
    said += f". All of the day, whatever the filters{_day_counts(rows)}."
    return said + (f" The first {_MOST_OF_A_DAY} of {len(rows):,} rows." if len(rows) > _MOST_OF_A_DAY else "")


def _day_counts(rows: Sequence[Row]) -> str:
    """Return what plays and time of a day hold that the other pages leave out."""
    spoken = [
        wording.KINDS[kind].lower() for kind in Kind if kind is not Kind.TRACK and any(row.kind is kind for row in rows)
    ]
    short = sum(not row.is_play for row in rows)
    said = [f"{' and '.join(spoken)} count too"] if spoken else []
    if short:
        below = "that isn't a play" if short == 1 else "that aren't plays"
        said.append(f"the time holds {wording.rows(short)} {below}")
    return f": {', '.join(said)}" if said else ""


def show_day(rows: Sequence[Row]) -> None:
    """Show the rows of one day in the order they were heard, those that don't count as plays too."""
    first = rows[:_MOST_OF_A_DAY]
    longest = max((row.heard_ms for row in first), default=0) or 1
    shown = [_of_day(row, number, longest) for number, row in enumerate(first, start=1)]
    is_long = len(shown) > _DAY_ROWS
    if is_long:
        st.caption(f"Scroll the list for all {len(shown):,}.")
    with st.container(
        height=_DAY_PX if is_long else "content", border=False, key="long_day" if is_long else "short_day"
    ):
        items.follow(top_list(shown, key="day", label="The day in order", leaders=0))


def _of_day(row: Row, number: int, longest: int) -> TopRow:
    said = ["" if row.is_play else "not counted as a play", row.artist or ""]
    return TopRow(
        key=f"{row.ended_at.isoformat()}-{number}",
        rank=number,
        name=wording.called(row.title),
        sub=" · ".join(part for part in said if part),
        value=f"{row.ended_at:%H:%M}",
        detail=_clock(row),
        share=row.heard_ms / longest,
        art=sleeve(art_name(row.title, row.artist)),
        link=spotify_link(row.uri),
        page=items.address(Noun.TRACKS, row.track_id),
    )


def _keep() -> None:
    words = {
        "q": st.session_state["history_words"].strip()[:_LONGEST_SEARCH],
        "order": "" if st.session_state["history_order"] == "newest" else st.session_state["history_order"],
        "rows": "all" if st.session_state["history_every"] else "",
        "page": "",
    }
    for name, word in words.items():
        if word:
            st.query_params[name] = word
        elif name in st.query_params:
            del st.query_params[name]


def _turn(key: str) -> None:
    st.query_params["page"] = str(st.session_state[key])


def _page_number() -> int:
    word = st.query_params.get("page", "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 8 else 1


def _clock(row: Row) -> str:
    """Return how long a row was played as "3:07"; a tilde marks an estimate."""
    minutes, seconds = divmod(round(row.heard_ms / 1000), 60)
    return f"{'~' if row.is_estimated else ''}{minutes}:{seconds:02d}"
