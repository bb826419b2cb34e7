"""Rows whose play a richer source tells: kept apart from a listener's plays, and able to come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sqlalchemy import Connection, delete, func, select, text

from rewrapped.storage import pgcopy
from rewrapped.storage.plays import Plays, copy_rows, read_rows
from rewrapped.storage.tables import absorbed_plays, listening_history

_KEY = [("reported_at", ">i8"), ("track_id", ">i8"), ("ms_played", ">i4"), ("source", ">i2")]
_ALL = ", ".join(column.name for column in absorbed_plays.c)


def has_absorbed(conn: Connection, user_id: int) -> bool:
    """Return whether any row of this listener is absorbed: false for whoever has one source."""
    query = select(absorbed_plays.c.user_id).where(absorbed_plays.c.user_id == user_id).limit(1)
    return conn.execute(query).first() is not None


def count_absorbed(conn: Connection, user_id: int) -> dict[int, int]:
    """Return how many rows of this listener are absorbed, by source (`domain.plays.Source`)."""
    rows = absorbed_plays.c
    query = select(rows.source, func.count().label("total")).where(rows.user_id == user_id).group_by(rows.source)
    return {row.source: row.total for row in conn.execute(query)}


def add_absorbed(conn: Connection, user_id: int, import_id: int | None, plays: Plays) -> None:
    """Store rows of dtype `PLAY` that came and don't stand for a play of their own."""
    copy_rows(conn, absorbed_plays.name, (user_id, import_id), plays)


def list_both(conn: Connection, user_id: int, condition: str) -> tuple[Plays, int]:
    """Return a listener's rows, first those that stand for plays, then the absorbed; and how many the first are.

    `condition` is SQL of ours, from `plays.between` and the two below.
    """
    standing, hidden = (
        read_rows(conn, table.name, user_id, condition) for table in (listening_history, absorbed_plays)
    )
    return np.concatenate([standing, hidden]), len(standing)


def of_import(import_id: int) -> str:
    """Return the condition of rows that came with an import."""
    return f"import_id = {int(import_id)}"


def of_others(import_id: int) -> str:
    """Return the condition of rows that didn't come with an import."""
    return f"import_id IS DISTINCT FROM {int(import_id)}"


def absorb(conn: Connection, user_id: int, plays: Plays) -> None:
    """Let these rows no longer stand for plays; they keep their import."""
    _move(conn, user_id, plays, (listening_history.name, absorbed_plays.name))


def bring_back(conn: Connection, user_id: int, plays: Plays) -> None:
    """Let these absorbed rows stand for plays again, whose keys aren't those of other plays."""
    _move(conn, user_id, plays, (absorbed_plays.name, listening_history.name))


def remove_absorbed(conn: Connection, user_id: int, import_id: int) -> None:
    """Take away the absorbed rows that came with an import."""
    rows = absorbed_plays.c
    conn.execute(delete(absorbed_plays).where(rows.user_id == user_id, rows.import_id == import_id))


def count_of_source(conn: Connection, user_id: int, source: int) -> int:
    """Return how many plays of a listener rows of a source stand for; absorbed ones are told by another source."""
    rows = listening_history.c
    query = select(func.count()).where(rows.user_id == user_id, rows.source == source)
    return int(conn.execute(query).scalar_one())


def remove_poorest(conn: Connection, user_id: int, source: int) -> None:
    """Take away every row of the source that all others are richer than: so none comes back for it."""
    for table in (listening_history, absorbed_plays):
        conn.execute(delete(table).where(table.c.user_id == user_id, table.c.source == source))


def hand_over(conn: Connection, user_id: int, plays: Plays, import_id: int) -> None:
    """Let these rows belong to another import, whether they stand for plays or are absorbed."""
    with _named(conn, plays):
        for table in (listening_history.name, absorbed_plays.name):
            query = text(f"UPDATE {table} h SET import_id = :import_id FROM moving m WHERE {_NAMED}")
            conn.execute(query, {"user_id": user_id, "import_id": import_id})


def _move(conn: Connection, user_id: int, plays: Plays, tables: tuple[str, str]) -> None:
    if not len(plays):
        return
    taken = f"DELETE FROM {tables[0]} h USING moving m WHERE {_NAMED} RETURNING h.*"
    with _named(conn, plays):
        query = text(f"WITH moved AS ({taken}) INSERT INTO {tables[1]} ({_ALL}) SELECT {_ALL} FROM moved")
        conn.execute(query, {"user_id": user_id})


_NAMED = (
    "h.user_id = :user_id AND h.reported_at = m.reported_at AND h.track_id = m.track_id"
    " AND h.ms_played = m.ms_played AND h.source = m.source"
)


@contextmanager
def _named(conn: Connection, plays: Plays) -> Iterator[None]:
    """Hold the keys of rows in a table called `moving` for a while."""
    conn.execute(
        text("CREATE TEMP TABLE moving (reported_at timestamptz, track_id bigint, ms_played int, source smallint)")
    )
    values = {name: plays[name] for name, _ in _KEY} | {"reported_at": plays["reported_at"] - pgcopy.EPOCH_US}
    pgcopy.copy_in(conn, "moving", _KEY, values, len(plays))
    yield
    conn.execute(text("DROP TABLE moving"))
