"""What an admin decides: applications, and people's roles."""

from __future__ import annotations

from html import escape

import streamlit as st

from rewrapped.deps import Deps
from rewrapped.domain import days
from rewrapped.domain.access import Role, Visitor
from rewrapped.services import applications, membership
from rewrapped.services.operators import GIVEN_ROLES
from rewrapped.storage.applications import Applicant
from rewrapped.storage.people import Person
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
