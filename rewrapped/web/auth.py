"""Registering, signing in and out, the demo, and leaving for good: plain pages and forms that need no script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rewrapped import running
from rewrapped.domain import accounts as rules
from rewrapped.domain import days
from rewrapped.domain.sitemap import own_path
from rewrapped.errors import AccessDenied, NotFound, RewrappedError
from rewrapped.services import accounts, browsers, profiles, sessions
from rewrapped.services.accounts import Registration, SignedIn
from rewrapped.services.throttle import Budget, count_try, network
from rewrapped.web import callers, leaving
from rewrapped.web.answers import page

Fields = Mapping[str, str]
Handler = Callable[[Request, Fields], Response]

_HOME, _FIRST_STEP = "/overview", "/import"
_DEVICE_S = int(timedelta(days=400).total_seconds())
_at_once = CapacityLimiter(8)  # forms hash passwords; they mustn't take the threads of everything else


def form(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Make a handler of a posted form out of a plain function: the token is checked, the work done in a thread."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=30) as posted:
            fields = {name: value for name, value in posted.items() if isinstance(value, str)}
        visit = str(request.scope.get("state", {}).get("visit", ""))
        if not browsers.is_csrf_token(running.deps().site, visit, fields.get("csrf", "")):
            raise AccessDenied("This form is out of date. Go back, reload the page and try again.")
        return await to_thread.run_sync(handler, request, fields, limiter=_at_once)

    return endpoint


def show_register(request: Request) -> Response:
    """Show the registration form."""
    if callers.visitor(request).user_id is not None:
        return _go(own_path(request.query_params.get("next"), _HOME))
    return _register_page(request, request.query_params)


def register(request: Request, fields: Fields) -> Response:
    """Create an account and sign it in."""
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
        user_id = accounts.register(running.deps(), filled, callers.caller(request))
    except RewrappedError as error:
        return _register_page(request, fields, error)
    begun = SignedIn(user_id, sessions.start(running.deps(), user_id))
    return _signed_in(request, begun, own_path(fields.get("next"), _FIRST_STEP))


def show_sign_in(request: Request) -> Response:
    """Show the sign-in form."""
    where = own_path(request.query_params.get("next"), _HOME)
    if callers.visitor(request).user_id is not None:
        return _go(where)
    return page(request, "sign_in.html", next=where, email="", error=None)


def sign_in(request: Request, fields: Fields) -> Response:
    """Sign in, and go on to where the person was going."""
    email, where = fields.get("email", ""), own_path(fields.get("next"), _HOME)
    try:
        begun = accounts.sign_in(running.deps(), email, fields.get("password", ""), callers.caller(request))
    except RewrappedError as error:
        return page(request, "sign_in.html", error.http_status, next=where, email=email, error=str(error))
    return _signed_in(request, begun, where)


def sign_out(request: Request, _: Fields) -> Response:
    """End this browser's session."""
    sessions.end(running.deps(), callers.token(request))
    return _without_session(_go("/"))


def sign_out_everywhere(request: Request, _: Fields) -> Response:
    """End every session of this person."""
    user_id = callers.visitor(request).user_id
    if user_id is not None:
        sessions.end_all(running.deps(), user_id)
    return sign_out(request, _)


def open_demo(request: Request, _: Fields) -> Response:
    """Look around in the sample listener's history; somebody signed in keeps their own."""
    if callers.visitor(request).user_id is not None:
        return _go(_HOME)
    count_try(running.deps(), Budget("demo", network(callers.caller(request).address), 40))
    token = sessions.start_demo(running.deps())
    if token is None:
        raise NotFound("The sample data is being made. Please try again in a minute.")
    sessions.end(running.deps(), callers.token(request))
    return _with_session(_go(_HOME), token, sessions.DEMO)


def show_delete(request: Request) -> Response:
    """Show what goes with the account, and ask for the password."""
    return _delete_page(request)


def delete(request: Request, fields: Fields) -> Response:
    """Delete the account for good."""
    try:
        accounts.delete(running.deps(), callers.visitor(request), fields.get("password", ""))
    except RewrappedError as error:
        return _delete_page(request, error)
    response = _without_session(_go("/auth/goodbye"))
    response.delete_cookie(browsers.cookies(running.deps().site).device, path="/")
    return response


def goodbye(request: Request) -> Response:
    """Say that the account is gone."""
    return page(request, "goodbye.html")


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
        closed=None if typed["invite"] or site.registration == "open" else site.registration,
    )


def _delete_page(request: Request, error: RewrappedError | None = None) -> Response:
    deps, visitor = running.deps(), callers.visitor(request)
    if visitor.user_id is None:
        return _go("/auth/sign-in?next=/profile")
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


def _signed_in(request: Request, begun: SignedIn, where: str) -> Response:
    """Hand over the new session's token, end what the browser held before, and remember the browser as an owner's."""
    deps = running.deps()
    sessions.end(deps, callers.token(request))
    response = _with_session(_go(where), begun.token, sessions.WEB)
    names, device = browsers.cookies(deps.site), browsers.device_cookie(deps.site, begun.user_id)
    response.set_cookie(names.device, device, _DEVICE_S, path="/", secure=names.secure, httponly=True, samesite="lax")
    return response


def _with_session(response: Response, token: str, kind: str) -> Response:
    names, age_s = browsers.cookies(running.deps().site), int(sessions.LONGEST[kind].total_seconds())
    response.set_cookie(names.session, token, age_s, path="/", secure=names.secure, httponly=True, samesite="lax")
    return response


def _without_session(response: Response) -> Response:
    names = browsers.cookies(running.deps().site)
    response.delete_cookie(names.session, path="/", secure=names.secure, httponly=True, samesite="lax")
    return response


def _go(where: str) -> RedirectResponse:
    return RedirectResponse(where, 303)


def _post(path: str, handler: Handler) -> Route:
    return Route(path, form(handler), methods=["POST"])


routes = Mount(
    "/auth",
    routes=[
        Route("/register", show_register),
        _post("/register", register),
        Route("/sign-in", show_sign_in),
        _post("/sign-in", sign_in),
        _post("/sign-out", sign_out),
        _post("/sign-out-everywhere", sign_out_everywhere),
        _post("/demo", open_demo),
        Route("/delete", show_delete),
        _post("/delete", delete),
        Route("/goodbye", goodbye),
        Mount("/static", StaticFiles(packages=[("rewrapped.web", "static")])),
    ],
)
