"""Who asked to become a promoter, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from rewrapped.domain.promoting import ApplicationState
from rewrapped.storage.tables import promoter_applications, users


@dataclass(frozen=True, slots=True)
class Application:
    """One application; `reason` and `decided_at` are None until it is decided."""

    id: int
    user_id: int
    organisation: str
    website: str | None
    message: str
    state: ApplicationState
    reason: str | None
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """An open application, and who stands behind it."""

    application: Application
    email: str | None
    display_name: str


_a = promoter_applications.c
_COLUMNS = [_a[name] for name in Application.__dataclass_fields__]


def add_application(
    conn: Connection, user_id: int, organisation: str, website: str | None, message: str, now: datetime
) -> int | None:
    """Store an application; return its id, None when the person has an open one."""
    values = {"organisation": organisation, "website": website, "message": message, "created_at": now}
    query = insert(promoter_applications).values(user_id=user_id, state=ApplicationState.OPEN, **values)
    try:
        with conn.begin_nested():
            found: int = conn.execute(query.returning(_a.id)).scalar_one()
            return found
    except IntegrityError:
        return None


def latest_application(conn: Connection, user_id: int) -> Application | None:
    """Return a person's newest application, None when they never made one."""
    query = select(*_COLUMNS).where(_a.user_id == user_id).order_by(_a.id.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    return _application(row) if row else None


def find_organisation(conn: Connection, user_id: int) -> str | None:
    """Return the organisation a promoter was approved for, None where an admin just made them one."""
    query = select(_a.organisation).where(_a.user_id == user_id, _a.state == ApplicationState.APPROVED)
    return conn.scalar(query.order_by(_a.id.desc()).limit(1))


def list_open(conn: Connection) -> list[Applicant]:
    """Return the open applications, the oldest first."""
    query = (
        select(*_COLUMNS, users.c.email, users.c.display_name)
        .join(users, users.c.id == _a.user_id)
        .where(_a.state == ApplicationState.OPEN)
        .order_by(_a.id)
    )
    return [Applicant(_application(row), row.email, row.display_name) for row in conn.execute(query)]


def decide(
    conn: Connection, application_id: int, state: ApplicationState, by_id: int, reason: str | None, now: datetime
) -> Application | None:
    """Close an open application; return it as it is now, None when there is no open one with this id."""
    query = update(promoter_applications).where(_a.id == application_id, _a.state == ApplicationState.OPEN)
    decided = query.values(state=state, decided_by=by_id, reason=reason, decided_at=now)
    row = conn.execute(decided.returning(*_COLUMNS)).one_or_none()
    return _application(row) if row else None


def _application(row: Any) -> Application:
    values = {name: getattr(row, name) for name in Application.__dataclass_fields__}
    return Application(**{**values, "state": ApplicationState(values["state"])})
