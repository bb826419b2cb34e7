"""What breaking off leaves behind: imports without a worker, uploads and cached files nobody needs. For the tick."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from rewrapped.deps import Deps
from rewrapped.domain.importing import State
from rewrapped.services import cardpictures, imports, listening
from rewrapped.storage import imports as rows
from rewrapped.storage import people, plays, shares
from rewrapped.storage.imports import ImportRow

_QUIET = timedelta(seconds=60)  # a worker that lives reports far more often
_UPLOADS_LIVE = timedelta(hours=24)
_DRAFTS_LIVE = timedelta(hours=1)


def requeue_lost(deps: Deps) -> int:
    """Queue open imports again that no worker works for; return how many were found. Idempotent."""
    with deps.engine.connect() as conn:
        quiet = rows.list_open(conn, deps.now() - _QUIET)
    return sum(_take_up(deps, row) for row in quiet)


def _take_up(deps: Deps, row: ImportRow) -> bool:
    """Give a quiet import to the workers again, or close it; return whether it was lost."""
    key = imports.queue_key(row.user_id, row.id)
    queued = deps.queue.has(key)
    if queued and row.state is State.QUEUED:
        return False  # it waits for its turn
    if not _is_abandoned(deps, row):
        return False
    if row.folder is None:  # it ran in somebody's terminal
        imports.finish(deps, row, State.FAILED, message=imports.INTERRUPTED)
        return True
    deps.queue.drop(key)  # a job whose worker was killed is marked as running for minutes yet
    with deps.engine.begin() as conn:
        rows.queue_again(conn, row.user_id, row.id)
    imports.enqueue(deps, row.user_id, row.id)
    return True


def _is_abandoned(deps: Deps, row: ImportRow) -> bool:
    """Return whether nobody holds the lock that a running import holds from its start to its end."""
    with deps.engine.begin() as conn:
        return plays.try_lock_listener(conn, row.user_id)


def purge_uploads(deps: Deps) -> int:
    """Delete upload folders that no open import needs and that are a day old; return how many."""
    with deps.engine.connect() as conn:
        needed = rows.list_folders(conn)
    stale = [path for path in _older(deps, deps.site.uploads, _UPLOADS_LIVE) if path.name not in needed]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def purge_cache(deps: Deps) -> int:
    """Delete cached histories of people who are gone, and drafts that were never finished; return how many."""
    files = {path: listening.owner_of(path) for path in _older(deps, deps.site.cache, timedelta()) if path.is_file()}
    with deps.engine.connect() as conn:
        known = people.list_known(conn, {user_id for user_id in files.values() if user_id is not None})
    drafts = set(_older(deps, deps.site.cache, _DRAFTS_LIVE))
    stale = [path for path, user_id in files.items() if (path in drafts if user_id is None else user_id not in known)]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def purge_pictures(deps: Deps) -> int:
    """Delete kept pictures of cards that are gone, with their owner or otherwise; return how many."""
    files = {path: cardpictures.share_of(path) for path in _older(deps, cardpictures.folder_of(deps), _DRAFTS_LIVE)}
    with deps.engine.connect() as conn:
        known = shares.list_known(conn, {share_id for share_id in files.values() if share_id is not None})
    stale = [path for path, share_id in files.items() if share_id not in known]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _older(deps: Deps, folder: Path, age: timedelta) -> list[Path]:
    """Return what lies in a folder and is at least that old."""
    before = deps.now().timestamp() - age.total_seconds()
    return [path for path in folder.iterdir() if path.stat().st_mtime <= before] if folder.is_dir() else []
