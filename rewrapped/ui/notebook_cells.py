"""One cell of a notebook on the page: its head, its editor, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from rewrapped.domain.markdown import safe_markdown
from rewrapped.domain.notebooks import TEXT_BYTES_MAX, Cell, CellKind, check_name, check_text
from rewrapped.errors import InvalidInput
from rewrapped.services.cells import Outcome
from rewrapped.ui import notebook, notebook_charts, session, wording
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.notebook import Draft
from rewrapped.ui.wording import plain

_PAGE_ROWS = 10
_ROW_PX = 36
_LINE_PX = 22
_FEWEST_LINES, _MOST_LINES = 9, 24


def show(draft: Draft, cell: Cell, outcomes: Mapping[str, Outcome]) -> None:
    """Show a cell as a card."""
    with st.container(key=f"card_cell_{draft.serial}_{cell.id}"):
        if cell.kind is CellKind.SQL:
            _show_sql(draft, cell, outcomes.get(cell.id, Outcome()))
        elif cell.kind is CellKind.TEXT:
            _show_text(draft, cell)
        else:
            earlier = draft.notebook.cells[: draft.notebook.cells.index(cell)]
            drawn = notebook_charts.show(draft, cell, _tables(earlier, outcomes))
            with _foot(draft, cell):
                notebook_charts.edit(draft, cell, drawn)
                _moves(draft, cell)


def _tables(cells: Sequence[Cell], outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Return what the SQL cells above came to, by name."""
    return {cell.name: outcomes[cell.id] for cell in cells if cell.id in outcomes}


def _show_sql(draft: Draft, cell: Cell, outcome: Outcome) -> None:
    left, right = st.columns([5, 7], gap="medium")
    with left, st.form(f"sql_{draft.serial}_{cell.id}", border=False):
        name = st.text_input("Result's name", cell.name, max_chars=40, help="Cells below can read the result by it.")
        lines = min(max(cell.text.count("\n") + 2, _FEWEST_LINES), _MOST_LINES)
        sql = st.text_area(
            "SQL", cell.text, height=lines * _LINE_PX + 32, max_chars=TEXT_BYTES_MAX, key=_key("sql_text", draft, cell)
        )
        pressed = st.form_submit_button(
            "Run", icon=":material/play_arrow:", help="Ctrl and Enter in the editor runs it, too."
        )
    if pressed:
        _keep_sql(draft, cell, name, sql)
    with right:
        _show_outcome(draft, cell, outcome)
    with _foot(draft, cell):
        _moves(draft, cell)


def _keep_sql(draft: Draft, cell: Cell, name: str, sql: str) -> None:
    """Take what was typed into the draft, and run the page with it; what can't be kept is told."""
    try:
        check_text(sql)
        check_name(name)
        _check_free(draft, cell, name)
    except InvalidInput as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    notebook.change_cell(draft, cell.id, name=name, text=sql)
    notebook.run_again(cell.id)
    st.rerun()


def _check_free(draft: Draft, cell: Cell, name: str) -> None:
    others = (other for other in draft.notebook.cells if other.id != cell.id and other.kind is CellKind.SQL)
    if name in {other.name for other in others}:
        raise InvalidInput(f"Another cell is called {name} already.")


def _show_outcome(draft: Draft, cell: Cell, outcome: Outcome) -> None:
    if outcome.error:
        st.error(plain(outcome.error), icon=":material/error:")
    elif outcome.table is not None and not outcome.table.num_rows:
        st.info("No rows: nothing fits this query under the filter.")
    elif outcome.table is not None:
        _show_rows(draft, cell, outcome)


@st.fragment
def _show_rows(draft: Draft, cell: Cell, outcome: Outcome) -> None:
    """Show a result a page at a time; whoever turns its pages is asked for anew."""
    if outcome.table is None:
        return
    with explain_errors():
        session.visitor().analysing()
        _show_page(draft, cell, outcome, outcome.table)


def _show_page(draft: Draft, cell: Cell, outcome: Outcome, table: pa.Table) -> None:
    total = table.num_rows
    pages = -(-total // _PAGE_ROWS)
    number = 1
    place = st.container()
    rows = f"The first {total:,} rows; there are more" if outcome.is_cut else wording.rows(total)
    st.caption(f"`{cell.name}`: {rows}, in {outcome.took_ms:,} ms")
    if pages > 1:
        number = st.pagination(pages, key=f"{_key('rows', draft, cell)}_{pages}")
    with place:
        shown = table.slice((number - 1) * _PAGE_ROWS, _PAGE_ROWS)
        height = 40 + _ROW_PX * min(total, _PAGE_ROWS)
        st.dataframe(
            shown, hide_index=True, row_height=_ROW_PX, height=height, key=f"{_key('table', draft, cell)}_{number}"
        )


def _show_text(draft: Draft, cell: Cell) -> None:
    st.markdown(safe_markdown(cell.text) or "*An empty note.*")
    with _foot(draft, cell):
        with st.popover("Edit text"), st.form(f"text_{draft.serial}_{cell.id}", border=False):
            text = st.text_area("Markdown", cell.text, height=220, max_chars=TEXT_BYTES_MAX)
            st.caption("Links to http and https work; pictures and HTML don't.")
            if st.form_submit_button("Keep it"):
                try:
                    check_text(text)
                    notebook.change_cell(draft, cell.id, text=text)
                    st.rerun()
                except InvalidInput as error:
                    st.error(plain(str(error)))
        _moves(draft, cell)


def _foot(draft: Draft, cell: Cell) -> Any:
    return st.container(horizontal=True, vertical_alignment="center", key=_key("foot_cell", draft, cell))


def _moves(draft: Draft, cell: Cell) -> None:
    """Offer to move the cell, and to take it out."""
    cells = draft.notebook.cells
    at = cells.index(cell)
    for label, by, possible in (("Move up", -1, at > 0), ("Move down", 1, at < len(cells) - 1)):
        key = _key(f"move_{by}", draft, cell)
        st.button(label, key=key, disabled=not possible, on_click=notebook.move_cell, args=(draft, cell.id, by))
    st.button("Remove", key=_key("remove", draft, cell), on_click=notebook.remove_cell, args=(draft, cell.id))


def _key(what: str, draft: Draft, cell: Cell) -> str:
    return f"{what}_{draft.serial}_{cell.id}"
