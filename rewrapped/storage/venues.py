"""Venues, as the listings of shows name them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from rewrapped.storage.tables import events


@dataclass(frozen=True, slots=True)
class VenueName:
    """What a venue is called, and where."""

    city: str
    name: str


def list_venues(conn: Connection, text: str, limit: int) -> list[VenueName]:
    """Return venues of listed shows whose name or city holds a text, by name; those with the text in front first."""
    columns = (events.c.venue_name, events.c.city)
    fits = or_(*(column.icontains(text, autoescape=True) for column in columns))
    query = select(*columns).where(events.c.gone_at.is_(None), fits).distinct().subquery()
    begins = query.c.venue_name.istartswith(text, autoescape=True)
    found = conn.execute(select(query).order_by(begins.desc(), *query.c).limit(limit))
    return [VenueName(row.city, row.venue_name) for row in found]
