"""A person's imports: begin one, follow it, cancel it, take it away again. `importing` runs it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.importing import State
from rewrapped.domain.notices import Kind, Notice
from rewrapped.errors import Conflict, NotFound, StoreDown
from rewrapped.services import notices, settling
from rewrapped.storage import aggregates, imports, notifications, own_names, plays
from rewrapped.storage.imports import ImportRow

log = logging.getLogger(__name__)

_JOB = "run_import"
_LISTED = 100
INTERRUPTED = "The import was interrupted. Nothing of it was kept; start it again."


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file in an upload folder: `name` as its owner called it, `stored` as it lies there."""

    name: str
    stored: str
    size: int


def begin(deps: Deps, visitor: Visitor, folder: Path, files: Sequence[UploadedFile], *, include_incognito: bool) -> int:
    """Queue the import of files that were uploaded into `folder`; return the import's id.

    Raises:
        SignInNeeded, AccessDenied: the visitor imports nothing.
        Conflict: another import of theirs waits or runs.
    """
    user_id = visitor.allowed(Permission.IMPORT)
    described = [{"name": file.name, "stored": file.stored, "bytes": file.size} for file in files]
    with deps.engine.begin() as conn:
        import_id = imports.add_import(conn, user_id, described, folder.name, include_incognito=include_incognito)
    enqueue(deps, user_id, import_id)
    return import_id


def refuse_second(deps: Deps, visitor: Visitor) -> None:
    """Make sure the visitor may begin an import now, before anything is uploaded for it.

    Raises:
        SignInNeeded, AccessDenied: the visitor imports nothing.
        Conflict: another import of theirs waits or runs.
    """
    with deps.engine.connect() as conn:
        if imports.has_open(conn, visitor.allowed(Permission.IMPORT)):
            raise Conflict("Another import of yours is still running. Wait for it, or cancel it first.")


def enqueue(deps: Deps, user_id: int, import_id: int) -> None:
    """Give an import to the workers; while the queue is down it waits for `leftovers.requeue_lost`."""
    try:
        deps.queue.enqueue(_JOB, user_id, import_id, key=queue_key(user_id, import_id), queue="imports", timeout_s=3600)
    except StoreDown:
        log.warning("import user_id=%d import_id=%d waits: the queue is down", user_id, import_id)


def queue_key(user_id: int, import_id: int) -> str:
    """Return the key an import's job has in the queue."""
    return f"import-{user_id}-{import_id}"


def notice(row: ImportRow, body: str) -> Notice:
    """Return what the importer is told of an import's end, once."""
    return Notice(Kind.IMPORT, body, link="import", key=f"import-{row.id}")


def finish(deps: Deps, row: ImportRow, state: State, **values: Any) -> None:
    """Close an import that kept nothing, and delete its upload; somebody who didn't stop it is told.

    One that somebody else closed meanwhile, or whose person is gone, is left as it is. One that fails after its
    person asked to cancel it is cancelled: they don't need to know why it would have failed.
    """
    with deps.engine.begin() as conn:
        if state is State.FAILED and imports.is_cancel_asked(conn, row.user_id, row.id):
            state, values = State.CANCELLED, {}
        if not imports.finish_import(conn, row.user_id, row.id, state, deps.now(), **values):
            return
        if state is State.FAILED:
            told = notice(row, f"Your import failed. {values['message']}")
            notifications.add_notification(conn, row.user_id, told, deps.now())
    notices.wake(deps, [row.user_id])
    forget_upload(deps, row)


def folder_of(deps: Deps, row: ImportRow) -> Path:
    """Return where an import's files lie."""
    return deps.site.uploads / Path(row.folder or "").name


def forget_upload(deps: Deps, row: ImportRow) -> None:
    """Delete an import's files."""
    if row.folder:
        shutil.rmtree(folder_of(deps, row), ignore_errors=True)
        with deps.engine.begin() as conn:
            imports.forget_folder(conn, row.user_id, row.id)


# Following and changing ----------------------------------------------------------------------------


def list_imports(deps: Deps, visitor: Visitor, limit: int = _LISTED, before_id: int | None = None) -> list[ImportRow]:
    """Return the visitor's imports, newest first; the sample listener's when they look around there.

    `before_id` goes on below one of them.
    """
    with deps.engine.connect() as conn:
        return imports.list_imports(conn, visitor.listening_to(), limit, before_id)


def find_import(deps: Deps, visitor: Visitor, import_id: int) -> ImportRow:
    """Return one of the visitor's imports.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    with deps.engine.connect() as conn:
        row = imports.find_import(conn, visitor.listening_to(), import_id)
    if row is None:
        raise NotFound("There is no such import.")
    return row


def cancel(deps: Deps, visitor: Visitor, import_id: int) -> None:
    """Stop an import that waits or runs; nothing of it is kept.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    user_id = visitor.writer()
    row = find_import(deps, visitor, import_id)
    with deps.engine.begin() as conn:
        imports.ask_to_cancel(conn, user_id, import_id)
    if row.state is State.QUEUED:
        finish(deps, row, State.CANCELLED)
        deps.queue.cancel(queue_key(user_id, import_id))


def dismiss(deps: Deps, visitor: Visitor, import_id: int) -> None:
    """Take an import off the visitor's list that failed, was cancelled or removed again.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
        Conflict: it isn't over, or it holds rows.
    """
    user_id = visitor.writer()
    find_import(deps, visitor, import_id)
    with deps.engine.begin() as conn:
        if not imports.remove_ended(conn, user_id, import_id):
            raise Conflict("Only an import that holds no rows can be taken off the list.")


def preview_removal(deps: Deps, visitor: Visitor, import_id: int) -> plays.Extent:
    """Return how many rows would go with an import, stay as another holds them, or come back in their place.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
    """
    row = find_import(deps, visitor, import_id)
    with deps.engine.connect() as conn:
        extent = settling.preview_removal(conn, row.user_id, row.id)
        return replace(extent, may_be_shared=imports.has_unnoted_since(conn, row.user_id, row.id))


def remove(deps: Deps, visitor: Visitor, import_id: int) -> int:
    """Take away the rows that an import alone holds, and bring back those they stood for; return how many went.

    Raises:
        NotFound: there is none with this id, or it is somebody else's.
        Conflict: it isn't finished.
    """
    user_id = visitor.writer()
    row = find_import(deps, visitor, import_id)
    if row.state is not State.DONE:
        raise Conflict("Only a finished import can be removed.")
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id)
        gone = settling.remove(conn, user_id, import_id)
        own_names.drop_spent_names(conn, user_id)
        imports.mark_removed(conn, user_id, import_id)
        aggregates.forget(conn, user_id)
        plays.raise_history_version(conn, user_id)
    return gone
