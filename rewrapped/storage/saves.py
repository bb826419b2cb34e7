"""Saved events and a listener's tags. Both stand on one listing, and hold for every listing of its show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, Select, delete, func, literal, select, union
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.storage.tables import events, promotions, saved_events, user_tags


def add_save(conn: Connection, user_id: int, event_id: int, now: datetime) -> bool:
    """Save an event for a person; return whether it wasn't yet, in any listing of its show."""
    if find_saved(conn, user_id, [event_id]):
        return False
    query = upsert(saved_events).values(user_id=user_id, event_id=event_id, saved_at=now).on_conflict_do_nothing()
    return conn.execute(query).rowcount == 1


def delete_save(conn: Connection, user_id: int, event_id: int) -> bool:
    """Take a show out of what a person saved; return whether it was there."""
    query = delete(saved_events).where(saved_events.c.user_id == user_id, saved_events.c.event_id.in_(_kin(event_id)))
    return conn.execute(query).rowcount > 0


def move_saves(conn: Connection, event_id: int, to_id: int) -> None:
    """Let whoever saved a listing have saved another one instead, since the same moment."""
    moved = select(saved_events.c.user_id, literal(to_id), saved_events.c.saved_at)
    moved = moved.where(saved_events.c.event_id == event_id)
    conn.execute(upsert(saved_events).from_select(list(saved_events.c), moved).on_conflict_do_nothing())
    conn.execute(delete(saved_events).where(saved_events.c.event_id == event_id))


def find_saved(conn: Connection, user_id: int, event_ids: Collection[int]) -> set[int]:
    """Return which of the shows of these events a person saved, by their groups' lowest ids."""
    groups = select(events.c.twin_of).where(events.c.id.in_(set(event_ids)))
    query = _saved(user_id).where(events.c.twin_of.in_(groups))
    return set(conn.scalars(query))


def list_saved(conn: Connection, user_id: int, limit: int) -> list[int]:
    """Return the shows a person saved, by their groups' lowest ids, the soonest first."""
    query = _saved(user_id).group_by(events.c.twin_of).order_by(func.max(events.c.start_on).desc()).limit(limit)
    return list(conn.scalars(query))


def list_savers(conn: Connection, event_id: int) -> list[int]:
    """Return the ids of everybody who saved the show of an event, in any of its listings."""
    query = select(saved_events.c.user_id).distinct().where(saved_events.c.event_id.in_(_kin(event_id)))
    return sorted(conn.scalars(query))


def _saved(user_id: int) -> Select[tuple[int]]:
    return (
        select(events.c.twin_of)
        .join(saved_events, saved_events.c.event_id == events.c.id)
        .where(saved_events.c.user_id == user_id)
    )


def _kin(event_id: int) -> Select[tuple[int]]:
    """Return every listing of the show that an event is of."""
    group = select(events.c.twin_of).where(events.c.id == event_id).scalar_subquery()
    return select(events.c.id).where(events.c.twin_of == group)


# Tags ---------------------------------------------------------------------------------------------


def add_tag(conn: Connection, user_id: int, event_id: int, tag: str, now: datetime) -> None:
    """Store a listener's tag of a show, once."""
    if tag not in list_own_tags(conn, user_id, event_id):
        values = {"user_id": user_id, "event_id": event_id, "tag": tag, "tagged_at": now}
        conn.execute(upsert(user_tags).values(values).on_conflict_do_nothing())


def delete_tag(conn: Connection, user_id: int, event_id: int, tag: str) -> None:
    """Take a listener's tag off a show."""
    own = (user_tags.c.user_id == user_id) & (user_tags.c.tag == tag)
    conn.execute(delete(user_tags).where(own, user_tags.c.event_id.in_(_kin(event_id))))


def list_own_tags(conn: Connection, user_id: int, event_id: int) -> list[str]:
    """Return a listener's own tags of a show, the first one first."""
    query = select(user_tags.c.tag).where(user_tags.c.user_id == user_id, user_tags.c.event_id.in_(_kin(event_id)))
    return list(conn.scalars(query.order_by(user_tags.c.tagged_at, user_tags.c.tag)))


def count_tags(conn: Connection, event_id: int, fewest: int) -> Mapping[str, int]:
    """Return how many people gave a show each tag, the commonest first; only tags of at least so many people."""
    people = func.count(user_tags.c.user_id.distinct())
    query = select(user_tags.c.tag, people.label("people")).where(user_tags.c.event_id.in_(_kin(event_id)))
    grouped = query.group_by(user_tags.c.tag).having(people >= fewest).order_by(people.desc(), user_tags.c.tag)
    return {row.tag: row.people for row in conn.execute(grouped)}


def list_tags(conn: Connection, groups: Collection[int], fewest: int) -> dict[int, frozenset[str]]:
    """Return the tags of shows: those of promoters, and those that at least so many people gave."""
    word = func.jsonb_array_elements_text(promotions.c.tags)
    told = select(events.c.twin_of, word.label("tag")).join(promotions, promotions.c.event_id == events.c.id)
    given = (
        select(events.c.twin_of, user_tags.c.tag)
        .join(events, events.c.id == user_tags.c.event_id)
        .group_by(events.c.twin_of, user_tags.c.tag)
        .having(func.count(user_tags.c.user_id.distinct()) >= fewest)
    )
    wanted = events.c.twin_of.in_(set(groups))
    found: dict[int, frozenset[str]] = {}
    for row in conn.execute(union(told.where(wanted), given.where(wanted))):
        found[row.twin_of] = found.get(row.twin_of, frozenset()) | {row.tag}
    return found
