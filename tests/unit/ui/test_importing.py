"""What an import says of itself while it runs, when it is over, and before it is taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from rewrapped.domain.importing import State
from rewrapped.importers.ledger import FileLedger, Ledger
from rewrapped.importers.rows import Format, Reason
from rewrapped.storage.imports import ImportRow
from rewrapped.storage.plays import Extent
from rewrapped.ui import importing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def import_row(state: State, **values: object) -> ImportRow:
    unset = dict.fromkeys(ImportRow.__dataclass_fields__)
    return ImportRow(**{**unset, "state": state, "cancel_asked": False, "started_at": NOW, **values})


def test_progress_doesnt_pass_podcasts_and_known_rows_off_as_new_plays() -> None:
    progress = {"bytes_done": 50, "bytes_total": 100, "rows": 2_000, "plays": 1_500, "phase": "reading"}

    _, said = importing._progress(import_row(progress=progress, state=State.RUNNING), NOW)

    assert said.startswith(
        "2,000 rows read, 1,500 of them played for 30 seconds or more, podcasts and what is known already among them."
    )


def test_every_reason_has_words_and_a_column_so_that_each_file_adds_up() -> None:
    dropped = {reason: number for number, reason in enumerate(Reason, start=1)}
    file = FileLedger(5 + sum(dropped.values()), 2, 3, dropped, name="a.json", format=Format.EXTENDED)
    ledger = Ledger([file]).to_json()

    [row] = importing.ledger_table(ledger).to_dict("records")

    assert set(importing.REASONS) == set(Reason)
    left_out = [count for name, count in row.items() if str(name).startswith("Left out")]
    assert len(left_out) == len(Reason)
    assert row["Rows"] == row["New"] + row["Better than known"] + row["Known already"] + sum(left_out)
    said = importing.sum_up(import_row(State.DONE, ledger=ledger))
    assert all(f"{count:,} {importing.REASONS[reason]}" in said for reason, count in dropped.items())


def test_a_removal_says_by_how_much_the_history_gets_smaller_and_why() -> None:
    extent = Extent(30, datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 3, tzinfo=UTC))
    says = importing.what_would_go(extent, "UTC")
    assert "gets 30 rows smaller" in says
    assert "30 rows that this import alone brought go, from 1 May 2024 to 3 May 2024." in says
    assert not any(word in says for word in ("back", "stay"))
    more = importing.what_would_go(replace(extent, returning=1, staying=7), "UTC")
    assert "gets 29 rows smaller" in more
    assert "1 row of other imports, which told the same plays less well, comes back" in more
    assert "7 rows stay, because another import holds them too." in more
    assert "keeps every play" in importing.what_would_go(replace(extent, returning=30), "UTC")


def test_rows_that_are_better_than_known_are_told_apart_from_those_known_already() -> None:
    file = FileLedger(10, 2, 8, {}, improved=5, name="a.json", format=Format.EXTENDED)
    ledger = Ledger([file]).to_json()
    said = importing.sum_up(import_row(State.DONE, ledger=ledger))
    assert said == "10 rows: 2 new, 5 better than known, 3 known already, none left out."
    del ledger["sum"]["improved"], ledger["files"][0]["improved"]  # as earlier versions wrote it
    assert "2 new, 8 known already" in importing.sum_up(import_row(State.DONE, ledger=ledger))
    assert importing.ledger_table(ledger)["Known already"].tolist() == [8]


def test_a_removal_of_nothing_says_so() -> None:
    assert "stays as it is" in importing.what_would_go(Extent(0, None, None), "UTC")
