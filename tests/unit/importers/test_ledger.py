"""The ledger balances, and says the same after being stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from rewrapped.importers import FileReading
from rewrapped.importers.ledger import FileLedger, Ledger
from rewrapped.importers.rows import FileProblem, Format, Reason
from tests.exports import extended_row, to_json
from tests.unit.importers.reading import upload


@dataclass
class Counted:
    reading: FileReading
    kept: int
    merged: int
    improved: int = 0


def a_ledger(folder: Path) -> Ledger:
    moved = extended_row(offline=True, ts="2022-03-22T08:00:00Z", offline_timestamp=1_647_500_000)
    files = {
        "endsong_0.json": to_json([extended_row(), moved, extended_row(ms_played=-1), 5]),
        "endsong_1.json": to_json([extended_row(), extended_row(ms_played=-1)])[:-1],
    }
    reader = upload(folder, files)
    readings = list(reader)
    return Ledger.of([Counted(readings[0], 2, 0), Counted(readings[1], 0, 1)], reader.problems)


def test_a_ledger_is_told_per_file_and_in_sum(tmp_path: Path) -> None:
    told = a_ledger(tmp_path).to_json()

    assert told["sum"] == {
        "rows": 6,
        "kept": 2,
        "merged": 1,
        "dropped": {"not_an_object": 1, "bad_ms": 2},
        "moved": 1,
        "truncated": True,
        "improved": 0,
    }
    assert [(file["name"], file["format"], file["rows"], file["truncated"]) for file in told["files"]] == [
        ("endsong_0.json", "endsong", 4, False),
        ("endsong_1.json", "endsong", 2, True),
    ]
    assert [problem["name"] for problem in told["problems"]] == ["endsong_1.json"]


def test_a_stored_ledger_is_the_same_ledger(tmp_path: Path) -> None:
    ledger = a_ledger(tmp_path)

    assert Ledger.from_json(json.loads(json.dumps(ledger.to_json()))) == ledger


def test_a_ledger_that_does_not_balance_is_refused() -> None:
    with pytest.raises(ValueError, match="doesn't balance"):
        FileLedger(rows=3, kept=1, merged=1, dropped={Reason.BAD_MS: 2}, name="x.json", format=Format.EXTENDED)


def test_the_sum_of_nothing_is_nothing() -> None:
    ledger = Ledger(problems=[FileProblem("x.json", "It is empty.")])

    assert ledger.kept == 0
    assert ledger.sum.to_json()["rows"] == 0
