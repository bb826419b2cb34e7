"""Whom and where a person follows, and where they are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from rewrapped.domain.following import Follow, Followed
from rewrapped.storage.tables import follows, user_preferences


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """Where a person said they are; `radius_km` is how far they go. No place: they told none."""

    place_id: int | None
    radius_km: int


def add_follow(conn: Connection, user_id: int, follow: Follow, now: datetime) -> bool:
    """Store that a person follows; return whether they didn't yet."""
    values = {"user_id": user_id, "kind": follow.kind, "key": follow.key, "name": follow.name, "followed_at": now}
    return conn.execute(upsert(follows).values(values).on_conflict_do_nothing()).rowcount == 1


def delete_follow(conn: Connection, user_id: int, kind: Followed, key: uuid.UUID) -> bool:
    """Store that a person no longer follows; return whether they did."""
    own = (follows.c.user_id == user_id) & (follows.c.kind == kind) & (follows.c.key == key)
    return conn.execute(delete(follows).where(own)).rowcount == 1


def list_follows(conn: Connection, user_id: int) -> list[Follow]:
    """Return all that a person follows, by name."""
    query = select(follows.c.kind, follows.c.key, follows.c.name).where(follows.c.user_id == user_id)
    return [Follow(Followed(row.kind), row.key, row.name) for row in conn.execute(query.order_by(follows.c.name))]


def find_place(conn: Connection, user_id: int) -> StoredPlace | None:
    """Return where a person said they are, None when they never said anything."""
    query = select(user_preferences.c.place_id, user_preferences.c.radius_km)
    row = conn.execute(query.where(user_preferences.c.user_id == user_id)).one_or_none()
    return StoredPlace(row.place_id, row.radius_km) if row else None


def set_place(
    conn: Connection, user_id: int, place: StoredPlace, point: tuple[float, float] | None, now: datetime
) -> None:
    """Store where a person is, with latitude and longitude in degrees; other preferences stay.

    New shows are looked at for them from the moment they first tell a place.
    """
    latitude, longitude = point or (None, None)
    values = {
        "place_id": place.place_id,
        "radius_km": place.radius_km,
        "latitude": latitude,
        "longitude": longitude,
        "updated_at": now,
    }
    query = upsert(user_preferences).values(user_id=user_id, looked_at=now, **values)
    looked_at = case((user_preferences.c.place_id.is_(None), now), else_=user_preferences.c.looked_at)
    conn.execute(query.on_conflict_do_update(index_elements=["user_id"], set_=values | {"looked_at": looked_at}))
