"""A promoter's events: the list of all, and one by itself with what can be done to it."""

from __future__ import annotations

import uuid
from html import escape

import streamlit as st

from rewrapped.deps import Deps
from rewrapped.domain import days
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.attention import Standing, Verdict
from rewrapped.domain.drafts import Draft
from rewrapped.domain.events import EventStatus, Listing
from rewrapped.services import attention, promoting
from rewrapped.services.attention import Overview
from rewrapped.storage.promotions import OwnEvent
from rewrapped.ui import administering, session
from rewrapped.ui import promoting_findings as findings
from rewrapped.ui import promoting_form as form
from rewrapped.ui import promoting_panel as panel
from rewrapped.ui import promoting_tables as tables
from rewrapped.ui.cards import card
from rewrapped.ui.eventpage import show_description
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.picks import pick
from rewrapped.ui.wording import plain

_BADGES = {
    EventStatus.CANCELLED: ":red-badge[called off]",
    EventStatus.RESCHEDULED: ":orange-badge[moved]",
    EventStatus.POSTPONED: ":orange-badge[postponed]",
}
_VERDICTS = {
    Verdict.IMPROVING: ("up", "▲ ahead of"),
    Verdict.NEEDS_ATTENTION: ("down", "▼ behind"),
    Verdict.USUAL: ("", "about the same as"),
}


_FORM = "_event_form"


def show(**query: str | int) -> None:
    """Go to another view of the page: `event`, `edit`, `copy` with an id, `new`; none for the list."""
    st.query_params.from_dict({name: str(value) for name, value in query.items()})
    st.rerun()


def draw_all(deps: Deps, visitor: Visitor) -> None:
    """Draw every event of the promoter, and how they do together."""
    st.session_state.pop(_FORM, None)
    if not promoting.list_events(deps, visitor):
        _draw_none()
        return
    head = st.container(gap=None)
    with st.container(horizontal=True, vertical_alignment="center", key="promoter_bar"):
        period = pick("Period", "period", panel.PERIODS)
        if st.button("List an event", type="primary", icon=":material/add:"):
            show(new=1)
    overview = attention.overview(deps, visitor, period)
    with head:
        st.title(findings.headline(overview) or "How your events do", anchor=False)
        st.caption(f"{_count(overview)}, {findings.period(overview)}. Figures are of this minute.")
    _draw_figures(overview)
    if len(overview.lines) > 1 and overview.whole.total.views:
        with card("comparison"):
            panel.draw_comparison(overview)
    panel.draw_effects(overview)
    with card("events"):
        _draw_list(overview)


def draw_one(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Draw one event's figures, and what can be done to it."""
    st.session_state.pop(_FORM, None)  # the next form lists another event
    own = promoting.find_event(deps, visitor, event_id)
    listing = own.event.listing
    _draw_way_back()
    head = st.container(gap=None)
    with st.container(horizontal=True, vertical_alignment="center", key="promoter_bar"):
        period = pick("Period", "period", panel.PERIODS)
        with st.container(horizontal=True, width="content"):
            _draw_actions(deps, visitor, own)
    overview = attention.overview(deps, visitor, period, event_id)
    with head:
        st.title(plain(listing.title), anchor=False)
        badge = ":red-badge[taken away]" if own.taken_at else _BADGES.get(listing.status, "")
        st.caption(f"{badge} {_when_and_where(listing)}. {_to_go(overview, listing)}")
    if own.taken_at is not None and own.promoter_id == visitor.user_id:
        st.warning(f"An admin took this event away, and nobody else sees it: {plain(own.taken_reason)}")
    if visitor.may(Permission.ADMINISTER):
        administering.draw_event(deps, visitor, own, "What you can do as an admin")
    st.html(standing_words(overview.lines[0].standing))
    _draw_figures(overview)
    panel.draw_advice(overview)
    panel.draw_effects(overview)
    if own.promotion.description:
        with card("description"):
            st.subheader("As listeners read it", anchor=False)
            show_description(own.promotion.description)
    if own.taken_at is None:
        with card("picture"):
            _draw_picture(own)
    panel.draw_exports(overview, f"event-{own.id}")


def draw_form(deps: Deps, visitor: Visitor, *, edited: int | None = None, copied: int | None = None) -> None:
    """Draw the form for a new event, one like another, or a change."""
    _draw_way_back()
    draft = Draft()
    if edited is not None:
        draft = promoting.draft(deps, visitor, edited)
    elif copied is not None:
        draft = promoting.duplicate(deps, visitor, copied)
    with st.container(gap=None):
        st.title("Change the event" if edited is not None else "List an event", anchor=False)
        st.caption(
            "Whoever saved it is told when date, time or venue change."
            if edited is not None
            else "It is to be seen by everybody as soon as you list it."
        )
    form_id = st.session_state.setdefault(_FORM, uuid.uuid4())  # here until it is listed: a second click sends it again
    sent = form.draw(deps, draft, "Save" if edited is not None else "List it", f"{edited or ''}_{copied or ''}")
    if sent is None:
        return
    with explain_errors():
        if edited is not None:
            promoting.edit(deps, visitor, edited, sent)
        show(event=edited if edited is not None else promoting.create(deps, visitor, sent, form_id))


def standing_words(standing: Standing | None) -> str:
    """Return how an event does beside earlier ones, as HTML; it has nothing of outside in it."""
    if standing is None:
        return '<p class="rw-quiet">It is compared with your earlier events once there are three of them.</p>'
    look, said = _VERDICTS[standing.verdict]
    day = "day" if standing.age == 1 else "days"
    return (
        f'<p class="rw-standing {look}"><b>{escape(str(standing.verdict).capitalize())}</b>: {said} your '
        f"{standing.earlier_count} earlier events at the same age: engagement {standing.own:,} after "
        f"{standing.age} {day}, theirs {standing.average:,.0f} on average.</p>"
    )


def _draw_figures(overview: Overview) -> None:
    panel.draw_tiles(overview)
    if not (overview.whole.total.views or overview.whole.total.impressions):
        st.info(
            f"Nobody has come across it in {findings.period(overview)} yet. What people do shows here within a minute."
        )
        return
    left, right = st.columns([7, 5])
    with left, card("series"):
        panel.draw_series(overview)
    with right, card("funnel"):
        panel.draw_funnel(overview)


def _draw_none() -> None:
    with st.container(gap=None):
        st.title("List your first event", anchor=False)
        st.caption("It stands beside everybody else's at once, and this page fills with what people do with it.")
    if st.button("List an event", type="primary", icon=":material/add:"):
        show(new=1)


def _draw_way_back() -> None:
    if st.button("All your events", icon=":material/arrow_back:", key="way_back"):
        show()


def _draw_actions(deps: Deps, visitor: Visitor, own: OwnEvent) -> None:
    listing = own.event.listing
    is_on = listing.status is not EventStatus.CANCELLED and own.taken_at is None
    is_open = is_on and not promoting.is_over(listing, deps.now())
    if is_open and st.button("Change", icon=":material/edit:"):
        show(edit=own.id)
    if st.button("Duplicate", icon=":material/content_copy:"):
        show(copy=own.id)
    if is_open:
        with st.popover("Call off", icon=":material/event_busy:"):
            st.write(
                "It stays listed as called off, and everybody who saved it is told. Only an admin can take that back."
            )
            if st.button("Call it off", type="primary"):
                with explain_errors():
                    promoting.cancel(deps, visitor, own.id)
                    st.rerun()


def _draw_picture(own: OwnEvent) -> None:
    """Draw the event's picture, and the form that brings another."""
    st.subheader("Picture", anchor=False)
    address = own.event.listing.image_url
    shown = f'<img class="rw-picture" src="{escape(address)}" alt="The picture of the event">' if address else ""
    st.html(
        f'{shown}<form class="rw-upload" method="post" action="/api/v1/promoter/images" enctype="multipart/form-data">'
        f'<input type="hidden" name="csrf" value="{escape(session.csrf_token())}">'
        f'<input type="hidden" name="event_id" value="{own.id}">'
        "<label>JPEG, PNG or WebP, up to 8 MB. What a camera writes beside it is taken out. "
        '<input type="file" name="picture" accept="image/jpeg,image/png,image/webp" required></label>'
        f'<button class="rw-button" type="submit">{"Replace" if address else "Add"} the picture</button></form>'
    )


def _draw_list(overview: Overview) -> None:
    st.subheader("Every event", anchor=False)
    st.caption(f"Figures of {findings.period(overview)}. Choose a row to see one by itself.")
    table = tables.events_table(overview)
    shown = [
        "Event",
        "Date",
        "Status",
        "Views",
        "Saves",
        "Ticket clicks",
        "Engagement",
        "Save rate",
        "Beside earlier events",
    ]
    picked = st.dataframe(
        table[shown],
        column_config={
            "Event": st.column_config.TextColumn(width=260),
            "Date": st.column_config.DateColumn(format="D MMM YYYY"),
            "Save rate": st.column_config.NumberColumn(format="percent", help=panel.COUNTS["save_rate"]),
            "Views": st.column_config.NumberColumn(help=panel.COUNTS["views"]),
            "Saves": st.column_config.NumberColumn(help=panel.COUNTS["saves"]),
            "Ticket clicks": st.column_config.NumberColumn(help=panel.COUNTS["clicks"]),
            "Engagement": st.column_config.NumberColumn(help=panel.COUNTS["engagement"]),
        },
        hide_index=True,
        row_height=44,
        height=min(40 + 44 * len(table), 560),
        on_select="rerun",
        selection_mode="single-row",
        key="own_events",
    )
    panel.draw_exports(overview, "events")
    if picked.selection.rows:
        show(event=overview.lines[picked.selection.rows[0]].own.id)


def _count(overview: Overview) -> str:
    count = len(overview.lines)
    return f"{count:,} {'event' if count == 1 else 'events'}"


def _when_and_where(listing: Listing) -> str:
    at = f", {listing.start_time:%H:%M}" if listing.start_time else ", time to be announced"
    return f"{days.weekday_and_day(listing.start_on)}{at}, {plain(listing.venue.name)} in {plain(listing.venue.city)}"


def _to_go(overview: Overview, listing: Listing) -> str:
    left = (listing.start_on - overview.today).days
    if listing.status is EventStatus.CANCELLED or left < 0:
        return "It is over." if left < 0 else ""
    return "It is today." if left == 0 else f"{left:,} {'day' if left == 1 else 'days'} to go."
