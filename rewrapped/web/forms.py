"""What every posted form of ours goes through: its fields read, its token checked, its work done in a thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rewrapped import running
from rewrapped.errors import AccessDenied
from rewrapped.services import browsers

Fields = Mapping[str, str]
Handler = Callable[[Request, Fields], Response]

_at_once = CapacityLimiter(8)  # forms hash passwords; they mustn't take the threads of everything else


def form(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Make a handler of a posted form out of a plain function: the token is checked, the work done in a thread."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=30) as posted:
            fields = {name: value for name, value in posted.items() if isinstance(value, str)}
        token = fields.get("csrf") or fields.get("csrf_token", "")
        if not browsers.is_csrf_token(running.deps().site, visit(request), token):
            raise AccessDenied("This form is out of date. Go back, reload the page and try again.")
        return await to_thread.run_sync(handler, request, fields, limiter=_at_once)

    return endpoint


def visit(request: Request) -> str:
    """Return the visit cookie that this request came with, or is being given."""
    return str(request.scope.get("state", {}).get("visit", ""))


def post(path: str, handler: Handler) -> Route:
    """Return the route of a form."""
    return Route(path, form(handler), methods=["POST"])


def go(where: str) -> RedirectResponse:
    """Send a browser on."""
    return RedirectResponse(where, 303)
