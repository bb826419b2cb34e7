"""Reading ZIP files that may be hostile. Nothing is ever extracted to disk.

The directory is judged before anything is opened; what is opened is counted
while it is read, because a directory can lie. Errors name the rule, and the entry where
they end the whole upload; where only the entry is refused its name stands beside them.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from rewrapped.domain.importing import size_words
from rewrapped.errors import TooLarge, UnreadableFile

MAX_ENTRIES: Final = 10_000
MAX_DIRECTORY_BYTES: Final = 8 << 20  # of the list of entries itself
MAX_UNPACKED_BYTES: Final = 4 << 30  # of all history files, where nothing else is said; a million plays are 0.6 GB
UNPACKED_PER_BYTE: Final = 16  # what an upload of the largest size may unpack to; exports are at 13
MAX_RATIO: Final = 200  # unpacked to packed; exports are at 13
RATIO_FREE_BYTES: Final = 4 << 20  # small files may be as repetitive as they like
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_END, _END64_LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_LOCAL_HEADER_BYTES = 30

NOT_WHOLE: Final = "It isn't a complete ZIP file; download it again and upload it unchanged."


@dataclass(slots=True)
class Allowance:
    """How many unpacked bytes an upload may still bring. They are read piece by piece, and never all kept."""

    limit_bytes: int = MAX_UNPACKED_BYTES
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limit_bytes

    def take(self, count: int, name: str) -> None:
        """Count bytes of a file.

        Raises:
            TooLarge: the upload has used up its allowance.
        """
        self.left -= count
        if self.left < 0:
            raise TooLarge(f"{name}: the upload unpacks to more than {size_words(self.limit_bytes)}.")


@dataclass(slots=True)
class Unpacking:
    """The bytes of one file, counted; `damaged` tells that they broke off."""

    name: str
    raw: IO[bytes]
    allowance: Allowance
    packed: int | None = None  # bytes in the ZIP; None outside of one
    done: int = 0
    damaged: bool = False

    def read(self, count: int) -> bytes:
        """Return up to `count` bytes, none at the end or where the file is damaged.

        Raises:
            TooLarge: a limit is passed.
        """
        try:
            data = self.raw.read(count)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
            self.damaged = True
            return b""
        self.done += len(data)
        self.allowance.take(len(data), self.name)
        if self.packed is not None:
            check_ratio(self.name, self.done, self.packed)
        return data


def list_entries(path: Path) -> list[zipfile.ZipInfo]:
    """Return the files in a ZIP; its folders are left out, and what has no name.

    Raises:
        TooLarge: it has too many entries.
        UnreadableFile: it isn't a whole ZIP, or its entries overlap.
    """
    try:
        with path.open("rb") as file:
            _check_directory_size(file)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError, OSError, ValueError) as error:
        raise UnreadableFile(NOT_WHOLE) from error
    if len(entries) > MAX_ENTRIES:
        raise TooLarge(f"It has more than {MAX_ENTRIES:,} entries.")
    _check_overlap(entries)
    return [entry for entry in entries if entry.filename and not entry.filename.endswith("/")]


def check_entry(entry: zipfile.ZipInfo) -> None:
    """Check what the directory says of an entry that is about to be opened.

    Raises:
        UnreadableFile: its name leads elsewhere, it is a link, encrypted, or packed in an unusual way.
        TooLarge: it says itself that it passes a limit.
    """
    parts = entry.orig_filename.replace("\\", "/").split("/")
    if parts[0] == "" or ".." in parts or ":" in parts[0] or "\0" in entry.orig_filename:
        raise UnreadableFile("The entry's name leads outside of the ZIP.")
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise UnreadableFile("The entry is a link or a device, not a file.")
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableFile("The entry is encrypted; unpack it with its password and upload the files.")
    if entry.compress_type not in _METHODS:
        raise UnreadableFile("The entry is packed by a method other than deflate.")
    check_ratio(shown(entry.filename), entry.file_size, entry.compress_size)


def check_ratio(name: str, unpacked: int, packed: int) -> None:
    """Check that a file doesn't unpack to far more than real listening histories do.

    Raises:
        TooLarge: it does.
    """
    if unpacked > RATIO_FREE_BYTES and unpacked > MAX_RATIO * packed:
        raise TooLarge(f"{name}: the entry unpacks to more than {MAX_RATIO} times its size.")


def shown(filename: str) -> str:
    """Return the base name of an entry, fit to be shown."""
    base = filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
    return "".join(mark if mark.isprintable() else "�" for mark in base) or "an entry"


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP whose entries were listed and checked.

    Raises:
        UnreadableFile: it isn't there any more.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise UnreadableFile(NOT_WHOLE) from error
    with archive:
        yield archive


@contextmanager
def open_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: Allowance) -> Iterator[Unpacking]:
    """Open an entry for counted reading.

    Raises:
        UnreadableFile: its header differs from what the directory says.
    """
    try:
        raw = archive.open(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, struct.error, ValueError) as error:
        raise UnreadableFile("The entry is damaged in the ZIP; download the ZIP again.") from error
    with raw:
        yield Unpacking(shown(entry.filename), raw, allowance, packed=entry.compress_size)


@contextmanager
def open_plain(path: Path, name: str, allowance: Allowance) -> Iterator[Unpacking]:
    """Open a file outside of a ZIP for counted reading.

    Raises:
        UnreadableFile: it can't be opened.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise UnreadableFile("It can't be opened.") from error
    with raw:
        yield Unpacking(name, raw, allowance)


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise UnreadableFile(f"{shown(entry.filename)}: the entry lies over another one in the ZIP.")
        end = entry.header_offset + _LOCAL_HEADER_BYTES + len(entry.orig_filename) + entry.compress_size


def _check_directory_size(file: IO[bytes]) -> None:
    """Check how long the list of entries says it is, before it is read into memory.

    The record is found by the function that zipfile itself finds it with: a file
    could show another one to whoever looks for it in another way.
    """
    record = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    if record is None:
        raise zipfile.BadZipFile
    count, length = record[zipfile._ECD_ENTRIES_TOTAL], record[zipfile._ECD_SIZE]  # type: ignore[attr-defined]  # noqa: SLF001
    if count > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES:
        raise TooLarge(f"It has more than {MAX_ENTRIES:,} entries.")
