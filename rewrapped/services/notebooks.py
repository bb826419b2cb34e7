"""A person's notebooks: kept, opened, copied, taken away. Running their cells is `services.cells`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rewrapped.deps import Deps
from rewrapped.domain import notebooks as rules
from rewrapped.domain.access import Visitor
from rewrapped.domain.notebooks import Notebook
from rewrapped.errors import Conflict, NotFound
from rewrapped.storage import lab_pages, people
from rewrapped.storage.lab_pages import LabPage


@dataclass(frozen=True, slots=True)
class Listed:
    """A kept notebook as a list shows it; `updated_at` is aware UTC."""

    id: int
    title: str
    cell_count: int
    updated_at: datetime


def list_notebooks(deps: Deps, visitor: Visitor) -> list[Listed]:
    """Return the visitor's notebooks, the one changed last first; nobody has any in the sample data.

    Raises:
        SignInNeeded, AccessDenied: the visitor has no notebooks at all.
    """
    user_id = visitor.analysing()
    if visitor.read_only:
        return []
    with deps.engine.connect() as conn:
        pages = lab_pages.list_pages(conn, user_id)
    return [Listed(page.id, page.title, len(page.cells), page.updated_at) for page in pages]


def find_notebook(deps: Deps, visitor: Visitor, notebook_id: int) -> Notebook:
    """Return one of the visitor's notebooks.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    with deps.engine.connect() as conn:
        page = lab_pages.find_page(conn, _writer(visitor), notebook_id)
    return _notebook(_found(page))


def add_notebook(deps: Deps, visitor: Visitor, notebook: Notebook) -> int:
    """Keep a new notebook; return its id.

    Raises:
        InvalidInput: it can't be kept so; the text says why.
        Conflict: the visitor has as many as there may be.
        SignInNeeded, AccessDenied: the visitor keeps no notebooks.
    """
    user_id, now = _writer(visitor), deps.now()
    values = _values(notebook)
    with deps.engine.begin() as conn:
        people.hold_person(conn, user_id)  # two tabs can't both take the last place
        if lab_pages.count_pages(conn, user_id) >= rules.NOTEBOOKS_MAX:
            raise Conflict(f"You have {rules.NOTEBOOKS_MAX} notebooks, which is the most. Delete one first.")
        return lab_pages.add_page(conn, user_id, now, **values)


def save_notebook(deps: Deps, visitor: Visitor, notebook_id: int, notebook: Notebook) -> None:
    """Keep a notebook in the place of what it was.

    Raises:
        InvalidInput: it can't be kept so; the text says why.
        NotFound: there is none with this id, or it is somebody else's.
    """
    _change(deps, visitor, notebook_id, **_values(notebook))


def rename_notebook(deps: Deps, visitor: Visitor, notebook_id: int, title: str) -> str:
    """Give a kept notebook another title; return it as it is kept.

    Raises:
        InvalidInput: the title is empty or too long.
        NotFound: there is none with this id, or it is somebody else's.
    """
    cleaned = rules.checked(Notebook(title)).title
    _change(deps, visitor, notebook_id, title=cleaned)
    return cleaned


def duplicate_notebook(deps: Deps, visitor: Visitor, notebook_id: int) -> int:
    """Keep a copy of a notebook; return the copy's id.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
        Conflict: the visitor has as many as there may be.
    """
    original = find_notebook(deps, visitor, notebook_id)
    title = f"{original.title[: rules.TITLE_MAX - len(_COPY)].rstrip()}{_COPY}"
    return add_notebook(deps, visitor, Notebook(title, original.cells, original.filter_query))


def delete_notebook(deps: Deps, visitor: Visitor, notebook_id: int) -> None:
    """Take a notebook away.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    user_id = _writer(visitor)
    with deps.engine.begin() as conn:
        if not lab_pages.remove_page(conn, user_id, notebook_id):
            raise NotFound(_NO_SUCH)


_COPY = " (copy)"
_NO_SUCH = "There is no such notebook."


def _writer(visitor: Visitor) -> int:
    visitor.analysing()
    return visitor.writer()


def _values(notebook: Notebook) -> dict[str, object]:
    kept = rules.checked(notebook)
    return {"title": kept.title, "cells": rules.to_json(kept.cells), "filter_query": kept.filter_query}


def _change(deps: Deps, visitor: Visitor, notebook_id: int, **values: object) -> None:
    user_id = _writer(visitor)
    with deps.engine.begin() as conn:
        if not lab_pages.change_page(conn, user_id, notebook_id, deps.now(), **values):
            raise NotFound(_NO_SUCH)


def _found(page: LabPage | None) -> LabPage:
    if page is None:
        raise NotFound(_NO_SUCH)
    return page


def _notebook(page: LabPage) -> Notebook:
    return Notebook(page.title, rules.from_json(page.cells), page.filter_query)
