"""From settings to Deps: the one place where engine, Redis, queue and stores are put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rewrapped.deps import Deps, Site
from rewrapped.embedded.supervisor import address, connected, migrate
from rewrapped.errors import SetupError
from rewrapped.history.store import Histories
from rewrapped.queueing import RqQueue, make_redis
from rewrapped.settings import Settings
from rewrapped.signals import RedisSignals
from rewrapped.storage import database


def build(settings: Settings) -> Deps:
    """Return what services need; nothing is started and nothing is connected to yet.

    The settings have to be complete: `embedded.supervisor.attached` and
    `connected` hand over such.

    Raises:
        SetupError: an address can't be read, or one is missing.
    """
    redis = make_redis(address(settings.redis_url))
    return Deps(
        engine=database.make_engine(address(settings.database_url)),
        redis=redis,
        queue=RqQueue(redis),
        signals=RedisSignals(redis),
        histories=Histories(),
        site=_site(settings),
    )


def close(deps: Deps) -> None:
    """Let go of every connection."""
    deps.signals.close()
    deps.engine.dispose()
    deps.redis.close()


@contextmanager
def opened(settings: Settings) -> Iterator[Deps]:
    """Hand over Deps with servers running and the schema current: what a terminal command and a worker need.

    Raises:
        SetupError: the servers can't run here, or a needed setting is missing.
        StoreDown: a database of somebody else doesn't answer.
    """
    with connected(settings) as complete:
        migrate(complete)
        deps = build(complete)
        try:
            yield deps
        finally:
            close(deps)


def _site(settings: Settings) -> Site:
    if settings.secret_key is None:
        raise SetupError("REWRAPPED_SECRET_KEY is missing.")
    for folder in (settings.uploads, settings.home / "cache"):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SetupError(
                f"{folder} can't be made ({error.strerror}); set REWRAPPED_HOME to a folder of your own."
            ) from error
    return Site(
        base_url=settings.base_url,
        product_name=settings.product_name,
        registration=settings.registration,
        secret_key=settings.secret_key.get_secret_value().encode(),
        uploads=settings.uploads,
        cache=settings.home / "cache",
        upload_limit_bytes=settings.upload_limit_bytes,
    )
