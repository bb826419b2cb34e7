"""Telling listeners that their week or month is over and can be looked at: each once, where it has enough plays.

Whose clock says so is found by their zones, so that a quiet hour costs one
look at those; whom it may concern, by an index, and only their histories are
read. That a week or month was looked at is stored with the message, so a run
that is repeated, or goes beside another one, tells nothing twice, and one that
is stopped goes on where it was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain import recaps
from rewrapped.domain.access import Visitor
from rewrapped.domain.days import MONTHS
from rewrapped.domain.notices import Kind, Notice, short_name
from rewrapped.domain.plays import Filter
from rewrapped.domain.recaps import Period, Recap
from rewrapped.errors import NotFound, RewrappedError, StoreDown
from rewrapped.history.recap import Recapped, recapped
from rewrapped.history.wrapped import ENOUGH_PLAYS
from rewrapped.services import listening, notices
from rewrapped.services.wrapped_cards import count
from rewrapped.storage import notifications
from rewrapped.storage import plays as rows_of
from rewrapped.storage import recaps as rows
from rewrapped.storage.database import Connection
from rewrapped.storage.recaps import Due

log = logging.getLogger(__name__)

RUN: Final = timedelta(seconds=50)
_PEOPLE_A_RUN: Final = 1000
_ENOUGH_OF_ONE: Final = 5  # plays of an artist who is named

_JOB = "tell_recaps"
_JOB_S = 300


def enqueue_due(deps: Deps) -> int:
    """Queue a run if somebody may have to be told; return how many. For the tick."""
    with deps.engine.connect() as conn:
        is_due = any(_list_due(deps, conn, 1))
    return int(is_due and deps.queue.enqueue(_JOB, key="tell-recaps", timeout_s=_JOB_S))


def tell(deps: Deps) -> int:
    """Look at a bounded number of people's weeks and months, for most of a minute; return how many messages."""
    until = deps.now() + RUN
    with deps.engine.connect() as conn:
        found = list(_list_due(deps, conn, _PEOPLE_A_RUN))
    told = 0
    for one in found:
        if deps.now() >= until:
            break
        told += _tell_kindly(deps, one)
    return told


def skip_due(deps: Deps, conn: Connection, user_id: int) -> None:
    """Count what could be told to a person now as looked at: it was over while they didn't want to hear of it."""
    listener = rows_of.find_listener(conn, user_id)
    for recap in recaps.due(ZoneInfo(listener.zone), deps.now()) if listener else ():
        rows.set_looked(conn, user_id, recap)


def notice(recap: Recap, found: Recapped) -> Notice:
    """Return the message about a week or month; it leads to the story of those days."""
    last_on = recap.end_on - timedelta(days=1)
    link = f"wrapped?range=custom&from={recap.start_on}&to={last_on}"
    return Notice(Kind.RECAP, f"{_said(recap)}: {_played(found)}.", link=link, key=recap.key)


def _said(recap: Recap) -> str:
    month = MONTHS[recap.start_on.month - 1]
    return f"Your week from {recap.start_on.day} {month}" if recap.period is Period.WEEK else f"Your {month}"


def _played(found: Recapped) -> str:
    plays = count(found.plays, "play")
    if found.leader is None or found.leader_plays < _ENOUGH_OF_ONE:
        return f"{plays} of {count(found.artists, 'artist')}" if found.artists else plays
    name = short_name(found.leader)
    if found.leader_plays == found.plays:
        return f"{plays}, all of {name}"
    if found.leader_plays * 2 > found.plays:
        return f"{plays}, most of them of {name}"
    return f"{plays} of {count(found.artists, 'artist')}, {found.leader_plays:,} of {name} alone"


def _list_due(deps: Deps, conn: Connection, limit: int) -> Iterator[Due]:
    """Yield for whom which week or month may have to be told now, at most so many of each."""
    now = deps.now()
    wanted = [(recap, zone) for zone in rows.list_zones(conn) for recap in recaps.due(ZoneInfo(zone), now)]
    wanted.sort(key=lambda one: (one[0].key, one[1]))
    for recap, pairs in groupby(wanted, key=lambda one: one[0]):
        yield from rows.list_due(conn, recap, [zone for _, zone in pairs], limit)


def _tell_kindly(deps: Deps, one: Due) -> int:
    """Tell one person; whatever is wrong with them alone keeps nobody else waiting."""
    try:
        return int(_tell(deps, one))
    except NotFound:  # their account went meanwhile
        return 0
    except StoreDown:
        raise
    except RewrappedError as error:
        log.warning("the %s of user %d wasn't looked at: %s", one.recap.period, one.user_id, error)
        return 0


def _tell(deps: Deps, one: Due) -> bool:
    visitor = Visitor.person(one.user_id, one.role)
    history = listening.history(deps, visitor, zone=one.zone)
    found = recapped(history.filter(Filter(time_range=one.recap.time_range)))
    with deps.engine.begin() as conn:
        if not rows.set_looked(conn, one.user_id, one.recap) or found.plays < ENOUGH_PLAYS:
            return False
        told = notifications.add_notification(conn, one.user_id, notice(one.recap, found), deps.now())
    if told:
        notices.wake(deps, [one.user_id])
    return told
