"""Cards that people made public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from rewrapped.storage.tables import shares

_s = shares.c


@dataclass(frozen=True, slots=True)
class Shared:
    """A public card: what leads to it, what it says (plain JSON), and how it is drawn."""

    id: int
    token: str
    card: dict[str, Any]
    layout: str
    colours: str
    created_at: datetime


_COLUMNS = (_s.id, _s.token, _s.card, _s.layout, _s.colours, _s.created_at)


def add_share(conn: Connection, user_id: int, shared: Shared) -> int:
    """Store a card under an id of its own (that of `shared` isn't looked at); return the id."""
    values = {name: getattr(shared, name) for name in ("token", "card", "layout", "colours", "created_at")}
    return int(conn.execute(insert(shares).values(user_id=user_id, **values).returning(_s.id)).scalar_one())


def count_shares(conn: Connection, user_id: int) -> int:
    """Return how many cards a person made public."""
    return int(conn.scalar(select(func.count()).where(_s.user_id == user_id)) or 0)


def list_shares(conn: Connection, user_id: int) -> list[Shared]:
    """Return a person's public cards, the newest first."""
    rows = conn.execute(select(*_COLUMNS).where(_s.user_id == user_id).order_by(_s.id.desc()))
    return [Shared(*row) for row in rows]


def find_share(conn: Connection, token: str) -> Shared | None:
    """Return the card a token leads to, None when there is none."""
    row = conn.execute(select(*_COLUMNS).where(_s.token == token)).one_or_none()
    return Shared(*row) if row else None


def list_known(conn: Connection, share_ids: set[int]) -> set[int]:
    """Return which of these ids belong to a card that is public."""
    return set(conn.scalars(select(_s.id).where(_s.id.in_(share_ids))))


def delete_share(conn: Connection, user_id: int, share_id: int) -> bool:
    """Delete one of a person's public cards; return whether there was one."""
    return bool(conn.execute(delete(shares).where(_s.user_id == user_id, _s.id == share_id)).rowcount)
