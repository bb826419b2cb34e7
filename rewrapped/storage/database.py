"""The engine, what its driver's errors mean, and bringing a database to the schema of this program."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg2
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Connection  # noqa: PLC0414 - services name it through this module
from sqlalchemy import Engine as Engine  # noqa: PLC0414 - the same
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from rewrapped.errors import SetupError, StoreDown

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6D757369  # whoever migrates holds this advisory lock
_CONNECT_S = 5
_CALL_S, _REST_S = 3, 5.0
DOWN = "The database doesn't answer just now. Please try again in a moment."
_SERVER_TROUBLE = ("08", "53", "57P", "58")  # SQLSTATE: connection, resources, shutdown, system


@dataclass(frozen=True, slots=True)
class Schema:
    """Which revision a database is at, and which one this program needs; None: no schema yet."""

    found: str | None
    needed: str | None

    @property
    def fits(self) -> bool:
        """Return whether this program can work with the database."""
        return self.found == self.needed


class _Pool(QueuePool):
    """A pool whose connections are all taken is a database that doesn't answer; so is one that rests."""

    rests_until = 0.0  # on the monotonic clock

    def connect(self) -> PoolProxiedConnection:
        """Hand over a connection.

        Raises:
            StoreDown: none became free in time, or the server was just found silent.
        """
        if time.monotonic() < self.rests_until:
            raise StoreDown(DOWN)
        try:
            return super().connect()
        except PoolTimeout as error:
            raise StoreDown(DOWN) from error


def make_engine(url: str, *, pool_size: int = 10, pool_wait_s: float = 10) -> Engine:
    """Return an engine for a `postgresql://` address; its errors of reaching the server are StoreDown.

    At most twice `pool_size` connections are open at a time; who waits longer
    than `pool_wait_s` for one gets StoreDown.

    Raises:
        SetupError: the address can't be read, or isn't Postgres.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SetupError("DATABASE_URL can't be read; it looks like postgresql://user:password@host/name.") from error
    if parsed.drivername.partition("+")[0] not in ("postgresql", "postgres"):
        raise SetupError("DATABASE_URL has to be the address of a Postgres database (postgresql://...).")
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg2"),
        poolclass=_Pool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=pool_wait_s,
        pool_pre_ping=True,
        hide_parameters=True,  # an error is logged, and what people told isn't to stand in a log
        connect_args={"connect_timeout": _CONNECT_S, "application_name": "rewrapped"},
    )
    event.listen(engine, "handle_error", _translate)
    return engine


def _translate(context: ExceptionContext) -> None:
    """Raise StoreDown where the server can't be reached or can't work; leave other errors as they are."""
    if context.is_pre_ping or not isinstance(context.sqlalchemy_exception, DBAPIError):
        return
    if context.is_disconnect or is_server_trouble(context.original_exception):
        raise StoreDown(DOWN) from context.original_exception


def is_server_trouble(error: BaseException) -> bool:
    """Return whether the driver's error says the server is away or can't work, not that it refuses a statement."""
    if not isinstance(error, psycopg2.Error):
        return False
    if error.pgcode is None:  # the server said nothing: the connection could not be made, or broke
        return isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError))
    return str(error.pgcode).startswith(_SERVER_TROUBLE)


def check(engine: Engine) -> Schema:
    """Ask the database for a sign of life and its revision.

    A server that stands still takes connections and says nothing, and whoever
    asks it something waits for as long as it does: so it is called by a
    connection that gives up, and where nothing is heard the engine hands out
    none for some seconds.

    Raises:
        StoreDown: it doesn't answer.
    """
    pool, began_s = engine.pool, time.monotonic()
    try:
        _call(engine)
    except StoreDown:
        # a refusal that came at once, as where every place is taken, says nothing against connections that are open
        if isinstance(pool, _Pool) and time.monotonic() - began_s > _CALL_S / 2:
            pool.rests_until = time.monotonic() + _REST_S
        raise
    if isinstance(pool, _Pool):
        pool.rests_until = 0.0
    with engine.connect() as conn:
        return schema_of(conn)


def _call(engine: Engine) -> None:
    """Open a connection and close it."""
    words, named = engine.dialect.create_connect_args(engine.url)
    try:
        psycopg2.connect(*words, **{**named, "connect_timeout": _CALL_S}).close()
    except psycopg2.Error as error:
        if is_server_trouble(error):
            raise StoreDown(DOWN) from error
        raise


@dataclass(frozen=True, slots=True)
class Description:
    """What an operator wants to know of a database."""

    version: str
    nbytes: int
    schema: Schema


def describe(engine: Engine) -> Description:
    """Return the server's version, the database's size and its revision.

    Raises:
        StoreDown: it doesn't answer.
    """
    with engine.connect() as conn:
        version = conn.execute(text("SHOW server_version")).scalar_one()
        nbytes = conn.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return Description(version, nbytes, schema_of(conn))


def holds_people(engine: Engine) -> bool:
    """Return whether anybody is in the database; one without a schema holds nobody.

    Raises:
        StoreDown: it doesn't answer.
    """
    with engine.connect() as conn:
        if conn.execute(text("SELECT to_regclass('users')")).scalar() is None:
            return False
        return bool(conn.execute(text("SELECT EXISTS (SELECT FROM users)")).scalar_one())


def schema_of(conn: Connection) -> Schema:
    """Return which revision the database is at, and which is needed."""
    found = MigrationContext.configure(conn).get_current_revision()
    return Schema(found, newest_revision())


@cache
def newest_revision() -> str | None:
    """Return the revision that this program needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def migrate(engine: Engine) -> None:
    """Bring the database to the schema of this program; processes that start together do it once.

    Raises:
        SetupError: the database is of a newer program, or this user may not change it.
        StoreDown: it doesn't answer.
    """
    with engine.begin() as conn:
        conn.execute(text("SET LOCAL lock_timeout = '60s'"))  # so that nobody waits for ever
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        schema = schema_of(conn)
        if schema.fits:
            return
        if schema.found is not None and schema.found not in _known():
            raise SetupError(f"The database is at revision {schema.found}, which this program doesn't know: update it.")
        config = _config()
        config.attributes["connection"] = conn
        command.upgrade(config, "head")


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
