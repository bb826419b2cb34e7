"""A notebook to take away: the .ipynb and its data as Parquet, runnable with duckdb, pandas, altair and pyarrow."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow.parquet as pq

from rewrapped.charts import built
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.markdown import safe_markdown
from rewrapped.domain.notebooks import Cell, CellKind, Notebook, checked
from rewrapped.domain.plays import Filter, PlayRule
from rewrapped.errors import InvalidInput
from rewrapped.history.table import plays_table
from rewrapped.services import cells as running
from rewrapped.services import listening
from rewrapped.services.cells import Outcome

_DATA = "plays.parquet"
_SETUP = f"""\
import json

import altair as alt
import duckdb

con = duckdb.connect()
con.execute("SET TimeZone = 'UTC'")
con.execute("CREATE VIEW plays AS SELECT * FROM read_parquet('{_DATA}')")
results = {{}}


def run(name, sql):
    \"\"\"Keep the result of a query under its name, for the queries after it, and return it.\"\"\"
    con.execute(f'CREATE OR REPLACE TABLE "{{name}}" AS {{sql}}')
    results[name] = con.table(name).df()
    return results[name]


def draw(name, spec):
    \"\"\"Draw a result by a Vega-Lite spec.\"\"\"
    rows = json.loads(results[name].to_json(orient="records", date_format="iso"))
    return alt.Chart.from_dict({{**json.loads(spec), "data": {{"values": rows}}}})"""


def archive(deps: Deps, visitor: Visitor, notebook: Notebook, chosen: Filter, rule: PlayRule | None = None) -> bytes:
    """Return a ZIP of the notebook as .ipynb and the filtered plays as Parquet, told by the listener's rule or another.

    Raises:
        SignInNeeded, AccessDenied: the visitor runs no notebooks.
        InvalidInput: the notebook can't be kept as it is, so neither taken away.
        TooMany: others' notebooks took every sandbox.
    """
    notebook = checked(notebook)
    outcomes = running.run(deps, visitor, notebook.cells, chosen, rule=rule)
    table = io.BytesIO()
    pq.write_table(plays_table(listening.history(deps, visitor, rule=rule).filter(chosen)), table, compression="zstd")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{file_name(notebook)}.ipynb", json.dumps(document(notebook, outcomes), indent=1))
        folder.writestr(_DATA, table.getvalue(), zipfile.ZIP_STORED)
    return packed.getvalue()


def file_name(notebook: Notebook) -> str:
    """Return a file's name for a notebook, without its ending: small letters, digits and dashes."""
    return re.sub("[^a-z0-9]+", "-", notebook.title.lower()).strip("-")[:60] or "notebook"


def document(notebook: Notebook, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
    """Return a notebook in nbformat 4; what people wrote is in it as text and as literals, never as code."""
    named = {cell.name: outcomes[cell.id] for cell in notebook.cells if cell.id in outcomes}
    cells = [
        _markdown("title", f"# {_one_line(notebook.title)}\n\n{_says(notebook)}"),
        _code("setup", _SETUP),
        *(_cell(cell, named) for cell in notebook.cells),
    ]
    language = {"name": "python", "version": "3.11"}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _says(notebook: Notebook) -> str:
    filtered = f" under the filter `{_one_line(notebook.filter_query)}`" if notebook.filter_query else ""
    return (
        f"The plays are in `{_DATA}`{filtered}. To run this: `pip install duckdb pandas altair pyarrow`, with the "
        "notebook and the file in one folder."
    )


def _one_line(text: str) -> str:
    return safe_markdown(" ".join(text.replace("`", "'").split()))


def _cell(cell: Cell, named: Mapping[str, Outcome]) -> dict[str, Any]:
    if cell.kind is CellKind.TEXT:
        return _markdown(cell.id, safe_markdown(cell.text))
    if cell.kind is CellKind.SQL:
        outcome = named.get(cell.name)
        if outcome is None or outcome.table is None:
            return _markdown(cell.id, f"The query `{cell.name}` gave no result.")
        return _code(cell.id, f"run({cell.name!r}, {_literal(cell.text)})")
    return _chart(cell, named)


def _chart(cell: Cell, named: Mapping[str, Outcome]) -> dict[str, Any]:
    outcome = named.get(cell.choice.source)
    if outcome is None or outcome.table is None:
        return _markdown(cell.id, "A chart without a result to draw.")
    try:
        spec = built.read_spec(cell.text) if cell.text else built.built(cell.choice, built.fields_of(outcome.table))
    except InvalidInput as error:
        return _markdown(cell.id, safe_markdown(f"A chart that can't be drawn: {error}"))
    return _code(cell.id, f"draw({cell.choice.source!r}, {_literal(json.dumps(spec, indent=1))})")


def _literal(text: str) -> str:
    """Return a text as a Python literal, a line of it on each line."""
    lines = "".join(f"    {line!r}\n" for line in text.splitlines(keepends=True)) or "    ''\n"
    return f"(\n{lines})"


def _markdown(cell_id: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": _lines(text)}


def _code(cell_id: str, text: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"execution_count": None, "metadata": {}, "outputs": []}
    return {"cell_type": "code", "id": cell_id, **empty, "source": _lines(text)}


def _lines(text: str) -> Sequence[str]:
    return text.splitlines(keepends=True)
