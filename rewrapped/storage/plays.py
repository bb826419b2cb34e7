"""A listener's rows: added, taken away and read in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from rewrapped.errors import Conflict
from rewrapped.storage import pgcopy
from rewrapped.storage.tables import labels, listening_history, users

#: One stored row; times in microseconds since 1970 UTC, the last five as in `tables.labels` and `domain.plays.Flags`.
PLAY = np.dtype(
    [
        ("reported_at", "i8"),
        ("ended_at", "i8"),
        ("track_id", "i8"),
        ("ms_played", "i4"),
        ("source", "i2"),
        ("platform", "i2"),
        ("country", "i2"),
        ("reason_start", "i2"),
        ("reason_end", "i2"),
        ("flags", "i2"),
    ]
)
Plays = npt.NDArray[np.void]

#: The same with the import it came with, 0 for none.
STORED = np.dtype([*((name, PLAY[name].str) for name in PLAY.names or ()), ("import_id", "i8")])


def _fields(dtype: np.dtype[np.void]) -> list[tuple[str, str]]:
    return [(name, dtype[name].str.replace("<", ">")) for name in dtype.names or ()]


_COLUMNS = _fields(PLAY)
_TIMES = ("reported_at", "ended_at")
_STRETCH = 20_000  # rows turned into ours at a time: they stay in a processor's cache from column to column


_LOCK_TIMEOUT = "55P03"


def lock_listener(conn: Connection, user_id: int, wait_s: int = 60) -> None:
    """Keep everybody else from writing this listener's rows, until the transaction ends.

    Raises:
        Conflict: somebody else held the lock for longer than `wait_s`.
    """
    conn.execute(text(f"SET LOCAL lock_timeout = '{int(wait_s)}s'"))
    try:
        conn.execute(select(func.pg_advisory_xact_lock(user_id)))
    except OperationalError as error:
        if getattr(error.orig, "pgcode", None) != _LOCK_TIMEOUT:
            raise
        raise Conflict(
            "Your listening history is being changed by an import just now. Try again when it is done."
        ) from error


def try_lock_listener(conn: Connection, user_id: int) -> bool:
    """Take the same lock if it is free; return whether it was."""
    return bool(conn.scalar(select(func.pg_try_advisory_xact_lock(user_id))))


def add_plays(conn: Connection, user_id: int, import_id: int | None, plays: Plays) -> None:
    """Store rows of dtype `PLAY` whose keys aren't stored yet, in the order of their key."""
    copy_rows(conn, listening_history.name, (user_id, import_id), plays)


def copy_rows(conn: Connection, table: str, place: tuple[int, int | None], plays: Plays) -> None:
    """Store rows in a table with the columns of `listening_history`, under (user id, import id)."""
    user_id, import_id = place
    if not len(plays):
        return
    order = np.argsort(plays["reported_at"], kind="stable")  # most often they come sorted, and cost nothing
    values: dict[str, Any] = {name: plays[name][order] for name in PLAY.names or ()}
    for name in _TIMES:
        values[name] = values[name] - pgcopy.EPOCH_US
    fields = [("user_id", ">i8"), *_COLUMNS]
    values["user_id"] = user_id
    if import_id is not None:
        fields.append(("import_id", ">i8"))
        values["import_id"] = import_id
    pgcopy.copy_in(conn, table, fields, values, len(plays))


def list_plays(conn: Connection, user_id: int, start_us: int | None = None, end_us: int | None = None) -> Plays:
    """Return the listener's rows, dtype `PLAY`, unordered; with bounds, those reported from start to end."""
    return read_rows(conn, listening_history.name, user_id, between(start_us, end_us))


def read_rows(conn: Connection, table: str, user_id: int, condition: str = "true") -> Plays:
    """Return a listener's rows of a table with the columns of `listening_history`, dtype `PLAY`, unordered."""
    columns = ", ".join(name for name, _ in _COLUMNS)
    query = f"SELECT {columns} FROM {table} WHERE user_id = {int(user_id)} AND {condition}"
    return _received(conn, query, PLAY)


def list_stored(conn: Connection, user_id: int) -> Plays:
    """Return the listener's rows, dtype `STORED`, in the order they were reported in."""
    columns = ", ".join(name for name, _ in _COLUMNS)
    query = (
        f"SELECT {columns}, coalesce(import_id, 0) FROM listening_history WHERE user_id = {int(user_id)}"
        " ORDER BY reported_at, track_id, ms_played"
    )
    return _received(conn, query, STORED)


def _received(conn: Connection, query: str, dtype: np.dtype[np.void]) -> Plays:
    fields = _fields(dtype)
    received = pgcopy.copy_out(conn, query, fields)
    plays = np.empty(len(received), dtype)
    for start in range(0, len(received), _STRETCH):
        for name, _ in fields:
            plays[name][start : start + _STRETCH] = received[name][start : start + _STRETCH]
    for name in _TIMES:
        plays[name] += pgcopy.EPOCH_US
    return plays


def between(start_us: int | None, end_us: int | None) -> str:
    """Return the condition of rows reported from start to end, where given; microseconds since 1970 UTC."""
    after = "true" if start_us is None else f"reported_at >= {_moment(start_us)}"
    before = "true" if end_us is None else f"reported_at <= {_moment(end_us)}"
    return f"{after} AND {before}"


def _moment(microseconds: int) -> str:
    return f"timestamptz 'epoch' + interval '1 microsecond' * {int(microseconds)}::bigint"


def remove_import(conn: Connection, user_id: int, import_id: int) -> int:
    """Take away the rows that still belong to an import; return how many there were."""
    of_import = (listening_history.c.user_id == user_id) & (listening_history.c.import_id == import_id)
    return conn.execute(delete(listening_history).where(of_import)).rowcount


@dataclass(frozen=True, slots=True)
class Extent:
    """What removing an import does to a listener's plays: rows of any length, moments in UTC.

    Of the import's `rows` that go, other imports tell `returning` less well:
    those come back. `staying` rows of it are another import's too.
    `may_be_shared` says that a later import didn't note what it shared.
    """

    rows: int
    first_at: Any
    last_at: Any
    returning: int = 0
    staying: int = 0
    may_be_shared: bool = False

    @property
    def net(self) -> int:
        """Return by how many rows the history gets smaller."""
        return self.rows - self.returning


def extent_of_import(conn: Connection, user_id: int, import_id: int) -> Extent:
    """Return what would go if this import were removed."""
    h = listening_history.c
    row = conn.execute(
        select(func.count(), func.min(h.reported_at), func.max(h.reported_at)).where(
            h.user_id == user_id, h.import_id == import_id
        )
    ).one()
    return Extent(*row)


def latest_reported_at(conn: Connection, user_id: int) -> Any:
    """Return when the listener's newest row was reported, or None without rows."""
    return conn.scalar(select(func.max(listening_history.c.reported_at)).where(listening_history.c.user_id == user_id))


@dataclass(frozen=True, slots=True)
class Listener:
    """What decides how a listener's rows are read."""

    history_version: int
    zone: str
    play_rule: str


def find_listener(conn: Connection, user_id: int) -> Listener | None:
    """Return the present version, zone and rule of a listener, None when there is no such person."""
    query = select(users.c.history_version, users.c.zone, users.c.play_rule).where(users.c.id == user_id)
    row = conn.execute(query).one_or_none()
    return None if row is None else Listener(*row)


def raise_history_version(conn: Connection, user_id: int) -> int:
    """Mark that the listener's rows changed; return the new version."""
    query = update(users).where(users.c.id == user_id).values(history_version=users.c.history_version + 1)
    return int(conn.execute(query.returning(users.c.history_version)).scalar_one())


def list_labels(conn: Connection, user_id: int) -> dict[int, str]:
    """Return the listener's labels by id."""
    rows = conn.execute(select(labels.c.id, labels.c.label).where(labels.c.user_id == user_id))
    return {row.id: row.label for row in rows}


def add_labels(conn: Connection, user_id: int, wanted: list[str]) -> list[int]:
    """Return an id for each label, adding those not known; "" is 0, and so is what no longer has room."""
    known = {label: number for number, label in list_labels(conn, user_id).items()}
    room = range(len(known) + 1, np.iinfo(np.int16).max)
    fresh = dict(zip((label for label in dict.fromkeys(wanted) if label and label not in known), room, strict=False))
    if fresh:
        rows = [{"user_id": user_id, "id": number, "label": label} for label, number in fresh.items()]
        conn.execute(insert(labels), rows)
    known |= fresh
    return [known.get(label, 0) for label in wanted]
