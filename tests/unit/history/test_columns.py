"""The cached file: read where it lies, and refused when it isn't what it should be."""

from __future__ import annotations

import zlib
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.synthetic import Size
from bench.synthetic import columns as made_up
from rewrapped.history.columns import Columns, decode, empty, encode
from rewrapped.history.frame import History
from tests.unit.history.lists import from_lists

SMALL = made_up(Size(plays=500, tracks=50, artists=9, years=1), seed=1)


def test_a_file_is_mapped_and_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "columns.arrow"
    path.write_bytes(encode(SMALL))

    found = decode(path)

    for part in fields(Columns):
        if isinstance(getattr(SMALL, part.name), np.ndarray):
            np.testing.assert_array_equal(getattr(found, part.name), getattr(SMALL, part.name))
            assert getattr(found, part.name).dtype == getattr(SMALL, part.name).dtype
    assert found.labels == SMALL.labels
    assert found.tracks.uri.equals(SMALL.tracks.uri)
    assert found.tracks.name_key.equals(SMALL.tracks.name_key)
    assert found.albums.name.equals(SMALL.albums.name)
    assert not found.ended_at.flags.owndata  # a view of the file, no copy


def test_a_listener_without_rows_has_columns_too() -> None:
    assert encode(decode(encode(empty()))) == encode(empty())
    assert len(History.build(decode(encode(empty())), "UTC")) == 0


def test_no_cut_off_file_is_read(tmp_path: Path) -> None:
    written = encode(SMALL)
    for length in (0, 1, 6, len(written) // 2, len(written) - 1):
        path = tmp_path / f"{length}.arrow"
        path.write_bytes(written[:length])
        with pytest.raises(ValueError, match="damaged"):
            decode(path)


def test_a_file_of_another_layout_is_refused() -> None:
    sink = pa.BufferOutputStream()
    table = pa.table({"ended_at": [1, 2]})
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    written = bytes(sink.getvalue())

    with pytest.raises(ValueError, match="another layout"):
        decode(written + zlib.crc32(written).to_bytes(4, "big"))


@pytest.mark.parametrize(
    "damaged",
    [
        replace(SMALL, track=SMALL.track + 50),
        replace(SMALL, track=SMALL.track - 50),
        replace(SMALL, platform=SMALL.platform + 1000),
        replace(SMALL, tracks=replace(SMALL.tracks, artist=SMALL.tracks.artist - 2)),
        replace(SMALL, albums=replace(SMALL.albums, artist=SMALL.albums.artist + 9)),
    ],
)
def test_codes_that_point_nowhere_are_refused(damaged: Columns) -> None:
    with pytest.raises(ValueError, match="These columns"):
        decode(encode(damaged))


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        decode(encode(replace(SMALL, flags=SMALL.flags[:-1])))


@given(st.integers(0, 2**63), st.integers(1, 255))
def test_no_damaged_byte_gets_through(at: int, change: int) -> None:
    written = bytearray(encode(SMALL))
    written[at % len(written)] ^= change

    with pytest.raises(ValueError, match="damaged"):
        decode(bytes(written))


def test_lists_become_columns_and_what_is_missing_is_empty() -> None:
    found = from_lists({"artists.id": [7], "artists.name": ["Xenia"]})

    assert (len(found), len(found.artists), found.labels) == (0, 1, ("",))
