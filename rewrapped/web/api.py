"""The programming interface, version 1, at /api/v1; errors are `application/problem+json`."""

from __future__ import annotations

import gc
from functools import cache
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

_building = Lock()


async def _version_1(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request; HEAD as GET, whose body the server below leaves out."""
    app = _built() if _interface.cache_info().currsize else await run_in_threadpool(_built)
    await app({**scope, "method": "GET"} if scope["method"] == "HEAD" else scope, receive, send)


def _built() -> ASGIApp:
    """Return the interface; whoever comes while it is built waits for it."""
    with _building:
        return _interface()


@cache
def _interface() -> ASGIApp:
    """Build the interface at its first request: FastAPI and a hundred models would slow every start of the site.

    They live as long as the process does, so they are taken out of the collector's work, as the warm-up does it.
    """
    from rewrapped.web.v1.site import interface

    app = interface()
    app.openapi()
    gc.collect()
    gc.freeze()
    return app


routes = Mount("/api", routes=[Mount("/v1", app=_version_1)])
