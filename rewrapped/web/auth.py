"""Registering, signing in and out, the demo, and leaving for good: plain pages and forms that need no script."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rewrapped import running
from rewrapped.domain import accounts as rules
from rewrapped.domain import days
from rewrapped.domain.access import Role
from rewrapped.domain.sitemap import own_path
from rewrapped.errors import Conflict, NotFound, RewrappedError
from rewrapped.services import accounts, profiles, sessions
from rewrapped.services.accounts import Registration, SignedIn
from rewrapped.services.throttle import Budget, count_try, network
from rewrapped.web import callers, leaving, spotify
from rewrapped.web.answers import page
from rewrapped.web.forms import Fields, go, post
from rewrapped.web.signed import forgotten, signed_in, with_session, without_session

_HOME, _FIRST_STEP = "/overview", "/import"


def show_register(request: Request) -> Response:
    """Show the registration form."""
    visitor = callers.visitor(request)
    if visitor.user_id is not None and visitor.role is not Role.GUEST:
        return go(own_path(request.query_params.get("next"), _HOME))
    return _register_page(request, request.query_params)


def register(request: Request, fields: Fields) -> Response:
    """Create an account and sign it in; a guest's becomes a registered one, and keeps everything."""
    deps, visitor = running.deps(), callers.visitor(request)
    guest_id = visitor.user_id if visitor.role is Role.GUEST else None
    filled = Registration(
        email=fields.get("email", ""),
        password=fields.get("password", ""),
        zone=fields.get("zone", "UTC"),
        country=fields.get("country", ""),
        name=fields.get("name", ""),
        history_consent="history_consent" in fields,
        terms_consent="terms_consent" in fields,
        invite=fields.get("invite", ""),
    )
    try:
        user_id = accounts.register(deps, filled, callers.caller(request), guest_id=guest_id)
    except RewrappedError as error:
        if guest_id is not None and isinstance(error, Conflict):
            return spotify.join_page(request, filled.email, own_path(fields.get("next"), _HOME))
        return _register_page(request, fields, error)
    sessions.forget_copies(deps, user_id)  # of a guest's, whose role is another one now
    begun = SignedIn(user_id, sessions.start(deps, user_id))
    return signed_in(request, begun, own_path(fields.get("next"), _FIRST_STEP))


def show_sign_in(request: Request) -> Response:
    """Show the sign-in form."""
    where = own_path(request.query_params.get("next"), _HOME)
    if callers.visitor(request).user_id is not None:
        return go(where)
    return _sign_in_page(request, where)


def sign_in(request: Request, fields: Fields) -> Response:
    """Sign in, and go on to where the person was going."""
    email, where = fields.get("email", ""), own_path(fields.get("next"), _HOME)
    try:
        begun = accounts.sign_in(running.deps(), email, fields.get("password", ""), callers.caller(request))
    except RewrappedError as error:
        return _sign_in_page(request, where, email, error)
    return signed_in(request, begun, where)


def sign_out(request: Request, _: Fields) -> Response:
    """End this browser's session."""
    sessions.end(running.deps(), callers.token(request))
    return without_session(go("/"))


def sign_out_everywhere(request: Request, _: Fields) -> Response:
    """End every session of this person."""
    user_id = callers.visitor(request).user_id
    if user_id is not None:
        sessions.end_all(running.deps(), user_id)
    return sign_out(request, _)


def open_demo(request: Request, _: Fields) -> Response:
    """Look around in the sample listener's history; somebody signed in keeps their own."""
    if callers.visitor(request).user_id is not None:
        return go(_HOME)
    count_try(running.deps(), Budget("demo", network(callers.caller(request).address), 40))
    token = sessions.start_demo(running.deps())
    if token is None:
        raise NotFound("The sample data is being made. Please try again in a minute.")
    sessions.end(running.deps(), callers.token(request))
    return with_session(go(_HOME), token, sessions.DEMO)


def show_delete(request: Request) -> Response:
    """Show what goes with the account, and ask for the password."""
    return _delete_page(request)


def delete(request: Request, fields: Fields) -> Response:
    """Delete the account for good."""
    try:
        accounts.delete(running.deps(), callers.visitor(request), fields.get("password", ""))
    except RewrappedError as error:
        return _delete_page(request, error)
    return forgotten(go("/auth/goodbye"))


def goodbye(request: Request) -> Response:
    """Say that the account is gone."""
    return page(request, "goodbye.html")


def _sign_in_page(request: Request, where: str, email: str = "", error: RewrappedError | None = None) -> Response:
    status, told = (error.http_status, str(error)) if error else (200, None)
    has_spotify = running.deps().spotify is not None
    return page(request, "sign_in.html", status, next=where, email=email, error=told, has_spotify=has_spotify)


def _register_page(request: Request, fields: Fields, error: RewrappedError | None = None) -> Response:
    site = running.deps().site
    typed = {name: fields.get(name, "") for name in ("email", "name", "country", "invite")}
    return page(
        request,
        "register.html",
        error.http_status if error else 200,
        **typed,
        next=own_path(fields.get("next"), _FIRST_STEP),
        zone=fields.get("zone", "UTC"),
        zones=rules.listed_zones(),
        ticked=[name for name in ("history_consent", "terms_consent") if name in fields],
        error=str(error) if error else None,
        has_spotify=running.deps().spotify is not None,
        is_guest=callers.visitor(request).role is Role.GUEST,
        closed=None if typed["invite"] or site.registration == "open" else site.registration,
    )


def _delete_page(request: Request, error: RewrappedError | None = None) -> Response:
    deps, visitor = running.deps(), callers.visitor(request)
    if visitor.user_id is None:
        return go("/auth/sign-in?next=/profile")
    if visitor.role is Role.GUEST:  # who has no password to ask for
        return go("/auth/spotify/disconnect")
    person, goes = profiles.person(deps, visitor), profiles.belongings(deps, visitor)
    status = error.http_status if error else 200
    told = str(error) if error else None
    span = None
    if goes.first_at and goes.last_at:
        zone = ZoneInfo(person.zone)
        span = days.months(goes.first_at.astimezone(zone).date(), goes.last_at.astimezone(zone).date())
    others = leaving.named(profiles.kept_beside_listening(deps, visitor))
    values = {"person": person, "goes": goes, "span": span, "others": others, "error": told}
    return page(request, "delete.html", status, **values)


routes = Mount(
    "/auth",
    routes=[
        Route("/register", show_register),
        post("/register", register),
        Route("/sign-in", show_sign_in),
        post("/sign-in", sign_in),
        post("/sign-out", sign_out),
        post("/sign-out-everywhere", sign_out_everywhere),
        post("/demo", open_demo),
        Route("/delete", show_delete),
        post("/delete", delete),
        Route("/goodbye", goodbye),
        *spotify.routes,
        Mount("/static", StaticFiles(packages=[("rewrapped.web", "static")])),
    ],
)
