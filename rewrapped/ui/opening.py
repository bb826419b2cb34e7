"""How every listening page begins: whose history, and what time it is for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from rewrapped.domain.plays import PlayRule
from rewrapped.history.frame import History
from rewrapped.services import listening
from rewrapped.storage.people import Person
from rewrapped.ui import filters, playrules, session
from rewrapped.ui.explain import explain_errors


@dataclass(frozen=True, slots=True)
class Opened:
    """A listener's whole history under the rule asked for, who they are, and the moment now in their zone."""

    history: History
    listener: Person
    now: datetime


def open_listening() -> Opened:
    """Return what a listening page shows; where there is nothing to show, say why and end the page."""
    visitor = session.require_listener()
    opened: Opened | None = None
    with explain_errors():
        history = listening.history(session.deps(), visitor, rule=filters.asked_rule())
        listener = session.listener()
        playrules.note_own(PlayRule.parse(listener.play_rule))
        opened = Opened(history, listener, session.deps().now().astimezone(history.zone))
    if opened is None:
        st.stop()
    return opened
