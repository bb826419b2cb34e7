"""What admins alone do with a promoter's event: reinstate it, take it away, keep it apart. Each is noted, and told."""

from __future__ import annotations

from dataclasses import replace

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.days import weekday_and_day
from rewrapped.domain.events import EventStatus, clean_text
from rewrapped.domain.notices import Kind, Notice
from rewrapped.errors import Conflict, InvalidInput
from rewrapped.services import notices, promoting
from rewrapped.storage import notifications, people, promotions, saves
from rewrapped.storage.database import Connection
from rewrapped.storage.events import StoredEvent
from rewrapped.storage.promotions import OwnEvent

REASON_MAX = 500


def list_twins(deps: Deps, visitor: Visitor, event_id: int) -> list[StoredEvent]:
    """Return the other listings of the show that a promoter's event is tied to, the oldest first.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        NotFound: there is no such event of a promoter.
    """
    visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        promoting.own_event(conn, visitor, event_id)
        return promotions.list_twins(conn, event_id)


def reinstate(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Let an event that was called off take place after all; whoever saved it is told.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        NotFound: there is no such event of a promoter.
        Conflict: it isn't called off, it is over, or it was taken away.
    """
    admin_id = visitor.allowed(Permission.ADMINISTER)
    with deps.engine.begin() as conn:
        own = promoting.own_event(conn, visitor, event_id, hold=True)
        before = own.event.listing
        promoting.refuse_taken(own)
        if before.status is not EventStatus.CANCELLED or promoting.is_over(before, deps.now()):
            raise Conflict("This event isn't called off, or it is over.")
        after = replace(before, status=EventStatus.SCHEDULED, fetched_at=deps.now())
        promoting.store(conn, after, own.promotion, own.promoter_id, deps.now())
        told = promoting.tell_savers(deps, conn, own, after)
        told += _decided(deps, conn, admin_id, own, "reinstated", "takes place after all, an admin says.")
    notices.wake(deps, told)
    promoting.tie(deps, after)


def take_away(deps: Deps, visitor: Visitor, event_id: int, reason: str) -> None:
    """Hide an event from everybody but its promoter and admins, for a reason that the promoter is told.

    Whoever saved it is told that it is gone, and nothing of what its promoter
    wrote. Where somebody else lists the same show, that listing is saved for
    them instead, and they are told nothing: their show takes place.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        InvalidInput: there is no reason, or it is too long.
        NotFound: there is no such event of a promoter.
        Conflict: it was taken away already.
    """
    admin_id = visitor.allowed(Permission.ADMINISTER)
    if len(reason) > REASON_MAX:
        raise InvalidInput(f"A reason can have up to {REASON_MAX} characters.")
    told_why = clean_text(reason, REASON_MAX)
    if not told_why:
        raise InvalidInput("Give a reason: the promoter is told it.")
    with deps.engine.begin() as conn:
        own = promoting.own_event(conn, visitor, event_id, hold=True)
        promoting.refuse_taken(own)
        savers = promotions.list_savers(conn, event_id)
        promotions.take_away(conn, event_id, told_why, deps.now())
        told = _decided(deps, conn, admin_id, own, "taken away", f"was taken away by an admin. Reason: {told_why}")
        twin_id = promotions.find_listed_twin(conn, event_id)
        if twin_id is None:
            told += _tell_gone(deps, conn, own, savers)
        else:
            saves.move_saves(conn, event_id, twin_id)
    notices.wake(deps, told)
    promoting.tie(deps, own.event.listing)


def give_back(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Let an event that was taken away be seen again.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        NotFound: there is no such event of a promoter.
        Conflict: it wasn't taken away.
    """
    admin_id = visitor.allowed(Permission.ADMINISTER)
    with deps.engine.begin() as conn:
        own = promoting.own_event(conn, visitor, event_id, hold=True)
        if own.taken_at is None:
            raise Conflict("This event wasn't taken away.")
        promotions.give_back(conn, event_id)
        told = _decided(deps, conn, admin_id, own, "given back", "is listed again.")
    notices.wake(deps, told)
    promoting.tie(deps, own.event.listing)


def untie(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Keep an event apart from whatever looks like the same show, from now on.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        NotFound: there is no such event of a promoter.
        Conflict: it is kept apart already.
    """
    _set_alone(deps, visitor, event_id, stands_alone=True)


def tie_again(deps: Deps, visitor: Visitor, event_id: int) -> None:
    """Let an event that was kept apart be tied to the same show of other sources again.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        NotFound: there is no such event of a promoter.
        Conflict: it isn't kept apart.
    """
    _set_alone(deps, visitor, event_id, stands_alone=False)


def _set_alone(deps: Deps, visitor: Visitor, event_id: int, *, stands_alone: bool) -> None:
    admin_id = visitor.allowed(Permission.ADMINISTER)
    with deps.engine.begin() as conn:
        own = promoting.own_event(conn, visitor, event_id, hold=True)
        if own.stands_alone is stands_alone:
            raise Conflict("This event is kept apart already." if stands_alone else "This event isn't kept apart.")
        promotions.set_alone(conn, event_id, stands_alone=stands_alone)
        done = "kept apart" if stands_alone else "no longer kept apart"
        said = "stands by itself now" if stands_alone else "can be tied again to the same show of other sources"
        told = _decided(deps, conn, admin_id, own, done, f"{said}, an admin says.")
    notices.wake(deps, told)
    promoting.tie(deps, own.event.listing)


def _decided(deps: Deps, conn: Connection, admin_id: int, own: OwnEvent, done: str, said: str) -> list[int]:
    """Note a decision and tell the promoter, in the caller's transaction; return whom to wake."""
    people.add_audit(conn, admin_id, f"event {own.id}: {done}")
    if own.promoter_id is None or own.promoter_id == admin_id:
        return []
    key = f"own-event-{own.id}-{deps.now().isoformat()}"
    notice = Notice(Kind.OWN_EVENT, f"{own.event.listing.title} {said}", link=f"promoter?event={own.id}", key=key)
    return [own.promoter_id] if notifications.add_notification(conn, own.promoter_id, notice, deps.now()) else []


def _tell_gone(deps: Deps, conn: Connection, own: OwnEvent, savers: list[int]) -> list[int]:
    on = weekday_and_day(own.event.listing.start_on)
    body = f"A show on {on} that you saved isn't listed here any more: an admin took it away."
    notice = Notice(Kind.EVENT, body, link="saved", key=f"event-{own.id}-gone-{deps.now().isoformat()}")
    return [user_id for user_id in savers if notifications.add_notification(conn, user_id, notice, deps.now())]
