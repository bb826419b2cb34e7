"""Where events come from, on the admin's page: sources, promoters' events, and bringing a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from rewrapped.deps import Deps
from rewrapped.domain import eventsheet
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.services import feeds
from rewrapped.services.feeds import Feed
from rewrapped.storage.promotions import OwnEvent
from rewrapped.ui import administering, session, wording
from rewrapped.ui.cards import card
from rewrapped.ui.explain import explain_errors

_NAMES = {
    EventSource.TICKETMASTER: "Ticketmaster",
    EventSource.JAMBASE: "JamBase",
    EventSource.INTERNAL: "Promoters of this site, and sheets",
    EventSource.DEMO: "Invented shows of the demo",
}
_STATUSES = {EventStatus.CANCELLED: "called off", EventStatus.RESCHEDULED: "moved", EventStatus.POSTPONED: "postponed"}


def draw_feeds(deps: Deps, visitor: Visitor) -> None:
    """Draw each source with what it brings, and a button that asks it now."""
    found = feeds.list_feeds(deps, visitor)
    with card("feeds"):
        st.subheader(_finding(found), anchor=False)
        for feed in found:
            with st.container(horizontal=True, vertical_alignment="center", key=f"feed_{feed.source}"):
                st.markdown(f"**{_NAMES[feed.source]}**  \n{_said(feed)}", width="stretch")
                if feed.has_key and st.button("Ask now", key=f"ask_{feed.source}"):
                    with explain_errors():
                        st.toast(feeds.sweep_now(deps, visitor, feed.source))


def draw_own_events(deps: Deps, visitor: Visitor) -> None:
    """Draw the events of all promoters that are to come, and the form that brings a sheet of them."""
    own = feeds.list_own_events(deps, visitor)
    with card("own_events"):
        first = "The next " if len(own) == feeds.MOST_OWN else ""
        st.subheader(f"{first}{_events(len(own))} of this site's own to come", anchor=False)
        if own:
            picked = st.dataframe(
                _table(own),
                column_config=_COLUMNS,
                hide_index=True,
                on_select="rerun",
                selection_mode="single-row",
                key="own_events",
            )
            st.caption("Choose a row to reinstate an event, keep it apart from other listings, or take it away.")
            if picked.selection.rows:
                chosen = own[picked.selection.rows[0]]
                administering.draw_event(deps, visitor, chosen, wording.plain(chosen.event.listing.title))
        st.html(
            '<form class="rw-upload" method="post" action="/api/v1/admin/events" enctype="multipart/form-data">'
            f'<input type="hidden" name="csrf" value="{escape(session.csrf_token())}">'
            '<label>Bring a sheet of events: CSV (UTF-8), a line each. <input type="file" name="sheet" '
            'accept=".csv,text/csv,text/tab-separated-values" required></label>'
            '<button class="rw-button" type="submit">List them</button></form>'
        )
        with st.popover("What a sheet looks like"):
            st.write(
                f"The first line names the columns. Needed: {', '.join(eventsheet.NEEDED)}. As you like:"
                f" {', '.join(eventsheet.OPTIONAL)}. Dates look like 2027-05-31, times like 20:00 and are the venue's;"
                " a country is its code of two letters; several acts, genres or tags are parted by semicolons."
            )
            st.write(
                "A line that was brought before changes its event. It is known again by its id; without one by title,"
                " date, venue, city and country, so that an event that moves is a new one."
            )
            st.code(_EXAMPLE, language=None)


_EXAMPLE = """title,date,time,venue,city,country,line_up,url
Harbour Nights,2027-05-31,20:00,Doca,Lisbon,PT,The Headliner; A Support,https://tickets.example.org/1
"""
_COLUMNS = {"Open": st.column_config.LinkColumn(display_text="Open", width=70)}


def _finding(found: Sequence[Feed]) -> str:
    coming = sum(feed.coming for feed in found)
    return f"{coming:,} {'listing' if coming == 1 else 'listings'} to come" if coming else "No listings to come yet"


def _said(feed: Feed) -> str:
    said = f"{feed.coming:,} to come"
    if not feed.is_asked:
        return said
    if not feed.has_key:
        return f"{said}. Not asked: there is no key for it. `docs/event-sources.md` says how to get one."
    if feed.swept_at is None:
        return f"{said}. Not asked yet; it is once somebody tells their country."
    now, zone = session.deps().now(), session.person().zone
    return f"{said}. Last asked {wording.moment_in(zone, feed.swept_at, now)}."


def _events(count: int) -> str:
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _state(own: OwnEvent) -> str:
    return "taken away" if own.taken_at else _STATUSES.get(own.event.listing.status, "as planned")


def _table(own: Sequence[OwnEvent]) -> pd.DataFrame:
    listings = [one.event.listing for one in own]
    return pd.DataFrame(
        {
            "Date": [listing.start_on for listing in listings],
            "Event": [listing.title for listing in listings],
            "Venue": [f"{listing.venue.name}, {listing.venue.city}" for listing in listings],
            "State": [_state(one) for one in own],
            "Listed by": [listing.attribution for listing in listings],
            "Open": [f"{session.deps().site.base_url}/promoter?event={one.id}" for one in own],
        }
    )
