"""People's notebooks as rows; every key begins with whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from rewrapped.storage.tables import lab_pages


@dataclass(frozen=True, slots=True)
class LabPage:
    """A stored notebook; `cells` are the JSON of `domain.notebooks`, `updated_at` is aware UTC."""

    id: int
    title: str
    cells: Sequence[Mapping[str, Any]]
    filter_query: str
    updated_at: datetime


_PAGE = [lab_pages.c[name] for name in LabPage.__dataclass_fields__]


def add_page(conn: Connection, user_id: int, now: datetime, **values: Any) -> int:
    """Store a new notebook; return its id."""
    query = insert(lab_pages).values(user_id=user_id, updated_at=now, **values).returning(lab_pages.c.id)
    return int(conn.execute(query).scalar_one())


def change_page(conn: Connection, user_id: int, page_id: int, now: datetime, **values: Any) -> bool:
    """Replace some of a notebook's values; return whether this person has such a notebook."""
    query = update(lab_pages).where(_is(user_id, page_id)).values(updated_at=now, **values)
    return conn.execute(query).rowcount == 1


def find_page(conn: Connection, user_id: int, page_id: int) -> LabPage | None:
    """Return a notebook of this person, None when they have no such one."""
    row = conn.execute(select(*_PAGE).where(_is(user_id, page_id))).one_or_none()
    return LabPage(*row) if row else None


def list_pages(conn: Connection, user_id: int) -> list[LabPage]:
    """Return a person's notebooks, the one changed last first."""
    query = select(*_PAGE).where(lab_pages.c.user_id == user_id)
    rows = conn.execute(query.order_by(lab_pages.c.updated_at.desc(), lab_pages.c.id.desc()))
    return [LabPage(*row) for row in rows]


def count_pages(conn: Connection, user_id: int) -> int:
    """Return how many notebooks a person has."""
    return conn.scalar(select(func.count()).where(lab_pages.c.user_id == user_id)) or 0


def remove_page(conn: Connection, user_id: int, page_id: int) -> bool:
    """Delete a notebook; return whether this person had it."""
    return conn.execute(delete(lab_pages).where(_is(user_id, page_id))).rowcount == 1


def _is(user_id: int, page_id: int) -> Any:
    return (lab_pages.c.user_id == user_id) & (lab_pages.c.id == page_id)
