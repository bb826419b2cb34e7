"""Listens that a person's scrobbler delivers become rows of their history, at once."""

from __future__ import annotations

from collections.abc import Sequence

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.errors import Conflict
from rewrapped.importers.listens import ListenRow
from rewrapped.importers.submission import Submission
from rewrapped.services import intake
from rewrapped.storage import plays


def submit(deps: Deps, visitor: Visitor, listens: Sequence[ListenRow]) -> int:
    """Store listens, source `listenbrainz`; return how many plays weren't known. Safe to repeat.

    Raises:
        SignInNeeded, AccessDenied: the visitor brings no rows.
        Conflict: an import of theirs runs.
        StoreDown: the database doesn't answer, and nothing was stored.
    """
    user_id = visitor.allowed(Permission.IMPORT)
    if not listens:
        return 0
    with deps.engine.begin() as conn:
        # A scrobbler sends again what wasn't taken: it needn't hold a connection until an import ends.
        if not plays.try_lock_listener(conn, user_id):
            raise Conflict("Your listening history is being changed by an import just now. Try again when it is done.")
        submission = Submission(listens, deps.now())
        [count] = intake.store(deps, conn, (user_id, None), submission, lambda _: None)
        if count.kept or count.improved:
            plays.raise_history_version(conn, user_id)
    return count.kept
