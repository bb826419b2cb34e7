"""The program of a sandbox: takes Arrow tables and queries on its input, gives Arrow tables on its output.

Started by file name in Python's isolated mode with an empty environment, it imports nothing of ours. Before the first
query it shuts every door behind itself: DuckDB's own locks, no more files or sockets, no more processes, a bounded
address space, no network and no privileges where the system lets it. Each message is four bytes of length, JSON of that
length, and as many bytes of an Arrow stream as its "bytes" says.
"""

from __future__ import annotations

import codecs
import ctypes
import json
import os
import re
import resource
import signal
import sys
import zoneinfo
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # of unshare(2)
_NO_NEW_PRIVILEGES = 38  # of prctl(2)
_NOBODY = 65534
_BATCH = 2048  # DuckDB's own
_MOST_COLUMNS = 100
_LOCKS = (  # in this order: each makes setting those before it impossible
    *("TimeZone = 'UTC'", "temp_directory = ''", "enable_external_access = false"),
    *("disabled_filesystems = 'LocalFileSystem'", "lock_configuration = true"),
)
_PLAIN = frozenset(
    {
        *("boolean", "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"),
        *("hugeint", "decimal", "float", "double", "varchar", "date", "timestamp", "timestamp with time zone"),
    }
)
_NEAREST = {"uhugeint": "DOUBLE", "timestamp_s": "TIMESTAMP", "timestamp_ms": "TIMESTAMP", "timestamp_ns": "TIMESTAMP"}
_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_KIND = re.compile(r"^[A-Z][A-Za-z-]*(?: [A-Z][A-Za-z]*)* Error: ")
_BEFORE_RUNNING = ("ParserException", "BinderException", "CatalogException")
_MEMORY_SIGNS = ("OutOfMemory", "Out of Memory", "ArrowMemory", "bad allocation", "Allocation failure")
_READ_ONLY = (
    "Only a query works here: SELECT, or what begins with WITH, FROM, VALUES, DESCRIBE or SUMMARIZE. "
    "Nothing can be written, loaded or set."
)
_TOO_MUCH_MEMORY = "This takes more memory than a cell may use. Filter or group earlier, or ask for fewer columns."
_OUTSIDE = "A cell can't read files, the network or settings: there is the table plays, and the cells above."


class Refused(Exception):
    """A query that gives no result; the text is a sentence for whoever wrote it."""


def main(limits: dict[str, int]) -> None:
    """Serve queries until the input ends."""
    _leave_network()
    incoming, outgoing = _pipes()
    server = Server(limits)
    _shut_doors(limits)
    _send(outgoing, {"ready": True})
    while (message := _receive(incoming)) is not None:
        header, body = message
        signal.alarm(limits["seconds"] + 5)  # whoever started us ends us earlier, unless it is gone
        answer, stream = server.answer(header, body)
        signal.alarm(0)
        _send(outgoing, answer, stream)


class Server:
    """DuckDB over the tables that were given, and over the results of queries other queries read."""

    def __init__(self, limits: dict[str, int]) -> None:
        self._limits = limits
        self._arrow, self._duckdb = _libraries()
        self._con = self._locked()
        self._known: set[str] = set()

    def answer(self, header: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Return the answer to one message, and the Arrow stream that goes with it."""
        if "table" in header:
            self._con.register(header["table"], self._arrow.ipc.open_stream(body).read_all())
            return {"ok": True}, b""
        try:
            for need in header["needs"]:
                self._materialise(need["name"], need["sql"])
            table, cut = self._first_rows(self._query(header["sql"]))
        except Refused as refusal:
            return {"error": str(refusal)}, b""
        except MemoryError:
            return {"error": _TOO_MUCH_MEMORY}, b""
        except (self._duckdb.Error, self._arrow.ArrowException, OSError, ValueError) as error:
            return {"error": _sentence(error)}, b""
        return {"cut": cut}, _stream(self._arrow, table)

    def _locked(self) -> Any:
        settings = {
            "threads": "1",
            "memory_limit": f"{self._limits['memory_mb']}MB",
            "max_temp_directory_size": "0KB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
        }
        con = self._duckdb.connect(":memory:", config=settings)
        for locked in _LOCKS:
            con.execute(f"SET {locked}")
        con.sql("SELECT now() AS at, 1 AS one").to_arrow_reader(_BATCH).read_all().to_pylist()  # loads what it needs
        return con

    def _materialise(self, name: str, sql: str) -> None:
        """Keep the whole result of another cell under its name; as an Arrow table nothing can change it."""
        if name not in self._known:
            relation = self._query(sql)
            columns = [f"#{number} AS {own}" for number, own in enumerate(_own_names(relation.columns), start=1)]
            self._con.register(name, relation.project(", ".join(columns)).to_arrow_reader(_BATCH).read_all())
            self._known.add(name)

    def _first_rows(self, relation: Any) -> tuple[Any, bool]:
        """Return a query's first rows, and whether there were more."""
        if len(relation.columns) > _MOST_COLUMNS:
            raise Refused(f"This has {len(relation.columns):,} columns; {_MOST_COLUMNS} is the most.")
        reader = relation.project(_plainly(relation)).to_arrow_reader(_BATCH)
        batches, rows, size = [], 0, 0
        for batch in reader:
            batches.append(batch)
            rows, size = rows + len(batch), size + batch.nbytes
            if size > self._limits["result_bytes"]:
                raise Refused(f"The result is larger than {self._limits['result_bytes'] // 10**6} MB: ask for less.")
            if rows > self._limits["rows"]:
                break
        whole = self._arrow.Table.from_batches(batches, reader.schema).slice(0, self._limits["rows"])
        return _without_decimals(self._arrow, whole), rows > self._limits["rows"]

    def _query(self, sql: str) -> Any:
        statements = self._con.extract_statements(sql)
        if not statements:
            raise Refused("There is no query in this cell yet.")
        if len(statements) > 1:
            raise Refused("A cell holds one query: put the others into cells of their own.")
        if statements[0].type is not self._duckdb.StatementType.SELECT:
            raise Refused(_READ_ONLY)
        try:
            return self._con.sql(statements[0].query)
        except self._duckdb.Error:
            self._con.execute(f"EXPLAIN {statements[0].query}")  # fails the same way, and says in which line
            raise


# Shutting doors ------------------------------------------------------------------------------------


def _libraries() -> tuple[Any, Any]:
    """Return Arrow and DuckDB; pandas would be imported by both, which takes longer than all the rest."""
    sys.meta_path.insert(0, _WithoutPandas())
    import duckdb
    import pyarrow as pa
    import pyarrow.compute

    zoneinfo.ZoneInfo("UTC")  # these read their files now: later there are none
    for name in ("ascii", "latin-1", "unicode_escape"):
        codecs.lookup(name)
    return pa, duckdb


class _WithoutPandas:
    def find_spec(self, name: str, *_: object) -> None:
        if name in ("pandas", "pyarrow.dataset"):
            raise ModuleNotFoundError(name)


def _leave_network() -> None:
    """Go where there is no network, if this system allows it: while we have one thread, before anything is imported."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_NET if os.geteuid() == 0 else _NEW_NET | _NEW_USER)


def _shut_doors(limits: dict[str, int]) -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    room = _address_space() + limits["memory_mb"] * 2 * 1024**2  # DuckDB's memory, the given tables, the result
    if os.geteuid() == 0:  # from here on not even what Python is made of can be read
        with suppress(OSError):
            os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    _limit(resource.RLIMIT_AS, room)
    _limit(resource.RLIMIT_CPU, limits["seconds"] * limits["queries"])
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, 0)  # what is open stays so, nothing more can be opened: no file, no socket


def _limit(what: int, most: int) -> None:
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (most, most))


def _address_space() -> int:
    """Return the bytes of address space in use; where the system doesn't tell, so many that no limit comes of it."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib isn't worth its import here
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 2**62


# Saying what came out ------------------------------------------------------------------------------


def _sentence(error: Exception) -> str:
    """Return what went wrong in one sentence, with the line it stands in."""
    text = str(error)
    kind = type(error).__name__
    if any(sign in f"{kind} {text}" for sign in _MEMORY_SIGNS):
        return _TOO_MUCH_MEMORY
    if kind == "PermissionException":
        return _OUTSIDE
    said = _KIND.sub("", text).split("\nLINE ")[0].split("\n\n")[0].split("Did you mean")[0]
    said = " ".join(said.split())[:400].rstrip(" .!")
    line = (
        _LINE.search(text) if kind in _BEFORE_RUNNING else None
    )  # while it runs, lines are those of a query around it
    return f"Line {line[1]}: {said}." if line else f"{said[:1].upper()}{said[1:]}."


def _own_names(columns: Sequence[str]) -> list[str]:
    """Return quoted names for columns, all different, as SQL doesn't ask for."""
    names: list[str] = []
    for column in columns:
        number, own = 1, column
        while own.lower() in (name.lower() for name in names):
            number += 1
            own = f"{column}_{number}"
        names.append(own)
    return ['"' + name.replace('"', '""') + '"' for name in names]


def _plainly(relation: Any) -> str:
    """Return what selects numbers, texts, truths, days and moments as they are, and everything else written out."""
    wanted = zip(_own_names(relation.columns), relation.types, strict=True)
    parts = [
        f"#{number}{'' if kind.id in _PLAIN else '::' + _NEAREST.get(kind.id, 'VARCHAR')} AS {name}"
        for number, (name, kind) in enumerate(wanted, start=1)
    ]
    return ", ".join(parts)


def _without_decimals(pa: Any, table: Any) -> Any:
    """Return a table whose decimals, which every sum of whole numbers is, are plain numbers."""
    for at, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            column = _number(pa, table.column(at))
            table = table.set_column(at, pa.field(field.name, column.type), column)
    return table


def _number(pa: Any, column: Any) -> Any:
    if column.type.scale == 0:
        with suppress(pa.ArrowInvalid):  # larger than 64 bits hold
            return column.cast(pa.int64())
    return column.cast(pa.float64())


def _stream(pa: Any, table: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


# Messages ------------------------------------------------------------------------------------------


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return input and output; what a library may print goes nowhere."""
    outgoing = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return sys.stdin.buffer, outgoing


def _receive(incoming: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    length = incoming.read(4)
    if len(length) < 4:
        return None
    header = json.loads(incoming.read(int.from_bytes(length, "big")))
    return header, incoming.read(header.get("bytes", 0))


def _send(outgoing: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    line = json.dumps({**header, "bytes": len(body)}).encode()
    outgoing.writelines((len(line).to_bytes(4, "big"), line, body))
    outgoing.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
