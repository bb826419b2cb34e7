"""Scrobbles of Last.fm as the common exporters write them: CSV with or without a first line of names.

Known by their first line: `uts,utc_time,artist,...` (lastfm.ghan.nl), `Artist;Album;AlbumId;Track;Date#name`
(lastfmstats.com), other names of the same columns, and four columns without names: artist, album, title, date
(benjaminbenben.com). Moments are UTC, as seconds or milliseconds since 1970 or as a date.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rewrapped.importers import clock
from rewrapped.importers.json_rows import BROKEN_WASTE, MAX_ROW, PIECE, Patience
from rewrapped.importers.listens import ScrobbleRow

_BATCH: Final = 5_000  # rows handed on at a time
_MILLISECONDS: Final = 100_000_000_000  # numbers from here on are milliseconds: in seconds it is the year 5138
_DELIMITERS: Final = ",;\t"
#: What exporters call the moment, the artist, the title and the album, the best first.
_COLUMNS: Final = (
    ("uts", "timestamp", "date", "utctime", "datetime", "time", "playedat", "listenedat", "scrobbletime"),
    ("artist", "artistname"),
    ("track", "trackname", "title", "name", "song"),
    ("album", "albumname", "release"),
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_LINES: Final = 5  # looked at for a date where columns have no names: the first may be playing just now
_DATE = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table has what; `album` is -1 without that column."""

    delimiter: str
    has_names: bool
    moment: int
    artist: int
    title: int
    album: int

    @property
    def width(self) -> int:
        """Return how many columns a row needs at least."""
        return max(self.moment, self.artist, self.title) + 1


def find_layout(head: bytes) -> Layout | None:
    """Return the layout of a table that begins with `head`, None for whatever isn't one of scrobbles."""
    if head[:64].lstrip()[:1] in (b"", b"[", b"{"):
        return None
    first = [line.decode("utf-8", "surrogateescape") for line in head.split(b"\n", _FIRST_LINES)[:_FIRST_LINES]]
    for delimiter in _DELIMITERS:
        rows = [_cells_of(line, delimiter) for line in first]
        layout = _named(rows[0], delimiter) or _nameless(rows, delimiter)
        if layout:
            return layout
    return None


def _cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _named(cells: Sequence[str], delimiter: str) -> Layout | None:
    words = [re.sub(r"[^a-z]", "", cell.partition("#")[0].casefold()) for cell in cells]
    moment, artist, title, album = (
        next((words.index(name) for name in names if name in words), -1) for names in _COLUMNS
    )
    return None if min(moment, artist, title) < 0 else Layout(delimiter, True, moment, artist, title, album)


def _nameless(rows: Sequence[Sequence[str]], delimiter: str) -> Layout | None:
    is_one = any(len(cells) == 4 and read_moment(cells[3]) != clock.UNREADABLE for cells in rows)
    return Layout(delimiter, False, moment=3, artist=0, title=2, album=1) if is_one else None


def read_moment(written: str) -> int:
    """Return a moment as microseconds since 1970, `clock.UNREADABLE` where there is none; without a zone it is UTC."""
    written = written.strip()
    if written.isascii() and written.isdigit() and len(written) <= 14:
        number = int(written)
        return number * 1_000 if number >= _MILLISECONDS else number * 1_000_000
    match = _DATE.fullmatch(written)
    if not match:
        return clock.read_stamp(written, zone_needed=False)
    day, month, year, hour, minute, second = match.groups()
    try:
        moment = datetime(
            int(year), _MONTHS.index(month.lower()) + 1, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return clock.UNREADABLE
    return clock.to_micros(moment)


class ScrobbleTable:
    """Iterate over batches of a table's rows; counts and flags are those of `JsonRows`."""

    def __init__(self, head: bytes, read: Callable[[int], bytes], layout: Layout, patience: Patience) -> None:
        """`head` is UTF-8 already read (without a byte order mark), `read` gives the rest."""
        self.strays = 0
        self.truncated = False
        self.given_up = False
        self.trailing = False
        self._layout = layout
        self._patience = patience
        self._head = head
        self._read = read
        self._cut = False  # the last line has no end
        self._pending = 0  # characters since the last row

    def __iter__(self) -> Iterator[list[ScrobbleRow]]:
        batch: list[ScrobbleRow] = []
        for cells in self._cells():
            batch.append(self._row(cells))
            if len(batch) >= _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _row(self, cells: Sequence[str]) -> ScrobbleRow:
        at = self._layout
        album = cells[at.album] if 0 <= at.album < len(cells) else ""
        return ScrobbleRow(read_moment(cells[at.moment]), cells[at.title], cells[at.artist], album)

    def _cells(self) -> Iterator[list[str]]:
        """Yield the rows that are wide enough; the others are strays, but for a last one that was cut off."""
        lines = self._lines()
        if self._layout.has_names:
            next(lines, None)
        short = False
        for cells in self._parsed(lines):
            self.strays += short
            short = any(cells) and len(cells) < self._layout.width
            if short:
                self._waste(BROKEN_WASTE)
            elif cells and any(cells):
                yield cells
            if self.given_up:
                return
        self.truncated = short and self._cut
        self.strays += short and not self._cut

    def _parsed(self, lines: Iterator[str]) -> Iterator[list[str]]:
        while True:
            reader = csv.reader(lines, delimiter=self._layout.delimiter)
            try:
                for cells in reader:
                    self._pending = 0
                    yield cells
            except csv.Error:  # a quotation mark without its other half, and more behind it than a field holds
                self.strays += 1
                self._waste(BROKEN_WASTE + self._pending)
                if not self.given_up:
                    continue
            return

    def _waste(self, count: int) -> None:
        self._patience.left -= count
        if self._patience.gone:
            self.given_up = self.truncated = True

    def _lines(self) -> Iterator[str]:
        """Yield the lines of the file; one without an end in sight is given up."""
        decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        rest, lost, more = decode(self._head), False, b" "
        while more and not self.given_up:
            *lines, rest = rest.split("\n")
            if lost and lines:
                lost = False
                del lines[0]
            for line in lines:
                self._pending += len(line)
                yield line + "\n"
            if len(rest) > MAX_ROW:
                self._waste(len(rest))
                self.strays += not lost
                rest, lost = "", True
            more = self._read(PIECE)
            rest += decode(more, final=not more)
        if rest.strip() and not (lost or self.given_up):
            *lines, last = rest.split("\n")
            for line in lines:
                yield line + "\n"
            self._cut = bool(last)
            yield last
