"""Telling people of new shows near them, of somebody they follow or play a lot: each show once, a few a day.

A show is new to a person while no source told of it before the moment up to
which was looked for them. That moment is stored with them, and so is every
show they were told of, so a run that is repeated, or goes beside another one,
tells nothing twice. Who was told enough for a day waits for the next one, and
so do the shows.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.days import weekday_and_day
from rewrapped.domain.events import EventStatus
from rewrapped.domain.fit import Performer, fit, is_loved
from rewrapped.domain.notices import Kind, Notice, short_name
from rewrapped.domain.shows import Search, Show
from rewrapped.domain.sweeping import Window
from rewrapped.errors import NotFound, RewrappedError, StoreDown
from rewrapped.services import fitting, notices, sweeps, whereabouts
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import announcements, notifications, shows
from rewrapped.storage.announcements import Watcher
from rewrapped.storage.database import Connection

log = logging.getLogger(__name__)

ONE_BY_ONE: Final = 3  # messages a person and day; one more sums up the rest
_PEOPLE_A_RUN: Final = 200
_CANDIDATES: Final = 3000  # new listings near one person that are weighed; the soonest, where there are more
_SETTLED: Final = timedelta(minutes=2)  # a listing is stamped before its transaction ends
_NAMED: Final = 3

_JOB = "announce_events"
_JOB_S = 600


@dataclass(frozen=True, slots=True)
class _Loved:
    """A new show of somebody whom a person follows or plays a lot."""

    group: int
    performer: Performer
    score: float


@dataclass(frozen=True, slots=True)
class _News:
    """A new show, ready to be told."""

    show: Show
    performer: Performer


def enqueue_due(deps: Deps) -> int:
    """Queue a run if something new may be listed for somebody; return how many. For the tick."""
    with deps.engine.connect() as conn:
        is_due = bool(announcements.list_due(conn, deps.now(), 1))
    return int(is_due and deps.queue.enqueue(_JOB, key="announce-events", timeout_s=_JOB_S))


def announce(deps: Deps) -> int:
    """Tell a bounded number of people of new shows, in no order; return how many messages."""
    with deps.engine.connect() as conn:
        due = announcements.list_due(conn, deps.now(), _PEOPLE_A_RUN)
    return sum(_look_kindly(deps, watcher) for watcher in due)


def _look_kindly(deps: Deps, watcher: Watcher) -> int:
    """Look for one person; whatever is wrong with them alone keeps nobody else waiting."""
    try:
        return _look(deps, watcher)
    except StoreDown:
        raise
    except RewrappedError as error:
        log.warning("new shows weren't looked at for user %d: %s", watcher.user_id, error)
        return 0


def _look(deps: Deps, watcher: Watcher) -> int:
    """Look at what is new for one person, and tell them; return how many messages."""
    began_at = deps.now()
    try:
        loved = _loved(deps, watcher)
    except NotFound:  # their account went meanwhile
        return 0
    with deps.engine.begin() as conn:
        if announcements.hold_watcher(conn, watcher.user_id, began_at) != watcher:
            return 0  # they changed their mind or place, or somebody else looks: the next run does it
        told, is_enough = _tell(deps, conn, watcher, _news(conn, watcher, loved))
        quiet_until = _midnight(watcher, began_at, days=1) if is_enough else None
        announcements.set_looked(conn, watcher.user_id, began_at - _SETTLED, quiet_until)
    if told:
        notices.wake(deps, [watcher.user_id])
    return told


def _loved(deps: Deps, watcher: Watcher) -> list[_Loved]:
    """Return what is new near a person and of somebody they love, the best fit first; its twins are tied."""
    visitor = Visitor.person(watcher.user_id, watcher.role)
    here = Whereabouts(whereabouts.find(watcher.place_id), watcher.radius_km)
    if here.around is None or not visitor.may(Permission.KEEP_EVENTS):
        return []
    wanted = Search(around=here.around, listed_since=watcher.looked_at)
    with deps.engine.connect() as conn:
        bills = shows.list_bills(conn, wanted, deps.now(), _CANDIDATES)
        for group in announcements.list_unfit(conn, watcher.user_id, bills):
            del bills[group]
    if not bills:
        return []
    taste = fitting.taste(deps, visitor, here, bills.values())
    found = []
    for group, bill in bills.items():
        occasion = taste.occasion(bill)
        performer = next(filter(is_loved, occasion.performers), None)
        if performer is not None:
            found.append(_Loved(group, performer, fit(occasion, taste.listener).score))
    for day in sorted({bills[one.group].start_on for one in found}):
        sweeps.tie_twins(deps, Window(day, day + timedelta(days=1)))
    return sorted(found, key=lambda one: (-one.score, one.group))


def _news(conn: Connection, watcher: Watcher, loved: Sequence[_Loved]) -> list[_News]:
    """Return the shows that are new indeed, now that twins are tied."""
    groups = {one.group: shows.find_group(conn, one.group) for one in loved}
    known = {group for group in groups.values() if group is not None}
    found = shows.list_shows(conn, known - announcements.list_unfit(conn, watcher.user_id, known))
    performers: dict[int | None, Performer] = {}
    for one in loved:
        performers.setdefault(groups[one.group], one.performer)
    told = {group: found[group] for group in performers if group in found}
    return [_News(show, performers[group]) for group, show in told.items() if _is_news(show, watcher)]


def _is_news(show: Show, watcher: Watcher) -> bool:
    is_on = show.listing.status in (EventStatus.SCHEDULED, EventStatus.RESCHEDULED) and not show.is_gone
    return is_on and show.added_at >= watcher.looked_at


def _tell(deps: Deps, conn: Connection, watcher: Watcher, news: Sequence[_News]) -> tuple[int, bool]:
    """Store the messages; return how many, and whether that is enough for the person's day."""
    now, user_id = deps.now(), watcher.user_id
    today = notifications.count_since(conn, user_id, Kind.FOR_YOU, _midnight(watcher, now))
    room = max(0, ONE_BY_ONE - today)
    new = [one for one in news if announcements.add_announced(conn, user_id, one.show.group, now)]
    messages = [_notice(one) for one in new[:room]]
    rest = new[room:]
    if rest:
        messages.append(_summary(rest))
    return sum(notifications.add_notification(conn, user_id, one, now) for one in messages), bool(rest)


def _notice(one: _News) -> Notice:
    told = one.show.listing
    where = f"{told.venue.name} in {told.venue.city}" if told.venue.city else told.venue.name
    what = f"{short_name(told.title)}, {weekday_and_day(told.start_on)}, {short_name(where)}"
    body = f"New near you: {what}. {_why(one.performer)}"
    return Notice(Kind.FOR_YOU, body, link=f"event?id={one.show.id}", key=f"for-you-{one.show.group}")


def _summary(rest: Sequence[_News]) -> Notice:
    names = list(dict.fromkeys(short_name(one.performer.name) for one in rest))
    named = ", ".join(names[:_NAMED]) + (" and others" if len(names) > _NAMED else "")
    count = "1 more new show" if len(rest) == 1 else f"{len(rest):,} more new shows"
    body = f"{count} near you, of artists you follow or play a lot: {named}."
    return Notice(Kind.FOR_YOU, body, link="events", key=f"for-you-more-{rest[0].show.group}")


def _why(performer: Performer) -> str:
    if performer.is_followed:
        return f"You follow {short_name(performer.name)}."
    return f"You have played {short_name(performer.name)} {performer.plays:,} times."


def _midnight(watcher: Watcher, now: datetime, days: int = 0) -> datetime:
    """Return the beginning of a person's local day, so many days from today."""
    zone = ZoneInfo(watcher.zone)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(), zone)
