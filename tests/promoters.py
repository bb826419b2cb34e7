"""Promoters, their events, and traffic on them, for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time

from sqlalchemy import insert, select

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.drafts import Draft
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.storage import people
from rewrapped.storage.tables import event_interactions, saved_events

LISBON = 2267057

DRAFT = Draft(
    title="Harbour Nights",
    description="Two stages by the **water**.\n\n- food\n- boats",
    line_up="The Headliner\nA Support",
    place_id=LISBON,
    venue="Doca de Santo Amaro",
    start_on=date(2026, 12, 12),
    start_time=time(20, 30),
    doors_time=time(19, 0),
    price_from=20.0,
    price_to=35.5,
    currency="EUR",
    ticket_url="https://tickets.example.org/harbour",
    tags="open air, Boats",
    genres=("techno",),
)

_ids = iter(range(1, 1_000_000))


def person(deps: Deps, role: Role = Role.REGULAR, *, country: str | None = None, is_demo: bool = False) -> Visitor:
    """Return somebody new of a role."""
    new = people.NewPerson(
        email=f"person{next(_ids)}@example.org", role=role, zone="UTC", country=country, is_demo=is_demo
    )
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, new)
    return Visitor.person(user_id or 0, role)


def draft(**values: object) -> Draft:
    """Return a draft that can be listed, with some values others."""
    return replace(DRAFT, **values)


def save(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Keep an event for a person."""
    with deps.engine.begin() as conn:
        conn.execute(insert(saved_events).values(user_id=visitor.signed_in(), event_id=event_id))


Traffic = Iterable[tuple[int, date, Interaction, str, bool]]


def come(deps: Deps, traffic: Traffic) -> None:
    """Store interactions (event, day, kind, who, whether they fit the targeting), each once."""
    known: dict[tuple[int, date, Interaction, str], bool] = {}
    for event_id, day, kind, who, is_matched in traffic:
        known.setdefault((event_id, day, kind, who), is_matched)
    rows = [
        {
            "event_id": event_id,
            "day": day,
            "kind": kind,
            "person_key": hashlib.sha256(who.encode()).digest()[:16],
            "placement": Placement.DIRECT,
            "is_matched": is_matched,
            "at": deps.now(),
        }
        for (event_id, day, kind, who), is_matched in known.items()
    ]
    with deps.engine.begin() as conn:
        if rows:
            conn.execute(insert(event_interactions), rows)


def log(deps: Deps) -> list[tuple[int, date, str, int]]:
    """Return the whole daily log, in order."""
    from rewrapped.storage.tables import event_metrics_log as table

    with deps.engine.begin() as conn:
        return [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key.columns))]
