"""Access tokens of people's own programs. Of a token only its SHA-256 is here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from rewrapped.domain.access import Role
from rewrapped.domain.tokens import Scope
from rewrapped.storage.tables import api_tokens, users


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; `expires_at` is None for one that lasts until revoked, `last_used_on` UTC."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A token with whose it is, and the role they have now."""

    user_id: int
    role: Role
    token: Token


_t = api_tokens.c
_COLUMNS = (_t.id, _t.name, _t.scopes, _t.created_at, _t.expires_at, _t.last_used_on)


def add_token(conn: Connection, user_id: int, token_hash: bytes, new: Token) -> int:
    """Store a token under an id of its own; return the id."""
    values = {"name": new.name, "scopes": sorted(new.scopes), "created_at": new.created_at}
    query = insert(api_tokens).values(user_id=user_id, token_hash=token_hash, expires_at=new.expires_at, **values)
    return int(conn.execute(query.returning(_t.id)).scalar_one())


def count_tokens(conn: Connection, user_id: int) -> int:
    """Return how many tokens a person has, expired ones too."""
    return int(conn.scalar(select(func.count()).where(_t.user_id == user_id)) or 0)


def list_tokens(conn: Connection, user_id: int) -> list[Token]:
    """Return a person's tokens, the newest first."""
    query = select(*_COLUMNS).where(_t.user_id == user_id).order_by(_t.id.desc())
    return [_token(*row) for row in conn.execute(query)]


def find_token(conn: Connection, token_hash: bytes) -> Held | None:
    """Return the token with this hash, expired or not; None when there is none."""
    query = select(users.c.id, users.c.role, *_COLUMNS).join(users, users.c.id == _t.user_id)
    row = conn.execute(query.where(_t.token_hash == token_hash)).one_or_none()
    return Held(row[0], Role(row[1]), _token(*row[2:])) if row else None


def set_last_used(conn: Connection, user_id: int, token_id: int, day: date) -> None:
    """Note that a token was used on a day (UTC)."""
    query = update(api_tokens).where(_t.user_id == user_id, _t.id == token_id)
    conn.execute(query.values(last_used_on=day))


def delete_token(conn: Connection, user_id: int, token_id: int) -> bool:
    """Revoke a person's token; return whether there was one."""
    return conn.execute(delete(api_tokens).where(_t.user_id == user_id, _t.id == token_id)).rowcount == 1


def _token(
    number: int, name: str, scopes: list[str], created_at: datetime, expires_at: datetime | None, used_on: date | None
) -> Token:
    known = frozenset(scope for scope in Scope if scope in scopes)
    return Token(number, name, known, created_at, expires_at, used_on)
