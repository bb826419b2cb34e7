"""`/healthz`: whether this process can do its work; for load balancers, and for whoever waits for the start."""

from __future__ import annotations

from redis import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.errors import StoreDown
from rewrapped.storage import database


def health(_: Request) -> JSONResponse:
    """Answer 200 when database, Redis and schema are fine, else 503; each is named."""
    found = {**_database(running.deps()), "redis": _redis(running.deps())}
    fine = all(found.values())
    words = {name: "ok" if works else "failing" for name, works in found.items()}
    return JSONResponse({"status": "ok" if fine else "failing", **words}, 200 if fine else 503)


def _database(deps: Deps) -> dict[str, bool]:
    try:
        return {"database": True, "schema": database.check(deps.engine).fits}
    except StoreDown:
        return {"database": False, "schema": False}


def _redis(deps: Deps) -> bool:
    try:
        return bool(deps.redis.ping())
    except RedisError:
        return False
