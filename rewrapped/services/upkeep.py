"""Whether what the site stands on is there."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.errors import StoreDown
from rewrapped.storage import database


def is_back(deps: Deps) -> bool:
    """Return whether the database answers."""
    try:
        database.check(deps.engine)
    except StoreDown:
        return False
    return True
