"""Sessions of browsers. A row is the truth; whatever caches one must forget it when it is deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from rewrapped.domain.access import Role
from rewrapped.storage.tables import sessions, users


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session the moment it begins; `token_hash` is the SHA-256 of the cookie's token."""

    token_hash: bytes
    user_id: int
    kind: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session with the role its person has now."""

    user_id: int
    kind: str
    role: Role
    last_seen_at: datetime
    expires_at: datetime


def add_session(conn: Connection, new: NewSession) -> None:
    """Store a session."""
    conn.execute(insert(sessions).values(**asdict(new)))


def find_session(conn: Connection, token_hash: bytes) -> Session | None:
    """Return the session with this hash, ended by time or not; None when there is none."""
    columns = (sessions.c.user_id, sessions.c.kind, users.c.role, sessions.c.last_seen_at, sessions.c.expires_at)
    query = select(*columns).join(users, users.c.id == sessions.c.user_id).where(sessions.c.token_hash == token_hash)
    row = conn.execute(query).one_or_none()
    return Session(row.user_id, row.kind, Role(row.role), row.last_seen_at, row.expires_at) if row else None


def set_last_seen(conn: Connection, token_hash: bytes, now: datetime) -> None:
    """Note that a page was loaded now."""
    conn.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(last_seen_at=now))


def delete_session(conn: Connection, token_hash: bytes) -> None:
    """End one session, if there is one."""
    conn.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def list_hashes(conn: Connection, user_id: int) -> list[bytes]:
    """Return the token hashes of a person's sessions."""
    return [bytes(found) for found in conn.scalars(select(sessions.c.token_hash).where(sessions.c.user_id == user_id))]


def delete_sessions(conn: Connection, user_id: int, *, keep: bytes | None = None) -> list[bytes]:
    """End a person's sessions but the one to keep; return the hashes of those that ended."""
    condition = sessions.c.user_id == user_id
    if keep is not None:
        condition &= sessions.c.token_hash != keep
    query = delete(sessions).where(condition).returning(sessions.c.token_hash)
    return [bytes(found) for found in conn.scalars(query)]


def delete_ended(conn: Connection, now: datetime, idle_since: datetime) -> int:
    """Delete sessions past their end or not seen since a moment; return how many went."""
    query = delete(sessions).where((sessions.c.expires_at <= now) | (sessions.c.last_seen_at <= idle_since))
    return conn.execute(query).rowcount
