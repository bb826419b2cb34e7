"""What a listener's history is read from: one moment of the database, a file, memory; and what of it stays."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import PlayRule, RuleKind
from rewrapped.history.columns import Columns
from rewrapped.history.store import Histories
from rewrapped.services import importing, listening
from rewrapped.storage import people
from rewrapped.storage.database import Connection
from tests.exports import extended_row


@pytest.fixture
def listener(deps: Deps) -> Visitor:
    """Somebody with an account."""
    return a_listener(deps)


def a_listener(deps: Deps) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    return Visitor.person(user_id or 0, Role.REGULAR)


@pytest.fixture
def bring(deps: Deps, tmp_path: Path) -> Callable[[Visitor, int], None]:
    """Import a play of a day in May."""

    def bring_it(listener: Visitor, day: int) -> None:
        path = tmp_path / "endsong_0.json"
        path.write_text(json.dumps([extended_row(ts=f"2023-05-{day:02d}T10:00:00Z")]))
        importing.import_files(deps, listener.signed_in(), [path])

    return bring_it


Bring = Callable[[Visitor, int], None]


def files(deps: Deps) -> list[str]:
    return sorted(path.name for path in deps.site.cache.iterdir())


def test_rows_are_those_of_the_version_they_are_kept_under(
    deps: Deps, listener: Visitor, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(listener, 1)
    read = listening.read_columns

    def read_late(conn: Connection, user_id: int) -> Columns:  # the version is read by now
        bring(listener, 2)
        return read(conn, user_id)

    with monkeypatch.context() as patch:
        patch.setattr(listening, "read_columns", read_late)
        assert len(listening.history(deps, listener)) == 1
    assert files(deps) == [f"{listener.user_id}-1.arrow"]
    assert len(listening.history(deps, listener)) == 2


def test_a_second_page_view_builds_nothing_again(deps: Deps, listener: Visitor, bring: Bring) -> None:
    bring(listener, 1)
    first = listening.history(deps, listener)
    assert listening.history(deps, listener) is first


def test_another_play_rule_is_made_once_and_of_the_same_rows(
    deps: Deps, listener: Visitor, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(listener, 1)
    usual = listening.history(deps, listener)
    monkeypatch.delattr(listening, "_columns")  # nothing is read again
    finished = listening.history(deps, listener, rule=PlayRule(RuleKind.FINISHED))

    assert finished.rule == PlayRule(RuleKind.FINISHED)
    assert listening.history(deps, listener, rule=PlayRule(RuleKind.FINISHED)) is finished
    assert listening.history(deps, listener) is usual
    assert deps.histories.nbytes == usual.nbytes + finished.nbytes


def test_what_shares_rows_is_given_up_before_what_it_shares_them_with(
    deps: Deps, listener: Visitor, bring: Bring
) -> None:
    bring(listener, 1)
    usual = listening.history(deps, listener)
    small = replace(deps, histories=Histories(limit_bytes=int(1.6 * usual.nbytes)))
    usual = listening.history(small, listener)
    half = listening.history(small, listener, rule=PlayRule(RuleKind.HALF))
    assert listening.history(small, listener, rule=PlayRule(RuleKind.HALF)) is half

    listening.history(small, listener, rule=PlayRule(RuleKind.ANY))  # there is no room for three

    assert listening.history(small, listener) is usual
    assert listening.history(small, listener, rule=PlayRule(RuleKind.HALF)) is not half


def test_after_a_change_only_the_newest_version_is_on_the_disk(deps: Deps, listener: Visitor, bring: Bring) -> None:
    for day in (1, 2, 3):
        bring(listener, day)
        listening.history(deps, listener)
    assert files(deps) == [f"{listener.user_id}-3.arrow"]


def test_files_stay_within_their_bound_and_the_oldest_goes_first(
    deps: Deps, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    listeners = [a_listener(deps) for _ in range(3)]
    for age, listener in enumerate(listeners[:2]):
        bring(listener, 1)
        listening.history(deps, listener)
        path = listening.cache_file(deps.site.cache, listener.signed_in(), 1)
        os.utime(path, (age, age))
    bring(listeners[2], 1)
    monkeypatch.setattr(listening, "_CACHE_BYTES", 2 * path.stat().st_size)
    listening.history(deps, listeners[2])
    assert files(deps) == [f"{listener.user_id}-1.arrow" for listener in listeners[1:]]


def test_nothing_stays_of_somebody_deleted_while_their_file_is_written(
    deps: Deps, listener: Visitor, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(listener, 1)
    keep = listening._keep

    def keep_late(folder: Path, user_id: int, version: int, columns: Columns) -> None:
        with deps.engine.begin() as conn:
            people.delete_person(conn, user_id)
        keep(folder, user_id, version, columns)
        assert files(deps) == [f"{user_id}-1.arrow"]

    monkeypatch.setattr(listening, "_keep", keep_late)
    listening.history(deps, listener)
    assert files(deps) == []
