"""Rows that say they were played offline, long before they were reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports import extended_row
from tests.unit.importers.reading import at, read_rows


def test_milliseconds_and_seconds_move_a_row_to_the_same_moment(tmp_path: Path) -> None:
    row = {"ts": "2022-03-22T08:00:00Z", "offline": True, "ms_played": 180_000}

    reading, _ = read_rows(
        tmp_path,
        extended_row(**row, offline_timestamp=1_647_500_000_000),
        extended_row(**row, offline_timestamp=1_647_500_000),
        extended_row(**row, offline_timestamp=1_647_500_000_999),
        extended_row(**row, offline_timestamp=1_647_500_000.7),
    )

    assert set(reading.data["ended_at"].tolist()) == {at("2022-03-17T06:56:20+00:00")}
    assert set(reading.data["reported_at"].tolist()) == {at("2022-03-22T08:00:00+00:00")}
    assert reading.moved == 4


@pytest.mark.parametrize(
    ("before_s", "moves"),
    [(599, False), (600, True), (400 * 86_400, True), (400 * 86_400 + 1, False), (-50, False)],
)
def test_a_row_moves_only_from_ten_minutes_to_400_days_before(before_s: int, moves: bool, tmp_path: Path) -> None:
    reported_s = at("2022-03-22T08:00:00+00:00") // 1_000_000
    row = extended_row(
        ts="2022-03-22T08:00:00Z", offline=True, ms_played=1_000, offline_timestamp=reported_s - before_s
    )

    reading, _ = read_rows(tmp_path, row)

    assert reading.moved == moves
    expected = reported_s - before_s + 1 if moves else reported_s
    assert reading.data["ended_at"].tolist() == [expected * 1_000_000]


@pytest.mark.parametrize("offline", [False, None])
def test_a_row_moves_never_without_offline(offline: bool | None, tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, extended_row(offline=offline, offline_timestamp=1_682_000_000))

    assert reading.moved == 0


@pytest.mark.parametrize("stamp", [0, None, "1647500000", -1, 1e300, 2**80, True, [], 1e11])
def test_a_row_moves_never_by_a_stamp_that_says_nothing(stamp: object, tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, extended_row(offline=True, offline_timestamp=stamp))

    assert reading.moved == 0
    assert reading.data["ended_at"].tolist() == reading.data["reported_at"].tolist()


def test_a_row_moves_never_later_than_reported(tmp_path: Path) -> None:
    row = extended_row(ts="2023-05-01T10:00:00Z", offline=True, ms_played=86_400_000)
    row["offline_timestamp"] = at("2023-05-01T09:00:00+00:00") // 1_000_000

    reading, _ = read_rows(tmp_path, row)

    assert reading.data["ended_at"].tolist() == [at("2023-05-01T10:00:00+00:00")]
    assert reading.moved == 0
