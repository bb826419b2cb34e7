"""`/healthz`: whether this process can do its work; for load balancers, and for whoever waits for the start."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse

from rewrapped import running
from rewrapped.services import upkeep


def health(_: Request) -> JSONResponse:
    """Answer 200 when database, Redis and schema are fine, else 503; each is named."""
    found = asdict(upkeep.state(running.deps()))
    fine = all(found.values())
    words = {name: "ok" if works else "failing" for name, works in found.items()}
    return JSONResponse({"status": "ok" if fine else "failing", **words}, 200 if fine else 503)
