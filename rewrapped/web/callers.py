"""Who is behind a request: their address, their cookies, their session."""

from __future__ import annotations

from starlette.requests import Request

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.services import browsers, sessions
from rewrapped.services.accounts import Caller
from rewrapped.web.policy import Policy, current


def token(request: Request) -> str | None:
    """Return the session cookie's token, None when there is none."""
    return request.cookies.get(browsers.cookies(running.deps().site).session)


def visitor(request: Request) -> Visitor:
    """Return who asks, as of now."""
    return sessions.visitor(running.deps(), token(request))


def caller(request: Request) -> Caller:
    """Return the browser behind a request."""
    policy = current()
    return Caller(
        address=address(request, policy),
        device_cookie=request.cookies.get(browsers.cookies(running.deps().site).device),
        is_local=policy is not None and _is_local(request, policy),
    )


def address(request: Request, policy: Policy | None) -> str:
    """Return the network address a request came from; what a trusted proxy says of it is believed."""
    peer = request.client.host if request.client else "unknown"
    return peer if policy is None else policy.address(peer, request.headers.get("x-forwarded-for", ""))


def _is_local(request: Request, policy: Policy) -> bool:
    """Return whether a request was made on this very machine, to its own name, and passed no proxy."""
    forwarded = any(name == "forwarded" or name.startswith("x-forwarded-") for name in request.headers)
    return policy.is_loopback and request.headers.get("host", "").lower() == policy.host and not forwarded
