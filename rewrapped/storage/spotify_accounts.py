"""Accounts at Spotify that people connected. Tokens come and go sealed; nothing here can read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from rewrapped.storage.tables import spotify_accounts, users

_a = spotify_accounts.c


@dataclass(frozen=True, slots=True)
class SpotifyAccount:
    """A connected account; times in UTC. Without a `refresh_token` access was withdrawn, and is to be given anew."""

    user_id: int
    account_id: str
    name: str
    refresh_token: str | None = field(repr=False)
    access_token: str | None = field(repr=False)
    access_expires_at: datetime | None
    scopes: str
    authorized_at: datetime
    next_refresh_at: datetime
    fetched_at: datetime | None = None
    trouble: str | None = None


_COLUMNS = [_a[name] for name in SpotifyAccount.__dataclass_fields__]


def put_account(conn: Connection, account: SpotifyAccount) -> bool:
    """Store an account, or what the same person agreed to anew; return False when it is somebody else's.

    Somebody who has another account connected already is refused by the key, with an error: look first.
    """
    values = {name: getattr(account, name) for name in SpotifyAccount.__dataclass_fields__}
    renewed = {name: value for name, value in values.items() if name not in ("user_id", "account_id", "fetched_at")}
    renewed["renewing_until"] = None
    query = insert(spotify_accounts).values(values)
    query = query.on_conflict_do_update(
        index_elements=["account_id"], set_=renewed, where=_a.user_id == account.user_id
    )
    return conn.execute(query.returning(_a.user_id)).first() is not None


def find_account(conn: Connection, user_id: int) -> SpotifyAccount | None:
    """Return the account that somebody connected, None when there is none."""
    return _one(conn, select(*_COLUMNS).where(_a.user_id == user_id))


def take_renewing(conn: Connection, user_id: int, refresh_token: str, now: datetime, until: datetime) -> bool:
    """Have the tokens to oneself until a moment, to renew them; return False when another has, or they changed."""
    is_free = or_(_a.renewing_until.is_(None), _a.renewing_until <= now)
    query = update(spotify_accounts).where(_a.user_id == user_id, _a.refresh_token == refresh_token, is_free)
    return conn.execute(query.values(renewing_until=until)).rowcount == 1


def replace_tokens(conn: Connection, account_id: str, old: str, **values: Any) -> int | None:
    """Store what came of renewing, if the tokens still are those that were renewed; return whose they are.

    They go by the account at Spotify: it may have become another person's meanwhile.
    """
    query = update(spotify_accounts).where(_a.account_id == account_id, _a.refresh_token == old)
    found: int | None = conn.scalar(query.values(renewing_until=None, **values).returning(_a.user_id))
    return found


def find_owner(conn: Connection, account_id: str) -> int | None:
    """Return who connected an account, None when nobody did."""
    return conn.scalar(select(_a.user_id).where(_a.account_id == account_id))


def set_account(conn: Connection, user_id: int, *, account_id: str | None = None, **values: Any) -> None:
    """Change columns of somebody's account, if it still is this one (None: whichever it is)."""
    query = update(spotify_accounts).where(_a.user_id == user_id)
    if account_id is not None:
        query = query.where(_a.account_id == account_id)
    conn.execute(query.values(**values))


def move_account(conn: Connection, user_id: int, to_id: int) -> None:
    """Let an account be another person's, who has none."""
    conn.execute(update(spotify_accounts).where(_a.user_id == user_id).values(user_id=to_id))


def delete_account(conn: Connection, user_id: int) -> None:
    """Forget somebody's account with its tokens."""
    conn.execute(delete(spotify_accounts).where(_a.user_id == user_id))


def list_due(conn: Connection, now: datetime, limit: int) -> list[int]:
    """Return whose plays are due, who waits longest first; only of people whose consent is on record."""
    query = select(_a.user_id).join(users, users.c.id == _a.user_id)
    is_due = _a.next_refresh_at <= now
    query = query.where(_a.refresh_token.is_not(None), users.c.history_consent_at.is_not(None), is_due)
    return list(conn.scalars(query.order_by(_a.next_refresh_at).limit(limit)))


def list_authorized_until(conn: Connection, moment: datetime) -> list[tuple[int, datetime]]:
    """Return whose access was agreed to until a moment and still is good, and when that was."""
    query = select(_a.user_id, _a.authorized_at).where(_a.refresh_token.is_not(None), _a.authorized_at <= moment)
    return [(row.user_id, row.authorized_at) for row in conn.execute(query)]


def list_sealed(conn: Connection, after_id: int, limit: int) -> list[int]:
    """Return whose tokens are stored, by id from after one of them."""
    query = select(_a.user_id).where(_a.refresh_token.is_not(None), _a.user_id > after_id)
    return list(conn.scalars(query.order_by(_a.user_id).limit(limit)))


def _one(conn: Connection, query: Any) -> SpotifyAccount | None:
    row = conn.execute(query).one_or_none()
    return SpotifyAccount(**row._asdict()) if row else None
