"""Pictures of promoters' events: `POST /api/v1/promoter/images` takes one, `GET /images/{key}` shows it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rewrapped import running
from rewrapped.domain.access import Permission
from rewrapped.errors import InvalidInput
from rewrapped.services import pictures
from rewrapped.web import callers
from rewrapped.web.receiving import receive_form

_WANTED = "a picture as JPEG, PNG or WebP"
_FOR_EVER = "public, max-age=31536000, immutable"  # an address shows one picture, always


async def take(request: Request) -> Response:
    """Take the picture of an event from its promoter's form, and lead back to the event.

    The form is `multipart/form-data` with `csrf`, `event_id` and one file.

    Raises:
        SignInNeeded, AccessDenied: there is no promoter's session, or the form isn't ours.
        NotFound: the event isn't theirs.
        TooLarge, InvalidInput: the file can't be used.
    """
    deps = running.deps()
    visitor = await run_in_threadpool(callers.visitor, request)
    visitor.allowed(Permission.PROMOTE)
    with TemporaryDirectory(prefix="rewrapped-picture-") as folder:
        received = await receive_form(request, Path(folder), pictures.MOST_BYTES, _WANTED)
        event_id = _number(received.fields.get("event_id", ""))
        data = await asyncio.to_thread((Path(folder) / received.files[0].stored).read_bytes)
    await run_in_threadpool(pictures.set_picture, deps, visitor, event_id, data)
    return RedirectResponse(f"/promoter?event={event_id}", 303)


def show(request: Request) -> Response:
    """Answer with a picture.

    Raises:
        NotFound: there is none.
    """
    data = pictures.find_picture(running.deps(), request.path_params["key"])
    return Response(data, media_type="image/webp", headers={"cache-control": _FOR_EVER})


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise InvalidInput("This form didn't say which event it is for. Reload the page and try again.")
    return int(text)
