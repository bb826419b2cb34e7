"""Where measurements of the whole product happen: servers of their own in a folder that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis

from rewrapped.deps import Deps, Site
from rewrapped.embedded.servers import Wanted, running
from rewrapped.history.store import Histories
from rewrapped.queueing import RqQueue
from rewrapped.signals import RedisSignals
from rewrapped.storage import database


@dataclass(frozen=True, slots=True)
class Ground:
    """Deps over running servers, their addresses, and the folder they live in."""

    deps: Deps
    folder: Path
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)


@contextmanager
def ground() -> Iterator[Ground]:
    """Start Postgres and Valkey as the product does, durability included; all is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="rw-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with running(folder / "home", Wanted()) as urls:
            assert urls.database
            assert urls.redis
            with joined(folder, urls.database, urls.redis) as held:
                yield held


@contextmanager
def joined(folder: Path, database_url: str, redis_url: str) -> Iterator[Ground]:
    """Use servers that run; the schema is brought up to date."""
    engine, redis = database.make_engine(database_url), Redis.from_url(redis_url)
    database.migrate(engine)
    site = Site("", "", "open", b"k" * 64, 1 << 30, uploads=folder, cache=folder / "cache")
    deps = Deps(
        engine=engine, redis=redis, queue=RqQueue(redis), signals=RedisSignals(redis), histories=Histories(), site=site
    )
    try:
        yield Ground(deps, folder, database_url, redis_url)
    finally:
        redis.close()
        engine.dispose()
