"""What a notebook is: cells of SQL, charts and text, and the filter all of them look through."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from rewrapped.errors import InvalidInput

CELLS_MAX = 40
TEXT_BYTES_MAX = 20_000
TITLE_MAX = 120
NOTEBOOKS_MAX = 100
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
TABLE = "plays"
_FILTER_MAX = 2_000
_ID = re.compile(r"[0-9a-z_-]{1,40}", re.ASCII)
_COLUMN_MAX = 200


class CellKind(StrEnum):
    """What a cell holds."""

    SQL = "sql"
    CHART = "chart"
    TEXT = "text"


class Mark(StrEnum):
    """How a chart draws its rows."""

    BAR = "bar"
    LINE = "line"
    AREA = "area"
    POINT = "point"
    HEAT = "heat"


class Gather(StrEnum):
    """What a chart does with rows that share their place."""

    NONE = "none"
    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Choice:
    """A chart in a few choices: the SQL cell it draws, the mark, and columns by name ("" for none)."""

    source: str = ""
    mark: Mark = Mark.BAR
    x: str = ""
    y: str = ""
    colour: str = ""
    gather: Gather = Gather.NONE


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `id` stays the same while it is edited.

    SQL: `name` is what later cells read its result by, `text` the query.
    CHART: `choice` says what is drawn; `text`, unless empty, is a Vega-Lite spec
    that is drawn in place of it. TEXT: `text` is Markdown.
    """

    kind: CellKind
    text: str = ""
    name: str = ""
    choice: Choice = field(default_factory=Choice)
    id: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(frozen=True, slots=True)
class Notebook:
    """A title, cells in order, and the filter as the filter bar writes it into an address."""

    title: str
    cells: tuple[Cell, ...] = ()
    filter_query: str = ""


def checked(notebook: Notebook) -> Notebook:
    """Return a notebook as it may be stored, its title trimmed.

    Raises:
        InvalidInput: something in it is too long, too many, or named twice; the text says what.
    """
    title = " ".join(notebook.title.split())
    if not 1 <= len(title) <= TITLE_MAX or not title.isprintable():
        raise InvalidInput(f"A notebook has a title of up to {TITLE_MAX} characters.")
    if len(notebook.cells) > CELLS_MAX:
        raise InvalidInput(f"A notebook holds up to {CELLS_MAX} cells.")
    if len(notebook.filter_query) > _FILTER_MAX or not notebook.filter_query.isascii():
        raise InvalidInput("This filter is too long to keep.")
    for cell in notebook.cells:
        check_text(cell.text)
        _check_cell(cell)
    if len({cell.id for cell in notebook.cells}) < len(notebook.cells):
        raise InvalidInput("Two cells of this notebook are the same one.")
    names = [cell.name for cell in notebook.cells if cell.kind is CellKind.SQL]
    for name in names:
        if names.count(name) > 1:
            raise InvalidInput(f"Two cells are called {name}: give one of them another name.")
    return replace(notebook, title=title)


def check_text(text: str) -> None:
    """Make sure a cell's text can be stored.

    Raises:
        InvalidInput: it is too long, or holds what is no text.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise InvalidInput("This text holds something that is no character.") from error
    if size > TEXT_BYTES_MAX:
        raise InvalidInput(f"A cell holds up to {TEXT_BYTES_MAX // 1000} kB of text.")
    if "\0" in text:
        raise InvalidInput("This text holds a character that can't be kept (NUL).")


def check_name(name: str) -> None:
    """Make sure a result can be called so.

    Raises:
        InvalidInput: it isn't a short word of small letters, digits and underscores, or means something already.
    """
    if not NAME.fullmatch(name) or name == TABLE:
        raise InvalidInput(
            f"A result's name is a word of small letters, digits and _, other than {TABLE}: such as top_artists."
        )


def _check_cell(cell: Cell) -> None:
    if not _ID.fullmatch(cell.id):
        raise InvalidInput("A cell of this notebook can't be told from others.")
    if cell.kind is CellKind.SQL:
        check_name(cell.name)
    if any(len(word) > _COLUMN_MAX for word in (cell.choice.source, cell.choice.x, cell.choice.y, cell.choice.colour)):
        raise InvalidInput("A chart names columns of up to 200 characters.")
    check_text(cell.choice.x + cell.choice.y + cell.choice.colour + cell.choice.source)


def free_name(cells: Sequence[Cell], wish: str = "result") -> str:
    """Return a name for a result that no cell has yet."""
    taken = {cell.name for cell in cells}
    names = [wish, *(f"{wish}_{number}" for number in range(2, CELLS_MAX + 3))]
    return next(name for name in names if name not in taken)


def reads(sql: str, name: str) -> bool:
    """Return whether a query mentions a name as a word: it may then read the result called so."""
    return re.search(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])", sql, re.IGNORECASE) is not None


# As JSON -------------------------------------------------------------------------------------------


def to_json(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Return cells as JSON values."""
    return [asdict(cell) for cell in cells]


def from_json(values: Sequence[Mapping[str, Any]]) -> tuple[Cell, ...]:
    """Return the cells that `to_json` wrote."""
    return tuple(_cell(value) for value in values)


def _cell(value: Mapping[str, Any]) -> Cell:
    chosen = value["choice"]
    choice = Choice(**{**chosen, "mark": Mark(chosen["mark"]), "gather": Gather(chosen["gather"])})
    return Cell(**{**value, "kind": CellKind(value["kind"]), "choice": choice})


def fingerprint(notebook: Notebook) -> str:
    """Return what is equal for equal notebooks."""
    return json.dumps([notebook.title, notebook.filter_query, to_json(notebook.cells)])
