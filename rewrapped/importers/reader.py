"""One upload, file by file: finds the history in ZIPs and JSON files and reads it into columns."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from rewrapped.domain.plays import Source
from rewrapped.errors import TooLarge, UnreadableFile
from rewrapped.importers import account, archive, detect, extended, listens, scrobble_table
from rewrapped.importers.archive import Allowance, Unpacking
from rewrapped.importers.encoding import Read, as_utf8
from rewrapped.importers.finding import HEAD, Findings, Found
from rewrapped.importers.json_lines import JsonLines
from rewrapped.importers.json_rows import JsonRows, Patience
from rewrapped.importers.names import IdentityCodes, Names
from rewrapped.importers.rows import FileProblem, FileReading, Format, Identity, Reason, Rows
from rewrapped.importers.sieve import Sieve, blank

MAX_ROWS: Final = 10_000_000  # of an upload; sixty years of three-minute tracks, day and night

_BREAKS_OFF: Final = "It breaks off before its end; its complete rows were read."
_DAMAGED: Final = "It is damaged in the ZIP; download the ZIP again and upload it unchanged."
_GIVEN_UP: Final = "Too much of it is broken or isn't plays; its rows up to there were read."
_OTHER_TABLE: Final = "It is a table, but its columns aren't those of scrobbles: artist, track and time are needed."
_GOES_ON: Final = "Something follows its list of plays; only the list was read."


class _Columns(Protocol):
    """A family of formats: how its rows become columns."""

    identities: IdentityCodes

    def fill(self, rows: list[Any], sieve: Sieve) -> Rows: ...


class _Stream(Protocol):
    """The rows of one file, in batches, and what there was beside them; see `JsonRows`."""

    strays: int
    truncated: bool
    given_up: bool
    trailing: bool

    def __iter__(self) -> Iterator[list[Any]]: ...


class UploadReader:
    """Iterate over the history files of an upload, once; memory stays at one file's rows.

    `identities` and `labels` grow while iterating; they serve all readings.
    `problems` says which files could not be read, or not to their end.
    `bytes_done` of `total_bytes` (unpacked) tells the progress.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        include_incognito: bool,
        now: datetime,
        names: Sequence[str] | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        """Look through the upload; `names` are the files' names as their owner knows them.

        `allowance` is what it may unpack to, 4 GB unless given.

        Raises:
            UnreadableFile: there is no listening history in it; the text says what there is.
            TooLarge: a ZIP passes a limit.
        """
        self._now = now
        self._names = Names()
        self._extended = extended.ExtendedColumns(self._names, include_incognito=include_incognito)
        self._account = account.AccountColumns(self._names)
        self._listens = listens.ListenColumns(self._names)
        self._scrobbles = listens.ScrobbleColumns(self._names)
        self._allowance = allowance or Allowance()
        self._patience = Patience()
        self._watch: Callable[[], None] | None = None
        self._rows_left = MAX_ROWS
        self._current: Unpacking | None = None
        self._finished_bytes = 0
        self._findings = Findings()
        for path, name in zip(paths, names or [path.name for path in paths], strict=True):
            self._findings.add(path, name)
        self.total_bytes = sum(found.size for found in self._findings.files)
        if not self._findings.files:
            raise self._findings.nothing()

    @property
    def identities(self) -> list[Identity]:
        """Return what was played, by number."""
        return self._names.identities

    @property
    def labels(self) -> list[str]:
        """Return platforms, countries and reasons, by number; 0 is ""."""
        return self._names.labels

    @property
    def problems(self) -> list[FileProblem]:
        """Return which files could not be read, or not to their end."""
        return self._findings.problems

    @property
    def bytes_done(self) -> int:
        """Return how many bytes have been read."""
        return self._finished_bytes + (self._current.done if self._current else 0)

    def __iter__(self) -> Iterator[FileReading]:
        """Yield every readable file, see `readings`."""
        return self.readings()

    def readings(self, watch: Callable[[], None] | None = None) -> Iterator[FileReading]:
        """Yield every readable file; `watch` is called for every piece read and may raise to stop.

        Raises:
            UnreadableFile: not one of them could be read.
            TooLarge: a limit is passed, whatever the ZIP's directory said.
        """
        count, self._watch = 0, watch
        with ExitStack() as stack:
            opened: dict[Path, zipfile.ZipFile] = {}
            for found in self._findings.files:
                reading = self._read_or_note(found, opened, stack)
                self._finished_bytes, self._current = self._finished_bytes + found.size, None
                if reading:
                    count += 1
                    yield reading
        if not count:
            raise self._findings.nothing()

    def _read_or_note(self, found: Found, opened: dict[Path, zipfile.ZipFile], stack: ExitStack) -> FileReading | None:
        """Return a file's reading; None when it can't be read, which is noted."""
        try:
            if found.entry and found.path not in opened:
                opened[found.path] = stack.enter_context(archive.open_archive(found.path))
            with self._open(found, opened) as unpacking:
                self._current = unpacking
                return self._read(found, unpacking)
        except TooLarge:
            raise
        except UnreadableFile as error:
            self._findings.trouble(found.name, str(error))
        return None

    def _open(self, found: Found, opened: dict[Path, zipfile.ZipFile]) -> AbstractContextManager[Unpacking]:
        if found.entry:
            return archive.open_entry(opened[found.path], found.entry, self._allowance)
        return archive.open_plain(found.path, found.name, self._allowance)

    def _read(self, found: Found, unpacking: Unpacking) -> FileReading:
        """Read one open file.

        Raises:
            UnreadableFile: nothing of it can be read.
        """
        head, read = as_utf8(unpacking.read(HEAD), self._watched(unpacking))
        format_, columns, stream = self._stream(head, read, found.format)
        sieve, batches = Sieve(columns.identities, self._now), [blank(0)]
        for rows in stream:
            self._count(len(rows))
            batches.append(columns.fill(rows, sieve))
        if unpacking.damaged and len(batches) == 1:
            raise UnreadableFile(_DAMAGED)
        if sentence := _incomplete(stream):
            self._findings.trouble(found.name, sentence)
        return _reading(found.name, format_, stream, sieve, np.concatenate(batches))

    def _stream(self, head: bytes, read: Read, named: Format | None) -> tuple[Format, _Columns, _Stream]:
        """Return what a file is, and its rows.

        Raises:
            UnreadableFile: it isn't a list of plays.
        """
        layout = scrobble_table.find_layout(head)
        if layout:
            return Format.LASTFM, self._scrobbles, scrobble_table.ScrobbleTable(head, read, layout, self._patience)
        if named is Format.LASTFM:
            raise UnreadableFile(_OTHER_TABLE)
        format_ = detect.format_by_shape(head, named)
        if format_ is Format.LISTENBRAINZ:
            is_lines = not head.lstrip().startswith(b"[")
            rows = (JsonLines if is_lines else JsonRows)(head, read, listens.SHAPE, self._patience)
            return format_, self._listens, rows
        columns = self._extended if format_ and format_.source is Source.EXTENDED else self._account
        stream: _Stream = JsonRows(head, read, columns.shape, self._patience)
        if format_ is None:
            raise UnreadableFile("It is a list, but not of plays.")
        return format_, columns, stream

    def _watched(self, unpacking: Unpacking) -> Callable[[int], bytes]:
        """Return what reads on in an open file, and lets whoever watches know."""

        def read(count: int) -> bytes:
            if self._watch:
                self._watch()
            return unpacking.read(count)

        return read

    def _count(self, rows: int) -> None:
        self._rows_left -= rows
        if self._rows_left < 0:
            raise TooLarge(f"This upload has more than {MAX_ROWS:,} rows; that isn't one person's history.")


def _incomplete(stream: _Stream) -> str:
    """Return why a file wasn't read to its end, "" when it was."""
    if stream.given_up:
        return _GIVEN_UP
    return _BREAKS_OFF if stream.truncated else _GOES_ON if stream.trailing else ""


def _reading(name: str, format_: Format, stream: _Stream, sieve: Sieve, data: Rows) -> FileReading:
    dropped = {reason: sieve.dropped[reason] for reason in Reason if sieve.dropped[reason]}
    if stream.strays:
        dropped = {Reason.NOT_AN_OBJECT: stream.strays, **dropped}
    rows = len(data) + sum(dropped.values())
    moved = int((data["ended_at"] != data["reported_at"]).sum())
    return FileReading(name, format_, format_.source, rows, dropped, moved, stream.truncated, data)
