"""Who changes a listener's rows waits for whoever does so already, and no two people's imports wait in a ring."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.embedded.processes import wait_until
from rewrapped.services import importing, imports
from rewrapped.storage import catalogue, people, plays
from rewrapped.storage.catalogue import ArtistRow
from tests.exports import extended_row

WAIT_S = 20


@pytest.fixture
def listener(deps: Deps) -> Visitor:
    """Somebody with an account."""
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    return Visitor.person(user_id or 0, Role.REGULAR)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one play."""
    path = tmp_path / "endsong_0.json"
    path.write_text(json.dumps([extended_row()]))
    return path


def is_anybody_waiting(deps: Deps, kind: str) -> bool:
    """Return whether some transaction waits for a lock of a kind."""
    query = text(
        "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE NOT l.granted AND l.locktype = :kind AND a.datname = current_database())"
    )
    with deps.engine.connect() as conn:
        return bool(conn.scalar(query, {"kind": kind}))


def finds_the_lock_taken(deps: Deps, listener: Visitor, act: Callable[[], object]) -> object:
    """Return what an act returns that had to wait while somebody else held the listener's lock."""
    with ThreadPoolExecutor(1) as pool:
        with deps.engine.begin() as conn:
            plays.lock_listener(conn, listener.signed_in())
            acting = pool.submit(act)
            assert wait_until(lambda: is_anybody_waiting(deps, "advisory") or acting.done(), WAIT_S)
            assert not acting.done()
        return acting.result(WAIT_S)


def version_of(deps: Deps, listener: Visitor) -> int:
    with deps.engine.connect() as conn:
        found = plays.find_listener(conn, listener.signed_in())
    assert found is not None
    return found.history_version


def test_an_import_waits_for_whoever_changes_the_same_rows(deps: Deps, listener: Visitor, file: Path) -> None:
    finds_the_lock_taken(deps, listener, lambda: importing.import_files(deps, listener.signed_in(), [file]))
    assert version_of(deps, listener) == 1


def test_removing_an_import_waits_for_whoever_changes_the_same_rows(deps: Deps, listener: Visitor, file: Path) -> None:
    importing.import_files(deps, listener.signed_in(), [file])
    [row] = imports.list_imports(deps, listener)
    assert finds_the_lock_taken(deps, listener, lambda: imports.remove(deps, listener, row.id)) == 1


def test_open_pages_learn_of_a_removal_by_the_version(deps: Deps, listener: Visitor, file: Path) -> None:
    importing.import_files(deps, listener.signed_in(), [file])
    before = version_of(deps, listener)
    imports.remove(deps, listener, imports.list_imports(deps, listener)[0].id)
    assert version_of(deps, listener) == before + 1


def test_names_brought_in_opposite_order_at_once_wait_in_a_line_and_not_in_a_ring(deps: Deps) -> None:
    first, second = sorted(ArtistRow(catalogue.artist_key(name), name) for name in ("Xenia", "Ada Quill"))

    def bring_backwards() -> None:
        with deps.engine.begin() as other:
            add(other, second, first)

    def add(conn: Connection, *rows: ArtistRow) -> None:
        catalogue.add_artists(conn, rows)

    with ThreadPoolExecutor(1) as pool:
        with deps.engine.begin() as conn:
            add(conn, first)
            bringing = pool.submit(bring_backwards)
            assert wait_until(lambda: is_anybody_waiting(deps, "transactionid"), WAIT_S)
            add(conn, second)  # who waits for `first` holds nothing yet
        bringing.result(WAIT_S)
    with deps.engine.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM artists")) == 2
