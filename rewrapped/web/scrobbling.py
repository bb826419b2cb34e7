"""`/1/*`: listens from scrobblers, in the protocol of ListenBrainz; a token decides, cookies count for nothing.

Errors are `{"code": 400, "error": "..."}`. Any origin may ask: without the token nothing is to be had.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.errors import Conflict, InvalidInput, SignInNeeded, StoreDown
from rewrapped.importers.submission import read_submission
from rewrapped.services import pace, profiles, submitting, tokens
from rewrapped.services.pace import Pace
from rewrapped.web import callers
from rewrapped.web.door import BURST, PER_MINUTE

_SCHEMES = ("token", "bearer")
_WANTED = "Send the token from your profile as: Authorization: Token TOKEN."
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "86400",
}
_NAMELESS = "listener"


async def submit(request: Request) -> Response:
    """Take listens.

    Raises:
        SignInNeeded, InvalidInput, TooMany, StoreDown: nothing of it was stored.
    """
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    body = await request.body()
    await run_in_threadpool(_submit, request, body)
    return JSONResponse({"status": "ok"})


def _submit(request: Request, body: bytes) -> None:
    deps, visitor = running.deps(), _enter(request)
    try:
        submitting.submit(deps, visitor, read_submission(body, deps.now()))
    except Conflict as error:
        raise StoreDown(str(error)) from error  # what a scrobbler takes as: send it again later


def validate(request: Request) -> Response:
    """Say whether a token is good for submitting, and whose it is.

    Raises:
        InvalidInput: no token was sent.
        TooMany: too many wrong ones came from there.
    """
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_PREFLIGHT)
    if "authorization" not in request.headers:
        raise InvalidInput(_WANTED)
    try:
        visitor = _enter(request)
    except SignInNeeded as error:
        return JSONResponse({"code": 200, "message": f"Token invalid. {error}", "valid": False})
    person = profiles.person(running.deps(), visitor)
    name = person.display_name or _NAMELESS
    return JSONResponse({"code": 200, "message": "Token valid.", "valid": True, "user_name": name})


def _enter(request: Request) -> Visitor:
    """Return whose scrobbler this is.

    Raises:
        SignInNeeded: no token was sent, it isn't good, or it is for something else.
        TooMany: it comes too often.
    """
    deps = running.deps()
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in _SCHEMES:
        raise SignInNeeded(_WANTED)
    held = tokens.holder(deps, secret.strip(), callers.caller(request).address)
    pace.keep(deps, Pace("api token", str(held.token_id), PER_MINUTE, BURST))
    if Scope.SUBMIT not in held.scopes:
        raise SignInNeeded("This access token isn't for submitting listens.")
    return held.visitor


routes = Mount(
    "/1",
    routes=[
        Route("/submit-listens", submit, methods=["POST", "OPTIONS"]),
        Route("/validate-token", validate, methods=["GET", "OPTIONS"]),
    ],
)
