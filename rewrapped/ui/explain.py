"""The only place where an error becomes a message on a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from rewrapped.errors import RewrappedError, SignInNeeded
from rewrapped.ui import session

log = logging.getLogger(__name__)


@contextmanager
def explain_errors() -> Iterator[None]:
    """Show what went wrong in the error's own sentence; what stands after this block still runs."""
    try:
        yield
    except SignInNeeded as error:
        st.info(str(error))
        st.html(f'<a class="rw-button" href="{session.sign_in_address()}" target="_self">Sign in</a>')
    except RewrappedError as error:
        if error.http_status >= 500:
            log.warning("page shows: %s", error)
        st.error(str(error), icon=":material/error:")
