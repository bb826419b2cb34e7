"""`GET /api/v1/me/history.csv`: a person's own history, for them to keep."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import StreamingResponse

from rewrapped import running
from rewrapped.domain.tokens import Scope
from rewrapped.services import takeout
from rewrapped.web import door


def history(request: Request) -> StreamingResponse:
    """Send every row that counts of the signed-in person's history as CSV, part by part.

    Raises:
        SignInNeeded, AccessDenied: there is no session or token for it, or it looks at sample data.
        TooMany: it was asked for many times within an hour.
        StoreDown: the database doesn't answer.
    """
    parts = takeout.history_csv(running.deps(), door.enter(request, Scope.LISTENING).visitor)
    named = {"content-disposition": 'attachment; filename="my-listening-history.csv"'}
    return StreamingResponse(parts, media_type="text/csv; charset=utf-8", headers=named)
