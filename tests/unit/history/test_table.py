"""The table `plays`: a row of a history is a row of it, with every column its dictionary names."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from bench.synthetic import Size, columns
from rewrapped.domain.plays import Filter, Flags
from rewrapped.history.columns import empty
from rewrapped.history.frame import History
from rewrapped.history.listing import Asked, SortBy, page
from rewrapped.history.table import DICTIONARY, plays_table
from tests.unit.history.lists import from_lists

HISTORY = History.build(columns(Size(plays=3_000, tracks=200, artists=40, years=3), seed=5), "America/St_Johns")


def test_every_row_says_the_same_as_the_history_page() -> None:
    view = HISTORY.filter(Filter(weekdays=frozenset({1, 5})))
    rows = page(view, Asked(size=10_000, sort_by=SortBy.TIME, descending=False)).rows
    table = plays_table(view).to_pylist()
    assert len(table) == len(rows) > 300
    for said, row in zip(table, rows, strict=True):
        local = row.ended_at.replace(tzinfo=None)
        assert (said["ended_at"], said["local_at"], said["day"]) == (row.ended_at, local, local.date())
        assert (said["weekday"], said["hour"]) == (local.weekday(), local.hour)
        assert (said["title"], said["artist"], said["album"], said["uri"]) == (
            row.title,
            row.artist,
            row.album,
            row.uri,
        )
        assert (said["kind"], said["source"]) == (row.kind.name.lower(), row.source.word)
        assert (said["platform"] or "", said["country"] or "") == (row.platform, row.country)
        assert round(said["minutes"] * 60_000) == row.heard_ms
        assert (said["is_play"], said["is_estimated"], said["skipped"]) == (row.is_play, row.is_estimated, row.skipped)


def test_the_dictionary_names_every_column_with_its_type() -> None:
    con = duckdb.connect()
    con.register("plays", plays_table(HISTORY))
    described = con.execute("DESCRIBE plays").fetchall()
    names = {"TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}
    assert [(row[0], names.get(row[1], row[1])) for row in described] == [(each.name, each.type) for each in DICTIONARY]
    con.close()


def test_a_history_without_rows_has_every_column() -> None:
    table = plays_table(History.build(empty(), "Asia/Kathmandu"))
    assert table.column_names == [each.name for each in DICTIONARY]
    assert table.num_rows == 0


def test_what_a_source_does_not_say_is_null() -> None:
    flags = [0, int(Flags.SKIPPED_KNOWN), int(Flags.SKIPPED_KNOWN | Flags.SKIPPED)]
    moment = int(datetime(2024, 12, 31, 22, 30, tzinfo=UTC).timestamp() * 1_000_000)
    one = from_lists(
        {
            "ended_at": [moment] * 3,
            "track": [0] * 3,
            "ms_played": [60_000] * 3,
            "source": [1] * 3,
            **{name: [0] * 3 for name in ("platform", "country", "reason_start", "reason_end")},
            "flags": flags,
            "tracks.id": [7],
            "tracks.uri": [None],
            "tracks.title": [None],
            "tracks.artist": [-1],
            "tracks.album": [-1],
            "tracks.kind": [0],
            "tracks.duration_ms": [0],
            "tracks.name_key": [None],
        }
    )
    table = plays_table(History.build(one, "Europe/Berlin"))
    rows = table.to_pylist()
    assert [row["skipped"] for row in rows] == [None, False, True]
    for name in ("title", "uri", "artist", "album", "platform", "country", "reason_end", "shuffle"):
        assert {row[name] for row in rows} == {None}, name
    assert rows[0]["local_at"] == datetime(2024, 12, 31, 23, 30)  # noqa: DTZ001 - a clock on a wall
    assert rows[0]["day"] == date(2024, 12, 31)
    pq.write_table(table, io.BytesIO())  # which takes no null within a dictionary


@given(st.sets(st.integers(0, 23), min_size=1))
def test_sql_counts_what_the_history_counts(hours: set[int]) -> None:
    view = HISTORY.filter(Filter(hours=frozenset(hours)))
    table = plays_table(view)
    assert isinstance(table, pa.Table)
    con = duckdb.connect()
    con.register("plays", table)
    [(plays, heard)] = con.execute("SELECT count(*) FILTER (is_play), sum(minutes) FROM plays").fetchall()
    con.close()
    assert plays == len(view.plays)
    assert np.isclose(heard or 0, view.heard_ms.sum() / 60_000)
