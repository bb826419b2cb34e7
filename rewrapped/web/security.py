"""The guard before every request: whom it is for, what it may be, and the headers every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rewrapped import running
from rewrapped.domain.sitemap import PATHS
from rewrapped.importers.submission import MAX_BYTES as LISTENS_BYTES
from rewrapped.services import browsers
from rewrapped.web.answers import problem
from rewrapped.web.policy import Policy, current, streamlit_files

_FORM_BYTES = 64 * 1024
_OTHER_BYTES = 1024 * 1024
_BODY_S = 30.0  # a body of that size comes in a moment
_STREAMED = (
    "/api/v1/imports",
    "/api/v1/promoter/images",
    "/api/v1/admin/events",
    "/api/v1/genres/file",
)  # read their own bodies, and count them
_OURS = ("auth", "api", "calendar", "go", "share", "e", "images", "1")
_SCROBBLERS = "/1/"  # asked with a token alone, from any origin: cookies count for nothing there
_SUBMITS = "/1/submit-listens"
_STREAMLITS = ("_stcore", "static", "media", "component", "app")
_BLOCKED = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/_stcore/upload_file",
    "/oauth2callback",
)
_LEAVES = "/auth/spotify/login"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
_HSTS = "max-age=31536000"


class Guard:
    """Pure ASGI: refuses what isn't for us, and dresses every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        policy = current()
        if policy is None:
            await _refuse(scope, receive, send, (503, "The site is starting. Please try again in a moment."))
            return
        if policy.is_https:  # whatever the last proxy speaks to us
            scope["scheme"] = "https" if scope["type"] == "http" else "wss"
        if scope["type"] == "http":
            send = _dressed(scope, send, policy)
        refused = _refusal(scope, policy)
        if refused is None and _is_by_another_name(scope, policy):
            await _at_base_url(scope, policy)(scope, receive, send)
            return
        if refused is None and scope["type"] == "http":
            if scope["path"] in _STREAMED:
                receive = _impatient(receive)
            else:
                receive, refused = await _within_limit(scope, receive)
        if refused is not None:
            await _refuse(scope, receive, send, refused)
            return
        await self.app(scope, receive, send)


Refusal = tuple[int, str]


def _refusal(scope: Scope, policy: Policy) -> Refusal | None:
    """Return why this request isn't let through, None when it is."""
    headers, path = Headers(scope=scope), scope["path"]
    if path != "/healthz" and not policy.lets_in(headers.get("host", "")):
        return 421, "This site has another address."
    if _is_blocked(path) or (scope["type"] == "http" and not _is_known(path)):
        return 404, "There is no such page."
    if not _is_from_us(scope, headers, policy):
        return 403, "That request came from another site. Go back to ours, reload the page and try again."
    return None


def _is_blocked(path: str) -> bool:
    tail = path[path.find("/_stcore/") :] if "/_stcore/" in path else path
    return tail.startswith(_BLOCKED)


def _is_known(path: str) -> bool:
    """Return whether somebody answers here; Streamlit would answer anything with its start page."""
    first, _, rest = path.strip("/").partition("/")
    if "//" in path:
        return False
    if path.strip("/") in PATHS or path == "/healthz":
        return True
    if not rest:
        return first in streamlit_files()
    if first in _OURS:
        return True
    if first in PATHS:  # a page asks for Streamlit's beside itself first
        first, _, rest = rest.partition("/")
    return first in _STREAMLITS and (first != "static" or f"static/{rest}" in streamlit_files())


def _is_from_us(scope: Scope, headers: Headers, policy: Policy) -> bool:
    """Return whether a request that changes something, or a socket, comes from a page of ours; forms have to say so."""
    if scope["type"] == "http" and scope["path"].startswith(_SCROBBLERS):
        return True
    source = headers.get("origin") or headers.get("referer")
    try:
        parts = urlsplit(source or "")
    except ValueError:
        return False  # no browser sends that, and whoever reads it next may stumble over it
    if scope["type"] == "http" and scope["method"] in _SAFE_METHODS:
        return True
    if source is None:
        return scope["type"] == "websocket" or not scope["path"].startswith("/auth")
    return (parts.scheme.lower(), parts.netloc.lower()) == (policy.scheme, headers.get("host", "").lower())


def _is_by_another_name(scope: Scope, policy: Policy) -> bool:
    """Return whether a person opens a page by another name of this machine than the base URL's."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    headers = Headers(scope=scope)
    return "text/html" in headers.get("accept", "") and policy.is_nickname(headers.get("host", ""))


def _at_base_url(scope: Scope, policy: Policy) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    where = f"{policy.scheme}://{policy.host}{quote(scope['path'])}"
    return RedirectResponse(f"{where}?{query}" if query else where, 307)


async def _within_limit(scope: Scope, receive: Receive) -> tuple[Receive, Refusal | None]:
    """Read the body up to the limit of its path; hand over a receive that gives it again."""
    limit = _limit(scope)
    if scope["method"] in _SAFE_METHODS:
        return receive, None
    try:
        async with asyncio.timeout(_BODY_S):  # who sends a byte now and then would hold a connection for ever
            body = await _body(receive, limit)
    except TimeoutError:
        return receive, (408, "The rest of that request never came. Try again.")
    if body is None:
        return receive, (400, "The request was stopped.")
    if len(body) > limit:
        return receive, (413, f"That is too large: at most {limit // 1024:,} KB can be sent here.")
    return _replaying(body, receive), None


def _limit(scope: Scope) -> int:
    path = scope["path"]
    if path == _SUBMITS and "authorization" in Headers(scope=scope):  # nobody else's listens are taken
        return LISTENS_BYTES
    return _FORM_BYTES if path.startswith("/auth") else _OTHER_BYTES


def _impatient(receive: Receive) -> Receive:
    """Return a receive that counts whoever sends nothing for long as gone."""

    async def next_piece() -> Message:
        try:
            async with asyncio.timeout(_BODY_S):
                return await receive()
        except TimeoutError:
            return {"type": "http.disconnect"}

    return next_piece


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Return what was sent, no further than just past the limit; None when its sender went away."""
    body, more = bytearray(), True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _replaying(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})  # before it was accepted: the browser gets a 403
        return
    status, text = refusal
    await problem(Headers(scope=scope), scope["path"], status, text)(scope, receive, send)


def _dressed(scope: Scope, send: Send, policy: Policy) -> Send:
    """Return a send that adds the headers, and sets the visit cookie with the first document."""
    site = running.deps().site
    names = browsers.cookies(site)
    visit = _cookies(scope).get(names.visit)
    known = browsers.is_visit(site, visit)
    scope.setdefault("state", {})["visit"] = visit = visit if known else browsers.new_visit(site)

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            _add_headers(headers, scope["path"], policy)
            if not known and _is_document(message["status"], headers, scope["path"]):
                secure = "; Secure" if names.secure else ""
                headers.append("set-cookie", f"{names.visit}={visit}; Path=/; HttpOnly; SameSite=Lax{secure}")
        await send(message)

    return dressed


def _is_document(status: int, headers: MutableHeaders, path: str) -> bool:
    """Return whether a browser opens this as a page; 304 says so of one it kept. Who leaves has to be known again."""
    if path == _LEAVES:
        return True
    return headers.get("content-type", "").startswith("text/html") or (status == 304 and path.strip("/") in PATHS)


def _add_headers(headers: MutableHeaders, path: str, policy: Policy) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    is_form = path.startswith(("/auth", "/api", "/calendar", _SCROBBLERS))
    is_ours = is_form or path.startswith("/share/")
    headers["content-security-policy"] = policy.forms_csp if is_ours else policy.pages_csp
    if is_form and not path.startswith("/auth/static/"):
        headers["cache-control"] = "no-store"
    if path.startswith(_SCROBBLERS):
        headers["access-control-allow-origin"] = "*"
    if policy.is_https:
        headers["strict-transport-security"] = _HSTS


def _cookies(scope: Scope) -> dict[str, str]:
    values: Iterable[str] = Headers(scope=scope).getlist("cookie")
    return {name: value for text in values for name, value in cookie_parser(text).items()}
