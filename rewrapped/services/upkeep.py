"""Whether what the site stands on is there."""

from __future__ import annotations

from dataclasses import dataclass

from redis import RedisError

from rewrapped.deps import Deps
from rewrapped.errors import StoreDown
from rewrapped.storage import database


@dataclass(frozen=True, slots=True)
class State:
    """What works: the database answers, its schema is this program's, Redis answers."""

    database: bool
    schema: bool
    redis: bool


def state(deps: Deps) -> State:
    """Ask everything the site stands on for a sign of life."""
    schema = _schema(deps)
    return State(schema is not None, schema is not None and schema.fits, _redis_answers(deps))


def is_back(deps: Deps) -> bool:
    """Return whether the database answers."""
    return _schema(deps) is not None


def _schema(deps: Deps) -> database.Schema | None:
    """Return which revision the database is at, None while it doesn't answer."""
    try:
        return database.check(deps.engine)
    except StoreDown:
        return None


def _redis_answers(deps: Deps) -> bool:
    try:
        return bool(deps.redis.ping())
    except RedisError:
        return False
