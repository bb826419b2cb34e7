"""Sandboxes from the outside: started for one run of a notebook, bounded in time and number, ended with it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Any

import pyarrow as pa

from rewrapped.errors import QueryFailed
from rewrapped.sandbox.room import Room

log = logging.getLogger(__name__)

_CHILD = Path(__file__).with_name("child.py")
_ENVIRONMENT = {  # and nothing else
    "LC_ALL": "C.UTF-8",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # others reserve more address space than a sandbox has
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_START_S = 20
_LONGEST_HEADER = 64 * 1024
_ENVELOPE_BYTES = 1024**2  # what an Arrow stream takes besides its values


@dataclass(frozen=True, slots=True)
class Limits:
    """What a sandbox may use: seconds a query, rows and bytes of a result, megabytes of memory, queries in its life."""

    seconds: int = 10
    rows: int = 10_000
    result_bytes: int = 8_000_000
    memory_mb: int = 512
    queries: int = 40


@dataclass(frozen=True, slots=True)
class Query:
    """A query with a name, and the other ones it reads by their names, in the order they have to run."""

    name: str
    sql: str
    needs: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows a query gave; `is_cut` says that there were more."""

    table: pa.Table
    is_cut: bool


class Sandboxes:
    """Hands out sandboxes, a few at a time for the whole process, and one at a time under each name."""

    def __init__(self, limits: Limits | None = None, *, at_once: int = 3, wait_s: float = 15) -> None:
        self.limits = limits or Limits()
        busy = "Many notebooks run just now. Please try again in a moment."
        self._room = Room(busy, at_once=at_once, wait_s=wait_s)

    @contextmanager
    def opened(self, name: str) -> Iterator[Box]:
        """Hand over a sandbox of one's own, which ends with the context.

        Raises:
            TooMany: all sandboxes stayed taken, or the one of this name.
        """
        with self._room.taken(name):
            box = Box(self.limits)
            try:
                yield box
            finally:
                box.end()

    def is_wanted(self, name: str) -> bool:
        """Return whether somebody waits who could have a sandbox if the one of this name ended."""
        return self._room.is_wanted(name)


class Box:
    """One process that answers queries over the tables it was given, and ends at the first that breaks it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(_CHILD), json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """Return the process's id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Return whether it can answer."""
        return self._process.poll() is None

    def give(self, name: str, table: pa.Table) -> None:
        """Hand over a table that queries read under this name.

        Raises:
            QueryFailed: the sandbox can't take it.
        """
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        self._exchange({"table": name}, sink.getvalue(), _START_S)

    def ask(self, query: Query) -> Answer:
        """Return what a query gives.

        Raises:
            QueryFailed: it gives nothing, and why; `is_alive` tells whether another one can be asked.
        """
        needs = [{"name": need.name, "sql": need.sql} for need in query.needs]
        header, body = self._exchange({"sql": query.sql, "needs": needs}, None, self._limits.seconds)
        if "error" in header:
            raise QueryFailed(str(header["error"]))
        try:
            table = pa.ipc.open_stream(body).read_all()
            table.validate(full=True)  # it was another's SQL that made these bytes
        except pa.ArrowException as error:
            self.end()
            raise QueryFailed("The result of this query can't be read.") from error
        return Answer(table, bool(header.get("cut")))

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was still to be written
                if pipe is not None:
                    pipe.close()
        self._process.wait()

    def _exchange(self, header: dict[str, Any], body: pa.Buffer | None, seconds: float) -> tuple[dict[str, Any], bytes]:
        if not self._ready:
            self._ready = True
            self._timed(None, None, _START_S)
        return self._timed(header, body, seconds)

    def _timed(
        self, header: dict[str, Any] | None, body: pa.Buffer | None, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send a message, if there is one, and return the answer; past the time the process is killed."""
        late: list[bool] = []

        def stop() -> None:
            late.append(True)
            self._process.kill()

        timer = Timer(seconds, stop)
        timer.start()
        try:
            if header is not None:
                self._send(header, body)
            return self._receive()
        except (OSError, ValueError, EOFError) as error:
            self.end()
            if late:
                raise QueryFailed(f"Stopped after {self._limits.seconds} seconds: ask for less at once.") from error
            log.warning("a sandbox ended with %s", self._process.returncode)
            raise QueryFailed(
                "This query broke off: it took more than a cell may use. Ask for less at once."
            ) from error
        finally:
            timer.cancel()

    def _send(self, header: dict[str, Any], body: pa.Buffer | None) -> None:
        line = json.dumps({**header, "bytes": body.size if body else 0}).encode()
        incoming = _pipe(self._process.stdin)
        incoming.write(len(line).to_bytes(4, "big") + line)
        if body:
            incoming.write(body)
        incoming.flush()

    def _receive(self) -> tuple[dict[str, Any], bytes]:
        length = int.from_bytes(self._read(4), "big")
        if length > _LONGEST_HEADER:
            raise ValueError("a header is too long")
        header = json.loads(self._read(length))
        size = header.get("bytes") if isinstance(header, dict) else None
        if not isinstance(size, int) or not 0 <= size <= 2 * self._limits.result_bytes + _ENVELOPE_BYTES:
            raise ValueError("a result is no result, or too long")
        return header, self._read(size)

    def _read(self, size: int) -> bytes:
        found = _pipe(self._process.stdout).read(size)
        if len(found) < size:
            raise EOFError
        return found


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("a sandbox has pipes")
    return pipe
