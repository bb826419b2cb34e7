"""What an operator sees of the running site: outside services, queues, workers, failed jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import EventSource
from rewrapped.domain.jobs import FailedJob, QueueFigures, WorkerFigures
from rewrapped.domain.sweeping import PLANS
from rewrapped.services import learning, sweeps, upkeep
from rewrapped.storage import api_calls
from rewrapped.storage import sweeps as pauses
from rewrapped.storage.api_calls import ServiceFigures

_FAILED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Quota:
    """What a source of events allows in a period, and what is left of it for sweeps now."""

    source: EventSource
    has_key: bool
    allowed: int
    left: int
    period: timedelta
    resume_at: datetime | None  # it isn't asked until then
    reason: str


@dataclass(frozen=True, slots=True)
class Work:
    """Background work as Redis knows it."""

    queues: Sequence[QueueFigures] = ()
    workers: Sequence[WorkerFigures] = ()
    failed: Sequence[FailedJob] = ()


def state(deps: Deps, visitor: Visitor) -> upkeep.State:
    """Return what of the site's ground works.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    return upkeep.state(deps)


def services(deps: Deps, visitor: Visitor, period: timedelta) -> list[ServiceFigures]:
    """Return how each outside service answered in the period up to now.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        return api_calls.summarise(conn, deps.now() - period)


def quotas(deps: Deps, visitor: Visitor) -> list[Quota]:
    """Return what each source of events allows, whether there is a key for it or not.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    return [_quota(deps, source) for source in PLANS]


def genres(deps: Deps, visitor: Visitor) -> learning.Standing:
    """Return how learning genres of artists stands.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    return learning.standing(deps)


def work(deps: Deps, visitor: Visitor) -> Work:
    """Return queues, workers, and the jobs that failed lately.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
        StoreDown: Redis doesn't answer.
    """
    visitor.allowed(Permission.ADMINISTER)
    return Work(deps.queue.figures(), deps.queue.list_workers(), deps.queue.list_failed(_FAILED_SHOWN))


def _quota(deps: Deps, source: EventSource) -> Quota:
    with deps.engine.connect() as conn:
        pause = pauses.find_pause(conn, source, deps.now())
    return Quota(
        source=source,
        has_key=source in deps.event_clients,
        allowed=PLANS[source].budget,
        left=max(0, sweeps.budget_left(deps, source)),
        period=PLANS[source].period,
        resume_at=pause.resume_at if pause else None,
        reason=pause.reason if pause else "",
    )
