"""Where this site's events come from, for admins: each source, how much it brings, and asking it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import EventSource
from rewrapped.domain.sweeping import PLANS
from rewrapped.errors import InvalidInput
from rewrapped.services import sweeps
from rewrapped.storage import events, promotions
from rewrapped.storage import sweeps as swept
from rewrapped.storage.promotions import OwnEvent

MOST_OWN = 500


@dataclass(frozen=True, slots=True)
class Feed:
    """One source: how many of its listings are still to come, and when it was last asked.

    `is_asked` says that it is a service outside that we ask; `has_key` that we
    can. `swept_at` is None until a month of an area was asked for to its end.
    """

    source: EventSource
    is_asked: bool
    has_key: bool
    coming: int
    swept_at: datetime | None


def list_feeds(deps: Deps, visitor: Visitor) -> list[Feed]:
    """Return every source of events.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        coming = events.count_coming(conn, deps.now().date())
        latest = swept.list_latest(conn)
    return [
        Feed(source, source in PLANS, source in deps.event_clients, coming.get(source, 0), latest.get(source))
        for source in EventSource
    ]


def list_own_events(deps: Deps, visitor: Visitor) -> list[OwnEvent]:
    """Return the events of all promoters that are to come, the soonest first, MOST_OWN of them.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        return promotions.list_coming(conn, deps.now().date(), MOST_OWN)


def sweep_now(deps: Deps, visitor: Visitor, source: EventSource) -> str:
    """Queue a sweep of what is due at a source; return what becomes of it, in a sentence.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
        InvalidInput: the source isn't one that can be asked.
        StoreDown: Redis doesn't answer.
    """
    visitor.allowed(Permission.ADMINISTER)
    if source not in deps.event_clients:
        raise InvalidInput("There is no key for this source (docs/event-sources.md).")
    against = sweeps.reason_against(deps, source, sweeps.list_areas(deps))
    if against:
        return against
    return "A worker asks it now." if sweeps.enqueue(deps, source) else "It is being asked already."
