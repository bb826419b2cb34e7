"""`aggregated_stats`: what listeners who chose so are set beside each other by, and of which state it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Subquery, and_, delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.access import Role
from rewrapped.domain.aggregates import Aggregate, Part
from rewrapped.domain.peers import COMPARABLE
from rewrapped.domain.plays import Source
from rewrapped.storage import pgcopy
from rewrapped.storage.tables import aggregated_listeners, aggregated_stats, user_preferences, users

_KEY = "user_id, source, month, part, entity_id"
_GONE = """
DELETE FROM aggregated_stats s WHERE s.user_id = :user_id AND NOT EXISTS (
    SELECT FROM fresh f WHERE (f.source, f.month, f.part, f.entity_id) = (s.source, s.month, s.part, s.entity_id))
"""
_CHANGED = f"""
INSERT INTO aggregated_stats AS s ({_KEY}, plays, ms) SELECT {_KEY}, plays, ms FROM fresh
ON CONFLICT ({_KEY}) DO UPDATE SET plays = excluded.plays, ms = excluded.ms
WHERE (s.plays, s.ms) IS DISTINCT FROM (excluded.plays, excluded.ms)
"""

_s = aggregated_stats.c


@dataclass(frozen=True, slots=True)
class Joined:
    """A listener who chose to be compared."""

    user_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class Standing:
    """Of how many others, and of how many of them with as many plays or more."""

    others: int
    ahead: int


def list_stale(conn: Connection, seed_version: int, refreshed_before: datetime, limit: int) -> list[Joined]:
    """Return listeners whose sums are missing, or of another history or seed and not from just now; longest ago first.

    Sample people are never among them.
    """
    state = aggregated_listeners.c
    is_old = and_(
        or_(state.history_version != users.c.history_version, state.seed_version != seed_version),
        state.refreshed_at < refreshed_before,
    )
    query = (
        select(users.c.id, users.c.role)
        .join(user_preferences, user_preferences.c.user_id == users.c.id)
        .outerjoin(aggregated_listeners, state.user_id == users.c.id)
        .where(~users.c.is_demo, func.jsonb_array_length(user_preferences.c.compared_sources) > 0)
        .where(or_(state.user_id.is_(None), is_old))
        .order_by(state.refreshed_at.nulls_first(), func.random())
        .limit(limit)
    )
    return [Joined(row.id, Role(row.role)) for row in conn.execute(query)]


def replace(conn: Connection, user_id: int, found: Sequence[Aggregate]) -> None:
    """Store a listener's sums in place of those before; what is equal isn't written."""
    conn.execute(text("CREATE TEMP TABLE fresh (LIKE aggregated_stats) ON COMMIT DROP"))
    columns = ("user_id", "source", "month", "part", "entity_id", "plays", "ms")
    rows = (
        (user_id, one.source, _first_day(one.month), str(one.part), one.entity_id, one.plays, one.ms) for one in found
    )
    pgcopy.copy_text(conn, "fresh", columns, rows)
    conn.execute(text("ANALYZE fresh"))
    conn.execute(text(_GONE), {"user_id": user_id})
    conn.execute(text(_CHANGED))
    conn.execute(text("DROP TABLE fresh"))


def set_refreshed(conn: Connection, user_id: int, history_version: int, seed_version: int, now: datetime) -> None:
    """Note of which state a listener's sums are."""
    values = {"history_version": history_version, "seed_version": seed_version, "refreshed_at": now}
    query = upsert(aggregated_listeners).values(user_id=user_id, **values)
    conn.execute(query.on_conflict_do_update(index_elements=["user_id"], set_=values))


def hold_compared(conn: Connection, user_id: int) -> frozenset[Source]:
    """Return the sources a listener compares, and keep everybody else from changing that until the transaction ends."""
    query = select(user_preferences.c.compared_sources).where(user_preferences.c.user_id == user_id)
    chosen = set(conn.scalar(query.with_for_update()) or ())
    return frozenset(source for source in COMPARABLE if source in chosen)


def forget(conn: Connection, user_id: int) -> None:
    """Let a listener's sums go at once; those of sources that they still compare are counted anew by the next run."""
    hold_compared(conn, user_id)  # a run that counts just now is waited for
    conn.execute(delete(aggregated_stats).where(_s.user_id == user_id))
    conn.execute(delete(aggregated_listeners).where(aggregated_listeners.c.user_id == user_id))


def forget_source(conn: Connection, user_id: int, source: Source) -> None:
    """Let a listener's sums of one source go at once; `hold_compared` comes before it."""
    conn.execute(delete(aggregated_stats).where(_s.user_id == user_id, _s.source == source))


# Across listeners ---------------------------------------------------------------------------------


def find_standing(conn: Connection, user_id: int, start_on: date, end_on: date, least: int) -> Standing | None:
    """Return where a listener stands in the months from a day to another, among those with at least so many plays.

    None where they are none of those.
    """
    group = _group(start_on, end_on, least)
    mine = select(group.c.plays).where(group.c.user_id == user_id).scalar_subquery()
    query = select(func.count(), func.count().filter(group.c.plays >= mine), mine).select_from(group)
    everybody, reaching, plays = conn.execute(query).one()
    return None if plays is None else Standing(everybody - 1, reaching - 1)


def list_artist_standings(
    conn: Connection, user_id: int, artist_ids: Collection[int], start_on: date, end_on: date, least: int
) -> dict[int, Standing]:
    """Return where a listener stands with each of these artists whom they played, among those who played them.

    Only listeners of `find_standing` count, they themselves too.
    """
    group = _group(start_on, end_on, least)
    played = (
        select(_s.entity_id, _s.user_id, func.sum(_s.plays).label("plays"))
        .join(group, group.c.user_id == _s.user_id)
        .where(_s.part == str(Part.ARTIST), _s.entity_id.in_([str(one) for one in artist_ids]))
        .where(_s.month >= start_on, _s.month < end_on, _s.source != Source.SPOTIFY_API)
        .group_by(_s.entity_id, _s.user_id)
        .having(func.sum(_s.plays) > 0)
        .cte("played")
    )
    mine = played.alias("mine")
    query = (
        select(played.c.entity_id, func.count() - 1, func.count().filter(played.c.plays >= mine.c.plays) - 1)
        .join(mine, (mine.c.entity_id == played.c.entity_id) & (mine.c.user_id == user_id))
        .group_by(played.c.entity_id)
    )
    return {int(entity_id): Standing(others, ahead) for entity_id, others, ahead in conn.execute(query)}


def _group(start_on: date, end_on: date, least: int) -> Subquery:
    plays = func.sum(_s.plays)
    return (
        select(_s.user_id, plays.label("plays"))
        .join(users, users.c.id == _s.user_id)
        .where(_s.part == str(Part.ALL), _s.entity_id == "", _s.month >= start_on, _s.month < end_on)
        .where(_s.source != Source.SPOTIFY_API, ~users.c.is_demo)
        .group_by(_s.user_id)
        .having(plays >= least)
        .subquery()
    )


def _first_day(month: int) -> date:
    return date(1970 + month // 12, month % 12 + 1, 1)
