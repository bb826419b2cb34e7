"""The site as one ASGI application: its routes, its guard, and what happens between start and stop."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from threading import Thread
from typing import Any

import uvicorn.config
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp

from rewrapped import bootstrap, running
from rewrapped import settings as reader
from rewrapped.charts import comparison
from rewrapped.charts.palettes import DARK
from rewrapped.demo.fill import ensure_sample_listener
from rewrapped.deps import Deps
from rewrapped.embedded import supervisor
from rewrapped.errors import RewrappedError
from rewrapped.services import invitations, whereabouts
from rewrapped.web import api, auth, going, pictures, policy, scrobbling, sharing
from rewrapped.web.answers import on_defect, on_error, on_http_error
from rewrapped.web.health import health
from rewrapped.web.policy import Policy
from rewrapped.web.security import Guard

log = logging.getLogger(__name__)

routes = [
    Route("/healthz", health),
    Route("/images/{key}", pictures.show),
    auth.routes,
    api.routes,
    scrobbling.routes,
    sharing.routes,
    *going.routes,
]
middleware = [Middleware(Guard)]
exception_handlers: Mapping[Any, Any] = {
    RewrappedError: on_error,
    HTTPException: on_http_error,
    Exception: on_defect,
}


def _as_it_came(app: ASGIApp, trusted_hosts: object = None) -> ASGIApp:  # noqa: ARG001 - called as what it replaces
    return app


# Whose word about a client is taken, REWRAPPED_TRUSTED_PROXIES alone says. uvicorn would believe whatever is sent from
# this machine and write it over the address of the peer; it has read its settings by now, but wraps the application
# only after importing it, so this is the one place that works for every way of starting the site.
uvicorn.config.ProxyHeadersMiddleware = _as_it_came  # type: ignore[attr-defined, assignment]  # called with the same arguments


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[dict[str, Any]]:
    """Start or join what the site needs, let it run, and let go of it."""
    with ExitStack() as stack:
        try:
            deps = _start(stack)
        except RewrappedError as error:
            print(error, file=sys.stderr, flush=True)
            logging.getLogger("uvicorn.error").disabled = True  # it would tell the same again, as a traceback
            raise SystemExit(1) from None
        Thread(target=_prepare, args=(deps,), name="preparing", daemon=True).start()
        yield {}


def _start(stack: ExitStack) -> Deps:
    settings = reader.load()
    held = Policy.of(settings)
    deps = bootstrap.build(stack.enter_context(supervisor.attached(settings)))
    stack.callback(bootstrap.close, deps)
    stack.callback(running.hold, None)
    stack.callback(policy.hold, None)
    running.hold(deps)
    policy.hold(held)
    _tell_first_admin(deps, held)
    _warm_up()
    return deps


def _tell_first_admin(deps: Deps, held: Policy) -> None:
    """On a public address nobody becomes admin by being first: print a link that makes one."""
    link = None if held.is_loopback else invitations.first_admin_link(deps)
    if link:
        print(f"This site has no admin yet. Whoever registers by this link becomes one: {link}", flush=True)


def _warm_up() -> None:
    """Import what pages need now rather than in somebody's first page, then take all of it out of the collector's work.

    Streamlit collects garbage after every run, which costs with each object
    alive: frozen once here, a run is several times as quick.
    """
    import altair
    import pandas as pd
    import pyarrow as pa

    table = pa.table({"x": [1]}).to_pandas()
    altair.Chart(pd.DataFrame(table)).mark_bar().encode(x="x:Q").to_dict()
    gc.collect()
    gc.freeze()


def _prepare(deps: Deps) -> None:
    """Do beside the first visitors what takes a second or more, and take what stays out of the collector's work too."""
    whereabouts.search("Berlin")  # reads the file of places, once a process
    comparison.bars(["Tide"], [1], "plays", DARK).to_json()  # Plotly builds itself with its first figure
    gc.collect()
    gc.freeze()
    try:
        ensure_sample_listener(deps)
    except RewrappedError as error:
        log.warning("the sample listener isn't there: %s", error)
