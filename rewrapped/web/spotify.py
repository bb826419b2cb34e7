"""Signing in with Spotify, agreeing, connecting, joining and leaving: plain pages and forms that need no script."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rewrapped import running
from rewrapped.domain import accounts as rules
from rewrapped.domain.access import Role
from rewrapped.domain.sitemap import own_path
from rewrapped.errors import AccessDenied, RewrappedError
from rewrapped.services import joining_people, profiles, spotify_sign_in
from rewrapped.services.accounts import SignedIn
from rewrapped.web import callers, leaving
from rewrapped.web.answers import page
from rewrapped.web.forms import Fields, go, post, visit
from rewrapped.web.signed import forgotten, signed_in

_HOME = "/overview"
_BACK = "/connections"
_REFUSED = "You didn't let this site see your plays at Spotify. Nothing was changed; you can begin again at any time."


def begin(request: Request) -> Response:
    """Send a browser to Spotify."""
    deps, where = running.deps(), own_path(request.query_params.get("next"), _HOME)
    address = callers.caller(request).address
    return RedirectResponse(spotify_sign_in.begin(deps, callers.visitor(request), visit(request), where, address), 302)


def arrive(request: Request) -> Response:
    """Take up a browser that comes back from Spotify."""
    deps, query = running.deps(), request.query_params
    attempt = spotify_sign_in.take_attempt(
        deps, callers.visitor(request).user_id, visit(request), query.get("state", "")
    )
    if query.get("error") or not query.get("code"):
        raise AccessDenied(_REFUSED)
    arrived = spotify_sign_in.finish(deps, attempt, visit(request), query["code"])
    if arrived.pending is not None:
        return go(f"/auth/spotify/connect?pending={quote(arrived.pending, safe='')}")
    where = f"/auth/consent?next={quote(attempt.next, safe='')}" if arrived.needs_consent else attempt.next
    if arrived.token is None:
        return go(where)
    return signed_in(request, SignedIn(arrived.user_id, arrived.token), where)


def show_consent(request: Request) -> Response:
    """Ask for what is needed before plays are fetched; who agreed already goes on."""
    return _consent_page(request, request.query_params)


def agree(request: Request, fields: Fields) -> Response:
    """Note both consents, and go on to where the person was going."""
    history, terms = "history" in fields, "terms" in fields
    try:
        visitor = callers.visitor(request)
        spotify_sign_in.agree(running.deps(), visitor, fields.get("zone", ""), history=history, terms=terms)
    except RewrappedError as error:
        return _consent_page(request, fields, error)
    return go(own_path(fields.get("next"), _HOME))


def show_connect(request: Request) -> Response:
    """Show whose Spotify account it is, and what connecting it does."""
    key = request.query_params.get("pending", "")
    found = spotify_sign_in.pending(running.deps(), callers.visitor(request), visit(request), key)
    name, plays = found.account.name, found.guest_plays
    return page(request, "connect.html", pending=key, account=name, guest_plays=plays, next=found.next)


def connect(request: Request, fields: Fields) -> Response:
    """Connect a Spotify account that waits for a yes."""
    key = fields.get("pending", "")
    return go(spotify_sign_in.connect(running.deps(), callers.visitor(request), visit(request), key))


def join(request: Request, fields: Fields) -> Response:
    """Let the account of an address have everything of this guest's."""
    email, where = fields.get("email", ""), own_path(fields.get("next"), _HOME)
    try:
        begun = joining_people.join_with_password(
            running.deps(), callers.visitor(request), email, fields.get("password", ""), callers.caller(request)
        )
    except RewrappedError as error:
        return join_page(request, email, where, error)
    return signed_in(request, begun, where)


def join_page(request: Request, email: str, where: str, error: RewrappedError | None = None) -> Response:
    """Ask a guest for the password of the account that has their address."""
    status, told = (error.http_status, str(error)) if error else (200, None)
    return page(request, "join.html", status, email=email, next=where, error=told)


def show_disconnect(request: Request) -> Response:
    """Show what goes with the connection: of a guest, that is the account."""
    return _disconnect_page(request)


def disconnect(request: Request, _: Fields) -> Response:
    """Disconnect Spotify."""
    try:
        was_account = joining_people.disconnect(running.deps(), callers.visitor(request))
    except RewrappedError as error:
        return _disconnect_page(request, error)
    return forgotten(go("/auth/goodbye")) if was_account else go(_BACK)


def _disconnect_page(request: Request, error: RewrappedError | None = None) -> Response:
    deps, visitor = running.deps(), callers.visitor(request)
    if visitor.user_id is None:
        return go("/auth/sign-in?next=/connections")
    values = {
        "is_guest": visitor.role is Role.GUEST,
        "row_count": joining_people.count_api_rows(deps, visitor),
        "others": leaving.named(profiles.kept_beside_listening(deps, visitor)),
        "error": str(error) if error else None,
    }
    return page(request, "disconnect.html", error.http_status if error else 200, **values)


def _consent_page(request: Request, fields: Fields, error: RewrappedError | None = None) -> Response:
    where, visitor = own_path(fields.get("next"), _HOME), callers.visitor(request)
    if visitor.user_id is None:
        return go(f"/auth/sign-in?next={quote(where, safe='')}")
    person = profiles.person(running.deps(), visitor)
    if person.history_consent_at is not None and error is None:
        return go(where)
    values = {
        "next": where,
        "zone": fields.get("zone") or person.zone,
        "zones": rules.listed_zones(),
        "ticked": [name for name in ("history", "terms") if name in fields],
        "error": str(error) if error else None,
    }
    return page(request, "consent.html", error.http_status if error else 200, **values)


routes = [
    Route("/consent", show_consent),
    post("/consent", agree),
    Route("/spotify/login", begin),
    Route("/spotify/callback", arrive),
    Route("/spotify/connect", show_connect),
    post("/spotify/connect", connect),
    post("/spotify/join", join),
    Route("/spotify/disconnect", show_disconnect),
    post("/spotify/disconnect", disconnect),
]
