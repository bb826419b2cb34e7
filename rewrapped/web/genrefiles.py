"""Files of genres: `POST /api/v1/genres/file` takes a listener's own changes from their form and says so."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from rewrapped import running
from rewrapped.domain import owngenres
from rewrapped.errors import RewrappedError
from rewrapped.services import genre_choices
from rewrapped.web import answers, callers
from rewrapped.web.receiving import receive_form

_WANTED = "a file of genres as the Genres page wrote it"


async def take(request: Request) -> Response:
    """Take the changes of a file in place of all there were; answer with a page that tells how many they are.

    The form is `multipart/form-data` with `csrf` and one file.
    Whoever may change nothing, and a form or file that can't be used, get such a page too, with the error's status.
    """
    deps = running.deps()
    try:
        visitor = await run_in_threadpool(callers.visitor, request)
        visitor.writer()
        with TemporaryDirectory(prefix="rewrapped-genres-") as folder:
            received = await receive_form(request, Path(folder), owngenres.FILE_BYTES_MAX, _WANTED)
            data = await asyncio.to_thread((Path(folder) / received.files[0].stored).read_bytes)
        count = await run_in_threadpool(genre_choices.load_file, deps, visitor, data)
    except RewrappedError as error:  # it is a form of a page: whoever sent it gets a page
        return answers.page(request, "taken.html", error.http_status, count=None, error=str(error))
    return answers.page(request, "taken.html", count=count, error="")
