"""Saved views and play rules for programs: for their own scope alone, and refused as the pages refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.tokens import Scope
from rewrapped.services import importing, savedviews
from tests.exports import extended_row, to_json
from tests.gigs import a_person
from tests.web.v1.conftest import NewProgram

MINE = {"name": "Mine", "page": "tops", "query": "of=artists&range=12m"}


def test_views_are_kept_told_renamed_and_taken_away(new_program: NewProgram, deps: Deps) -> None:
    jane = a_person(deps)
    program = new_program(jane, Scope.PREFERENCES)
    assert program.get("/preferences/views") == {"items": []}
    [kept] = program.send("POST", "/preferences/views", MINE)["items"]
    assert (kept["name"], kept["path"]) == ("Mine", "/tops?of=artists&range=12m")
    [renamed] = program.send("PUT", f"/preferences/views/{kept['id']}", {"name": "Other"})["items"]
    assert renamed == kept | {"name": "Other"}
    assert [view.name for view in savedviews.list_views(deps, jane)] == ["Other"]
    assert program.send("DELETE", f"/preferences/views/{kept['id']}") == {"items": []}


@pytest.mark.parametrize(
    ("method", "path", "json", "status"),
    [
        ("POST", "/preferences/views", MINE, 409),
        ("POST", "/preferences/views", MINE | {"name": "x" * 61}, 422),
        ("POST", "/preferences/views", MINE | {"name": "\u200b"}, 400),
        ("POST", "/preferences/views", MINE | {"name": "Other", "page": "//evil.example"}, 400),
        ("POST", "/preferences/views", MINE | {"name": "Other", "query": "range=all&hours=99"}, 400),
        ("PUT", "/preferences/views/4711", {"name": "Other"}, 404),
        ("PUT", "/preferences/views/1_0", {"name": "Other"}, 422),
        ("DELETE", "/preferences/views/4711", None, 404),
    ],
)
def test_what_cant_be_kept_changes_nothing(
    new_program: NewProgram, deps: Deps, method: str, path: str, json: object, status: int
) -> None:
    jane = a_person(deps)
    savedviews.save_view(deps, jane, **MINE)
    before = savedviews.list_views(deps, jane)
    assert new_program(jane, Scope.PREFERENCES).refused(method, path, json=json)[0] == status
    assert savedviews.list_views(deps, jane) == before


def test_reading_the_listening_is_no_leave_to_change_views(new_program: NewProgram, deps: Deps) -> None:
    program = new_program(a_person(deps), Scope.LISTENING)
    assert program.refused("POST", "/preferences/views", json=MINE)[0] == 403


@pytest.mark.parametrize(("rule", "plays"), [(None, 2), ("30s", 2), ("any", 4), ("finished", 3), ("45s", 1)])
def test_figures_follow_the_play_rule_that_is_asked_for(
    new_program: NewProgram, deps: Deps, tmp_path: Path, rule: str | None, plays: int
) -> None:
    jane = a_person(deps)
    heard = ((31_000, "trackdone"), (60_000, "fwdbtn"), (1_000, "trackdone"), (5_000, "trackdone"))
    rows = [
        extended_row(ts=f"2024-05-0{day}T10:00:00Z", ms_played=ms, reason_end=reason)
        for day, (ms, reason) in enumerate(heard, start=1)
    ]
    path = tmp_path / "Streaming_History_Audio_2024_0.json"
    path.write_bytes(to_json(rows))
    importing.import_files(deps, jane.signed_in(), [path])
    program = new_program(jane, Scope.LISTENING)

    asked = {} if rule is None else {"rule": rule}
    assert program.get("/listening/totals", **asked)["now"]["plays"] == plays
    assert program.refused("GET", "/listening/totals?rule=HALF")[0] == 422
    assert program.refused("GET", "/listening/totals?rule=86401s")[0] == 400
