"""Sheets of events: `POST /api/v1/admin/events` takes a CSV from an admin's form and says what became of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from rewrapped import running
from rewrapped.domain import eventsheet
from rewrapped.domain.access import Permission
from rewrapped.errors import RewrappedError
from rewrapped.services import eventsheets
from rewrapped.web import answers, callers
from rewrapped.web.receiving import receive_form

_WANTED = "a CSV file"
_SHOWN = 100  # events that are linked to


async def take(request: Request) -> Response:
    """List the events of a sheet from an admin's form; answer with a page that tells what became of each line.

    The form is `multipart/form-data` with `csrf` and one file.
    Whoever isn't an admin, and a form or file that can't be used, get such a page too, with the error's status.
    """
    deps = running.deps()
    try:
        visitor = await run_in_threadpool(callers.visitor, request)
        visitor.allowed(Permission.ADMINISTER)
        with TemporaryDirectory(prefix="rewrapped-sheet-") as folder:
            received = await receive_form(request, Path(folder), eventsheet.MOST_BYTES, _WANTED)
            data = await asyncio.to_thread((Path(folder) / received.files[0].stored).read_bytes)
        loaded = await run_in_threadpool(eventsheets.load, deps, visitor, data)
    except RewrappedError as error:  # it is a form of a page: whoever sent it gets a page, as anywhere but here
        return answers.page(request, "loaded.html", error.http_status, loaded=None, error=str(error))
    return answers.page(request, "loaded.html", loaded=loaded, shown=_SHOWN, error="")
