"""Questions to outside services as they are logged and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from rewrapped.clients.http import Call, RecordCall
from rewrapped.deps import Deps
from rewrapped.storage import api_calls
from rewrapped.storage.api_calls import LoggedCall
from rewrapped.storage.database import Engine

_KEPT = timedelta(days=62)  # longer than any budget's period


def recorder(engine: Engine, clock: Callable[[], datetime]) -> RecordCall:
    """Return what clients tell their calls to: each is a row at once, in a transaction of its own."""

    def record(call: Call) -> None:
        row = LoggedCall(
            service=call.service,
            endpoint=call.endpoint,
            status=call.status,
            ms=call.ms,
            is_cached=call.is_cached,
            retry_after_s=call.retry_after_s,
            at=clock(),
        )
        with engine.begin() as conn:
            api_calls.add_call(conn, row)

    return record


def prune(deps: Deps) -> int:
    """Delete what is too old for any budget; return how many rows went. For the tick."""
    with deps.engine.begin() as conn:
        return api_calls.delete_before(conn, deps.now() - _KEPT)
