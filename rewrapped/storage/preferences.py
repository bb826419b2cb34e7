"""What a person chose: interests, what they aren't told of, and which plays may be used for what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.notices import Kind
from rewrapped.domain.plays import Source
from rewrapped.storage.tables import user_preferences


@dataclass(frozen=True, slots=True)
class Stored:
    """What somebody chose; of somebody who never chose anything, nothing. `genres` are keys of families."""

    genres: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    muted: frozenset[Kind] = frozenset()
    shared_sources: frozenset[Source] = frozenset()
    compared_sources: frozenset[Source] = frozenset()


_p = user_preferences.c


def find_preferences(conn: Connection, user_id: int) -> Stored:
    """Return what a person chose."""
    row = conn.execute(select(*_COLUMNS).where(_p.user_id == user_id)).one_or_none()
    return Stored() if row is None else _stored(*row)


def hold_preferences(conn: Connection, user_id: int, now: datetime) -> Stored:
    """Return what a person chose, and keep everybody else from changing it until the transaction ends."""
    conn.execute(upsert(user_preferences).values(user_id=user_id, updated_at=now).on_conflict_do_nothing())
    return _stored(*conn.execute(select(*_COLUMNS).where(_p.user_id == user_id).with_for_update()).one())


def set_preferences(conn: Connection, user_id: int, chosen: Stored, now: datetime) -> None:
    """Store what a person chose, whose row is held; where they are stays."""
    values = {
        "genres": sorted(chosen.genres),
        "tags": sorted(chosen.tags),
        "muted": sorted(chosen.muted),
        "shared_sources": sorted(int(source) for source in chosen.shared_sources),
        "compared_sources": sorted(int(source) for source in chosen.compared_sources),
        "updated_at": now,
    }
    conn.execute(update(user_preferences).where(_p.user_id == user_id).values(values))


_COLUMNS = (_p.genres, _p.tags, _p.muted, _p.shared_sources, _p.compared_sources)


def _stored(
    genres: Collection[str],
    tags: Collection[str],
    muted: Collection[str],
    shared_sources: Collection[int],
    compared_sources: Collection[int],
) -> Stored:
    return Stored(
        genres=frozenset(genres),
        tags=frozenset(tags),
        muted=frozenset(Kind(kind) for kind in muted if kind in set(Kind)),
        shared_sources=_sources(shared_sources),
        compared_sources=_sources(compared_sources),
    )


def _sources(numbers: Collection[int]) -> frozenset[Source]:
    return frozenset(Source(number) for number in numbers if number in set(Source))
