"""The menu: every page is always there, and listed for those it is for."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rewrapped.components.shell import shell
from rewrapped.domain.access import Visitor
from rewrapped.domain.sitemap import NOTIFICATIONS, OVERVIEW, PAGES, WELCOME, Page, Section
from rewrapped.ui import bell, forms, seen, session, spotify_card
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.look import FAVICON, dress

_FOLDER = Path(__file__).resolve().parents[2] / "pages"


def run(folder: Path = _FOLDER) -> None:
    """Draw the menu for this visitor, and the page they opened, of the pages in a folder."""
    seen.forget()
    st.set_page_config(page_title=session.deps().site.product_name, page_icon=FAVICON, layout="wide")
    dress()
    visitor: Visitor | None = None
    with explain_errors():
        visitor = session.begin()
    if visitor is None:  # the stores are away: the address stays, and the page comes back with them
        st.navigation(list(_pages(folder, Visitor()).values()), position="hidden")
        return
    pages = _pages(folder, visitor)
    opened = st.navigation(list(pages.values()), expanded=True)
    session.note_page(opened.url_path)
    st.html(f"<style>{_headings(visitor)}</style>")
    if opened is pages.get(WELCOME) and visitor.listener_id is not None and OVERVIEW in pages:
        st.switch_page(pages[OVERVIEW])
    with explain_errors():
        spotify_card.hydrate(visitor)
        say_who(visitor)
        if visitor.user_id is not None and NOTIFICATIONS in pages:
            bell.draw(pages[NOTIFICATIONS])
        opened.run()


def _headings(visitor: Visitor) -> str:
    """Return style that sets each section's title above its first page.

    Not st.navigation's own sections: they put a <div> between <ul> and <li>,
    which screen readers stumble over. Not links of ours: on a phone these would
    leave the menu open over the page they lead to.
    """
    firsts: dict[Section, Page] = {}
    for page in PAGES:
        if page.is_listed_for(visitor):
            firsts.setdefault(page.section, page)
    return "".join(
        f'[data-testid="stSidebarNavItems"] li:has(a[href$="/{page.path}"])::before {{ content: "{section.heading}"; }}'
        for section, page in firsts.items()
        if section.heading
    )


def _pages(folder: Path, visitor: Visitor) -> dict[str, StreamlitPage]:
    files = {page: folder / f"{page.name}.py" for page in PAGES}
    return {page.name: _page(page, file, visitor) for page, file in files.items() if file.exists()}


def _page(page: Page, file: Path, visitor: Visitor) -> StreamlitPage:
    return st.Page(
        file,
        title=page.title,
        icon=page.icon,
        url_path=page.path or None,
        default=page.name == WELCOME,
        visibility="visible" if page.is_listed_for(visitor) else "hidden",
    )


def say_who(visitor: Visitor) -> None:
    """Say below the menu whose pages these are, with the way out: of an account, or of the sample data."""
    token = session.csrf_token()
    with st.sidebar:
        shell()
    with st.sidebar, st.container(key="who"):
        if visitor.read_only:
            st.html('<p class="rw-quiet">You are looking at sample data.</p>')
            way_out = forms.form("/auth/sign-out", "Leave the sample data", token, quiet=True)
            st.html(forms.link("/auth/register", "Create an account") + way_out)
        elif visitor.user_id is not None:
            person = session.person()
            name = escape(person.display_name or person.email or "a guest")
            st.html(f'<p class="rw-quiet">Signed in as <b>{name}</b></p>')
            st.html(forms.form("/auth/sign-out", "Sign out", token, quiet=True))
