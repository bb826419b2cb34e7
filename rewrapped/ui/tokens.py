"""The card of access tokens on the profile page: make one, see it once, see which there are, revoke them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.days import day
from rewrapped.domain.tokens import NAME_MAX, SAYS, Scope, scopes_of
from rewrapped.services import tokens
from rewrapped.storage.people import Person
from rewrapped.storage.tokens import Token
from rewrapped.ui import forms, session
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.wording import plain

_LASTS = {30: "30 days", 90: "90 days", 365: "a year", None: "until I revoke it"}


def draw(visitor: Visitor, person: Person) -> None:
    """Draw the card, for whoever can hold tokens."""
    if not visitor.may(Permission.HOLD_TOKENS):
        return
    with st.container(key="card_tokens"), explain_errors():
        st.subheader("Access tokens", anchor=False)
        st.write("A token lets a program of yours reach the parts of your account you choose, until you revoke it.")
        _make(visitor)
        for token in tokens.list_tokens(session.deps(), visitor):
            _draw_one(token, person)
        st.html(forms.link("/api/v1/docs", "What a program can ask"))


def _make(visitor: Visitor) -> None:
    """Draw the form of a new token; in the run after it was sent, show the token: it is nowhere else."""
    with st.form("token", border=False, clear_on_submit=True):
        name = st.text_input("What will use it", max_chars=NAME_MAX, placeholder="My spreadsheet", key="token_name")
        chosen = st.multiselect("What it may do", scopes_of(visitor), format_func=SAYS.__getitem__, key="token_scopes")
        lasts = st.selectbox("How long it lasts", list(_LASTS), 1, format_func=_LASTS.__getitem__, key="token_lasts")
        is_sent = st.form_submit_button("Make a token")
    if is_sent:
        with explain_errors():
            made = tokens.create(session.deps(), visitor, name, chosen, lasts)
            st.success("Here it is. Copy it now: it is shown this once.", icon=":material/key:")
            st.code(made.secret, language=None, wrap_lines=True)


def _draw_one(token: Token, person: Person) -> None:
    zone = ZoneInfo(person.zone)
    with st.container(horizontal=True, vertical_alignment="center", key=f"token_{token.id}"):
        with st.container(gap=None):
            st.write(f"**{plain(token.name)}**")
            st.caption(_said(token, zone))
        st.button("Revoke", key=f"revoke_{token.id}", on_click=_revoke, args=(token.id,))


def _revoke(token_id: int) -> None:
    with explain_errors():
        tokens.revoke(session.deps(), session.visitor(), token_id)


def _said(token: Token, zone: ZoneInfo) -> str:
    """Return what a token may do, when it was last used, and when it ends."""
    used = "never used" if token.last_used_on is None else f"last used on {day(token.last_used_on)}"
    return f"May {_listed(sorted(token.scopes))}. Made on {_day(token.created_at, zone)}, {used}, {_end(token, zone)}."


def _end(token: Token, zone: ZoneInfo) -> str:
    if token.expires_at is None:
        return "lasts until you revoke it"
    if token.expires_at <= session.deps().now():
        return f"ended on {_day(token.expires_at, zone)}"
    return f"ends on {_day(token.expires_at, zone)}"


def _listed(scopes: Sequence[Scope]) -> str:
    return "; ".join(SAYS[scope] for scope in scopes)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return day(moment.astimezone(zone).date())
