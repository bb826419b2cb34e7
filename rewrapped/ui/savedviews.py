"""Saved views in the filter bar: the link of the view that is open, its name to keep it under, and those kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import streamlit as st

from rewrapped.domain.access import Visitor
from rewrapped.domain.savedviews import NAME_MAX, VIEWS_MAX, Address, address
from rewrapped.domain.sitemap import listening_page
from rewrapped.errors import RewrappedError, StoreDown
from rewrapped.history import filterquery
from rewrapped.history.filterquery import KEYS, RELATIVE, Picked, active_count, fixed, write
from rewrapped.services import savedviews
from rewrapped.services.savedviews import SavedView
from rewrapped.ui import forms, session, wording
from rewrapped.ui.explain import explain_errors

_OPEN, _PINNED, _NAME, _NEW_NAME = "saved_views", "saved_views_pinned", "saved_views_name", "saved_views_new_name"
_TYPED, _RENAMING, _DELETED, _TOLD = "_view_typed", "_view_renaming", "_view_deleted", "_view_told"
_NOT_DONE: Final = "The database didn't answer, so nothing was changed. Please try again."
_FEW = 4  # that stand in the popover without scrolling
_SCROLLED_PX: Final = 300


@st.fragment
def show(picked: Picked, today: date) -> None:
    """Show the popover; what is in it is made when it is open, so that it costs other runs nothing.

    `picked` is what the filter bar is set to, `today` the listener's local day.
    """
    box = st.popover("Saved views", icon=":material/bookmark:", key=_OPEN, on_change="rerun")
    if not box.open:
        return
    with box, explain_errors():
        visitor = session.visitor()
        if visitor.read_only:
            _link(picked, today)
            st.caption("Saving views needs an account of your own.")
            st.html(forms.link("/auth/register", "Create an account"))
            return
        kept = savedviews.list_views(session.deps(), visitor)
        _tell()
        _list(kept)
        _ask_name(_link(picked, today), len(kept))


def said(found: Address) -> str:
    """Return where a view is in words: "Tops, the last 12 months, 2 filters"."""
    page, picked = listening_page(found.page), filterquery.read(found.parameters(), "all")
    count = active_count(picked.rest) + (picked.rule is not None)
    filters = [f"{count} filter{'' if count == 1 else 's'}"] if count else []
    return ", ".join([page.title if page else found.page, wording.period(picked), *filters])


# The view that is open -----------------------------------------------------------------------------


def _link(picked: Picked, today: date) -> Address:
    """Show the link of the view that is open; return its address, the days pinned where that is chosen."""
    st.markdown("**The link of the view that is open**")
    is_pinned = False
    if picked.word in RELATIVE:
        is_pinned = st.toggle("Pin the days", key=_PINNED)
        days = wording.period(fixed(picked, today) if is_pinned else picked)
        st.caption(f"Always {days}." if is_pinned else f"It shows {days}, whenever it is opened.")
    shown = fixed(picked, today) if is_pinned else picked
    own = {key: value for key, value in st.query_params.items() if key not in KEYS}
    here = address(session.page(), own | write(shown))
    with st.container(key="saved_views_link"):
        st.code(f"{session.deps().site.base_url}/{here}", language=None, wrap_lines=True)
    st.caption("Whoever opens it sees their own plays this way, never yours.")
    return here


def _ask_name(here: Address, count: int) -> None:
    st.markdown("**Save it under a name**")
    if count >= VIEWS_MAX:
        st.caption(f"You have {VIEWS_MAX} saved views, which is as many as fit. Delete one to save another.")
        return
    if _TYPED in st.session_state:  # a run that couldn't show the field forgot what it held
        st.session_state[_NAME] = st.session_state.pop(_TYPED)
    with st.form("saved_views_save", border=False), _line("save"):
        st.text_input("Name", key=_NAME, max_chars=NAME_MAX, placeholder="Saturdays of last summer")
        st.form_submit_button("Save", on_click=_save, args=(here,))


# Those that are kept -------------------------------------------------------------------------------


def _list(kept: list[SavedView]) -> None:
    deleted: SavedView | None = st.session_state.get(_DELETED)
    if deleted is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="foot_saved_views_undo"):
            st.caption(f"{wording.plain(deleted.name)} is deleted.", width="content")
            if deleted.address is not None:
                st.button("Undo", key="saved_views_undo", on_click=_undo, args=(deleted,))
    if not kept:
        return
    st.markdown(f"**{'Your view' if len(kept) == 1 else f'Your {len(kept)} views'}**")
    with st.container(height=_SCROLLED_PX if len(kept) > _FEW else "content", border=False, key="saved_views_list"):
        for view in kept:
            _one(view)


def _one(view: SavedView) -> None:
    if st.session_state.get(_RENAMING) == view.id:
        with st.form(f"saved_views_rename_{view.id}", border=False), _line("rename"):
            st.text_input("New name", view.name, key=f"{_NEW_NAME}_{view.id}", max_chars=NAME_MAX)
            st.form_submit_button("Rename", on_click=_rename, args=(view,))
        return
    with st.container(gap=None, key=f"saved_view_{view.id}"):
        _way_to(view)
        with st.container(horizontal=True, vertical_alignment="center", key=f"foot_saved_view_{view.id}"):
            where = "It leads nowhere on this site any more." if view.address is None else said(view.address)
            st.caption(where, width="stretch")
            st.button("Rename", key=f"saved_views_change_{view.id}", on_click=_begin_rename, args=(view.id,))
            st.button("Delete", key=f"saved_views_delete_{view.id}", on_click=_delete, args=(view,))


def _way_to(view: SavedView) -> None:
    """Show a view's name as a link to it; one that leads nowhere as text."""
    page = listening_page(view.address.page) if view.address else None
    if view.address is None or page is None:
        st.markdown(wording.plain(view.name))
        return
    st.page_link(
        f"pages/{page.name}.py",
        label=wording.plain(view.name),
        icon=":material/bookmark:",
        query_params=view.address.parameters(),
    )


def _line(name: str) -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="bottom", key=f"line_saved_views_{name}")


# What the buttons do -------------------------------------------------------------------------------


def _save(here: Address) -> None:
    name = st.session_state[_TYPED] = str(st.session_state[_NAME])

    def keep(visitor: Visitor) -> str:
        savedviews.save_view(session.deps(), visitor, name, here.page, here.query)
        st.session_state[_TYPED] = ""
        return "Saved."

    _act(keep)


def _begin_rename(view_id: int) -> None:
    st.session_state[_RENAMING] = view_id


def _rename(view: SavedView) -> None:
    name = str(st.session_state[f"{_NEW_NAME}_{view.id}"])

    def change(visitor: Visitor) -> str:
        savedviews.rename_view(session.deps(), visitor, view.id, name)
        st.session_state.pop(_RENAMING, None)
        return "Renamed."

    _act(change)


def _delete(view: SavedView) -> None:
    def remove(visitor: Visitor) -> str:
        savedviews.delete_view(session.deps(), visitor, view.id)
        st.session_state[_DELETED] = view
        return ""

    _act(remove)


def _undo(view: SavedView) -> None:
    def keep(visitor: Visitor) -> str:
        if view.address is not None:
            savedviews.save_view(session.deps(), visitor, view.name, view.address.page, view.address.query)
        return f"{view.name} is back."

    _act(keep)


def _act(act: Callable[[Visitor], str]) -> None:
    """Do something as whoever is signed in at this moment, and remember what to tell them."""
    deleted = st.session_state.pop(_DELETED, None)
    try:
        st.session_state[_TOLD] = (True, act(session.visitor()))
    except RewrappedError as error:
        told = _NOT_DONE if isinstance(error, StoreDown) else str(error)  # it is told when the database is back
        st.session_state.update({_TOLD: (False, told), _DELETED: deleted})  # what can be undone stays so


def _tell() -> None:
    """Show once what came of the last button."""
    went_well, told = st.session_state.pop(_TOLD, (True, ""))
    if told and went_well:
        st.toast(wording.plain(told), icon=":material/check:")
    elif told:
        st.error(wording.plain(told), icon=":material/error:")
