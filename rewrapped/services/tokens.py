"""Access tokens: a person makes one for a program of theirs, sees which they have, and revokes them.

A token is shown once, when it is made; only its digest is stored. No copy of a
token is kept anywhere, so a revoked one is refused from the next request on.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from rewrapped.deps import Deps
from rewrapped.domain import tokens as rules
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound, SignInNeeded
from rewrapped.services.throttle import Budget, count_try, network
from rewrapped.storage import people
from rewrapped.storage import tokens as rows
from rewrapped.storage.tokens import Held, Token

_FREE_WRONG = 20  # wrong tokens of one network before it has to wait
_WRONG = "This access token isn't known here, was revoked or has expired."


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; `secret` is what its program sends, and is to be had this once."""

    id: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a program acts for, and what of theirs it may reach."""

    visitor: Visitor
    token_id: int
    scopes: frozenset[Scope]


def create(deps: Deps, visitor: Visitor, name: str, scopes: Collection[Scope], lasts_days: int | None) -> Made:
    """Make a token that lasts some days, or None until it is revoked.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't hold tokens, or can't give one of the scopes.
        InvalidInput: the name, the scopes or the days can't be used.
        Conflict: they have as many as anybody may.
    """
    user_id = visitor.allowed(Permission.HOLD_TOKENS)
    new = _new(deps, visitor, name, scopes, lasts_days)
    secret = rules.PREFIX + secrets.token_urlsafe(32)
    with deps.engine.begin() as conn:
        people.hold_person(conn, user_id)  # so that two at once are counted one after the other
        if rows.count_tokens(conn, user_id) >= rules.MOST_TOKENS:
            raise Conflict(f"You have {rules.MOST_TOKENS} access tokens, which is as many as fit. Revoke one first.")
        token_id = rows.add_token(conn, user_id, _digest(secret), new)
        people.add_audit(conn, user_id, "made an access token")
    return Made(token_id, secret)


def list_tokens(deps: Deps, visitor: Visitor) -> list[Token]:
    """Return the visitor's tokens, the newest first.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't hold tokens.
    """
    with deps.engine.connect() as conn:
        return rows.list_tokens(conn, visitor.allowed(Permission.HOLD_TOKENS))


def revoke(deps: Deps, visitor: Visitor, token_id: int) -> None:
    """Make a token of the visitor's worth nothing, at once.

    Raises:
        SignInNeeded, AccessDenied: this is nobody's account.
        NotFound: they have no such token.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        if not rows.delete_token(conn, user_id, token_id):
            raise NotFound("There is no such access token of yours.")
        people.add_audit(conn, user_id, "revoked an access token")


def holder(deps: Deps, secret: str, address: str) -> Holder:
    """Return whom a token stands for; `address` is where it came from, for which wrong ones are counted.

    Raises:
        SignInNeeded: there is no such token, it has expired, or its person can't hold tokens any more.
        TooMany: too many wrong ones came from there.
    """
    held = _find(deps, secret)
    if held is None:
        count_try(deps, Budget("token", network(address), _FREE_WRONG))
        raise SignInNeeded(_WRONG)
    today = deps.now().date()
    if held.token.last_used_on != today:
        with deps.engine.begin() as conn:
            rows.set_last_used(conn, held.user_id, held.token.id, today)
    return Holder(Visitor.person(held.user_id, held.role), held.token.id, held.token.scopes)


def _find(deps: Deps, secret: str) -> Held | None:
    """Return a token that is good now."""
    if not rules.is_token(secret):
        return None
    with deps.engine.connect() as conn:
        held = rows.find_token(conn, _digest(secret))
    if held is None or (held.token.expires_at is not None and held.token.expires_at <= deps.now()):
        return None
    return held if Visitor.person(held.user_id, held.role).may(Permission.HOLD_TOKENS) else None


def _new(deps: Deps, visitor: Visitor, name: str, scopes: Collection[Scope], lasts_days: int | None) -> Token:
    if not scopes:
        raise InvalidInput("Choose at least one thing that the token is for.")
    if not set(scopes) <= set(rules.scopes_of(visitor)):
        raise AccessDenied("Your account can't let a program do that.")
    if lasts_days is not None and not 1 <= lasts_days <= rules.LONGEST_DAYS:
        raise InvalidInput(f"A token lasts 1 to {rules.LONGEST_DAYS} days, or until you revoke it.")
    expires_at = None if lasts_days is None else deps.now() + timedelta(days=lasts_days)
    return Token(0, rules.clean_name(name), frozenset(scopes), deps.now(), expires_at, None)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
