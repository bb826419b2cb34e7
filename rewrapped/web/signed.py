"""What a browser is handed when somebody signs in, and what is taken from it when they leave."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from rewrapped import running
from rewrapped.services import browsers, sessions
from rewrapped.services.accounts import SignedIn
from rewrapped.web import callers
from rewrapped.web.forms import go

_DEVICE_S = int(timedelta(days=400).total_seconds())


def signed_in(request: Request, begun: SignedIn, where: str) -> Response:
    """Hand over the new session's token, end what the browser held before, and remember the browser as an owner's."""
    deps = running.deps()
    sessions.end(deps, callers.token(request))
    response = with_session(go(where), begun.token, sessions.WEB)
    names, device = browsers.cookies(deps.site), browsers.device_cookie(deps.site, begun.user_id)
    response.set_cookie(names.device, device, _DEVICE_S, path="/", secure=names.secure, httponly=True, samesite="lax")
    return response


def with_session(response: Response, token: str, kind: str) -> Response:
    """Let an answer hand over a session's token."""
    names, age_s = browsers.cookies(running.deps().site), int(sessions.LONGEST[kind].total_seconds())
    response.set_cookie(names.session, token, age_s, path="/", secure=names.secure, httponly=True, samesite="lax")
    return response


def without_session(response: Response) -> Response:
    """Let an answer take the session's token away."""
    names = browsers.cookies(running.deps().site)
    response.delete_cookie(names.session, path="/", secure=names.secure, httponly=True, samesite="lax")
    return response


def forgotten(response: Response) -> Response:
    """Let an answer take everything away that says whose browser this is."""
    response.delete_cookie(browsers.cookies(running.deps().site).device, path="/")
    return without_session(response)
