"""The notebook that is open in this browser tab: a draft until it is saved. The address says which one it is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from rewrapped.domain.access import Visitor
from rewrapped.domain.notebooks import Cell, CellKind, Choice, Notebook, checked, fingerprint, free_name
from rewrapped.domain.questions import find_question
from rewrapped.domain.templates import blank, find_template
from rewrapped.errors import InvalidInput, RewrappedError
from rewrapped.services import notebooks
from rewrapped.ui import filters, session
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.wording import plain

_DRAFTS, _SHOWN = "_notebook_drafts", "_notebook_shown"
_AGAIN, _TOLD = "_notebook_again", "_notebook_told"
_ADDRESS = ("notebook", "template", "question")  # what a page's address can ask for
_DRAFTS_MAX = 12  # in a tab; the one opened first goes
_serials = itertools.count(1)


@dataclass(slots=True)
class Draft:
    """An open notebook: as it is now, and as it is kept; `serial` makes its widgets its own.

    Until it was shown once, `is_new_here`, the filter it meets isn't a change of it.
    """

    address: dict[str, str]
    notebook: Notebook
    kept_as: str
    serial: int
    is_new_here: bool = True

    @property
    def id(self) -> int | None:
        """Return the id it is kept under, None while it isn't kept."""
        return int(self.address["notebook"]) if "notebook" in self.address else None

    @property
    def is_changed(self) -> bool:
        """Return whether something would be lost by leaving it."""
        return fingerprint(self.notebook) != self.kept_as


def require_analyst() -> Visitor:
    """Return the visitor if they may run notebooks; else say why not, and end the page."""
    visitor = session.require_listener()
    allowed = False
    with explain_errors():
        visitor.analysing()
        allowed = True
    if not allowed:
        st.stop()
    return visitor


def unsaved() -> list[Draft]:
    """Return the drafts of this tab in which something would be lost, the latest opened first."""
    return [draft for draft in reversed(_drafts().values()) if draft.is_changed]


def opened(visitor: Visitor) -> Draft | None:
    """Return the notebook this page's address asks for; None where it asks for none, or there is no such one."""
    wanted = {key: st.query_params[key] for key in _ADDRESS if key in st.query_params}
    if not wanted:
        return None
    draft = _drafts().get(_key(wanted))
    with explain_errors():
        if draft is None:
            draft = _hold(wanted, _asked_for(visitor, wanted))
        if st.session_state.get(_SHOWN) != draft.serial and not filters.is_addressed():
            filters.set_to(draft.notebook.filter_query)
        st.session_state[_SHOWN] = draft.serial
    return draft


def _asked_for(visitor: Visitor, wanted: dict[str, str]) -> Notebook:
    word = wanted.get("notebook", "")
    if word.isascii() and word.isdigit() and len(word) < 19:
        return notebooks.find_notebook(session.deps(), visitor, int(word))
    question = find_question(wanted.get("question", ""))
    if question is not None:
        return question.notebook
    template = find_template(wanted.get("template", ""))
    if template is not None:
        return template.notebook
    if wanted.get("template") == "new":
        return blank()
    raise InvalidInput("There is no such notebook.")


def _hold(address: dict[str, str], notebook: Notebook) -> Draft:
    draft = _drafts()[_key(address)] = Draft(address, notebook, fingerprint(notebook), next(_serials))
    while len(_drafts()) > _DRAFTS_MAX:
        del _drafts()[next(iter(_drafts()))]
    return draft


def _drafts() -> dict[str, Draft]:
    drafts: dict[str, Draft] = st.session_state.setdefault(_DRAFTS, {})
    return drafts


def _key(address: dict[str, str]) -> str:
    return urlencode(sorted(address.items()))


def go_to(address: dict[str, str]) -> None:
    """Open what an address names, under its own filter; what is open now stays as a draft."""
    filters.leave_address()
    close()
    st.query_params.update(address)


def close() -> None:
    """Go back to the shelf; a draft stays with this tab."""
    for key in _ADDRESS:
        st.query_params.pop(key, None)
    st.session_state.pop(_SHOWN, None)


# Changing it ---------------------------------------------------------------------------------------


def note_filter(draft: Draft) -> None:
    """Remember what the filter bar is set to: it is a part of the notebook."""
    draft.notebook = replace(draft.notebook, filter_query=filters.address())
    if draft.is_new_here:
        draft.kept_as, draft.is_new_here = fingerprint(draft.notebook), False


def change_cell(draft: Draft, cell_id: str, **values: Any) -> None:
    """Change a cell of the draft."""
    cells = tuple(replace(cell, **values) if cell.id == cell_id else cell for cell in draft.notebook.cells)
    draft.notebook = replace(draft.notebook, cells=cells)


def add_cell(draft: Draft, kind: CellKind) -> None:
    """Add a cell at the end: a query, a chart of the last result, or a text."""
    cells = draft.notebook.cells
    named = [cell.name for cell in cells if cell.kind is CellKind.SQL]
    fresh = {
        CellKind.SQL: Cell(kind, "SELECT *\nFROM plays\nLIMIT 100", free_name(cells)),
        CellKind.CHART: Cell(kind, choice=Choice(named[-1] if named else "")),
        CellKind.TEXT: Cell(kind, "A note in *Markdown*."),
    }
    draft.notebook = replace(draft.notebook, cells=(*cells, fresh[kind]))


def move_cell(draft: Draft, cell_id: str, by: int) -> None:
    """Move a cell up (-1) or down (1)."""
    cells = list(draft.notebook.cells)
    at = next(at for at, cell in enumerate(cells) if cell.id == cell_id)
    to = min(max(at + by, 0), len(cells) - 1)
    cells.insert(to, cells.pop(at))
    draft.notebook = replace(draft.notebook, cells=tuple(cells))


def remove_cell(draft: Draft, cell_id: str) -> None:
    """Take a cell out."""
    draft.notebook = replace(draft.notebook, cells=tuple(cell for cell in draft.notebook.cells if cell.id != cell_id))


def run_again(cell_id: str) -> None:
    """Have a cell run in the next run, even if it ran before."""
    st.session_state[_AGAIN] = cell_id


def take_again() -> str:
    """Return the cell that is to run again, once."""
    return str(st.session_state.pop(_AGAIN, ""))


# Keeping it ----------------------------------------------------------------------------------------


def save(draft: Draft) -> None:
    """Keep the draft: in its place, or as a new notebook."""

    def keep(visitor: Visitor) -> str:
        if draft.id is None:
            kept = {"notebook": str(notebooks.add_notebook(session.deps(), visitor, draft.notebook))}
            _drafts().pop(_key(draft.address), None)
            draft.address = kept
            _drafts()[_key(kept)] = draft
            for key in _ADDRESS:
                st.query_params.pop(key, None)
            st.query_params.update(kept)
        else:
            notebooks.save_notebook(session.deps(), visitor, draft.id, draft.notebook)
        draft.kept_as = fingerprint(draft.notebook)
        return "Saved."

    _act(keep)


def rename(draft: Draft, title: str) -> None:
    """Give the draft another title, in its kept form too."""

    def name(visitor: Visitor) -> str:
        was_changed = draft.is_changed
        cleaned = checked(Notebook(title)).title
        if draft.id is not None:
            notebooks.rename_notebook(session.deps(), visitor, draft.id, cleaned)
        draft.notebook = replace(draft.notebook, title=cleaned)
        if not was_changed and draft.id is not None:
            draft.kept_as = fingerprint(draft.notebook)
        return ""

    _act(name)


def duplicate(notebook_id: int) -> None:
    """Keep a copy of a notebook, and open it."""

    def copy(visitor: Visitor) -> str:
        go_to({"notebook": str(notebooks.duplicate_notebook(session.deps(), visitor, notebook_id))})
        return "This is the copy."

    _act(copy)


def delete(notebook_id: int) -> None:
    """Take a notebook away, and go back to the shelf."""

    def remove(visitor: Visitor) -> str:
        notebooks.delete_notebook(session.deps(), visitor, notebook_id)
        _drafts().pop(_key({"notebook": str(notebook_id)}), None)
        close()
        return "The notebook is deleted."

    _act(remove)


def _act(act: Callable[[Visitor], str]) -> None:
    """Do something for the visitor of this moment, and remember what to tell them."""
    try:
        st.session_state[_TOLD] = (True, act(session.visitor()))
    except RewrappedError as error:
        st.session_state[_TOLD] = (False, str(error))


def tell() -> None:
    """Show once what came of the last button."""
    went_well, said = st.session_state.pop(_TOLD, (True, ""))
    if said and went_well:
        st.toast(said, icon=":material/check:")
    elif said:
        st.error(plain(said), icon=":material/error:")
