"""`POST /api/v1/imports`: a person's files, streamed to disk, become a queued import."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.errors import Conflict, InvalidInput, StoreDown
from rewrapped.services import imports
from rewrapped.web import door
from rewrapped.web.receiving import Receiver, too_large

_PIECE = 1 << 20  # bytes handed to a thread at a time
_RESERVE_BYTES = 256 << 20  # stays free for the database and everybody else
_NO_ROOM = "There is no room for this upload on the server just now. Please tell its operator."
_uploading: set[int] = set()  # whose upload is under way


async def upload(request: Request) -> JSONResponse:
    """Take the files of a signed-in person and queue their import; answer 202 with `import_id`.

    Raises:
        SignInNeeded, AccessDenied: there is no session or token, or it may not do this, or the CSRF token is wrong.
        TooLarge, InvalidInput: see `Receiver`.
        Conflict: another import of this person waits or runs.
        StoreDown: the disk is full, or the database doesn't answer.
    """
    deps = running.deps()
    visitor = (await run_in_threadpool(door.enter, request, Scope.IMPORTS)).visitor
    _check_announced(request, deps.site.upload_limit_bytes)
    with _only_upload(visitor.writer()):
        await run_in_threadpool(imports.refuse_second, deps, visitor)
        async with _folder(deps) as folder:
            _check_room(folder, _announced(request))
            received = await _receive(request, folder, deps.site.upload_limit_bytes)
            asking = await run_in_threadpool(door.identify, request)  # a session or token may have ended meanwhile
            import_id = await run_in_threadpool(_begin, deps, asking.visitor, folder, received)
    return JSONResponse({"import_id": import_id}, 202)


def _check_announced(request: Request, limit_bytes: int) -> None:
    """Refuse before a byte is read what announces itself as too large."""
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit_bytes:
        raise too_large(limit_bytes)


@contextlib.contextmanager
def _only_upload(user_id: int) -> Iterator[None]:
    """Hold the one upload a person may have under way; the event loop alone comes here."""
    if user_id in _uploading:
        raise Conflict("Another upload of yours is under way. Wait for it, or stop it first.")
    _uploading.add(user_id)
    try:
        yield
    finally:
        _uploading.discard(user_id)


def _announced(request: Request) -> int:
    announced = request.headers.get("content-length", "")
    return int(announced[:20]) if announced.isascii() and announced.isdigit() else 0


def _check_room(folder: Path, size: int) -> None:
    """Refuse what would leave too little of the disk for everybody else."""
    if shutil.disk_usage(folder).free < size + _RESERVE_BYTES:
        raise StoreDown(_NO_ROOM)


@contextlib.asynccontextmanager
async def _folder(deps: Deps) -> AsyncIterator[Path]:
    """Make a folder for one upload; it goes again if the upload doesn't become an import."""
    folder = deps.site.uploads / secrets.token_hex(16)
    await asyncio.to_thread(folder.mkdir, 0o700, parents=True)
    try:
        yield folder
    except BaseException:  # a person who closes the tab cancels the request, which is no Exception
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise


async def _receive(request: Request, folder: Path, limit_bytes: int) -> Receiver:
    receiver = Receiver(folder, limit_bytes, request.headers.get("content-type", ""))
    try:
        piece = bytearray()
        async for chunk in request.stream():
            piece += chunk
            if len(piece) >= _PIECE:
                _check_room(folder, len(piece))
                await asyncio.to_thread(receiver.feed, bytes(piece))
                piece.clear()
        await asyncio.to_thread(receiver.feed, bytes(piece))
        receiver.finish()
    except ClientDisconnect as error:
        raise InvalidInput("The upload was stopped.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreDown(_NO_ROOM) from error
        raise
    finally:
        receiver.close()
    return receiver


def _begin(deps: Deps, visitor: Visitor, folder: Path, received: Receiver) -> int:
    word = received.fields.get("include_incognito", "false")
    if word not in ("true", "false"):
        raise InvalidInput("include_incognito is true or false.")
    return imports.begin(deps, visitor, folder, received.files, include_incognito=word == "true")
