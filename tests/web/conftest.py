"""The site's own routes behind its guard, on real stores, without Streamlit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.settings import Settings
from rewrapped.web import policy, server
from rewrapped.web.policy import Policy

PASSWORD = "horse lamp river"


@dataclass
class Browser:
    """A client that fills in forms as a browser does: cookies, Origin, the hidden token."""

    client: TestClient
    origin: str

    def get(self, path: str, **headers: str) -> Response:
        """Open a page, without following where it leads."""
        return self.client.get(path, headers={"accept": "text/html", **headers}, follow_redirects=False)

    def csrf(self) -> str:
        """Return the token of this browser's forms."""
        # Somebody signed in sees no sign-in form, and a guest has no password to delete their account with.
        for path in ("/auth/sign-in", "/auth/delete", "/auth/spotify/disconnect"):
            if found := re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text):
                return found[1]
        raise AssertionError("No form has a token.")

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Response:
        """Send a form with its token."""
        sent = {"csrf": self.csrf(), **(fields or {})}
        told = {"accept": "text/html", "origin": self.origin, **headers}
        return self.client.post(path, data=sent, headers=told, follow_redirects=False)

    def register(self, email: str = "jane@example.org", **fields: str) -> Response:
        """Register with everything a form needs."""
        both = {"history_consent": "on", "terms_consent": "on"}
        return self.post(
            "/auth/register", {"email": email, "password": PASSWORD, "zone": "Europe/Berlin", **both, **fields}
        )


NewBrowser = Callable[..., Browser]


@pytest.fixture
def new_browser(deps: Deps) -> Iterator[NewBrowser]:
    """Make browsers of a site; settings by keyword, as in Settings."""

    def document(_: object) -> Response:
        return HTMLResponse("<title>a page of Streamlit's</title>")

    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()

    def make(address: str = "203.0.113.9", **values: object) -> Browser:
        settings = Settings(**{"base_url": "http://127.0.0.1:8501", "spotify_client_id": None, **values})
        site = replace(deps.site, base_url=settings.base_url, registration=settings.registration)
        running.hold(replace(deps, site=site))
        policy.hold(Policy.of(settings))
        routes = [
            *server.routes,
            Route("/_stcore/health", lambda _: PlainTextResponse("ok")),
            WebSocketRoute("/_stcore/stream", stream),
            Route("/{path:path}", document),
        ]
        app = Starlette(
            routes=routes, middleware=[Middleware(server.Guard)], exception_handlers=server.exception_handlers
        )
        client = TestClient(app, base_url=settings.base_url, client=(address, 5000), raise_server_exceptions=False)
        return Browser(client, settings.base_url)

    yield make
    running.hold(None)
    policy.hold(None)


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    """A browser of a site at 127.0.0.1."""
    return new_browser()
