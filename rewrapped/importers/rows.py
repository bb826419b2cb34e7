"""What an import hands on: rows as columns, and the words for what was found and what was dropped.

`importers.reader.UploadReader` yields one `FileReading` after the other. The rows
of all files share the reader's `identities` and `labels`, which only ever grow;
nothing of a dropped row gets into either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Source

#: One kept row. Times are microseconds since 1970 in UTC; `identity` indexes the reader's
#: `identities`; platform, country and reasons index its `labels` (0 stands for "not said");
#: `flags` are `domain.plays.Flags`.
ROW = np.dtype(
    [
        ("reported_at", "<i8"),
        ("ended_at", "<i8"),
        ("ms_played", "<i4"),
        ("identity", "<i4"),
        ("platform", "<i2"),
        ("country", "<i2"),
        ("reason_start", "<i2"),
        ("reason_end", "<i2"),
        ("flags", "<i2"),
    ]
)

#: A structured array of ROW.
Rows = npt.NDArray[np.void]


class Format(StrEnum):
    """The kinds of file a listening history comes in."""

    EXTENDED = "extended"
    ENDSONG = "endsong"
    ACCOUNT_MUSIC = "account_music"
    ACCOUNT_PODCAST = "account_podcast"
    ACCOUNT_AUDIOBOOK = "account_audiobook"
    LISTENBRAINZ = "listenbrainz"
    LASTFM = "lastfm"

    @property
    def source(self) -> Source:
        """Return the source its rows are stored under."""
        return _SOURCES.get(self, Source.ACCOUNT)


_SOURCES = {
    Format.EXTENDED: Source.EXTENDED,
    Format.ENDSONG: Source.EXTENDED,
    Format.LISTENBRAINZ: Source.LISTENBRAINZ,
    Format.LASTFM: Source.LASTFM,
}


class Reason(StrEnum):
    """Why a row isn't stored; a row with several defects is counted under the first that fits."""

    NOT_AN_OBJECT = "not_an_object"
    NO_IDENTITY = "no_identity"
    INCOGNITO = "incognito"
    BAD_TIME = "bad_time"
    BAD_MS = "bad_ms"
    BAD_TEXT = "bad_text"


class Identity(NamedTuple):
    """What was played, as the file names it.

    `kind` is a `domain.plays.Kind`. Names are trimmed, and None where the file
    has none. `artist` is the show of an episode and the book of a chapter;
    `album` is the book of a chapter. There is always a `uri` or a `title`.
    """

    kind: int
    uri: str | None
    title: str | None
    artist: str | None
    album: str | None


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file, read. rows == len(data) + the sum of `dropped`."""

    name: str  # the base name, shown to people
    format: Format
    source: Source
    rows: int
    dropped: dict[Reason, int]  # only reasons that occurred
    moved: int  # offline rows whose ended_at is not what was reported
    truncated: bool  # the file breaks off; its complete rows are here
    data: Rows = field(default_factory=lambda: np.empty(0, ROW))

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, FileReading) and self._facts() == other._facts() and _same(self.data, other.data)

    __hash__ = None  # type: ignore[assignment]  # it holds an array

    def _facts(self) -> tuple[Any, ...]:
        return (self.name, self.format, self.rows, self.dropped, self.moved, self.truncated)


def _same(one: Rows, other: Rows) -> bool:
    return bool(np.array_equal(one, other))


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that could not be read, or not to its end, and why, in a sentence for its owner."""

    name: str
    sentence: str
