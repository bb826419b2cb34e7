"""What listeners changed about genres."""

from __future__ import annotations

from types import MappingProxyType

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.owngenres import Change, OwnGenres
from rewrapped.storage.tables import own_genres

_g = own_genres.c


def find_own_genres(conn: Connection, user_id: int) -> OwnGenres:
    """Return a listener's changes."""
    rows = conn.execute(select(_g.subject, _g.belongs, _g.name, _g.is_hidden).where(_g.user_id == user_id))
    return OwnGenres(
        MappingProxyType({subject: Change(tuple(belongs), name, hidden) for subject, belongs, name, hidden in rows})
    )


def set_own_genre(conn: Connection, user_id: int, subject: str, change: Change) -> None:
    """Store a change in place of an earlier one of the subject; one that changes nothing takes it away."""
    if not change:
        conn.execute(delete(own_genres).where(_g.user_id == user_id, _g.subject == subject))
        return
    values = {"belongs": list(change.belongs), "name": change.name, "is_hidden": change.is_hidden}
    row = upsert(own_genres).values(user_id=user_id, subject=subject, **values)
    conn.execute(row.on_conflict_do_update(index_elements=[_g.user_id, _g.subject], set_=values))


def replace_own_genres(conn: Connection, user_id: int, own: OwnGenres) -> None:
    """Store these changes in place of all there were."""
    conn.execute(delete(own_genres).where(_g.user_id == user_id))
    rows = [
        {
            "user_id": user_id,
            "subject": subject,
            "belongs": list(change.belongs),
            "name": change.name,
            "is_hidden": change.is_hidden,
        }
        for subject, change in own.changes.items()
    ]
    if rows:
        conn.execute(own_genres.insert(), rows)
