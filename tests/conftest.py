"""Real servers for every test that asks: in a home of their own, never a person's.

Each run of the tests has its own temporary home and its own database, so runs
can be beside each other and beside a running site.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from redis import Redis
from sqlalchemy import Engine, text

from rewrapped.deps import Deps, Site
from rewrapped.embedded.servers import Urls, Wanted, running
from rewrapped.history.store import Histories
from rewrapped.queueing import RqQueue
from rewrapped.signals import RedisSignals
from rewrapped.storage import database
from rewrapped.storage.tables import metadata

hypothesis_settings.register_profile("steady", deadline=None, derandomize=True)  # the same cases each time
hypothesis_settings.load_profile("steady")

_TEST_DATABASE = re.compile(r"rewrapped_test_[0-9a-f]{12}")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **amount: float) -> datetime:
        """Move on by what timedelta takes (`seconds=5`, `days=1`); return the new moment."""
        self.at += timedelta(**amount)
        return self.at


def truncate_all(engine: Engine) -> None:
    """Empty every table of a test database; any other database is refused."""
    if not _TEST_DATABASE.fullmatch(engine.url.database or ""):
        raise AssertionError(f"{engine.url.database} is not a test database, and stays as it is")
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with engine.begin() as conn:
        conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


@pytest.fixture(scope="session")
def servers() -> Iterator[Urls]:
    """Postgres and Valkey in a temporary home, for the whole run."""
    with (
        tempfile.TemporaryDirectory(prefix="rw-test-", dir="/tmp", ignore_cleanup_errors=True) as home,
        running(Path(home), Wanted(durable=False)) as urls,
    ):
        yield urls


@pytest.fixture(scope="session")
def database_url(servers: Urls) -> Iterator[str]:
    """The address of a fresh database called rewrapped_test_<random>, with the schema in it."""
    assert servers.database is not None
    name = f"rewrapped_test_{secrets.token_hex(6)}"
    url = servers.database.replace("/rewrapped?", f"/{name}?")
    first = database.make_engine(servers.database)
    with first.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    migrated = database.make_engine(url)
    database.migrate(migrated)
    migrated.dispose()
    yield url
    with first.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    first.dispose()


@pytest.fixture(scope="session")
def session_engine(database_url: str) -> Iterator[Engine]:
    """One engine for the whole run; tests use `engine`."""
    engine = database.make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(session_engine: Engine) -> Engine:
    """An engine on the test database, whose tables are empty before each test."""
    truncate_all(session_engine)
    return session_engine


@pytest.fixture(scope="session")
def session_redis(servers: Urls) -> Iterator[Redis]:
    """One connection pool for the whole run; tests use `redis`."""
    assert servers.redis is not None
    redis = Redis.from_url(servers.redis)
    yield redis
    redis.close()


@pytest.fixture
def redis(session_redis: Redis) -> Redis:
    """A Valkey with nothing in it."""
    session_redis.flushall()
    return session_redis


@pytest.fixture
def clock() -> Clock:
    """A clock at 2026-11-22 12:00 UTC."""
    return Clock()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """What services know of the settings; uploads and cache are in the test's own folder."""
    for name in ("uploads", "cache"):
        (tmp_path / name).mkdir()
    return Site(
        base_url="http://127.0.0.1:8501",
        product_name="Music Re-Wrapped",
        registration="open",
        secret_key=b"a secret of the tests, 32 bytes!",
        upload_limit_bytes=1 << 30,
        uploads=tmp_path / "uploads",
        cache=tmp_path / "cache",
        token_keys="bm90IGEgc2VjcmV0LCBidXQgdGhpcnR5LXR3byBieXQ=",
    )


@pytest.fixture
def deps(engine: Engine, redis: Redis, site: Site, clock: Clock) -> Iterator[Deps]:
    """Everything a service is handed: real stores, and a clock that a test moves."""
    signals = RedisSignals(redis)
    yield Deps(
        engine=engine,
        redis=redis,
        queue=RqQueue(redis),
        signals=signals,
        histories=Histories(),
        site=site,
        clock=clock,
    )
    signals.close()


@pytest.fixture
def clean(engine: Engine) -> Engine:
    """Empty tables before the test: for modules that don't ask for `engine` or `deps` themselves."""
    return engine
