"""What a database that is away, full or cut off looks like from above: one error, whichever way it is reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import psycopg2
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from rewrapped.errors import StoreDown
from rewrapped.storage import database, pgcopy

_ONE = [("n", ">i4")]


@pytest.fixture
def tiny(database_url: str) -> Iterator[Engine]:
    """An engine that has two connections, and waits for a third for a moment only."""
    made = database.make_engine(database_url, pool_size=1, pool_wait_s=0.05)
    yield made
    made.dispose()


def cut(conn: Connection, engine: Engine) -> None:
    """Let the server end a connection, as it does when it stops."""
    number = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})


def test_a_pool_with_no_connection_left_is_a_store_that_is_down(tiny: Engine) -> None:
    with tiny.connect(), tiny.connect():
        for ask in (tiny.connect, lambda: tiny.begin().__enter__(), lambda: database.check(tiny)):
            with pytest.raises(StoreDown):
                ask()
    assert database.check(tiny).fits


def test_a_disposed_engine_keeps_its_pool(tiny: Engine) -> None:
    tiny.dispose()
    with tiny.connect(), tiny.connect(), pytest.raises(StoreDown):
        tiny.connect()


def copy_out(conn: Connection) -> None:
    pgcopy.copy_out(conn, "SELECT 1", _ONE)


def copy_in(conn: Connection) -> None:
    pgcopy.copy_in(conn, "somewhere", _ONE, {"n": np.zeros(3, ">i4")}, 3)


def copy_text(conn: Connection) -> None:
    pgcopy.copy_text(conn, "somewhere", ["n"], iter([[1], [2]]))


def ask(conn: Connection) -> None:
    conn.execute(text("SELECT 1"))


@pytest.mark.parametrize("reach", [copy_out, copy_in, copy_text, ask])
def test_a_connection_that_was_cut_is_a_store_that_is_down(tiny: Engine, engine: Engine, reach) -> None:
    with tiny.connect() as conn:
        cut(conn, engine)
        with pytest.raises(StoreDown):
            reach(conn)


@pytest.mark.parametrize("copy", [copy_out, copy_in, copy_text])
def test_a_connection_that_is_closed_on_our_side_is_a_store_that_is_down(tiny: Engine, copy) -> None:
    with tiny.connect() as conn:
        conn.connection.dbapi_connection.close()
        with pytest.raises(StoreDown):
            copy(conn)


def test_a_connection_cut_in_the_middle_of_a_copy_is_a_store_that_is_down(tiny: Engine, engine: Engine) -> None:
    def rows(conn: Connection) -> Iterator[list[str]]:
        for number in range(200_000):
            if number == 3000:
                with engine.connect() as other:
                    other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": pid})
            yield ["x" * 100]

    with tiny.connect() as conn:
        conn.execute(text("CREATE TEMP TABLE filled (word text)"))
        pid = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with pytest.raises(StoreDown):
            pgcopy.copy_text(conn, "filled", ["word"], rows(conn))


def test_a_statement_the_server_refuses_is_a_defect_and_not_a_store_that_is_down(tiny: Engine) -> None:
    with tiny.connect() as conn, pytest.raises(psycopg2.errors.UndefinedTable):
        copy_in(conn)
    with tiny.connect() as conn, pytest.raises(ProgrammingError):
        conn.execute(text("SELECT * FROM nowhere"))


def test_a_copy_that_waited_too_long_for_a_lock_is_not_a_store_that_is_down(tiny: Engine) -> None:
    with tiny.begin() as holder, tiny.connect() as waiting:
        holder.execute(text("LOCK TABLE users"))
        waiting.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(psycopg2.errors.LockNotAvailable):
            pgcopy.copy_out(waiting, "SELECT 1 FROM users", _ONE)
