"""Asking to become a promoter, on the page of those who aren't one yet."""

from __future__ import annotations

import streamlit as st

from rewrapped.deps import Deps
from rewrapped.domain import days
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import URL_MAX
from rewrapped.domain.promoting import ApplicationState
from rewrapped.services import applications
from rewrapped.services.applications import MESSAGE_MAX, ORGANISATION_MAX, Form
from rewrapped.storage.applications import Application
from rewrapped.ui.cards import card
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.wording import plain

_POINTS = """
- **List your events** with line-up, venue, prices and a way to tickets. They stand beside everybody else's, and
  whoever saves one is told when its date, time or venue changes.
- **Learn how they do**: who saw, opened and saved them, and who went for tickets. Each person counts once a day.
- **Aim a sponsored event** by country, genre, artist or kind of account. It is labelled as sponsored, says why somebody
  sees it, and uses only what people chose to share. You never see who they are, nor groups of fewer than 5.
"""


def draw(deps: Deps, visitor: Visitor) -> None:
    """Draw what stands between this visitor and listing events: a form, a wait, or a refusal with its reason."""
    latest = applications.latest(deps, visitor)
    if latest is not None and latest.state is ApplicationState.OPEN:
        _draw_waiting(latest)
        return
    with st.container(gap=None):
        st.title("Bring your events here", anchor=False)
        st.caption("Promoters list events of their own. An admin of this site looks at each application.")
    if not visitor.may(Permission.APPLY):
        st.info("Promoting takes an account of its own with an e-mail address: register one to apply.")
        return
    if latest is not None and latest.state is ApplicationState.REFUSED:
        st.warning(f"Your application was turned down: {plain(latest.reason or '')} You can apply again.")
    left, right = st.columns([6, 6])
    with left, card("apply"):
        _draw_form(deps, visitor, latest)
    with right, card("promoting"):
        st.subheader("What promoters can do", anchor=False)
        st.markdown(_POINTS)


def _draw_form(deps: Deps, visitor: Visitor, latest: Application | None) -> None:
    st.subheader("Apply", anchor=False)
    with st.form("apply", border=False, enter_to_submit=False):
        organisation = st.text_input(
            "Who you promote for",
            latest.organisation if latest else "",
            max_chars=ORGANISATION_MAX,
            placeholder="A venue, a label, a festival, yourself",
        )
        website = st.text_input(
            "Website (optional)",
            (latest.website if latest else "") or "",
            max_chars=URL_MAX,
            placeholder="https://",
        )
        message = st.text_area("What you plan", max_chars=MESSAGE_MAX, height=140)
        if st.form_submit_button("Send application", type="primary"):
            with explain_errors():
                applications.apply(deps, visitor, Form(organisation, website, message))
                st.rerun()


def _draw_waiting(latest: Application) -> None:
    with st.container(gap=None):
        st.title("Your application is being looked at", anchor=False)
        st.caption(f"Sent on {days.day(latest.created_at.date())} for {plain(latest.organisation)}.")
    st.info(
        "An admin of this site decides. You are told here and by the bell, and can list events at once when it is yes."
    )
