"""The only place where an error becomes a message on a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rewrapped.errors import RewrappedError, SignInNeeded, StoreDown
from rewrapped.services import upkeep
from rewrapped.ui import session

log = logging.getLogger(__name__)


@contextmanager
def explain_errors() -> Iterator[None]:
    """Show what went wrong in the error's own sentence; what stands after this block still runs.

    While the database is away the page looks for it, and is drawn anew by itself when it is back.
    """
    try:
        yield
    except SignInNeeded as error:
        st.info(str(error))
        st.html(f'<a class="rw-button" href="{session.sign_in_address()}" target="_self">Sign in</a>')
    except RewrappedError as error:
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
