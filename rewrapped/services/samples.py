"""The sample listener's account and history, put in place in one step: nobody ever sees half of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.events import Listing
from rewrapped.domain.importing import State
from rewrapped.domain.owngenres import OwnGenres
from rewrapped.importers.ledger import Ledger
from rewrapped.importers.reader import UploadReader
from rewrapped.services import intake
from rewrapped.storage import clearing, events, imports, own_genres, people, plays, sample_shows
from rewrapped.storage.database import Connection
from rewrapped.storage.people import NewPerson

log = logging.getLogger(__name__)

_NOBODY = 0  # user ids begin at 1: this number's lock is free to mean "the sample listener is being put in place"


@dataclass(frozen=True, slots=True)
class Sample:
    """Who the sample listener is: a name, an IANA zone, the files of their export, and what they say of genres."""

    display_name: str
    zone: str
    files: Sequence[Path]
    own: OwnGenres = field(default_factory=OwnGenres)


def find_fresh(deps: Deps, since: datetime) -> int | None:
    """Return the sample listener's id when their newest row was reported after `since`, else None."""
    with deps.engine.connect() as conn:
        return _find_fresh(conn, since)


def put_in_place(deps: Deps, sample: Sample, since: datetime) -> int:
    """Give the sample listener this history in place of any other; return their id.

    One at a time: whoever waited finds a history newer than `since`, and leaves
    it. The account keeps its id, so whoever is looking around stays where they are.

    Raises:
        Conflict: somebody else took longer than a minute over the same.
        UnreadableFile: nothing in the files can be read, and nothing was changed.
        StoreDown: the database doesn't answer, and nothing was changed.
    """
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, _NOBODY)
        fresh = _find_fresh(conn, since)
        if fresh is not None:
            return fresh
        user_id = _find_or_add(conn, sample)
        plays.lock_listener(conn, user_id)
        clearing.clear_history(conn, user_id)
        kept = _fill(deps, conn, user_id, sample.files)
        own_genres.replace_own_genres(conn, user_id, sample.own)
        plays.raise_history_version(conn, user_id)
    log.info("sample listener user_id=%d kept=%d", user_id, kept)
    return user_id


def put_shows_in_place(deps: Deps, listings: Sequence[Listing]) -> None:
    """Store the invented shows; those that are no longer among them are hidden.

    Raises:
        StoreDown: the database doesn't answer, and nothing was changed.
    """
    with deps.engine.begin() as conn:
        events.add_or_refresh(conn, listings, deps.now())
        sample_shows.hide_others(conn, [one.source_id for one in listings], deps.now())


def latest_shows_at(deps: Deps) -> datetime | None:
    """Return when the invented shows were last written, None while there are none to be seen."""
    with deps.engine.connect() as conn:
        return sample_shows.latest_seen_at(conn)


def _find_fresh(conn: Connection, since: datetime) -> int | None:
    user_id = people.find_sample_listener(conn)
    newest_at = None if user_id is None else plays.latest_reported_at(conn, user_id)
    return user_id if newest_at is not None and newest_at > since else None


def _find_or_add(conn: Connection, sample: Sample) -> int:
    user_id = people.find_sample_listener(conn)
    if user_id is None:
        new = NewPerson(None, Role.REGULAR, sample.zone, sample.display_name, is_demo=True)
        user_id = people.add_person(conn, new)
    if user_id is None:
        raise AssertionError("somebody without an address can't share one")
    return user_id


def _fill(deps: Deps, conn: Connection, user_id: int, files: Sequence[Path]) -> int:
    """Import the files within the caller's transaction; return how many rows were kept."""
    described = [{"name": file.name, "stored": "", "bytes": file.stat().st_size} for file in files]
    import_id = imports.add_import(conn, user_id, described, None, include_incognito=False)
    reader = UploadReader(files, include_incognito=False, now=deps.now())
    counts = intake.store(deps, conn, (user_id, import_id), reader, _ignore)
    ledger = Ledger.of(counts, reader.problems)
    imports.finish_import(conn, user_id, import_id, State.DONE, deps.now(), ledger=ledger.to_json())
    return ledger.kept


def _ignore(_: intake.Progress) -> None:
    """Nobody waits for the sample listener, so nobody is told how far it is."""
