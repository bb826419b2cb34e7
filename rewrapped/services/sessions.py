"""Sessions: a browser's cookie stands for a person until it ends, is ended, or is left alone.

The row in Postgres is the truth. Redis keeps a copy for 10 seconds at most; ending a session, or giving its
person another role, puts a mark in the copy's place, so that no look-up under way can bring the copy back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from redis import RedisError

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.storage import people
from rewrapped.storage import sessions as rows
from rewrapped.storage.database import Connection

WEB, DEMO = "web", "demo"
IDLE = {WEB: timedelta(days=14), DEMO: timedelta(days=1)}
LONGEST = {WEB: timedelta(days=90), DEMO: timedelta(days=7)}
_SEEN_STEP = timedelta(minutes=5)  # last_seen is moved in steps, so that page loads seldom write
_CACHE_S = 10
_ENDED = "ended"
_CHANGED = "changed"  # no copy to read, and none can be put here while it lasts: the row is asked


def start(deps: Deps, user_id: int, kind: str = WEB) -> str:
    """Begin a session; return the token for the cookie (256 random bits), of which only a digest is stored."""
    with deps.engine.begin() as conn:
        return start_within(conn, user_id, kind, deps.now())


def start_within(conn: Connection, user_id: int, kind: str, now: datetime) -> str:
    """Begin a session in the caller's transaction; return its token."""
    token = secrets.token_urlsafe(32)
    rows.add_session(conn, rows.NewSession(_digest(token), user_id, kind, now, now, now + LONGEST[kind]))
    return token


def start_demo(deps: Deps) -> str | None:
    """Begin a session that looks at the sample listener, read-only; None while there is no sample listener."""
    with deps.engine.begin() as conn:
        listener_id = people.find_sample_listener(conn)
    return None if listener_id is None else start(deps, listener_id, DEMO)


def visitor(deps: Deps, token: str | None, *, page_load: bool = False) -> Visitor:
    """Return who holds this token; a visitor nobody knows when it ended or never was.

    `page_load` says a person opened a page just now, which keeps the session from ending
    for idleness; polling never passes it.
    """
    if not token or len(token) > 100:
        return Visitor()
    digest, now = _digest(token), deps.now()
    session = _find(deps, digest)
    if session is None or session.expires_at <= now or session.last_seen_at <= now - IDLE[session.kind]:
        return Visitor()
    if page_load and session.last_seen_at <= now - _SEEN_STEP:
        with deps.engine.begin() as conn:
            rows.set_last_seen(conn, digest, now)
    return Visitor.demo(session.user_id) if session.kind == DEMO else Visitor.person(session.user_id, session.role)


def end(deps: Deps, token: str | None) -> None:
    """End one session, at once in every tab."""
    if not token:
        return
    digest = _digest(token)
    with deps.engine.begin() as conn:
        rows.delete_session(conn, digest)
    mark_ended(deps, [digest])


def end_all(deps: Deps, user_id: int) -> int:
    """End every session of a person; return how many ended."""
    with deps.engine.begin() as conn:
        ended = end_within(conn, user_id)
    mark_ended(deps, ended)
    return len(ended)


def end_within(conn: Connection, user_id: int, *, keep_token: str | None = None) -> list[bytes]:
    """End every session of a person but the one to keep, in the caller's transaction; return what to `mark_ended`."""
    return rows.delete_sessions(conn, user_id, keep=_digest(keep_token) if keep_token else None)


def mark_ended(deps: Deps, digests: list[bytes]) -> None:
    """Put the mark of an ended session where copies of these may be; call it after the rows are gone."""
    _mark(deps, digests, _ENDED)


def forget_copies(deps: Deps, user_id: int) -> None:
    """Make the copies of a person's sessions worth nothing: their role changed; call it after that is stored."""
    with deps.engine.begin() as conn:
        digests = rows.list_hashes(conn, user_id)
    _mark(deps, digests, _CHANGED)


def delete_ended(deps: Deps) -> int:
    """Delete sessions that ended by time; return how many."""
    now = deps.now()
    with deps.engine.begin() as conn:
        return rows.delete_ended(conn, now, now - IDLE[WEB])


def _find(deps: Deps, digest: bytes) -> rows.Session | None:
    cached = _on_redis(deps, lambda: deps.redis.get(_key(digest)))
    if cached is not None:
        with suppress(
            ValueError, KeyError, TypeError
        ):  # an unreadable copy is no copy, nor is the mark of a changed one
            return _decoded(cached)
    with deps.engine.begin() as conn:
        session = rows.find_session(conn, digest)
    if session is not None:
        copy = _encoded(session)
        _on_redis(deps, lambda: deps.redis.set(_key(digest), copy, ex=_CACHE_S, nx=True))
    return session


def _on_redis(deps: Deps, ask: Callable[[], object]) -> object:
    """Return what Redis answers; None while it doesn't: then it is left alone for a while, or each page would wait."""
    if deps.redis_rest.is_on():
        return None
    try:
        return ask()
    except RedisError:
        deps.redis_rest.begin()
        return None


def _encoded(session: rows.Session) -> str:
    moments = [session.last_seen_at.isoformat(), session.expires_at.isoformat()]
    return json.dumps([session.user_id, session.kind, session.role, *moments])


def _decoded(cached: object) -> rows.Session | None:
    text = cached.decode() if isinstance(cached, bytes) else str(cached)
    if text == _ENDED:
        return None
    user_id, kind, role, seen_at, expires_at = json.loads(text)
    moments = datetime.fromisoformat(seen_at), datetime.fromisoformat(expires_at)
    return rows.Session(int(user_id), str(kind), Role(role), *moments)


def _mark(deps: Deps, digests: list[bytes], mark: str) -> None:
    with suppress(RedisError):  # without Redis there are no copies, and older ones are gone within 10 seconds
        for digest in digests:
            deps.redis.set(_key(digest), mark, ex=_CACHE_S)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _key(digest: bytes) -> str:
    return f"session:{digest.hex()}"
