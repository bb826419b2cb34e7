"""`/admin/events`: what admins alone do with any promoter's event."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from rewrapped import running
from rewrapped.services import oversight
from rewrapped.web.v1.asking import Id, Promoting, Read
from rewrapped.web.v1.promoting import OwnEventOut, own_event

router = APIRouter(prefix="/admin/events", tags=["admin"])


class Reason(BaseModel):
    """Why an event is taken away; its promoter is told."""

    model_config = ConfigDict(extra="forbid")

    reason: str


class Twin(Read):
    """Another listing of the same show: who tells of it, and what."""

    id: int
    source: str
    title: str
    status: str
    listed_by: str


class Twins(Read):
    """The other listings of a show."""

    items: list[Twin]


@router.get("/{event_id}/twins")
def list_twins(visitor: Promoting, event_id: Id) -> Twins:
    """Return what a promoter's event is tied to as the same show."""
    found = oversight.list_twins(running.deps(), visitor, event_id)
    return Twins(
        items=[
            Twin(
                id=one.id,
                source=one.listing.source,
                title=one.listing.title,
                status=one.listing.status,
                listed_by=one.listing.attribution,
            )
            for one in found
        ]
    )


@router.post("/{event_id}/reinstate")
def reinstate(visitor: Promoting, event_id: Id) -> OwnEventOut:
    """Let an event that was called off take place after all; whoever saved it is told."""
    oversight.reinstate(running.deps(), visitor, event_id)
    return own_event(visitor, event_id)


@router.post("/{event_id}/take-away")
def take_away(visitor: Promoting, event_id: Id, why: Reason) -> OwnEventOut:
    """Hide an event from everybody but its promoter and admins; promoter and savers are told."""
    oversight.take_away(running.deps(), visitor, event_id, why.reason)
    return own_event(visitor, event_id)


@router.post("/{event_id}/give-back")
def give_back(visitor: Promoting, event_id: Id) -> OwnEventOut:
    """Let an event that was taken away be seen again."""
    oversight.give_back(running.deps(), visitor, event_id)
    return own_event(visitor, event_id)


@router.post("/{event_id}/untie")
def untie(visitor: Promoting, event_id: Id) -> OwnEventOut:
    """Keep an event apart from whatever looks like the same show, from now on."""
    oversight.untie(running.deps(), visitor, event_id)
    return own_event(visitor, event_id)


@router.post("/{event_id}/tie-again")
def tie_again(visitor: Promoting, event_id: Id) -> OwnEventOut:
    """Let an event that was kept apart be tied to the same show of other sources again."""
    oversight.tie_again(running.deps(), visitor, event_id)
    return own_event(visitor, event_id)
