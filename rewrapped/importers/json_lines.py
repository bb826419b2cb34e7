"""The rows of a file with one JSON object a line, a few megabytes at a time, whatever state its lines are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Generic

import msgspec

from rewrapped.importers.json_rows import BROKEN_WASTE, MAX_ROW, PIECE, Patience, RowT, Shape

_SHORT_LINE: Final = 64  # bytes; no listen is shorter, and a line costs the same however short it is
_SHORT_WASTE: Final = 8  # what each byte short of that counts for


class JsonLines(Generic[RowT]):
    """Iterate over batches of rows; counts and flags are those of `JsonRows`."""

    def __init__(self, head: bytes, read: Callable[[int], bytes], shape: Shape[RowT], patience: Patience) -> None:
        """`head` is UTF-8 already read (without a byte order mark), `read` gives the rest."""
        self.strays = 0
        self.truncated = False
        self.given_up = False
        self.trailing = False
        self._shape = shape
        self._patience = patience
        self._read = read
        self._rest = head
        self._lost = False  # inside a line without an end in sight

    def __iter__(self) -> Iterator[list[RowT]]:
        last = False
        while not (last or self.given_up):
            more = self._read(PIECE)
            last = not more
            self._rest += more
            rows = self._take(last=last)
            if self._patience.gone and not last:
                self.given_up = self.truncated = True
            if rows:
                yield rows

    def _take(self, *, last: bool) -> list[RowT]:
        """Parse the complete lines in the buffer; at the end what is left over too."""
        *lines, self._rest = self._rest.split(b"\n")
        if self._lost and lines:
            del lines[0]  # the end of what was given up
            self._lost = False
        lines = [line for line in lines if line and not line.isspace()]
        self._patience.left -= max(len(lines) * _SHORT_LINE - sum(map(len, lines)), 0) * _SHORT_WASTE
        rows = self._parse(lines)
        if last:
            rows += self._take_last()
        elif len(self._rest) > MAX_ROW:
            self._patience.left -= len(self._rest)
            self.strays += not self._lost
            self._lost, self._rest = True, b""
        return rows

    def _take_last(self) -> list[RowT]:
        """Return the row of the last line if it is whole: one without its end was cut off, and is no stray."""
        if self._lost or not self._rest.strip(b"\0 \t\r"):
            self.truncated = self._lost
            return []
        strays = self.strays
        rows = self._parse([self._rest])
        self.truncated = not rows
        self.strays = strays
        return rows

    def _parse(self, lines: list[bytes]) -> list[RowT]:
        if not lines:
            return []
        try:
            rows: list[RowT] = self._shape.many.decode(b"[%b]" % b",".join(lines))
        except (ValueError, RecursionError):
            return [row for line in lines if (row := self._parse_one(line)) is not None]
        return rows

    def _parse_one(self, line: bytes) -> RowT | None:
        if self._patience.gone:
            self.given_up = self.truncated = True
            return None
        row = self._shape.parse_one(msgspec.Raw(line))
        if row is None:
            self.strays += 1
            self._patience.left -= BROKEN_WASTE + len(line)
        return row
