"""A sheet of events (CSV) as an admin brings it: one event a line, columns by their names in the first line."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final, TypeVar

from rewrapped.domain import genres
from rewrapped.domain.drafts import Draft
from rewrapped.domain.events import normal_name
from rewrapped.errors import InvalidInput

MOST_BYTES: Final = 2 * 1024**2
MOST_EVENTS: Final = 1_000
NEEDED: Final = ("title", "date", "venue", "city", "country")
OPTIONAL: Final = (
    *("id", "time", "doors", "line_up", "description", "genres", "tags"),
    *("url", "price_from", "price_to", "currency"),
)
_CELL_MOST: Final = 20_000  # characters
_WORDS_QUOTED: Final = 5
_LOOKS: Final = {  # what a cell is called, and an example
    "date": ("date", "2027-05-31"),
    "time": ("time", "20:00"),
    "doors": ("time", "19:00"),
    "price_from": ("price", "24.50"),
    "price_to": ("price", "24.50"),
}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet. `key` tells its event from others: its id if it has one, else
    title, date, venue, city and country: then one that moves is another event.

    `number` counts lines of the file from 1, the names of the columns being the
    first. `problems` says in a sentence which columns can't be read; the place is
    still to be looked up, and the draft to be judged. A line that can't be read
    as a whole has no draft.
    """

    number: int
    key: str = ""
    city: str = ""
    country: str = ""
    draft: Draft | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def read(data: bytes) -> Iterator[Line]:
    """Return the lines of a sheet: UTF-8, cells parted by commas, semicolons or tabs.

    Raises:
        InvalidInput: it is no such sheet, too large, or lacks a column.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInput(f"The sheet is too large: up to {MOST_BYTES // 1024**2} MB can be read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("The sheet isn't UTF-8 text: save it as CSV (UTF-8).") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    names = [name.strip().lower().replace(" ", "_").replace("-", "_") for name in _next(reader) or []]
    while names and not names[-1]:  # empty columns at the end, as spreadsheets leave them
        names.pop()
    return _lines(reader, names)


def _lines(reader: Iterator[list[str]], names: list[str]) -> Iterator[Line]:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InvalidInput(f"The first line has to name the columns. Missing: {', '.join(missing)}.")
    if len(set(names)) < len(names):
        raise InvalidInput("A column is named twice.")
    unknown = [name[:40] for name in names if name not in (*NEEDED, *OPTIONAL)]
    if unknown:
        raise InvalidInput(f"Nobody knows the column {unknown[0]}. There are: {', '.join((*NEEDED, *OPTIONAL))}.")
    return _each(reader, names)


def _each(reader: Iterator[list[str]], names: list[str]) -> Iterator[Line]:
    count = 0
    while (cells := _next(reader)) is not None:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_EVENTS:
            raise InvalidInput(f"The sheet holds more than {MOST_EVENTS:,} events: bring it in parts.")
        number: int = reader.line_num  # type: ignore[attr-defined]  # csv's readers have it
        try:
            yield _line(number, _by_name(names, [cell.strip() for cell in cells]))
        except InvalidInput as error:
            yield Line(number, problems={"": str(error)})


def _by_name(names: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(names) :]):
        raise InvalidInput("It has more cells than there are columns: put texts with commas in quotes.")
    return dict(zip(names, cells, strict=False))


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise InvalidInput(f"The sheet can't be read as CSV: {error}.") from error


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _line(number: int, cells: Mapping[str, str]) -> Line:
    def get(name: str) -> str:
        return cells.get(name, "")

    if any(len(cell) > _CELL_MOST for cell in cells.values()):
        raise InvalidInput(f"A cell can have up to {_CELL_MOST:,} characters.")
    problems: dict[str, str] = {}

    def read(name: str, parse: Callable[[str], _T]) -> _T | None:
        try:
            return parse(get(name)) if get(name) else None
        except ValueError:
            called, example = _LOOKS[name]
            problems[name] = f'"{get(name)[:40]}" is no {called}; one looks like {example}.'
            return None

    known, unknown = _genres(get("genres"))
    if unknown:
        problems["genres"] = f"No genres that are known here: {', '.join(unknown)}."
    draft = Draft(
        title=get("title"),
        description=get("description"),
        line_up="\n".join(name.strip() for name in get("line_up").split(";")),
        venue=get("venue"),
        start_on=read("date", date.fromisoformat),
        start_time=read("time", _time),
        doors_time=read("doors", _time),
        price_from=read("price_from", _price),
        price_to=read("price_to", _price),
        currency=get("currency"),
        ticket_url=get("url"),
        tags=get("tags").replace(";", ","),
        genres=known,
    )
    key = _key(get("id"), draft, get("city"), get("country"))
    return Line(number, key, get("city"), get("country"), draft, problems)


def _time(text: str) -> time:
    """Return a time by the venue's clock, to the minute."""
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))


def _price(text: str) -> float:
    return float(text.replace(",", "."))


def _genres(text: str) -> tuple[tuple[str, ...], list[str]]:
    """Return the keys of the genres named, and the words that name none, as they may be quoted."""
    found = {word.strip(): genres.find(word) for word in text.split(";") if word.strip()}
    unknown = [f'"{word[:40]}"' for word, genre in found.items() if genre is None]
    return tuple(genre.key for genre in found.values() if genre), unknown[:_WORDS_QUOTED]


def _key(own: str, draft: Draft, city: str, country: str) -> str:
    parts = [own] if own else [draft.title, str(draft.start_on), draft.venue, city, country]
    return "sheet-" + hashlib.sha256("\0".join(map(normal_name, parts)).encode()).hexdigest()[:32]
