"""The sample promoters: accounts that nobody registered, their events, and what invented people did with these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.drafts import Promotion
from rewrapped.domain.events import Listing
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.services import attention, promoting
from rewrapped.storage import interactions, people, promotions
from rewrapped.storage.database import Connection
from rewrapped.storage.interactions import NewInteraction
from rewrapped.storage.people import NewPerson

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class SampleVisit:
    """What somebody invented did on a day of the venue; `who` stands for them on all events of a promoter."""

    on: date
    kind: Interaction
    who: bytes
    placement: Placement
    is_matched: bool


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """An invented event, since when it is listed, and what came of it."""

    listing: Listing
    promotion: Promotion
    published_at: datetime
    visits: Sequence[SampleVisit]


@dataclass(frozen=True, slots=True)
class SamplePromoter:
    """Somebody invented who lists events; `email` is what whoever shows the site around signs in with."""

    name: str
    email: str
    zone: str
    events: Sequence[SampleEvent]


def are_there(deps: Deps, emails: Sequence[str]) -> bool:
    """Return whether somebody filled the sample promoters in."""
    with deps.engine.connect() as conn:
        return all(people.find_by_email(conn, email) is not None for email in emails)


def put_in_place(deps: Deps, promoters: Sequence[SamplePromoter]) -> int:
    """Store the promoters with their events in place of what was stored of them before; return how many events.

    Raises:
        StoreDown: the database doesn't answer, and nothing was changed.
    """
    with deps.engine.begin() as conn:
        for promoter in promoters:
            promoter_id = _find_or_add(conn, promoter)
            for event in promoter.events:
                _put_event(deps, conn, promoter_id, event)
    days = sorted({visit.on for promoter in promoters for event in promoter.events for visit in event.visits})
    for day in days:
        attention.rebuild_day(deps, day)
    return sum(len(promoter.events) for promoter in promoters)


def _find_or_add(conn: Connection, promoter: SamplePromoter) -> int:
    new = NewPerson(promoter.email, Role.PROMOTER, promoter.zone, promoter.name, is_demo=True, via_cli=True)
    found = people.find_by_email(conn, promoter.email)
    user_id = found.id if found else people.add_person(conn, new)
    if user_id is None:
        raise AssertionError("an address that nobody has can be stored")
    return user_id


def _put_event(deps: Deps, conn: Connection, promoter_id: int, event: SampleEvent) -> None:
    event_id = promoting.store(conn, event.listing, event.promotion, promoter_id, deps.now())
    promotions.set_published_at(conn, event_id, event.published_at)
    interactions.delete_of_event(conn, event_id)
    new = [
        NewInteraction(event_id, visit.on, visit.kind, visit.who, visit.placement, visit.is_matched, deps.now())
        for visit in event.visits
    ]
    for start in range(0, len(new), _AT_ONCE):
        interactions.add_interactions(conn, new[start : start + _AT_ONCE])
