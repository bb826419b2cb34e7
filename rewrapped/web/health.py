"""`/healthz`: whether this process can do its work; for load balancers, and for whoever waits for the start."""

from __future__ import annotations

from dataclasses import asdict

from anyio import CapacityLimiter, move_on_after, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse

from rewrapped import running
from rewrapped.services import upkeep
from rewrapped.services.upkeep import State

_ANSWER_S = 5.0
_threads = CapacityLimiter(8)  # of its own: those of other requests may all be waiting for what is asked for here


async def health(_: Request) -> JSONResponse:
    """Answer 200 when database, Redis and schema are fine, else 503 within five seconds; each is named."""
    state = State(database=False, schema=False, redis=False)
    with move_on_after(_ANSWER_S):
        state = await to_thread.run_sync(upkeep.state, running.deps(), limiter=_threads, abandon_on_cancel=True)
    found = asdict(state)
    fine = all(found.values())
    words = {name: "ok" if works else "failing" for name, works in found.items()}
    return JSONResponse({"status": "ok" if fine else "failing", **words}, 200 if fine else 503)
