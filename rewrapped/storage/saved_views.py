"""People's saved views as rows; every key begins with whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from rewrapped.storage.tables import saved_views

_v = saved_views.c


@dataclass(frozen=True, slots=True)
class StoredView:
    """A saved view as it is stored: `page` is a path, `query` an address's; `created_at` is aware UTC."""

    id: int
    name: str
    page: str
    query: str
    created_at: datetime


_COLUMNS = [_v[name] for name in StoredView.__dataclass_fields__]


def add_view(conn: Connection, user_id: int, name_key: str, **values: Any) -> int:
    """Store a view, whose name nobody's other view of this person has; return its id."""
    query = insert(saved_views).values(user_id=user_id, name_key=name_key, **values).returning(_v.id)
    return int(conn.execute(query).scalar_one())


def list_views(conn: Connection, user_id: int) -> list[StoredView]:
    """Return a person's views by name."""
    rows = conn.execute(select(*_COLUMNS).where(_v.user_id == user_id).order_by(_v.name_key))
    return [StoredView(*row) for row in rows]


def count_views(conn: Connection, user_id: int) -> int:
    """Return how many views a person has."""
    return conn.scalar(select(func.count()).where(_v.user_id == user_id)) or 0


def find_named(conn: Connection, user_id: int, name_key: str) -> int | None:
    """Return the id of the view this person called so, None when they have none."""
    return conn.scalar(select(_v.id).where(_v.user_id == user_id, _v.name_key == name_key))


def rename_view(conn: Connection, user_id: int, view_id: int, name: str, name_key: str) -> bool:
    """Give a view another name; return whether this person has it."""
    return (
        conn.execute(update(saved_views).where(_is(user_id, view_id)).values(name=name, name_key=name_key)).rowcount
        == 1
    )


def remove_view(conn: Connection, user_id: int, view_id: int) -> bool:
    """Delete a view; return whether this person had it."""
    return conn.execute(delete(saved_views).where(_is(user_id, view_id))).rowcount == 1


def _is(user_id: int, view_id: int) -> Any:
    return (_v.user_id == user_id) & (_v.id == view_id)
