"""What a person is told the next time they look."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.storage import notifications
from rewrapped.storage.notifications import Notification


def take_messages(deps: Deps, visitor: Visitor) -> list[Notification]:
    """Return what the visitor wasn't told yet, and count it as told."""
    if visitor.user_id is None:
        return []
    with deps.engine.begin() as conn:
        return notifications.take_unread(conn, visitor.user_id, deps.now())
