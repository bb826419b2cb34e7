"""The rows of one JSON list, a few megabytes at a time, whatever state the list is in.

Three gears. A piece of the text is cut where a row seems to begin and parsed whole, into
typed rows. If a value has another type than it should, each row is parsed
alone, and only the odd ones are looked at field by field. If the piece isn't
JSON (cut, damaged, NaN, a lone surrogate), a patient reader goes from row to
row and loses only what is broken. Memory stays at a few times PIECE, and what
an upload costs beyond its bytes is bounded by its `Patience`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import msgspec

from rewrapped.errors import UnreadableFile

PIECE: Final = 1 << 18  # bytes parsed at a time: what stays in a processor's cache is fastest
MAX_ROW: Final = 1 << 20  # characters; a row without an end in sight is given up here
MAX_WASTE: Final = 64 << 20  # characters read in vain in an upload; what is damaged in more places is given up
BROKEN_WASTE: Final = 1 << 10  # what a broken row counts for beyond the characters read in vain
_DEEP_WASTE: Final = 100_000  # what one nesting beyond all depth counts for
_SHORT_ROW: Final = 80  # bytes; no row of a history is shorter, and a row costs the same however short it is
_SHORT_WASTE: Final = 8  # what each byte short of that counts for
_BEHIND: Final = 1 << 13  # characters already read that may stay in front: a parser's error counts their lines

RowT = TypeVar("RowT", bound=msgspec.Struct)
Record = dict[str, Any]
_BORDER = re.compile(r"\}\s*,\s*(?=\{)")
_COMMA = re.compile(r",\s*(?=\{)")
_GAP = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Patience:
    """How much may still be read in vain, in characters; one for all files of an upload."""

    left: int = field(default_factory=lambda: MAX_WASTE)

    @property
    def gone(self) -> bool:
        """Tell whether it is used up."""
        return self.left < 0


class Shape(Generic[RowT]):
    """How rows of a family of formats are parsed: typed, or field by field out of any object."""

    def __init__(self, row: type[RowT], loosen: Callable[[Record], RowT]) -> None:
        self.many = msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # a type made at run time
        self.one = msgspec.json.Decoder(row)
        self.loosen = loosen

    def parse_one(self, raw: msgspec.Raw) -> RowT | None:
        """Return one row, field by field where its types are odd; None for what isn't an object."""
        try:
            return self.one.decode(raw)
        except (ValueError, RecursionError):
            pass
        try:
            value = _JSON.decode(bytes(raw).decode("utf-8", "surrogateescape"))
        except (ValueError, RecursionError):
            return None
        return self.loosen(value) if isinstance(value, dict) else None


class JsonRows(Generic[RowT]):
    """Iterate over batches of rows; `strays` counts what isn't an object, `truncated` tells of a missing end.

    A list that uses up the patience is `given_up` where it does, which truncates it.
    """

    def __init__(self, head: bytes, read: Callable[[int], bytes], shape: Shape[RowT], patience: Patience) -> None:
        """`head` is UTF-8 already read (without a byte order mark), `read` gives the rest.

        Raises:
            UnreadableFile: it is not a list.
        """
        self.strays = 0
        self.truncated = False
        self.given_up = False
        self.trailing = False  # something follows the list
        self._shape = shape
        self._patience = patience
        self._read = read
        self._rest = _after_bracket(head)
        self._ended = False
        self._lost = False  # inside something that has no end in sight

    def __iter__(self) -> Iterator[list[RowT]]:
        last = False
        while not (last or self._ended):
            more = self._read(PIECE)
            last = not more
            self._rest += more
            held, strays = len(self._rest), self.strays
            rows = self._take(last=last)
            self._weigh(len(rows) + self.strays - strays, held - len(self._rest), last=last)
            if rows:
                yield rows

    def _weigh(self, rows: int, size: int, *, last: bool) -> None:
        """Count rows too short to say anything, which cost more than their bytes."""
        if rows * _SHORT_ROW <= size:
            return
        self._patience.left -= (rows * _SHORT_ROW - size) * _SHORT_WASTE
        if self._patience.gone and not (last or self._ended):
            self._give_up()

    def _give_up(self) -> None:
        self.given_up = self.truncated = self._ended = True
        self._rest = b""

    def _take(self, *, last: bool) -> list[RowT]:
        """Parse what lies in the buffer up to the last border, or to its end when nothing follows."""
        cut = len(self._rest) if last else _border(self._rest)
        if self._lost or cut < 0:
            return self._take_patiently(last=last)
        piece = b"[" + self._rest if last else b"[%b]" % self._rest[:cut]
        try:
            rows = self._parse(piece)
        except (ValueError, RecursionError):
            return self._take_patiently(last=last)
        if not self._ended:
            self._rest = self._rest[cut + 1 :]
        return rows

    def _parse(self, piece: bytes) -> list[RowT]:
        try:
            rows: list[RowT] = self._shape.many.decode(piece)
        except msgspec.ValidationError:
            if self._patience.gone:
                self._give_up()
                return []
            raws = msgspec.json.decode(piece, type=list[msgspec.Raw])
            return [row for raw in raws if (row := self._parse_one(raw)) is not None]
        return rows

    def _parse_one(self, raw: msgspec.Raw) -> RowT | None:
        row = self._shape.parse_one(raw)
        self.strays += row is None
        return row

    def _loosened(self, value: object) -> RowT | None:
        if isinstance(value, dict):
            return self._shape.loosen(value)
        self.strays += 1
        return None

    def _take_patiently(self, *, last: bool) -> list[RowT]:
        """Read row by row, skip what is broken, and leave in the buffer what may go on."""
        text = self._rest.decode("utf-8", "surrogateescape")
        rows: list[RowT] = []
        at = self._skip(text, 0, last=last) if self._lost else 0
        while not (self._lost or self._patience.gone):
            if at > _BEHIND:
                text, at = text[at:], 0
            at = _GAP.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing at least
            if at == len(text) or text[at] == "]":
                break
            try:
                value, end = _JSON.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                if not last and _may_go_on(error, text, at):
                    break
                self._patience.left -= BROKEN_WASTE + _read_in_vain(error, text, at)
                at = self._skip(text, at, last=last)
                continue
            if end == len(text) <= at + MAX_ROW and not last and not isinstance(value, dict):
                break  # a number may go on
            row = self._loosened(value)
            rows += [row] if row is not None else []
            at = end
        self._leave(text, at, last=last)
        return rows

    def _skip(self, text: str, at: int, *, last: bool) -> int:
        """Return where to go on after something broken, which counts as one stray.

        Without a border in sight the rest of the piece is given up; at the end
        of a list without its bracket, it is the row that was cut: no stray.
        """
        bare = not self._lost and text[at] not in '{["'  # a word that isn't JSON ends at the next comma
        border = (_COMMA if bare else _BORDER).search(text, at)
        closing = len(text.rstrip("\0 \t\r\n")) - 1 if last and not border else -1
        cut = last and not border and not (closing > at and text[closing] == "]")
        self.strays += not (self._lost or cut)
        self._lost = not (border or last)
        if border:
            return border.end()
        if last:
            return len(text) if cut else closing
        return max(at, len(text) - 64)  # a border may begin there

    def _leave(self, text: str, at: int, *, last: bool) -> None:
        if self._patience.gone:
            self._give_up()
            return
        closed = not self._lost and text.startswith("]", at)
        self.trailing = closed and bool(text[at + 1 :].strip("\0 \t\r\n"))
        self._ended = closed
        self.truncated = not closed and last
        self._rest = b"" if closed else text[at:].encode("utf-8", "surrogateescape")


def _after_bracket(head: bytes) -> bytes:
    start = head.lstrip()
    if not start:
        raise UnreadableFile("It is empty.")
    if not start.startswith(b"["):
        raise UnreadableFile("It isn't a list of plays.")
    return start[1:]


def _border(buffer: bytes) -> int:
    """Return where the comma before the last row stands, -1 when none is found."""
    at = len(buffer)
    for _ in range(64):
        at = buffer.rfind(b"{", 0, at)
        if at < 0:
            return -1
        before = buffer[max(at - 64, 0) : at].rstrip()
        if before.endswith(b",") and before[:-1].rstrip().endswith(b"}"):
            return buffer.rindex(b",", 0, at)
    return -1


def _may_go_on(error: ValueError | RecursionError, text: str, at: int) -> bool:
    """Tell whether a row may be broken only because the piece ends within it."""
    if len(text) - at > MAX_ROW or not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= len(text) - 12


def _read_in_vain(error: ValueError | RecursionError, text: str, at: int) -> int:
    """Return how many characters a failed row took, about."""
    if not isinstance(error, json.JSONDecodeError):
        return _DEEP_WASTE
    end = len(text) if error.msg.startswith("Unterminated string") else error.pos  # such a string is read to the end
    return max(end - at, 0)


def _read_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


_JSON = json.JSONDecoder(strict=False, parse_int=_read_int)
