"""What stands around the cards of the events page: what was found, what is missing, and pages."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

import streamlit as st

from rewrapped.charts.sleeves import sleeve
from rewrapped.components.svg import svg
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.accounts import zones
from rewrapped.services import events
from rewrapped.services.events import FOR_YOU, PAGE, Board
from rewrapped.ui import eventfilters, session, wording
from rewrapped.ui.cards import card
from rewrapped.ui.eventfilters import Sought

_SHELF_CSS = """
.row { display: flex; gap: 14px; flex-wrap: wrap; }
.row svg { width: 84px; height: 84px; border-radius: 16px; }
"""
_NAMES = ("an empty hall", "doors at eight", "soundcheck", "house lights", "encore", "last bus home")


def today(visitor: Visitor) -> date:
    """Return the day it is for the listener; for somebody unknown, by their browser's clock."""
    name = session.listener().zone if visitor.listener_id is not None else st.context.timezone
    zone = ZoneInfo(name) if isinstance(name, str) and name in zones() else UTC
    return session.deps().now().astimezone(zone).date()


def page_number() -> int:
    """Return the page of the address, 1 unless it says another one."""
    word = st.query_params.get("page", "")
    return int(word) if word.isascii() and word.isdigit() and 0 < len(word) < 7 else 1


def lead(board: Board, visitor: Visitor) -> str:
    """Return the line below the title."""
    if not board.total:
        return "Concerts near you, ranked by what you play."
    if board.for_you_total:
        of = f"Of {board.total:,} that are on" if board.total > board.for_you_total else "All of them"
        return f"{of}. Ranked by your own plays, with the reason on each card."
    if visitor.read_only or board.has_plays:
        return "None of those who play is in your history yet; nearest days first."
    return "Nearest days first."


def ask_what_is_missing(board: Board, sought: Sought, visitor: Visitor) -> None:
    """Ask where the listener is, and say what plays would do, as far as either isn't known."""
    if sought.here.place is None and not sought.asked.country and sought.asked.place_id is None:
        with card("ask_place"):
            st.subheader("Where are you?", anchor=False)
            kept = (
                "Kept with your account." if visitor.may(Permission.KEEP_EVENTS) else "It stays in this page's address."
            )
            st.caption(f"Then near shows come first. Looked up on this server, in a list of its own. {kept}")
            eventfilters.ask_place("asked_place")
    if not board.has_plays and board.total:
        if visitor.user_id is None:
            st.caption("With an account and your own history, shows of whom you play come first, with the figures.")
        elif st.button("Import your listening to see which of these fit you", icon=":material/upload_file:"):
            st.switch_page("pages/import.py")


def hint_at_later(sought: Sought, visitor: Visitor) -> None:
    """Say how many shows that fit begin after the days looked at, and lead there."""
    until_on = sought.asked.further(today(visitor))
    if until_on is None:
        return
    count = events.count_later(session.deps(), visitor, sought.search, sought.here, until_on)
    if count:
        said = "1 show that fits you is" if count == 1 else f"{count:,} shows that fit you are"
        st.button(
            f"{said} later: look at 3 months",
            key="look_later",
            icon=":material/calendar_month:",
            on_click=eventfilters.look_further,
        )


def show_nothing(board: Board, sought: Sought, visitor: Visitor) -> None:
    """Say why there is nothing, and what to loosen."""
    svg(f'<div class="row">{"".join(map(sleeve, _NAMES))}</div>', key="empty_hall", css=_SHELF_CSS)
    if not board.is_any_known:
        st.info(nothing_known(is_operator=visitor.may(Permission.ADMINISTER) or session.deps().site.is_local))
        return
    st.write("Nothing that is on fits all of this. Loosen something:")
    with st.container(horizontal=True, key="loosen"):
        if sought.is_narrowed:
            st.button("Search for no words", icon=":material/close:", on_click=eventfilters.forget_words)
        if sought.asked.word != "3m":
            st.button("Look at 3 months", icon=":material/calendar_month:", on_click=eventfilters.look_further)
        if sought.search.around or sought.search.country:
            st.button("Look everywhere", icon=":material/public:", on_click=eventfilters.look_everywhere)


def nothing_known(*, is_operator: bool) -> str:
    """Return why no show is known at all; with what to do about it for whoever runs the site."""
    if not is_operator:
        return "No shows are listed here yet. They appear on this page as soon as a source or a promoter lists some."
    return (
        "No shows are known here yet. They come from Ticketmaster and JamBase once a key for one of them is set, and"
        " from promoters who list their own. To look around first, run `make demo`: it fills in invented shows."
    )


def for_you_said(board: Board) -> str:
    """Return how many of those that fit are shown."""
    shown = "The best fit first."
    if board.for_you_total > FOR_YOU:
        shown = f"The {FOR_YOU} that fit best, of {board.for_you_total:,}; the others are below, among everything."
    return shown + (" Counted among the soonest 3,000 listings." if board.is_cut else "")


def everything_said(board: Board, sought: Sought) -> str:
    """Return which shows of all are below."""
    first = (board.number - 1) * PAGE + 1
    span = f"{first:,} to {first + len(board.everything) - 1:,} of " if board.pages > 1 else ""
    noun = "show" if board.total == 1 else "shows"
    return wording.plain(f"{span}{board.total:,} {noun}{sought.where} {sought.when}, by day.")


def turn_pages(board: Board) -> None:
    """Show the page numbers."""
    if board.pages > 1:
        key = f"events_page_{board.number}_of_{board.pages}"  # another page is another widget: the address is the truth
        st.pagination(board.pages, default=board.number, key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    st.query_params["page"] = str(st.session_state[key])
