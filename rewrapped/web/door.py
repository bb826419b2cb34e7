"""The door of the programming interface: who asks, by token or by session, how fast they may, and whether they mean it.

An `Authorization` header decides alone: a browser never sends one by itself, so a token needs no further proof. A
session does, for whatever changes something: the CSRF token of the browser's visit, as our own pages send it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.errors import AccessDenied, SignInNeeded
from rewrapped.services import browsers, pace, tokens
from rewrapped.services.pace import Pace
from rewrapped.services.throttle import network
from rewrapped.web import callers

PER_MINUTE: Final = 120  # of one token or person, or of a network that nobody is signed in from
BURST: Final = 60
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `scopes` are their token's, None for a person with their session, who may reach all of their own."""

    visitor: Visitor
    scopes: frozenset[Scope] | None = None
    token_id: int | None = None

    def has(self, scope: Scope) -> bool:
        """Return whether a part of the account is open to them."""
        return self.scopes is None or scope in self.scopes


def identify(request: Request) -> Asker:
    """Return who asks, as of now.

    Raises:
        SignInNeeded: an Authorization header was sent, and holds no token that is good.
        TooMany: too many wrong tokens came from there.
    """
    given = request.headers.get("authorization")
    if given is None:
        return Asker(callers.visitor(request))
    scheme, _, secret = given.partition(" ")
    if scheme.lower() != "bearer":
        raise SignInNeeded("Send an access token as: Authorization: Bearer TOKEN.")
    held = tokens.holder(running.deps(), secret.strip(), callers.caller(request).address)
    return Asker(held.visitor, held.scopes, held.token_id)


def enter(request: Request, scope: Scope | None = None) -> Asker:
    """Return who asks, once it is clear that they may ask now, and for this part of an account.

    Raises:
        SignInNeeded: the token isn't good, or something is to be changed and nobody is signed in.
        AccessDenied: the token isn't for this, a change wasn't asked for by a page of ours, or it is sample data.
        TooMany: they ask too often.
    """
    deps, asker = running.deps(), identify(request)
    pace.keep(deps, _pace(request, asker))
    if asker.scopes is None and request.method not in _SAFE_METHODS:
        asker.visitor.writer()
        _check_csrf(deps, request)
    if scope is not None and not asker.has(scope):
        raise AccessDenied(f"This access token isn't for that: it lacks the scope “{scope}”.")
    return asker


def _pace(request: Request, asker: Asker) -> Pace:
    if asker.token_id is not None:
        return Pace("api token", str(asker.token_id), PER_MINUTE, BURST)
    if asker.visitor.user_id is not None:
        return Pace("api person", str(asker.visitor.user_id), PER_MINUTE, BURST)
    return Pace("api network", network(callers.caller(request).address), PER_MINUTE, BURST)


def _check_csrf(deps: Deps, request: Request) -> None:
    visit = request.cookies.get(browsers.cookies(deps.site).visit, "")
    if not browsers.is_csrf_token(deps.site, visit, request.headers.get("x-csrf-token", "")):
        raise AccessDenied("This didn't come from one of our pages. Reload the page and try again.")
