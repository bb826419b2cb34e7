"""Roads to and from a show: to where tickets are sold, its calendar file, and its short address."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import clean_url
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.errors import NotFound
from rewrapped.services import browsers, calendars, events, interactions
from rewrapped.services.interactions import Onlooker
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.web import callers, policy

_NUMBER = re.compile("[0-9]{1,18}", re.ASCII)


def go(request: Request) -> Response:
    """Lead to where tickets are sold, and count the click.

    Only ever to an address that is stored with the event: nothing of the request becomes part of it.
    """
    deps, event_id = running.deps(), _event_id(request)
    number = request.query_params.get("offer", "0")
    show = events.event(deps, Visitor(), event_id, Whereabouts()).show
    sale = next((one for one in show.sales if one.event_id == event_id and str(one.number) == number), None)
    address = clean_url(sale.offer.url) if sale else None
    if address is None:
        raise NotFound("There are no such tickets.")
    if _is_a_visit(request):
        named_by = dict.fromkeys(sale.named_by, _placement(request)) if sale else {}
        interactions.record_all(deps, _onlooker(request), named_by, Interaction.CLICK)
    return RedirectResponse(address, 302, {"cache-control": "no-store"})


def short(request: Request) -> Response:
    """Lead to a show's page; nothing is counted here, as the page counts itself.

    It is asked for by the very listing, so that whoever saves it there has saved that promoter's.
    """
    event_id = _event_id(request)
    events.event(running.deps(), Visitor(), event_id, Whereabouts())
    return RedirectResponse(f"/event?id={event_id}", 302)


def calendar(request: Request) -> Response:
    """Hand over a show's calendar file."""
    name, content = calendars.calendar(running.deps(), _event_id(request))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _event_id(request: Request) -> int:
    word = request.path_params["event"]
    if not _NUMBER.fullmatch(word):
        raise NotFound("There is no such event.")
    return int(word)


def _is_a_visit(request: Request) -> bool:
    """Return whether a person goes there now: not a look ahead by their browser, not a picture on another's page."""
    ahead = "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    return request.method == "GET" and not ahead and request.headers.get("sec-fetch-dest", "document") == "document"


def _onlooker(request: Request) -> Onlooker:
    visit = request.cookies.get(browsers.cookies(running.deps().site).visit)
    address = callers.address(request, policy.current())
    return Onlooker(callers.visitor(request), visit, request.headers.get("user-agent", ""), address)


def _placement(request: Request) -> Placement:
    return Placement.__members__.get(request.query_params.get("via", "").upper(), Placement.DIRECT)


routes = (
    Mount("/go", routes=[Route("/{event}", go)]),
    Mount("/e", routes=[Route("/{event}", short)]),
    Mount("/calendar", routes=[Route("/{event}.ics", calendar)]),
)
