"""`/preferences/views`: listening pages under filters, kept under names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.savedviews import NAME_MAX
from rewrapped.services import savedviews
from rewrapped.web.v1.asking import Id, Moment, Preferring, Read

router = APIRouter(prefix="/preferences/views", tags=["preferences"])

Name = Annotated[str, Field(min_length=1, max_length=NAME_MAX)]


class View(Read):
    """A saved view; `path` is its address on this site, null where what is stored leads nowhere any more."""

    id: int
    name: str
    path: str | None
    created_at: Moment


class Views(Read):
    """All saved views, by name."""

    items: list[View]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewView(_Sent):
    """A view to keep: `page` is a listening page such as `tops`, `query` what its address says after the `?`."""

    name: Name
    page: Annotated[str, Field(max_length=40)]
    query: Annotated[str, Field(max_length=2_000)]


class NewName(_Sent):
    """Another name."""

    name: Name


@router.get("")
def list_views(visitor: Preferring) -> Views:
    """Return all saved views."""
    return _views(visitor)


@router.post("")
def save_view(visitor: Preferring, sent: NewView) -> Views:
    """Keep a view under a name that none of the others has; the query names at least a `range`, as the pages do."""
    savedviews.save_view(running.deps(), visitor, sent.name, sent.page, sent.query)
    return _views(visitor)


@router.put("/{view_id}")
def rename_view(visitor: Preferring, view_id: Id, sent: NewName) -> Views:
    """Give a view another name."""
    savedviews.rename_view(running.deps(), visitor, view_id, sent.name)
    return _views(visitor)


@router.delete("/{view_id}")
def delete_view(visitor: Preferring, view_id: Id) -> Views:
    """Take a view away."""
    savedviews.delete_view(running.deps(), visitor, view_id)
    return _views(visitor)


def _views(visitor: Visitor) -> Views:
    found = savedviews.list_views(running.deps(), visitor)
    return Views(
        items=[
            View(
                id=view.id,
                name=view.name,
                path=None if view.address is None else f"/{view.address}",
                created_at=view.created_at,
            )
            for view in found
        ]
    )
