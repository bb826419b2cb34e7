"""Errors as programs get them: `application/problem+json` (RFC 9457), each status with a name of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from starlette.responses import JSONResponse

from rewrapped.errors import RewrappedError, SignInNeeded, StoreDown, TooMany

MEDIA_TYPE: Final = "application/problem+json"
DOCS: Final = "/api/v1/docs"
_STORE_BACK_S: Final = 5  # a database that restarts is back within seconds, and a program needn't ask before


@dataclass(frozen=True, slots=True)
class Kind:
    """What a status means here, and what its reader can do."""

    slug: str
    title: str
    advice: str


#: Every status that this site answers an error with.
KINDS: Final[Mapping[int, Kind]] = MappingProxyType(
    {
        400: Kind("cannot-be-used", "This can't be used", "Change what `detail` names."),
        401: Kind("sign-in-needed", "Nobody is signed in", "Send an access token that is good, or sign in."),
        403: Kind("not-allowed", "Not allowed", "The token lacks a scope, the account a role, or a write its proof."),
        404: Kind("not-found", "Not found", "There is no such thing, or it isn't yours: the answer is the same."),
        405: Kind("not-done-here", "Not done here", "The header `Allow` names what can be done at this address."),
        408: Kind("too-slow", "Too slow", "The rest of the request never came. Send it again."),
        409: Kind("conflict", "In the way of something", "Something is there already, or over; `detail` says what."),
        413: Kind("too-large", "Too large", "`detail` names the limit."),
        421: Kind("another-address", "Another address", "Ask the site by its own host name."),
        422: Kind("not-understood", "Not understood", "`errors` names each value that doesn't fit the description."),
        429: Kind("too-many", "Too many requests", "Wait as many seconds as the header `Retry-After` says."),
        500: Kind("our-fault", "Our fault", "It was noted. Try again later."),
        502: Kind("service-failed", "An outside service failed", "Try again later."),
        503: Kind("unavailable", "Unavailable", "The database or a service is away. Try again later."),
    }
)


def answer(status: int, detail: str, errors: Sequence[Mapping[str, Any]] = ()) -> JSONResponse:
    """Return an error; `errors` tell of single values that were sent."""
    kind = KINDS.get(status, KINDS[400])
    told = {"type": f"{DOCS}#{kind.slug}", "title": kind.title, "status": status, "detail": detail}
    return JSONResponse({**told, "errors": list(errors)} if errors else told, status, media_type=MEDIA_TYPE)


def of(error: RewrappedError) -> JSONResponse:
    """Return a deliberate error, in its own sentence."""
    response = answer(error.http_status, str(error))
    response.headers.update(headers_of(error))
    return response


def headers_of(error: RewrappedError) -> dict[str, str]:
    """Return what an error's answer says beside its text: how to sign in, or when to come again."""
    if isinstance(error, TooMany):
        wait_s = str(error.retry_after_s)
        return {"retry-after": wait_s, "x-ratelimit-remaining": "0", "x-ratelimit-reset-in": wait_s}
    if isinstance(error, StoreDown):
        return {"retry-after": str(_STORE_BACK_S)}
    return {"www-authenticate": "Bearer"} if isinstance(error, SignInNeeded) else {}
