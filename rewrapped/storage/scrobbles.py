"""Whose listens at outside services are fetched, as rows; every key begins with whose they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from rewrapped.domain.plays import Source
from rewrapped.domain.scrobbling import State
from rewrapped.storage.tables import scrobble_accounts

_a = scrobble_accounts.c


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's name at a service, and how far it is read; moments are aware UTC."""

    user_id: int
    source: Source
    name: str
    state: State
    total: int
    fetched: int
    floor_at: datetime | None
    below_at: datetime | None
    top_at: datetime | None
    due_at: datetime
    interval_s: int
    failures: int
    message: str
    connected_at: datetime
    checked_at: datetime | None

    @property
    def interval(self) -> timedelta:
        """Return how long it rests between two visits."""
        return timedelta(seconds=self.interval_s)

    def stands_at(self, other: Account) -> bool:
        """Return whether a walk stands where it stood in another reading of the same row."""
        ours, theirs = (
            (one.name, one.connected_at, one.state, one.floor_at, one.below_at, one.top_at) for one in (self, other)
        )
        return ours == theirs


_COLUMNS = [_a[name] for name in Account.__dataclass_fields__]


def place(source: Source) -> int:
    """Return what stands in `listening_history.import_id` for rows that a connected service brought."""
    return -int(source)


def add_account(conn: Connection, user_id: int, source: Source, **values: Any) -> bool:
    """Store a name unless there is one at this service; return whether it was stored."""
    query = insert(scrobble_accounts).values(user_id=user_id, source=source, **values)
    return conn.execute(query.on_conflict_do_nothing()).rowcount == 1


def find_account(conn: Connection, user_id: int, source: Source) -> Account | None:
    """Return somebody's name at a service, None when they told none."""
    row = conn.execute(select(*_COLUMNS).where(_is(user_id, source))).one_or_none()
    return None if row is None else _account(row)


def list_accounts(conn: Connection, user_id: int) -> list[Account]:
    """Return somebody's names at services, by service."""
    query = select(*_COLUMNS).where(_a.user_id == user_id).order_by(_a.source)
    return [_account(row) for row in conn.execute(query)]


def list_due(conn: Connection, sources: Collection[Source], now: datetime, limit: int) -> list[tuple[int, Source]]:
    """Return (user id, source) of those to be asked about now, the longest due first."""
    is_due = _a.source.in_(list(sources)) & (_a.state != State.STOPPED) & (_a.due_at <= now)
    query = select(_a.user_id, _a.source).where(is_due).order_by(_a.due_at, _a.user_id).limit(limit)
    return [(row.user_id, Source(row.source)) for row in conn.execute(query)]


def change_account(conn: Connection, user_id: int, source: Source, **values: Any) -> bool:
    """Change how an account stands; return whether it is there."""
    return conn.execute(update(scrobble_accounts).where(_is(user_id, source)).values(**values)).rowcount == 1


def remove_account(conn: Connection, user_id: int, source: Source) -> bool:
    """Forget a name; return whether it was there."""
    return conn.execute(delete(scrobble_accounts).where(_is(user_id, source))).rowcount == 1


def _is(user_id: int, source: Source) -> Any:
    return (_a.user_id == user_id) & (_a.source == int(source))


def _account(row: Any) -> Account:
    return replace(Account(*row), source=Source(row.source), state=State(row.state))
