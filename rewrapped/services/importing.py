"""Running an import: an upload's files become rows and a ledger, in one transaction."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from rewrapped.deps import Deps
from rewrapped.domain.importing import State
from rewrapped.errors import Cancelled, Conflict, RewrappedError, StoreDown, UnreadableFile
from rewrapped.importers.archive import UNPACKED_PER_BYTE, Allowance
from rewrapped.importers.ledger import Ledger
from rewrapped.importers.reader import UploadReader
from rewrapped.services import intake, notices
from rewrapped.services.imports import INTERRUPTED, finish, folder_of, forget_upload, notice
from rewrapped.storage import imports, notifications, plays
from rewrapped.storage.database import Connection
from rewrapped.storage.imports import ImportRow

log = logging.getLogger(__name__)

_STARTING = timedelta(seconds=5)  # between telling of an import and holding the lock
_REPORT_EVERY = timedelta(milliseconds=500)
_ATTEMPTS = 3  # starts that broke off by themselves; see `excuse_stop`


def run_import(deps: Deps, user_id: int, import_id: int) -> None:
    """Run a queued import to its end, whatever that is; safe to call twice, and from the start after a crash.

    Raises:
        StoreDown: the database doesn't answer; the import stays open and is tried again.
        Conflict: another import or sync of this person runs; it stays open and is tried again.
    """
    with deps.engine.connect() as conn:
        row = imports.find_import(conn, user_id, import_id)
    if row is None or not row.is_open:
        return
    if row.cancel_asked:
        finish(deps, row, State.CANCELLED)
        return
    if row.attempts >= _ATTEMPTS:
        finish(deps, row, State.FAILED, message="The import broke off three times. Nothing of it was kept.")
        return
    paths = [folder_of(deps, row) / file["stored"] for file in row.files]
    names = [str(file["name"]) for file in row.files]
    _run(deps, row, lambda: _reader(deps, paths, names, row.include_incognito), paths)


def excuse_stop(deps: Deps, user_id: int, import_id: int) -> None:
    """Don't hold a start against an import: its worker was asked to stop, which is nobody's fault.

    A start is counted when it is made, because a process that is killed can't count anything. Whoever is asked
    to stop takes it back: so the count left is of break-offs that nobody asked for. An import that ends in the
    time it still has doesn't mind; one asked in the moment before its start is counted once too often.

    Raises:
        StoreDown: the database doesn't answer.
    """
    with deps.engine.begin() as conn:
        imports.uncount_start(conn, user_id, import_id)


def import_files(deps: Deps, user_id: int, paths: Sequence[Path], *, include_incognito: bool = False) -> Ledger:
    """Import files of this machine in this process, and return the ledger; needs no worker.

    Raises:
        UnreadableFile: nothing in them can be read.
        Conflict: another import of this person waits or runs.
    """
    described = [{"name": path.name, "stored": "", "bytes": path.stat().st_size} for path in paths]
    _close_interrupted(deps, user_id)
    with deps.engine.begin() as conn:
        import_id = imports.add_import(conn, user_id, described, None, include_incognito=include_incognito)
        row = imports.find_import(conn, user_id, import_id)
    if row is None:
        raise Conflict("This account was deleted meanwhile.")
    try:
        ledger = _run(deps, row, lambda: _reader(deps, paths, [path.name for path in paths], include_incognito), paths)
    except BaseException:  # Ctrl-C too: no worker will come for this import, so it ends here
        with suppress(StoreDown):
            finish(deps, row, State.FAILED, message=INTERRUPTED)
        raise
    if ledger is None:
        with deps.engine.connect() as conn:
            ended = imports.find_import(conn, user_id, import_id)
        raise UnreadableFile((ended and ended.message) or "The import was cancelled.")
    return ledger


def _close_interrupted(deps: Deps, user_id: int) -> None:
    """Close a terminal's import of this person that was killed: it says it runs, and nobody holds the lock."""
    with deps.engine.begin() as conn:
        if not plays.try_lock_listener(conn, user_id):
            return
        quiet = imports.list_open(conn, deps.now() - _STARTING)
    for row in quiet:
        if row.user_id == user_id and row.folder is None:
            finish(deps, row, State.FAILED, message=INTERRUPTED)


def _reader(deps: Deps, paths: Sequence[Path], names: Sequence[str], include_incognito: bool) -> UploadReader:
    allowance = Allowance(deps.site.upload_limit_bytes * UNPACKED_PER_BYTE)
    return UploadReader(paths, names=names, include_incognito=include_incognito, now=deps.now(), allowance=allowance)


def _run(deps: Deps, row: ImportRow, read: Callable[[], UploadReader], paths: Sequence[Path]) -> Ledger | None:
    """Store an upload; return its ledger, or None when it failed or was cancelled, which is then noted."""
    try:
        with ThreadPoolExecutor(1) as pool:  # hashing leaves the interpreter free, and mostly fits beside reading
            digest = pool.submit(_sha256, paths)
            with deps.engine.begin() as conn:
                ledger = _store(deps, conn, row, read)
                if ledger is None:
                    return None
                _close(deps, conn, row, ledger, digest.result())
    except Cancelled:
        finish(deps, row, State.CANCELLED)
        return None
    except (StoreDown, Conflict):
        raise
    except Exception as error:  # noqa: BLE001 - a defect that meets a file meets it at every start; its owner is told
        finish(deps, row, State.FAILED, message=_sentence(error))
        return None
    forget_upload(deps, row)
    notices.wake(deps, [row.user_id])
    log.info("import user_id=%d import_id=%d kept=%d", row.user_id, row.id, ledger.kept)
    return ledger


def _store(deps: Deps, conn: Connection, row: ImportRow, read: Callable[[], UploadReader]) -> Ledger | None:
    plays.lock_listener(conn, row.user_id)
    with deps.engine.begin() as other:
        started = imports.start_import(other, row.user_id, row.id, deps.now())
    if started is None:  # it ended while we waited for the lock
        return None
    reader = read()
    counts = intake.store(deps, conn, (row.user_id, row.id), reader, _reporter(deps, row))
    return Ledger.of(counts, reader.problems)


def _close(deps: Deps, conn: Connection, row: ImportRow, ledger: Ledger, sha256: str) -> None:
    """Note the outcome beside the rows, in their transaction."""
    done = {"ledger": ledger.to_json(), "sha256": sha256}
    if not imports.finish_import(conn, row.user_id, row.id, State.DONE, deps.now(), **done):
        raise Cancelled("The import was cancelled. Nothing of it was kept.")
    plays.raise_history_version(conn, row.user_id)
    notifications.add_notification(conn, row.user_id, notice(row, _told(ledger)), deps.now())


def _reporter(deps: Deps, row: ImportRow) -> intake.Report:
    """Return what writes progress down, twice a second at most, and stops the import when that is asked."""
    written_at = datetime.min.replace(tzinfo=deps.now().tzinfo)
    written_phase = ""

    def report(progress: intake.Progress) -> None:
        nonlocal written_at, written_phase
        now = deps.now()
        if now - written_at < _REPORT_EVERY and progress.phase == written_phase:
            return
        written_at, written_phase = now, progress.phase
        with deps.engine.begin() as conn:  # another connection: the import's own transaction stays unseen
            if imports.write_progress(conn, row.user_id, row.id, progress.to_json(), now):
                raise Cancelled("The import was cancelled. Nothing of it was kept.")

    return report


def _sha256(paths: Sequence[Path]) -> str:
    """Return one digest for all files, in order; "" when one can't be read."""
    whole = hashlib.sha256()
    try:
        for path in paths:
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        return ""
    return whole.hexdigest()


def _told(ledger: Ledger) -> str:
    if ledger.kept:
        return f"Your import is done: {ledger.kept:,} new {'row' if ledger.kept == 1 else 'rows'} of listening history."
    if ledger.sum.improved:
        return "Your import is done: nothing in it was new, but it tells better what was known already."
    return "Your import is done: everything in it was known already."


def _sentence(error: Exception) -> str:
    if isinstance(error, RewrappedError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "The uploaded files are no longer there. Please upload them again."
    log.error("an import failed", exc_info=error)
    return "The files can't be read on our side just now. Please try again, or tell the operator."
