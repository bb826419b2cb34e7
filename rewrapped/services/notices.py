"""What people are told: stored with what it is about, popped up once, kept in a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.storage import notifications
from rewrapped.storage.notifications import Notification

PAGE = 50
_KEPT = timedelta(days=365)


def wake(deps: Deps, user_ids: Iterable[int]) -> None:
    """Let open pages of these people look for messages; call it after the transaction that stored them."""
    for user_id in user_ids:
        deps.signals.send(user_id)


def take_messages(deps: Deps, visitor: Visitor) -> list[Notification]:
    """Return what popped up on none of the visitor's pages yet, and count it as shown: each is handed out once."""
    if visitor.user_id is None:
        return []
    with deps.engine.begin() as conn:
        return notifications.take_unshown(conn, visitor.user_id, deps.now())


def count_unread(deps: Deps, visitor: Visitor) -> int:
    """Return how many messages the visitor hasn't read; 0 for somebody who isn't signed in."""
    if visitor.user_id is None:
        return 0
    with deps.engine.connect() as conn:
        return notifications.count_unread(conn, visitor.user_id)


def list_messages(deps: Deps, visitor: Visitor, before_id: int | None = None) -> list[Notification]:
    """Return a page of the visitor's messages, newest first; `before_id` goes on below one of them.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    with deps.engine.connect() as conn:
        return notifications.list_notifications(conn, visitor.signed_in(), PAGE, before_id)


def mark_read(deps: Deps, visitor: Visitor, up_to_id: int) -> int:
    """Count the visitor's messages up to this one as read, in all tabs; return how many weren't yet.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    with deps.engine.begin() as conn:
        marked = notifications.mark_read(conn, visitor.signed_in(), up_to_id, deps.now())
    if marked:
        wake(deps, [visitor.signed_in()])
    return marked


def purge_old(deps: Deps) -> int:
    """Delete messages that are over a year old; return how many."""
    with deps.engine.begin() as conn:
        return notifications.delete_before(conn, deps.now() - _KEPT)
