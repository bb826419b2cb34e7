"""A listener's rows as columns: UTC and codes only, exactly what the Arrow cache holds.

The file is one Arrow record batch of one row, a list per column, so that rows,
tracks, artists, albums and labels live in one file and are read where they lie.
"""

from __future__ import annotations

import mmap
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]

#: Changes when the layout does; a file of another layout is not read.
LAYOUT = b"rewrapped-columns-1"
_CHECKSUM_BYTES = 4  # CRC-32 of all before it, the last bytes of the file


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """The tracks rows point at; a row's `track` is an index into these arrays of equal length.

    `artist` and `album` are codes, -1 where nothing names them; `kind` is
    `domain.plays.Kind`; `duration_ms` is 0 while unknown; `uri` is null for a
    name track, `title` for a track without names; `name_key` (16 bytes) is
    equal for a name track and its URI tracks, null without names.
    """

    id: npt.NDArray[np.int64]
    uri: pa.StringArray
    title: pa.StringArray
    artist: npt.NDArray[np.int32]
    album: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    duration_ms: npt.NDArray[np.int32]
    name_key: pa.FixedSizeBinaryArray

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Artists:
    """The artists that tracks and albums point at; a code is an index."""

    id: npt.NDArray[np.int64]
    name: pa.StringArray

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Albums:
    """The albums that tracks point at; `artist` is an artist's code, or -1."""

    id: npt.NDArray[np.int64]
    name: pa.StringArray
    artist: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Every stored row of one listener, sorted by (ended_at, reported_at, track id, ms_played).

    `ended_at` is in microseconds since 1970, UTC. `track` is a code into
    `tracks`. `source` is `domain.plays.Source`, `flags` `domain.plays.Flags`.
    `platform`, `country`, `reason_start` and `reason_end` are codes into
    `labels`; code 0 says "not said", and `labels[0]` is "".
    """

    ended_at: npt.NDArray[np.int64]
    track: npt.NDArray[np.int32]
    ms_played: npt.NDArray[np.int32]
    source: npt.NDArray[np.uint8]
    platform: npt.NDArray[np.int16]
    country: npt.NDArray[np.int16]
    reason_start: npt.NDArray[np.int16]
    reason_end: npt.NDArray[np.int16]
    flags: npt.NDArray[np.uint8]
    tracks: Tracks
    artists: Artists
    albums: Albums
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ended_at)

    @property
    def nbytes(self) -> int:
        """Return the bytes of rows and catalogue together."""
        return sum(array.nbytes for array in _arrays(self).values())


_ROWS = {
    "ended_at": pa.int64(),
    "track": pa.int32(),
    "ms_played": pa.int32(),
    "source": pa.uint8(),
    "platform": pa.int16(),
    "country": pa.int16(),
    "reason_start": pa.int16(),
    "reason_end": pa.int16(),
    "flags": pa.uint8(),
}
_TRACKS = {
    "id": pa.int64(),
    "uri": pa.string(),
    "title": pa.string(),
    "artist": pa.int32(),
    "album": pa.int32(),
    "kind": pa.uint8(),
    "duration_ms": pa.int32(),
    "name_key": pa.binary(16),
}
_ARTISTS = {"id": pa.int64(), "name": pa.string()}
_ALBUMS = {"id": pa.int64(), "name": pa.string(), "artist": pa.int32()}
_TYPES: dict[str, pa.DataType] = {
    **_ROWS,
    **{f"tracks.{name}": kind for name, kind in _TRACKS.items()},
    **{f"artists.{name}": kind for name, kind in _ARTISTS.items()},
    **{f"albums.{name}": kind for name, kind in _ALBUMS.items()},
    "labels": pa.string(),
}
_SCHEMA = pa.schema(
    [pa.field(name, pa.list_(kind)) for name, kind in _TYPES.items()],
    metadata={b"layout": LAYOUT},
)


def encode(columns: Columns) -> bytes:
    """Return the columns as an Arrow IPC file, which `decode` reads without copying."""
    arrays = [_one_row(array) for array in _arrays(columns).values()]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, _SCHEMA) as writer:
        writer.write_batch(pa.record_batch(arrays, schema=_SCHEMA))
    written = sink.getvalue()
    return b"".join((written, zlib.crc32(written).to_bytes(_CHECKSUM_BYTES, "big")))


def decode(source: Path | bytes | mmap.mmap) -> Columns:
    """Read what `encode` wrote; a path is memory-mapped, and must stay unchanged while the columns live.

    Raises:
        ValueError: this is no such file: damaged, cut off, or of another layout.
        OSError: the path can't be opened.
    """
    file = pa.memory_map(str(source)).read_buffer() if isinstance(source, Path) else pa.py_buffer(source)
    reader = pa.ipc.open_file(pa.BufferReader(_checked(file)))
    if not reader.schema.equals(_SCHEMA, check_metadata=True) or reader.num_record_batches != 1:
        raise ValueError("These columns are of another layout.")
    batch = reader.get_batch(0)
    columns = _columns({name: batch.column(name).flatten() for name in _TYPES})
    _check(columns)
    return columns


def empty() -> Columns:
    """Return the columns of a listener without rows."""
    return _columns({name: pa.array([""] if name == "labels" else [], kind) for name, kind in _TYPES.items()})


def texts(column: pa.StringArray, codes: Array) -> list[str | None]:
    """Return the strings under some codes; None where there is none, and for code -1."""
    wanted = pa.array(codes, pa.int64(), mask=codes < 0)
    found: list[str | None] = column.take(wanted).to_pylist()
    return found


def _arrays(columns: Columns) -> dict[str, pa.Array]:
    """Return every array of the layout by name; only labels are copied."""
    found: dict[str, Any] = {name: getattr(columns, name) for name in _ROWS}
    for part in ("tracks", "artists", "albums"):
        value = getattr(columns, part)
        found |= {f"{part}.{field.name}": getattr(value, field.name) for field in fields(value)}
    found["labels"] = list(columns.labels)
    return {name: _arrow(found[name], kind) for name, kind in _TYPES.items()}


def _arrow(values: Any, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def _one_row(array: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array([0, len(array)], pa.int32()), array)


def _columns(arrays: dict[str, pa.Array]) -> Columns:
    def part(prefix: str, names: dict[str, pa.DataType]) -> dict[str, Any]:
        return {name: _value(arrays[prefix + name], kind) for name, kind in names.items()}

    return Columns(
        **part("", _ROWS),
        tracks=Tracks(**part("tracks.", _TRACKS)),
        artists=Artists(**part("artists.", _ARTISTS)),
        albums=Albums(**part("albums.", _ALBUMS)),
        labels=tuple(arrays["labels"].to_pylist()),
    )


def _value(array: pa.Array, kind: pa.DataType) -> Any:
    """Return numbers as a numpy view, strings and keys as Arrow."""
    return array.to_numpy(zero_copy_only=True) if pa.types.is_integer(kind) else array


def _checked(file: pa.Buffer) -> pa.Buffer:
    """Return a file without its checksum; a damaged offset inside would take the process down."""
    end = file.size - _CHECKSUM_BYTES
    if end < 0 or zlib.crc32(file.slice(0, end)).to_bytes(_CHECKSUM_BYTES, "big") != file.slice(end).to_pybytes():
        raise ValueError("These columns are damaged.")
    return file.slice(0, end)


def _check(columns: Columns) -> None:
    """Refuse codes that point outside what they index: numpy would read elsewhere, or fail much later."""
    for name in _ROWS:
        _same_length(getattr(columns, name), len(columns))
    for part in (columns.tracks, columns.artists, columns.albums):
        for field in fields(part):
            _same_length(getattr(part, field.name), len(part))
    _within(columns.track, 0, len(columns.tracks))
    for labelled in (columns.platform, columns.country, columns.reason_start, columns.reason_end):
        _within(labelled, 0, len(columns.labels))
    _within(columns.tracks.artist, -1, len(columns.artists))
    _within(columns.tracks.album, -1, len(columns.albums))
    _within(columns.albums.artist, -1, len(columns.artists))


def _same_length(array: Any, length: int) -> None:
    if len(array) != length:
        raise ValueError("These columns have different lengths.")


def _within(codes: Array, low: int, end: int) -> None:
    if len(codes) and (codes.min() < low or codes.max() >= end):
        raise ValueError("These columns point outside their catalogue.")
