"""The rows that tell of imports: one open import a person at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from rewrapped.domain.importing import ENDED_EMPTY, OPEN, State
from rewrapped.errors import Conflict, NotFound
from rewrapped.storage.tables import imports

_NO_SUCH_PERSON = "23503"  # foreign_key_violation


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as it is stored; moments are aware UTC."""

    user_id: int
    id: int
    state: State
    include_incognito: bool
    files: Sequence[Mapping[str, Any]]  # {"name", "stored", "bytes"}
    sha256: str | None
    folder: str | None
    progress: Mapping[str, Any]
    ledger: Mapping[str, Any] | None
    message: str | None
    cancel_asked: bool
    attempts: int
    created_at: datetime
    started_at: datetime | None
    beat_at: datetime | None
    finished_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Return whether it waits or runs."""
        return self.state in OPEN

    @property
    def holds_nothing(self) -> bool:
        """Return whether it is over without a row of its own."""
        return self.state in ENDED_EMPTY


def add_import(
    conn: Connection, user_id: int, files: Sequence[Mapping[str, Any]], folder: str | None, *, include_incognito: bool
) -> int:
    """Add a waiting import; return its id.

    Raises:
        Conflict: another import of this person waits or runs.
        NotFound: the person's account is gone.
    """
    query = insert(imports).values(
        user_id=user_id, state=State.QUEUED, files=list(files), folder=folder, include_incognito=include_incognito
    )
    try:
        with conn.begin_nested():
            return int(conn.execute(query.returning(imports.c.id)).scalar_one())
    except IntegrityError as error:
        if getattr(error.orig, "pgcode", None) == _NO_SUCH_PERSON:
            raise NotFound("This account was deleted meanwhile.") from error
        raise Conflict("Another import of yours is still running. Wait for it, or cancel it first.") from error


def find_import(conn: Connection, user_id: int, import_id: int) -> ImportRow | None:
    """Return one import of this person, None when there is no such."""
    row = conn.execute(select(imports).where(*_is(user_id, import_id))).mappings().one_or_none()
    return None if row is None else _import(row)


def list_imports(conn: Connection, user_id: int, limit: int = 100, before_id: int | None = None) -> list[ImportRow]:
    """Return a person's imports, newest first; `before_id` goes on below one of them."""
    query = select(imports).where(imports.c.user_id == user_id).order_by(imports.c.id.desc()).limit(limit)
    query = query if before_id is None else query.where(imports.c.id < before_id)
    return [_import(row) for row in conn.execute(query).mappings()]


def has_open(conn: Connection, user_id: int) -> bool:
    """Return whether an import of this person waits or runs."""
    query = select(imports.c.id).where(imports.c.user_id == user_id, imports.c.state.in_(OPEN)).limit(1)
    return conn.execute(query).first() is not None


def has_unnoted_since(conn: Connection, user_id: int, import_id: int) -> bool:
    """Return whether a later import, made before it was noted which rows one shares with others, shared any.

    The ledgers of such imports don't count what is told better.
    """
    total = imports.c.ledger["sum"]
    query = select(imports.c.id).where(
        imports.c.user_id == user_id,
        imports.c.id > import_id,
        imports.c.state == State.DONE,
        ~total.has_key("improved"),
        total["merged"].as_integer() > 0,
    )
    return conn.execute(query.limit(1)).first() is not None


def list_open(conn: Connection, quiet_since: datetime) -> list[ImportRow]:
    """Return everybody's open imports whose worker showed no life since then."""
    beat = func.coalesce(imports.c.beat_at, imports.c.created_at)
    query = select(imports).where(imports.c.state.in_(OPEN), beat < quiet_since).order_by(imports.c.id)
    return [_import(row) for row in conn.execute(query).mappings()]


def start_import(conn: Connection, user_id: int, import_id: int, now: datetime) -> ImportRow | None:
    """Mark an open import as running; return it, or None when it is over by now."""
    query = (
        update(imports)
        .where(*_is(user_id, import_id), imports.c.state.in_(OPEN))
        .values(state=State.RUNNING, started_at=now, beat_at=now, progress={}, attempts=imports.c.attempts + 1)
    )
    row = conn.execute(query.returning(imports)).mappings().one_or_none()
    return None if row is None else _import(row)


def uncount_start(conn: Connection, user_id: int, import_id: int) -> None:
    """Take back the last start of a running import."""
    query = update(imports).where(*_is(user_id, import_id), imports.c.state == State.RUNNING)
    conn.execute(query.values(attempts=func.greatest(imports.c.attempts - 1, 0)))


def queue_again(conn: Connection, user_id: int, import_id: int) -> None:
    """Mark an open import as waiting: its worker is gone."""
    query = update(imports).where(*_is(user_id, import_id), imports.c.state.in_(OPEN))
    conn.execute(query.values(state=State.QUEUED, progress={}))


def write_progress(conn: Connection, user_id: int, import_id: int, progress: Mapping[str, Any], now: datetime) -> bool:
    """Show how far an import is, and that it lives; return whether its person asked to cancel."""
    query = update(imports).where(*_is(user_id, import_id)).values(progress=dict(progress), beat_at=now)
    return bool(conn.execute(query.returning(imports.c.cancel_asked)).scalar_one_or_none())


def ask_to_cancel(conn: Connection, user_id: int, import_id: int) -> bool:
    """Ask a running import to stop; return whether it is open at all."""
    query = update(imports).where(*_is(user_id, import_id), imports.c.state.in_(OPEN)).values(cancel_asked=True)
    return conn.execute(query).rowcount > 0


def is_cancel_asked(conn: Connection, user_id: int, import_id: int) -> bool:
    """Return whether an import's person asked to cancel it; who asks in this moment waits for the transaction."""
    query = select(imports.c.cancel_asked).where(*_is(user_id, import_id)).with_for_update()
    return bool(conn.scalar(query))


def ask_all_to_cancel(conn: Connection, user_id: int) -> None:
    """Ask whatever waits or runs of a person's imports to stop."""
    query = update(imports).where(imports.c.user_id == user_id, imports.c.state.in_(OPEN))
    conn.execute(query.values(cancel_asked=True))


def finish_import(
    conn: Connection,
    user_id: int,
    import_id: int,
    state: State,
    now: datetime,
    **values: Any,
) -> bool:
    """Close an open import with what is known of it (ledger, sha256, message); return whether it was open.

    One whose person asked to cancel can't become done any more.
    """
    query = update(imports).where(*_is(user_id, import_id), imports.c.state.in_(OPEN))
    if state is State.DONE:
        query = query.where(~imports.c.cancel_asked)
    return conn.execute(query.values(state=state, finished_at=now, **values)).rowcount > 0


def mark_removed(conn: Connection, user_id: int, import_id: int) -> None:
    """Mark a finished import as taken away again."""
    conn.execute(update(imports).where(*_is(user_id, import_id)).values(state=State.REMOVED))


def remove_ended(conn: Connection, user_id: int, import_id: int) -> bool:
    """Delete what is noted of an import that is over and holds nothing; return whether there was one."""
    query = delete(imports).where(*_is(user_id, import_id), imports.c.state.in_(ENDED_EMPTY))
    return conn.execute(query).rowcount > 0


def forget_folder(conn: Connection, user_id: int, import_id: int) -> None:
    """Note that the uploaded files are deleted."""
    conn.execute(update(imports).where(*_is(user_id, import_id)).values(folder=None))


def list_folders(conn: Connection) -> set[str]:
    """Return the upload folders of open imports."""
    query = select(imports.c.folder).where(imports.c.folder.is_not(None), imports.c.state.in_(OPEN))
    return set(conn.scalars(query))


def list_folders_of(conn: Connection, user_id: int) -> list[str]:
    """Return the upload folders of all imports of a person."""
    query = select(imports.c.folder).where(imports.c.user_id == user_id, imports.c.folder.is_not(None))
    return [folder for folder in conn.scalars(query) if folder]


def _is(user_id: int, import_id: int) -> tuple[Any, Any]:
    return imports.c.user_id == user_id, imports.c.id == import_id


def _import(row: RowMapping) -> ImportRow:
    return ImportRow(**{**row, "state": State(row["state"])})
