"""What a person has here beside their listening, in figures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection, Table, func, literal, select, union_all

from rewrapped.storage.tables import users


def tables() -> tuple[Table, ...]:
    """Return every table whose rows go with their person's account, by its foreign key."""
    return tuple(
        table for table in users.metadata.sorted_tables if "user_id" in table.c and table.c.user_id.foreign_keys
    )


def count_rows(conn: Connection, user_id: int) -> Mapping[str, int]:
    """Return how many rows a person has in each of `tables`, by its name; those without any are left out."""
    counts = (
        select(literal(table.name), func.count()).select_from(table).where(table.c.user_id == user_id)
        for table in tables()
    )
    return MappingProxyType({name: count for name, count in conn.execute(union_all(*counts)) if count})
