"""`/connections`: services whose listens are fetched for somebody."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.scrobbling import NAME_MAX, SERVICES, State
from rewrapped.services import scrobbles
from rewrapped.web.v1.asking import Importing, Moment, Read

router = APIRouter(prefix="/connections", tags=["imports"])


class ServiceName(StrEnum):
    """A service that can be connected by a name."""

    LISTENBRAINZ = "listenbrainz"
    LASTFM = "lastfm"


class Connection(Read):
    """How a service stands; what isn't connected has no name. `resume_at` is when a service that rests goes on."""

    service: ServiceName
    is_open: bool
    name: str | None = None
    state: State | None = None
    total: int | None = None
    fetched: int | None = None
    message: str | None = None
    connected_at: Moment | None = None
    checked_at: Moment | None = None
    due_at: Moment | None = None
    resume_at: Moment | None = None


class Connections(Read):
    """All services, connected or not."""

    items: list[Connection]


class Disconnected(Read):
    """How many rows went."""

    row_count: int


class NewConnection(BaseModel):
    """The name somebody goes by at a service."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=NAME_MAX)]


@router.get("")
def list_connections(visitor: Importing) -> Connections:
    """Return how each service stands."""
    return _connections(visitor)


@router.put("/{service}")
def connect(visitor: Importing, service: ServiceName, sent: NewConnection) -> Connections:
    """Connect a name, after the service was asked for it; its listens are fetched in the background."""
    scrobbles.connect(running.deps(), visitor, SERVICES[service], sent.name)
    return _connections(visitor)


@router.post("/{service}/sync")
def sync_now(visitor: Importing, service: ServiceName) -> Connections:
    """Look for new listens as soon as a worker can."""
    scrobbles.sync_now(running.deps(), visitor, SERVICES[service])
    return _connections(visitor)


@router.delete("/{service}")
def disconnect(visitor: Importing, service: ServiceName) -> Disconnected:
    """Forget a name, with every row that it alone brought."""
    return Disconnected(row_count=scrobbles.disconnect(running.deps(), visitor, SERVICES[service]))


def _connections(visitor: Visitor) -> Connections:
    return Connections(items=[_connection(one) for one in scrobbles.list_connections(running.deps(), visitor)])


def _connection(standing: scrobbles.Standing) -> Connection:
    names = ("name", "state", "total", "fetched", "message", "connected_at", "checked_at", "due_at")
    held = {name: getattr(standing.account, name) for name in names} if standing.account else {}
    resume_at = standing.pause.resume_at if standing.pause else None
    return Connection(service=ServiceName(standing.service), is_open=standing.is_open, resume_at=resume_at, **held)
