"""The parts of a show's own page."""

from __future__ import annotations

from html import escape

import streamlit as st

from rewrapped.charts.sleeves import sleeve
from rewrapped.components.svg import svg
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.days import weekday_and_day
from rewrapped.domain.description import to_html
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.domain.fit import Performer
from rewrapped.domain.following import Followed
from rewrapped.domain.interests import TAG_MAX
from rewrapped.domain.promoting import Placement
from rewrapped.domain.shows import Sale
from rewrapped.domain.sitemap import EVENTS
from rewrapped.services import events, keeping
from rewrapped.services.events import Card
from rewrapped.services.whereabouts import country_name
from rewrapped.ui import eventcards, eventmaps, forms, session, wording
from rewrapped.ui.explain import explain_errors

_LISTED, _FOLLOWABLE = 30, 6
_HERO_CSS = """
.hero { height: 190px; border-radius: 20px; overflow: hidden; }
.hero svg, .hero img { width: 100%; height: 100%; object-fit: cover; }
@media (max-width: 640px) { .hero { height: 110px; } }
"""


def show_head(card: Card) -> None:
    """Show the picture, what and when it is, and what is odd about it."""
    told = card.show.listing
    svg(f'<div class="hero">{_picture(card)}</div>', key="event_hero", css=_HERO_CSS)
    st.title(wording.plain(told.title), anchor=False)
    st.markdown(f"**{_when(card)}** · {wording.plain(eventcards.where(card))}")
    st.caption(_clock_said(card))
    if told.status is EventStatus.CANCELLED:
        st.error(
            "This show is cancelled. Ask whoever sold you a ticket about your money.", icon=":material/event_busy:"
        )
    elif told.status is not EventStatus.SCHEDULED:
        st.warning(
            f"{eventcards.STATUSES[told.status]}. The date here may not be the last word.", icon=":material/update:"
        )
    if card.is_over:
        st.info("This show is over.")
    elif card.show.is_gone:
        st.info("Whoever told us of this show doesn't list it any more: ask the venue before you go.")


def show_actions(card: Card, visitor: Visitor, placement: Placement) -> None:
    """Show Save, the calendar file, and the way to all events, side by side."""
    calendar = forms.link(f"/calendar/{card.show.id}.ics", "Add to calendar")
    register = eventcards.save_link(visitor, eventcards.asked_event())
    with st.container(horizontal=True, vertical_alignment="center", key="event_actions"):
        if register:
            st.html(f'<div class="rw-actions">{forms.link(register, "Save", first=True)}{calendar}</div>')
        else:
            _show_save(card, visitor, placement)
            st.html(calendar)
        st.page_link(f"pages/{EVENTS}.py", label="All events", icon=":material/event:", width="content")


def show_reasons(card: Card) -> None:
    """Show every reason why a show fits, with its figures."""
    reasons = [eventcards.reason(one) for one in card.fitness.reasons]
    if reasons and eventcards.best_reason(card.fitness):
        with st.container(key="card_event_why"):
            st.subheader(f"Why this fits: {round(card.fitness.score)} of 100", anchor=False)
            st.html("<ul>" + "".join(f"<li>{escape(said)}</li>" for said in reasons[:8]) + "</ul>")
            with st.container(horizontal=True, key="foot_event_why"), st.popover("How this is counted"):
                st.write(_FORMULA)


def show_about(card: Card) -> None:
    """Show what its promoter says of a show, if anything."""
    text = events.description(session.deps(), card.show)
    if text:
        with st.container(key="card_event_about"):
            st.subheader("About this show", anchor=False)
            told_by = next((one.words for one in card.show.credits if one.source is EventSource.INTERNAL), "")
            if told_by:
                st.caption(f"In the words of {wording.plain(told_by)}.")
            show_description(text)


def show_description(text: str) -> None:
    """Show a promoter's own words (limited Markdown)."""
    st.html(f'<div class="rw-prose">{to_html(text)}</div>')


def show_line_up(card: Card, visitor: Visitor) -> None:
    """Show who plays, whom the listener plays most first."""
    acts = card.performers or tuple(Performer(act.name) for act in card.show.listing.performers)
    if not acts:
        return
    most = max(act.plays for act in acts)
    with st.container(key="card_event_acts"):
        st.subheader("Line-up", anchor=False)
        if most:
            st.caption("In the order of your plays.")
        rows = [_row(act, rank, most) for rank, act in enumerate(acts[:_LISTED], start=1)]
        top_list(rows, key="line_up", label="Line-up", leaders=1 if most else 0)
        if len(acts) > _LISTED:
            st.caption(f"And {len(acts) - _LISTED} more.")
        if visitor.may(Permission.KEEP_EVENTS):
            with st.container(horizontal=True, key="follow_acts"):
                for act in acts[:_FOLLOWABLE]:
                    _follow_artist(visitor, act)


def show_tickets(card: Card, via: str) -> None:
    """Show every place that sells, with its price and where the link leads."""
    with st.container(key="card_event_tickets"):
        st.subheader("Tickets", anchor=False)
        if not card.is_on:
            st.caption("There are none to be had any more.")
        elif not card.show.sales:
            st.caption("Nobody told us where tickets are sold.")
        else:
            for number, sale in enumerate(card.show.sales):
                _show_sale(sale, via, number)
        named = " and ".join(_credit(one.words, one.url) for one in card.show.credits)
        st.html(f'<p class="rw-caption">Listed by {named}</p>' if named else "")


def show_venue(card: Card, visitor: Visitor) -> None:
    """Show where it is."""
    venue = card.show.listing.venue
    with st.container(key="card_event_venue"):
        st.subheader(wording.plain(venue.name), anchor=False)
        place = ", ".join(part for part in (venue.city, venue.region, country_name(venue.country)) if part)
        st.caption(wording.plain(place))
        eventmaps.show_venue(card)
        if visitor.may(Permission.KEEP_EVENTS):
            label, icon = (
                ("Following", ":material/check:") if card.is_venue_followed else ("Follow venue", ":material/add:")
            )
            if st.button(label, key="follow_venue", icon=icon):
                _toggle_venue(visitor, card)
                st.rerun()


def show_tags(card: Card, visitor: Visitor) -> None:
    """Show a show's tags; a listener adds their own."""
    tags = keeping.tags(session.deps(), visitor, card.show.id)
    can_tag = visitor.may(Permission.KEEP_EVENTS)
    if not (can_tag or tags.shared):
        return
    with st.container(key="card_event_tags"):
        st.subheader("Tags", anchor=False)
        shared = [f"{wording.plain(tag)} ({count:,})" for tag, count in tags.shared.items()]
        st.caption(" · ".join(shared) or "Yours alone, until five people give the same one.")
        with st.container(horizontal=True, key="filter_chips_tags"):
            for number, tag in enumerate(tags.own):
                if st.button(
                    wording.plain(tag), key=f"tag_{number}", icon=":material/close:", help="Take this tag off"
                ):
                    keeping.remove_tag(session.deps(), visitor, card.show.id, tag)
                    st.rerun()
        if can_tag:
            with st.form("tag", border=False, clear_on_submit=True):
                text = st.text_input("A tag of yours", max_chars=TAG_MAX, placeholder="with Jo")
                if st.form_submit_button("Add") and text.strip():
                    with explain_errors():
                        keeping.add_tag(session.deps(), visitor, card.show.id, text)
                        st.rerun()


_FORMULA = (
    "60 for the performers by your plays (the last six months count four times, and each act adds), 20 for genres "
    "by their share of your time and by what you chose among your interests, 12 for nearness, 5 for a venue you "
    "follow, 3 for how soon it is. Nothing but your own history and what you told us goes into it."
)


def _show_save(card: Card, visitor: Visitor, placement: Placement) -> None:
    label = "Saved" if card.is_saved else "Save"
    icon = ":material/favorite:" if card.is_saved else ":material/favorite_border:"
    if st.button(label, key="event_save", icon=icon, type="secondary" if card.is_saved else "primary"):
        eventcards.toggle_save(visitor, eventcards.asked_event(), placement, is_saved=card.is_saved)
        st.rerun()


def _picture(card: Card) -> str:
    """Return the promoter's picture, which is ours to show; of other sources' none is loaded from elsewhere."""
    told = card.show.listing
    if told.image_url and told.image_url.startswith("/images/"):
        return f'<img src="{escape(told.image_url)}" alt="{escape(told.title)}">'
    return sleeve(card.performers[0].name if card.performers else told.title)


def _when(card: Card) -> str:
    told = card.show.listing
    said = weekday_and_day(told.start_on)
    if told.end_on and told.end_on != told.start_on:
        said += f" to {weekday_and_day(told.end_on)}"
    return f"{said}, {told.start_time:%H:%M}" if told.start_time else f"{said}, time to be announced"


def _clock_said(card: Card) -> str:
    told = card.show.listing
    zone = told.zone.replace("_", " ")
    if told.doors_time:
        return f"Doors at {told.doors_time:%H:%M}. Times are the venue's ({zone})."
    return f"Days and times are the venue's ({zone})."


def _row(act: Performer, rank: int, most: int) -> TopRow:
    recent = f"{act.recent_plays:,} in the last 6 months" if act.recent_plays else ""
    return TopRow(
        key=f"act-{rank}-{act.name[:80]}",
        rank=rank,
        name=act.name,
        sub="You follow them" if act.is_followed else "" if act.plays or not most else "Not played yet",
        value=wording.plays(act.plays) if act.plays else "",
        detail=recent,
        share=act.plays / most if most else 0.0,
        art=sleeve(act.name),
    )


def _follow_artist(visitor: Visitor, act: Performer) -> None:
    label, icon = ("Following", ":material/check:") if act.is_followed else ("Follow", ":material/add:")
    if st.button(f"{label} {wording.plain(act.name)}", key=f"follow_{keeping.artist_id(act.name)}", icon=icon):
        if act.is_followed:
            keeping.unfollow(session.deps(), visitor, Followed.ARTIST, keeping.artist_id(act.name))
        else:
            keeping.follow_artist(session.deps(), visitor, act.name)
        st.rerun()


def _toggle_venue(visitor: Visitor, card: Card) -> None:
    venue = card.show.listing.venue
    if card.is_venue_followed:
        keeping.unfollow(session.deps(), visitor, Followed.VENUE, keeping.venue_id(venue.city, venue.name))
    else:
        keeping.follow_venue(session.deps(), visitor, venue.city, venue.name)


def _show_sale(sale: Sale, via: str, number: int) -> None:
    """Show one place that sells: its name, what it costs, and where the link leads."""
    parts = (eventcards.price(sale.offer), "" if sale.offer.is_primary else "resale")
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"sale_{number}"
    ):
        host = eventcards.host(sale.offer)
        seller = "" if sale.offer.seller == host else f"**{wording.plain(sale.offer.seller)}**"  # the button names it
        costs = wording.plain(" · ".join(filter(None, parts)))
        st.markdown("  \n".join(filter(None, (seller, costs))), width="content")
        label = f"Tickets at {wording.plain(host)}"
        address = eventcards.ticket_link(sale.event_id, sale.number, via)
        st.link_button(label, address, type="secondary" if number else "primary")


def _credit(words: str, url: str | None) -> str:
    if url is None:
        return f"<span>{escape(words)}</span>"
    return f'<a href="{escape(url)}">{escape(words)}</a>'
