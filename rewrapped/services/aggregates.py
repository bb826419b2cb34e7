"""Keeping `aggregated_stats` in step with the histories of listeners who chose to be compared.

Sums are of the sources that their owner opted in, and of nobody else's. What a
run didn't come to is due again, and one beside another does no harm.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from rewrapped.deps import Deps
from rewrapped.domain import genres
from rewrapped.domain.access import Visitor
from rewrapped.domain.aggregates import RULE, ZONE, Aggregate
from rewrapped.domain.peers import COMPARABLE
from rewrapped.domain.plays import Filter
from rewrapped.errors import NotFound, RewrappedError, StoreDown
from rewrapped.history.aggregates import aggregates
from rewrapped.services import listening
from rewrapped.storage import aggregates as rows
from rewrapped.storage import plays, preferences
from rewrapped.storage.aggregates import Joined

log = logging.getLogger(__name__)

RUN: Final = timedelta(seconds=50)
_PEOPLE_A_RUN: Final = 200
_REST: Final = timedelta(minutes=10)  # fresh plays come all day long

_JOB = "aggregate"
_JOB_S = 600


def enqueue_due(deps: Deps) -> int:
    """Queue a run if somebody's sums are out of step; return how many. For the tick."""
    return int(bool(_stale(deps, 1)) and deps.queue.enqueue(_JOB, key="aggregate", timeout_s=_JOB_S))


def refresh(deps: Deps) -> int:
    """Bring the sums of a bounded number of listeners into step, for most of a minute; return how many."""
    until, count = deps.now() + RUN, 0
    for one in _stale(deps, _PEOPLE_A_RUN):
        if deps.now() >= until:
            break
        count += _rebuild_kindly(deps, one)
    return count


def rebuild(deps: Deps, visitor: Visitor) -> bool:
    """Count a listener's sums anew, from their history alone; return whether they were stored.

    Raises:
        NotFound: their account is gone.
        StoreDown: the database doesn't answer.
    """
    user_id = visitor.writer()
    with deps.engine.connect() as conn:
        listener = plays.find_listener(conn, user_id)
        sources = preferences.find_preferences(conn, user_id).compared_sources & frozenset(COMPARABLE)
    if listener is None:
        raise NotFound("This account no longer exists.")
    found: list[Aggregate] = []
    if sources:
        history = listening.history(deps, visitor, rule=RULE, zone=ZONE)
        found = aggregates(history.filter(Filter(sources=sources)), genres.seeded)
    with deps.engine.begin() as conn:
        if rows.hold_compared(conn, user_id) != sources or plays.find_listener(conn, user_id) != listener:
            return False  # they changed their mind, or their history, meanwhile: the next run does it
        rows.replace(conn, user_id, found)
        rows.set_refreshed(conn, user_id, listener.history_version, genres.seed_version(), deps.now())
    return True


def _stale(deps: Deps, limit: int) -> list[Joined]:
    with deps.engine.connect() as conn:
        return rows.list_stale(conn, genres.seed_version(), deps.now() - _REST, limit)


def _rebuild_kindly(deps: Deps, one: Joined) -> int:
    """Count one listener's sums anew; whatever is wrong with them alone keeps nobody else waiting."""
    try:
        return int(rebuild(deps, Visitor.person(one.user_id, one.role)))
    except NotFound:
        return 0
    except StoreDown:
        raise
    except RewrappedError as error:
        log.warning("sums of user %d weren't counted: %s", one.user_id, error)
        return 0
