"""What endpoints have in common: who asks for which scope, ids, moments, and whose clock an answer is told by."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Annotated, Final

from fastapi import Depends, Path, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from starlette.requests import Request

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.services import profiles
from rewrapped.web import door
from rewrapped.web.door import Asker

_TOKEN: Final = HTTPBearer(
    scheme_name="token", auto_error=False, description="An access token from your profile, with the scope of the group."
)
_SESSION: Final = APIKeyCookie(
    name="rw_session",
    scheme_name="session",
    auto_error=False,
    description="The session of a signed-in browser (over https the cookie is `__Host-rw_session`). "
    "Whatever changes something needs the header `X-CSRF-Token` too.",
)


#: For endpoints that ask the door themselves: it says in the description how to come in.
DECLARED: Final = [Security(_TOKEN), Security(_SESSION)]


def _utc(moment: object) -> object:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


Moment = Annotated[datetime, BeforeValidator(_utc)]


def _naive(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time here is the venue's own, without a zone")
    return at


#: A time by a venue's clock; JSON Schema's own form of a time would have a zone.
VenueTime = Annotated[
    time,
    AfterValidator(_naive),
    WithJsonSchema({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"}),
]


def _plain_number(text: object) -> object:
    """Refuse what Python reads as a whole number and nobody else does: "1_0", " 7", "+3"."""
    if isinstance(text, str) and not re.fullmatch(r"[0-9]{1,19}", text, re.ASCII):
        raise ValueError("a whole number is written with digits alone")
    return text


Id = Annotated[int, Path(ge=1, lt=2**63), BeforeValidator(_plain_number)]


class Read(BaseModel):
    """Something that is answered; made of whatever has attributes of the same names."""

    model_config = ConfigDict(from_attributes=True)


class Query(BaseModel):
    """The query of an endpoint: a parameter that isn't known is refused, as it would narrow nothing."""

    model_config = ConfigDict(extra="forbid")


def needs(scope: Scope) -> Callable[..., Visitor]:
    """Return what lets in a session, or a token with this scope, and hands over whom they act for."""

    def visitor(request: Request, _: object = Security(_TOKEN), __: object = Security(_SESSION)) -> Visitor:
        return door.enter(request, scope).visitor

    return visitor


def _anybody(request: Request, _: object = Security(_TOKEN), __: object = Security(_SESSION)) -> Asker:
    asker = door.enter(request)
    asker.visitor.signed_in()
    return asker


def _passing(request: Request) -> Visitor:
    asker = door.enter(request)
    return asker.visitor if asker.has(Scope.EVENTS) else Visitor()


#: Somebody signed in, or a token with whatever scope.
Anybody = Annotated[Asker, Depends(_anybody)]
#: Somebody before what everybody may see; a stranger unless a session or a token with the scope says who.
Passing = Annotated[Visitor, Depends(_passing)]
Listening = Annotated[Visitor, Depends(needs(Scope.LISTENING))]
Importing = Annotated[Visitor, Depends(needs(Scope.IMPORTS))]
Going = Annotated[Visitor, Depends(needs(Scope.EVENTS))]
Preferring = Annotated[Visitor, Depends(needs(Scope.PREFERENCES))]
Notified = Annotated[Visitor, Depends(needs(Scope.NOTIFICATIONS))]
Promoting = Annotated[Visitor, Depends(needs(Scope.PROMOTER))]


def zone_of(visitor: Visitor) -> str:
    """Return the zone of whoever an answer is for, UTC for a stranger."""
    return "UTC" if visitor.listener_id is None else profiles.listener(running.deps(), visitor).zone
