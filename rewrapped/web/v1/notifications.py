"""`/notifications`: what somebody was told."""

from __future__ import annotations

from typing import Annotated

import fastapi
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from rewrapped import running
from rewrapped.services import notices
from rewrapped.web.v1.asking import Moment, Notified, Query, Read, zone_of
from rewrapped.web.v1.paging import Cursor, Page, Shelf

router = APIRouter(prefix="/notifications", tags=["notifications"])


class Notification(Read):
    """One message. `link` is a page of the site with its query; `read_at` is null until it was read."""

    id: int
    kind: str
    body: str
    link: str | None
    created_at: Moment
    read_at: Moment | None


class Messages(Page[Notification]):
    """Messages, and how many of all aren't read."""

    unread_count: int


class MessagesAsked(Query):
    """Where to go on."""

    cursor: Cursor = None


class ReadUpTo(BaseModel):
    """Everything up to a message counts as read."""

    model_config = ConfigDict(extra="forbid")

    up_to_id: Annotated[int, Field(strict=True, ge=1, lt=2**63)]


class Marked(Read):
    """How many weren't read before."""

    count: int


@router.get("")
def list_messages(visitor: Notified, asked: Annotated[MessagesAsked, fastapi.Query()]) -> Messages:
    """Return messages, the newest first, 50 at once. Reading them here marks nothing as read."""
    deps = running.deps()
    shelf = Shelf(deps.site, visitor, "notifications")
    before_id = next(iter(shelf.numbers(asked.cursor)), None)
    found = [Notification.model_validate(one) for one in notices.list_messages(deps, visitor, before_id)]
    return Messages(
        items=found,
        next_cursor=shelf.cursor(found[-1].id) if len(found) == notices.PAGE else None,
        zone=zone_of(visitor),
        unread_count=notices.count_unread(deps, visitor),
    )


@router.post("/read")
def mark_read(visitor: Notified, upto: ReadUpTo) -> Marked:
    """Mark messages as read, up to one of them; the bell of every open page follows."""
    return Marked(count=notices.mark_read(running.deps(), visitor, upto.up_to_id))
