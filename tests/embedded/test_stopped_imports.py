"""What a stop in the middle of an import counts as: nothing, when somebody asked for it."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from rewrapped.domain.access import Role
from rewrapped.domain.importing import State
from rewrapped.embedded.servers import described
from rewrapped.queueing import RqQueue, make_redis
from rewrapped.services.imports import queue_key
from rewrapped.storage import database, imports, people
from rewrapped.storage.imports import ImportRow
from tests.embedded.program import Program, everything_of, kill_everything, serving, until
from tests.exports import extended_row


@contextmanager
def engine_of(home: Path) -> Iterator[Engine]:
    """Hand over a way into the database of a home."""
    engine = database.make_engine(described(home)[0].url, pool_size=3)
    yield engine
    engine.dispose()


def the_import(engine: Engine) -> ImportRow:
    """Return the one import there is."""
    with engine.connect() as conn:
        row = imports.find_import(conn, 1, 1)
    assert row is not None
    return row


def begin_import(engine: Engine, home: Path) -> None:
    """Queue an import of one row for somebody."""
    folder = home / "uploads" / "one"
    folder.mkdir(parents=True)
    (folder / "0").write_text(json.dumps([extended_row()]))
    with engine.begin() as conn:
        people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
        described_file = {"name": "Streaming_History_Audio_2023_1.json", "stored": "0", "bytes": 1}
        imports.add_import(conn, 1, [described_file], folder.name, include_incognito=False)
    with make_redis(described(home)[1].url) as redis:
        RqQueue(redis).enqueue("run_import", 1, 1, key=queue_key(1, 1), queue="imports", timeout_s=600)


def stop(program: Program) -> None:
    """Stop everything as an operator does."""
    program.process.send_signal(signal.SIGTERM)
    program.process.wait(15)


def kill(program: Program) -> None:
    """End everything as a machine that loses its power does."""
    kill_everything(program.home)


@pytest.mark.parametrize(("end", "counted"), [(stop, 1), (kill, 2)])
def test_only_a_start_that_broke_off_by_itself_counts(home: Path, end: Callable[[Program], None], counted: int) -> None:
    with serving(home) as program, engine_of(home) as engine, engine.connect() as conn:
        conn.execute(text("LOCK TABLE artists IN ACCESS EXCLUSIVE MODE"))  # the import can't go on
        begin_import(engine, home)
        assert until(lambda: the_import(engine).attempts == 1)
        end(program)
        conn.invalidate()  # its server is gone
    assert until(lambda: not everything_of(home))
    with serving(home), engine_of(home) as engine:
        assert until(lambda: the_import(engine).state is State.DONE, 60)
        assert the_import(engine).attempts == counted
