"""Rows in and out of Postgres by binary COPY, as numpy arrays: no Python object per row.

The format is PostgreSQL's own (manual, "COPY", section "Binary Format"):
every tuple is a field count, then per field its length and big-endian bytes.
With columns of fixed width and no nulls a stream of tuples is a numpy record
array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg2
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection

from rewrapped.errors import StoreDown
from rewrapped.storage.database import DOWN, is_server_trouble

Array = npt.NDArray[Any]

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_CHUNK = 50_000
#: Postgres counts timestamps from 2000, we from 1970; microseconds.
EPOCH_US = 946_684_800_000_000

Fields = Sequence[tuple[str, str]]  # name and big-endian numpy type, in the order of the statement's columns


def _record(fields: Fields) -> np.dtype[np.void]:
    parts: list[tuple[str, str]] = [("_count", ">i2")]
    for name, kind in fields:
        parts += [(f"_length_{name}", ">i4"), (name, kind)]
    return np.dtype(parts)


def copy_in(conn: Connection, table: str, fields: Fields, values: Mapping[str, Array | int], rows: int) -> None:
    """Append rows to a table; a plain int stands in every row. Timestamps are given since 1970, type `>M8`-free."""
    names = ", ".join(name for name, _ in fields)
    _send(conn, f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", _Feed(_tuples(fields, values, rows)))


def _tuples(fields: Fields, values: Mapping[str, Array | int], rows: int) -> Iterator[bytes]:
    record = _record(fields)
    yield _HEADER
    for start in range(0, rows, _CHUNK):
        stop = min(start + _CHUNK, rows)
        chunk = np.empty(stop - start, record)
        chunk["_count"] = len(fields)
        for name, kind in fields:
            value = values[name]
            chunk[f"_length_{name}"] = np.dtype(kind).itemsize
            chunk[name] = value if isinstance(value, int) else value[start:stop]
        yield chunk.tobytes()
    yield _TRAILER


class _Feed:
    """What psycopg2 reads from: a file over an iterator of bytes."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; none at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        taken = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(taken) :]
        return bytes(taken)


def _send(conn: Connection, statement: str, source: _Feed) -> None:
    _copy(conn, statement, source)


def _copy(conn: Connection, statement: str, stream: _Feed | BytesIO) -> None:
    # SQLAlchemy has no COPY; on the driver's own cursor its translation of errors is not at work.
    try:
        with conn.connection.cursor() as cursor:  # type: ignore[attr-defined]  # psycopg2's cursor is a context manager
            cursor.copy_expert(statement, stream, size=1 << 20)
    except psycopg2.Error as error:
        is_cut = bool(conn.connection.dbapi_connection.closed)  # type: ignore[union-attr]  # there is one until we let go
        if is_cut:
            conn.invalidate(error)  # so that nobody rolls back, or is handed, what is gone
        if is_cut or is_server_trouble(error):
            raise StoreDown(DOWN) from error
        raise


def copy_text(conn: Connection, table: str, columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """Append rows of any types, null as None; for the few thousand rows that hold text."""
    lines = ("\t".join(map(_escaped, row)) + "\n" for row in rows)
    parts = ("".join(batch).encode() for batch in _batches(lines))
    _send(conn, f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Feed(parts))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _escaped(value: object) -> str:
    if value is None:
        return "\\N"
    text = str(value)
    # Looking is much cheaper than translating, and almost no name has anything to escape.
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == 2000:
            yield batch
            batch = []
    if batch:
        yield batch


def copy_out(conn: Connection, query: str, fields: Fields) -> Array:
    """Return the rows of a query as one record array; every column fixed in width and not null.

    `query` is text of ours with numbers in it, never with anything a person wrote.
    """
    sink = BytesIO()
    _copy(conn, f"COPY ({query}) TO STDOUT (FORMAT binary)", sink)
    body = sink.getbuffer()[len(_HEADER) : -len(_TRAILER)]
    return np.frombuffer(body, _record(fields))


def copy_table(conn: Connection, query: str, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Return the rows of a query as an Arrow table with these columns; for text and nulls."""
    sink = BytesIO()
    _copy(conn, f"COPY ({query}) TO STDOUT (FORMAT csv)", sink)
    if not sink.tell():
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    return csv.read_csv(
        pa.BufferReader(sink.getbuffer()),
        read_options=csv.ReadOptions(column_names=list(types), block_size=64 << 20),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict(types), null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
