"""The only place where an error becomes a message on a page."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from types import TracebackType

import streamlit as st

from rewrapped.errors import RewrappedError, SignInNeeded, StoreDown
from rewrapped.services import upkeep
from rewrapped.ui import forms, session

log = logging.getLogger(__name__)


def explain_errors() -> AbstractContextManager[None, bool]:
    """Show what went wrong in the error's own sentence; what stands after this block still runs.

    While the database is away the page looks for it, and is drawn anew by itself when it is back.
    """
    return _Explained()


class _Explained(AbstractContextManager[None, bool]):
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, RewrappedError):
            _show(error)
        return isinstance(error, RewrappedError)


def _show(error: RewrappedError) -> None:
    if isinstance(error, SignInNeeded):
        st.info(str(error))
        st.html(forms.link(session.sign_in_address(), "Sign in"))
        return
    if error.http_status >= 500:
        log.warning("page shows: %s", error)
    st.error(str(error), icon=":material/error:")
    if isinstance(error, StoreDown):
        _wait_for_stores()


@st.fragment(run_every="3s")
def _wait_for_stores() -> None:
    """Draw the page anew as soon as the database answers."""
    if upkeep.is_back(session.deps()):
        session.rerun_quietly()


def on_script_error(error: BaseException) -> bool:
    """Say in our own words that a page broke, whatever it was; Streamlit's box names search engines instead."""
    log.error("a page broke", exc_info=error)
    st.error("Something broke on our side while drawing this page. Reload it; if it stays, tell the operator.")
    return True
