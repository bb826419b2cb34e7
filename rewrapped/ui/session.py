"""The visitor of a script run. The cookie says which session; the session's row is asked on every run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

import streamlit as st

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.sitemap import own_path
from rewrapped.errors import SignInNeeded
from rewrapped.services import browsers, profiles, sessions
from rewrapped.services.interactions import Onlooker
from rewrapped.storage.people import Person
from rewrapped.ui import forms
from rewrapped.web import policy

Made = TypeVar("Made")

_QUIET, _PAGE = "_quiet_rerun", "_page"


def deps() -> Deps:
    """Return what services are handed, one for the whole process."""
    return running.deps()


def visitor() -> Visitor:
    """Return who looks at this page, as of now: pages and every fragment that acts ask anew."""
    return sessions.visitor(deps(), token())


def begin() -> Visitor:
    """Return the visitor at the start of a run; a run that no timer asked for keeps their session alive."""
    by_person = not st.session_state.pop(_QUIET, False)
    return sessions.visitor(deps(), token(), page_load=by_person)


def when_pressed(make: Callable[[Visitor], Made]) -> Callable[[], Made]:
    """Return what makes a file of this page when it is pressed, for whoever its session stands for by then.

    A download starts no run, so nothing else would notice that somebody signed out since.

    Raises:
        SignInNeeded: when pressed: the session has ended.
    """
    held, drawn_for = deps(), token()

    def made() -> Made:
        found = sessions.visitor(held, drawn_for)
        if found.listener_id is None:
            raise SignInNeeded("Sign in again to download this.")
        return make(found)

    return made


def rerun_quietly() -> None:
    """Run the page anew because of a timer: it doesn't count as somebody being there."""
    st.session_state[_QUIET] = True
    st.rerun()


def token() -> str | None:
    """Return the session cookie's token, None when the browser has none."""
    return _cookie(browsers.cookies(deps().site).session)


def visit() -> str | None:
    """Return the visit cookie, by which this browser is known before anybody signs in."""
    return _cookie(browsers.cookies(deps().site).visit)


def onlooker() -> Onlooker:
    """Return who is before the events of this page, as far as counting goes."""
    return Onlooker(visitor(), visit(), _header("User-Agent"), _address())


def csrf_token() -> str:
    """Return the token that forms and uploads of this page send along."""
    cookie = visit()
    return browsers.csrf_token(deps().site, cookie) if cookie else ""


def person() -> Person:
    """Return the signed-in person's account."""
    return profiles.person(deps(), visitor())


def listener() -> Person:
    """Return whose listening this page shows: the person's own, or the sample listener."""
    return profiles.listener(deps(), visitor())


def require_signed_in() -> Visitor:
    """Return the visitor if somebody is signed in; else offer to sign in, and end the page here."""
    found = visitor()
    if found.user_id is None:
        _offer_sign_in("Please sign in to open this page.")
    return found


def require(permission: Permission) -> Visitor:
    """Return the visitor if their role permits it; else say what is missing, and end the page here."""
    found = require_signed_in()
    if not found.may(permission):
        st.title("Not for this account", anchor=False)
        st.write("Your account can't open this page. Its operator can give you another role.")
        st.stop()
    return found


def require_listener() -> Visitor:
    """Return the visitor if there is a history to look at; else offer to sign in, and end the page here."""
    found = visitor()
    if found.listener_id is None:
        _offer_sign_in("Please sign in to see your listening, or look around with sample data.")
    return found


def note_page(path: str) -> None:
    """Remember which page this run draws, by its path."""
    st.session_state[_PAGE] = path


def page() -> str:
    """Return the path of the page this run draws."""
    return str(st.session_state.get(_PAGE, ""))


def here() -> str:
    """Return this page's address within the site, with its query."""
    parts = urlsplit(str(st.context.url or "/"))
    query = "&".join(
        f"{quote(name)}={quote(value)}" for name in st.query_params for value in st.query_params.get_all(name)
    )
    return own_path(quote(parts.path or "/", safe="/%") + (f"?{query}" if query else ""), "/")


def sign_in_address() -> str:
    """Return the address of the sign-in form that leads back here."""
    return f"/auth/sign-in?next={quote(here(), safe='')}"


def _offer_sign_in(reason: str) -> None:
    st.title("Sign in first", anchor=False)
    st.write(reason)
    st.html(forms.ways_in(csrf_token(), back_to=here()))
    st.stop()


def _address() -> str:
    """Return the network address this page is looked at from; Streamlit has none for this very machine."""
    peer, held = st.context.ip_address, policy.current()
    known = peer if isinstance(peer, str) else "127.0.0.1"
    return known if held is None else held.address(known, _header("X-Forwarded-For"))


def _header(name: str) -> str:
    value = st.context.headers.get(name)
    return value if isinstance(value, str) else ""


def _cookie(name: str) -> str | None:
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else None
