"""What an admin decides: applications, people's roles, and promoters' events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from rewrapped.deps import Deps
from rewrapped.domain import days
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventStatus
from rewrapped.services import applications, membership, oversight, promoting
from rewrapped.services.operators import GIVEN_ROLES
from rewrapped.storage.applications import Applicant
from rewrapped.storage.events import StoredEvent
from rewrapped.storage.people import Person
from rewrapped.storage.promotions import OwnEvent
from rewrapped.ui.cards import card
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.wording import plain


def draw_applicant(deps: Deps, visitor: Visitor, applicant: Applicant) -> None:
    """Draw one application with the two answers to it."""
    asked = applicant.application
    with card(f"application_{asked.id}"):
        st.subheader(plain(asked.organisation), anchor=False)
        name = f"{applicant.display_name}, " if applicant.display_name else ""
        st.html(
            f'<p class="rw-quiet">{escape(name)}{escape(applicant.email or "")}, '
            f"on {days.day(asked.created_at.date())}{_website(asked.website)}</p>"
        )
        st.text(asked.message)
        with st.container(horizontal=True):
            if st.button("Approve", type="primary", key=f"approve_{asked.id}"):
                with explain_errors():
                    applications.approve(deps, visitor, asked.id)
                    st.rerun()
            with st.popover("Refuse", key=f"refusing_{asked.id}"):
                reason = st.text_area(
                    "Reason, which they are told", max_chars=applications.REASON_MAX, key=f"reason_{asked.id}"
                )
                if st.button("Refuse", key=f"refuse_{asked.id}"):
                    with explain_errors():
                        applications.refuse(deps, visitor, asked.id, reason)
                        st.rerun()


def draw_person(deps: Deps, visitor: Visitor, person: Person) -> None:
    """Draw one person with their role, which another can be chosen for."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"person_{person.id}"):
        with st.container(gap=None, width="stretch"):
            name = escape(person.display_name or person.email or "")
            st.html(f'<p class="rw-person"><b>{name}</b></p><p class="rw-quiet">{escape(_since(person))}</p>')
        if person.id == visitor.user_id:
            st.caption(f"{person.role}, you", width=170)
            return
        roles = list(dict.fromkeys((person.role, *GIVEN_ROLES)))
        chosen = st.selectbox(
            f"Role of {plain(person.display_name or person.email or '')}",
            roles,
            key=f"role_{person.id}_{person.role}",
            label_visibility="collapsed",
            width=170,
        )
        if chosen is not person.role:
            _confirm(deps, visitor, person, chosen)


def draw_event(deps: Deps, visitor: Visitor, own: OwnEvent, heading: str) -> None:
    """Draw what a promoter's event is tied to, and what an admin can do about it; `heading` is Markdown."""
    with card(f"oversight_{own.id}"):
        st.subheader(heading, anchor=False)
        twins = oversight.list_twins(deps, visitor, own.id)
        st.caption(_tied(own, twins))
        for twin in twins:
            st.markdown(f"**{plain(twin.listing.title)}**  \n{plain(twin.listing.attribution)}")
        with st.container(horizontal=True, key=f"decide_{own.id}"):
            _draw_decisions(deps, visitor, own, twins)


def _draw_decisions(deps: Deps, visitor: Visitor, own: OwnEvent, twins: Sequence[StoredEvent]) -> None:
    if own.taken_at is not None:
        _decide("Give it back", lambda: oversight.give_back(deps, visitor, own.id))
        return
    listing = own.event.listing
    if listing.status is EventStatus.CANCELLED and not promoting.is_over(listing, deps.now()):
        _decide("Reinstate", lambda: oversight.reinstate(deps, visitor, own.id))
    if own.stands_alone:
        _decide("Let it be tied again", lambda: oversight.tie_again(deps, visitor, own.id))
    elif twins:
        _decide("Keep it apart", lambda: oversight.untie(deps, visitor, own.id))
    with st.popover("Take away", key=f"taking_{own.id}"):
        reason = st.text_area(
            "Reason, which its promoter is told", max_chars=oversight.REASON_MAX, key=f"taken_for_{own.id}"
        )
        _decide("Take it away", lambda: oversight.take_away(deps, visitor, own.id, reason))


def _decide(label: str, act: Callable[[], None]) -> None:
    if st.button(label):
        with explain_errors():
            act()
            st.rerun()


def _tied(own: OwnEvent, twins: Sequence[StoredEvent]) -> str:
    if own.taken_at is not None:
        return f"It is taken away: nobody but its promoter and admins sees it. Reason: {plain(own.taken_reason)}"
    if own.event.listing.status is EventStatus.CANCELLED:
        return "It is called off, and stands by itself."
    if own.stands_alone:
        return "It is kept apart from whatever looks like the same show."
    if not twins:
        return "It is tied to no other listing."
    return (
        "It is one show with what follows: its ticket link, description and tags stand there, and nothing else of it."
    )


def _confirm(deps: Deps, visitor: Visitor, person: Person, chosen: Role) -> None:
    if st.button(f"Make {chosen}", type="primary", key=f"make_{person.id}"):
        with explain_errors():
            membership.change_role(deps, visitor, person.id, chosen)
            st.rerun()


def _since(person: Person) -> str:
    address = person.email or "" if person.display_name else ""
    return f"{address}{', ' if address else ''}here since {days.day(person.created_at.date())}"


def _website(address: str | None) -> str:
    if address is None:
        return ""
    safe = escape(address)
    return f', <a href="{safe}" target="_blank" rel="nofollow noopener noreferrer">{safe}</a>'
