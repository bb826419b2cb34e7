"""Notebooks as people keep them: whose they are, how many and how large, and what their cells come to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.notebooks import Cell, CellKind, Choice, Mark, Notebook
from rewrapped.domain.plays import Filter
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound, SignInNeeded, TooMany
from rewrapped.sandbox.box import Limits, Sandboxes
from rewrapped.services import accounts, cells, importing, ipynb, notebooks
from rewrapped.storage import people
from tests.embedded.program import until
from tests.exports import extended_row, to_json

COUNT = Cell(CellKind.SQL, "SELECT count(*) AS n, min(artist) AS artist FROM plays", "counted")
NOTEBOOK = Notebook(
    "Mine",
    (Cell(CellKind.TEXT, "# Hello"), COUNT, Cell(CellKind.CHART, choice=Choice("counted", Mark.AREA, "artist", "n"))),
    "range=all&weekdays=5",
)
MAY = (Role.REGULAR, Role.PROMOTER, Role.ANALYST, Role.ADMIN)


def person(deps: Deps, role: Role = Role.REGULAR) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=role, zone="UTC"))
    return Visitor.person(user_id or 0, role)


def listener(deps: Deps, folder: Path, artist: str, count: int) -> Visitor:
    visitor = person(deps)
    rows = [
        extended_row(ts=f"2024-05-01T10:{n:02d}:00Z", master_metadata_album_artist_name=artist) for n in range(count)
    ]
    path = folder / "Streaming_History_Audio_2024_0.json"
    path.write_bytes(to_json(rows))
    importing.import_files(deps, visitor.signed_in(), [path])
    return visitor


def first(outcomes: dict[str, cells.Outcome], cell: Cell = COUNT) -> dict[str, object]:
    outcome = outcomes[cell.id]
    assert outcome.table is not None, outcome.error
    row: dict[str, object] = outcome.table.to_pylist()[0]
    return row


@pytest.mark.parametrize("role", MAY)
def test_a_notebook_comes_back_as_it_was_kept_for_every_role_that_may(deps: Deps, role: Role) -> None:
    visitor = person(deps, role)
    notebook_id = notebooks.add_notebook(deps, visitor, NOTEBOOK)
    assert notebooks.find_notebook(deps, visitor, notebook_id) == NOTEBOOK
    changed = replace(NOTEBOOK, title="Other", cells=NOTEBOOK.cells[:1], filter_query="")
    notebooks.save_notebook(deps, visitor, notebook_id, changed)
    assert notebooks.find_notebook(deps, visitor, notebook_id) == changed
    assert notebooks.rename_notebook(deps, visitor, notebook_id, "  New   name ") == "New name"
    copy_id = notebooks.duplicate_notebook(deps, visitor, notebook_id)
    assert notebooks.find_notebook(deps, visitor, copy_id) == replace(changed, title="New name (copy)")
    notebooks.delete_notebook(deps, visitor, notebook_id)
    assert [each.title for each in notebooks.list_notebooks(deps, visitor)] == ["New name (copy)"]


def test_ids_of_others_answer_as_if_there_were_none(deps: Deps) -> None:
    owner, other = person(deps), person(deps, Role.ADMIN)
    kept = notebooks.add_notebook(deps, owner, NOTEBOOK)
    for wanted in (kept, 999_999):
        with pytest.raises(NotFound):
            notebooks.find_notebook(deps, other, wanted)
        with pytest.raises(NotFound):
            notebooks.save_notebook(deps, other, wanted, NOTEBOOK)
        with pytest.raises(NotFound):
            notebooks.rename_notebook(deps, other, wanted, "Taken")
        with pytest.raises(NotFound):
            notebooks.duplicate_notebook(deps, other, wanted)
        with pytest.raises(NotFound):
            notebooks.delete_notebook(deps, other, wanted)
    assert notebooks.list_notebooks(deps, other) == []
    assert notebooks.find_notebook(deps, owner, kept) == NOTEBOOK


@pytest.mark.parametrize(
    ("visitor", "refusal"),
    [(Visitor(), SignInNeeded), (Visitor.person(1, Role.GUEST), AccessDenied), (Visitor.demo(1), AccessDenied)],
)
def test_who_may_not_keep_notebooks_changes_none(deps: Deps, visitor: Visitor, refusal: type[Exception]) -> None:
    person(deps)
    with pytest.raises(refusal):
        notebooks.add_notebook(deps, visitor, NOTEBOOK)
    with pytest.raises(refusal):
        notebooks.find_notebook(deps, visitor, 1)
    with pytest.raises(refusal):
        notebooks.save_notebook(deps, visitor, 1, NOTEBOOK)
    with pytest.raises(refusal):
        notebooks.delete_notebook(deps, visitor, 1)
    if visitor.read_only:
        assert notebooks.list_notebooks(deps, visitor) == []
    else:
        with pytest.raises(refusal):
            notebooks.list_notebooks(deps, visitor)
        with pytest.raises(refusal):
            cells.run(deps, visitor, NOTEBOOK.cells, Filter())
        with pytest.raises(refusal):
            ipynb.archive(deps, visitor, NOTEBOOK, Filter())


def test_a_hundred_notebooks_are_the_most(deps: Deps) -> None:
    visitor = person(deps)
    first_id, *_ = [notebooks.add_notebook(deps, visitor, Notebook(f"Number {n}")) for n in range(100)]
    with pytest.raises(Conflict, match="100 notebooks"):
        notebooks.add_notebook(deps, visitor, NOTEBOOK)
    with pytest.raises(Conflict):
        notebooks.duplicate_notebook(deps, visitor, first_id)
    notebooks.delete_notebook(deps, visitor, first_id)
    assert notebooks.add_notebook(deps, visitor, NOTEBOOK)
    assert notebooks.add_notebook(deps, person(deps), NOTEBOOK)


@pytest.mark.parametrize(
    ("notebook", "said"),
    [
        (Notebook(" "), "title"),
        (Notebook("x" * 121), "title"),
        (Notebook("Zero\0"), "title"),
        (Notebook("Many", tuple(Cell(CellKind.TEXT) for _ in range(41))), "40 cells"),
        (Notebook("Long", (Cell(CellKind.TEXT, "ü" * 10_001),)), "20 kB"),
        (Notebook("Zero", (Cell(CellKind.TEXT, "a\0b"),)), "NUL"),
        (Notebook("Half", (Cell(CellKind.TEXT, "\ud800"),)), "no character"),
        (Notebook("Two", (COUNT, replace(COUNT, id="other"))), "called counted"),
        (Notebook("Same", (COUNT, COUNT)), "same one"),
        (Notebook("Name", (replace(COUNT, name="Robert'); DROP"),)), "small letters"),
        (Notebook("Name", (replace(COUNT, name="plays"),)), "other than plays"),
        (Notebook("Filter", (), "x" * 2001), "filter"),
    ],
)
def test_what_is_too_much_or_no_text_is_refused_and_nothing_kept(deps: Deps, notebook: Notebook, said: str) -> None:
    visitor = person(deps)
    with pytest.raises(InvalidInput, match=said):
        notebooks.add_notebook(deps, visitor, notebook)
    assert notebooks.list_notebooks(deps, visitor) == []


def test_notebooks_go_with_their_account(deps: Deps) -> None:
    visitor = person(deps)
    notebooks.add_notebook(deps, visitor, NOTEBOOK)
    accounts.delete_person(deps, visitor.signed_in())
    assert notebooks.list_notebooks(deps, visitor) == []


def test_cells_see_the_visitors_own_plays_under_the_filter(deps: Deps, tmp_path: Path) -> None:
    xenia, nadir = listener(deps, tmp_path, "Xenia", 5), listener(deps, tmp_path, "Nadir", 9)
    assert first(cells.run(deps, xenia, [COUNT], Filter())) == {"n": 5, "artist": "Xenia"}
    assert first(cells.run(deps, nadir, [COUNT], Filter())) == {"n": 9, "artist": "Nadir"}
    assert first(cells.run(deps, nadir, [COUNT], Filter(hours=frozenset({3})))) == {"n": 0, "artist": None}


def test_only_what_changed_and_what_reads_it_runs_again(deps: Deps, tmp_path: Path) -> None:
    visitor = listener(deps, tmp_path, "Xenia", 5)
    drawn = Cell(CellKind.SQL, "SELECT uuid() AS id", "drawn")
    apart = Cell(CellKind.SQL, "SELECT uuid() AS id", "apart")
    reads = Cell(CellKind.SQL, "SELECT uuid() AS id FROM drawn", "reads")
    before = cells.run(deps, visitor, [drawn, apart, reads], Filter())
    assert cells.run(deps, visitor, [drawn, apart, reads], Filter()) == before
    changed = replace(drawn, text="SELECT uuid() AS id, 2 AS more")
    after = cells.run(deps, visitor, [changed, apart, reads], Filter())
    assert first(after, apart) == first(before, apart)
    assert first(after, changed) != first(before, drawn)
    assert first(after, reads) != first(before, reads)
    again = cells.run(deps, visitor, [changed, apart, reads], Filter(), again=apart.id)
    assert first(again, apart) != first(after, apart)
    assert first(again, reads) == first(after, reads)


def test_new_plays_are_seen_at_once(deps: Deps, tmp_path: Path) -> None:
    visitor = listener(deps, tmp_path, "Xenia", 5)
    cells.run(deps, visitor, [COUNT], Filter())
    path = tmp_path / "Streaming_History_Audio_2023_0.json"
    path.write_bytes(to_json([extended_row(ts="2023-01-01T10:00:00Z")]))
    importing.import_files(deps, visitor.signed_in(), [path])
    assert first(cells.run(deps, visitor, [COUNT], Filter()))["n"] == 6


def test_a_cell_that_breaks_leaves_the_others_whole_and_says_who_waits_for_it(deps: Deps, tmp_path: Path) -> None:
    visitor = listener(deps, tmp_path, "Xenia", 5)
    short = replace(deps, sandboxes=Sandboxes(Limits(seconds=2)))
    slow = Cell(CellKind.SQL, "SELECT pg_sleep(30)", "slow")
    wrong = Cell(CellKind.SQL, "SELEC 1", "wrong")
    after = Cell(CellKind.SQL, "SELECT * FROM slow", "after")
    outcomes = cells.run(short, visitor, [slow, wrong, after, COUNT], Filter())
    assert outcomes[slow.id].error.startswith("Stopped after 2 seconds")
    assert outcomes[wrong.id].error == 'Line 1: syntax error at or near "SELEC".'
    assert outcomes[after.id].error == "It reads slow, which has no result."
    assert first(outcomes)["n"] == 5


def slow(number: int, seconds: float) -> Cell:
    return Cell(CellKind.SQL, f"SELECT pg_sleep({seconds}), {number} AS n", f"slow{number}")


def test_those_who_look_around_leave_room_for_people(deps: Deps, tmp_path: Path) -> None:
    xenia, sample = listener(deps, tmp_path, "Xenia", 5), listener(deps, tmp_path, "Sample", 2)
    looking, works = Visitor.demo(sample.signed_in()), [slow(number, 3) for number in range(4)]
    here = replace(deps, sandboxes=Sandboxes(Limits(seconds=30), at_once=2, wait_s=90))
    with ThreadPoolExecutor(4) as tabs:
        running = [tabs.submit(cells.run, here, looking, [work], Filter()) for work in works]
        assert until(lambda: here.sandboxes.is_wanted("demo"))
        assert first(cells.run(here, xenia, [COUNT], Filter()))["n"] == 5
        assert sum(tab.done() for tab in running) < 3
    assert [first(tab.result(), work)["n"] for tab, work in zip(running, works, strict=True)] == [0, 1, 2, 3]


def test_a_long_notebook_lets_others_in_between_and_goes_on(
    deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xenia, nadir = listener(deps, tmp_path, "Xenia", 5), listener(deps, tmp_path, "Nadir", 9)
    monkeypatch.setattr(cells, "_SHARE_S", 0.0)
    here, works = replace(deps, sandboxes=Sandboxes(at_once=1, wait_s=90)), [slow(number, 2) for number in range(4)]
    with ThreadPoolExecutor(1) as tab:
        long = tab.submit(cells.run, here, xenia, works, Filter())
        assert until(lambda: here.sandboxes._room._inside)
        assert first(cells.run(here, nadir, [COUNT], Filter()))["n"] == 9
        assert not long.done()
    assert [first(long.result(), work)["n"] for work in works] == [0, 1, 2, 3]


def test_who_gave_way_and_finds_no_place_again_keeps_what_there_is_and_is_told(
    deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xenia = listener(deps, tmp_path, "Xenia", 5)
    monkeypatch.setattr(cells, "_SHARE_S", 0.0)
    here, works = replace(deps, sandboxes=Sandboxes(at_once=1, wait_s=2)), [slow(number, 1) for number in range(3)]

    def hold() -> None:
        while not long.done():
            with suppress(TooMany), here.sandboxes.opened("nadir"):
                until(long.done, 60)

    with ThreadPoolExecutor(2) as tabs:
        long = tabs.submit(cells.run, here, xenia, works, Filter())
        assert until(lambda: here.sandboxes._room._inside)
        tabs.submit(hold)
        outcomes = long.result()
    told = [outcomes[work.id].error for work in works]
    assert told[0] == ""
    assert told[-1].startswith("Not run yet: many notebooks run")
    again = cells.run(here, xenia, works, Filter())
    assert [first(again, work)["n"] for work in works] == [0, 1, 2]
