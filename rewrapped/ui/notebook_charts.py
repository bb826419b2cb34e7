"""Charts of a notebook: drawn from a result above, changed by a few choices or by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import streamlit as st

from rewrapped.charts.built import built, columns_of, fields_of, read_spec, suggested
from rewrapped.domain.notebooks import TEXT_BYTES_MAX, Cell, Choice, Gather, Mark
from rewrapped.errors import InvalidInput
from rewrapped.services.cells import Outcome
from rewrapped.ui import figures, notebook
from rewrapped.ui.notebook import Draft
from rewrapped.ui.wording import plain

_MARKS = {Mark.BAR: "Bars", Mark.LINE: "Line", Mark.AREA: "Area", Mark.POINT: "Points", Mark.HEAT: "Heat map"}
_GATHERS = {
    Gather.NONE: "As it is",
    Gather.SUM: "Sum of what shares a place",
    Gather.MEAN: "Mean of it",
    Gather.COUNT: "How many rows",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart's editor needs: the results above it, the columns of its own, and the spec it was drawn by."""

    sources: tuple[str, ...]
    names: tuple[str, ...] = ()
    spec: dict[str, Any] = field(default_factory=dict)


def show(draft: Draft, cell: Cell, above: Mapping[str, Outcome]) -> Drawn:
    """Draw a chart cell, or say what it lacks."""
    choice = cell.choice
    outcome = above.get(choice.source)
    if not above:
        st.info("A chart draws the result of a SQL cell above it: add one first.")
    elif outcome is None:
        st.info("Choose which result this chart draws.")
    elif outcome.table is None:
        st.info(f"{plain(choice.source)} has no result to draw.")
    elif not outcome.table.num_rows:
        st.info(f"{plain(choice.source)} has no rows under this filter.")
    else:
        return _draw(draft, cell, tuple(above), outcome.table, is_cut=outcome.is_cut)
    return Drawn(tuple(above))


def _draw(draft: Draft, cell: Cell, sources: tuple[str, ...], table: pa.Table, *, is_cut: bool) -> Drawn:
    fields = fields_of(table)
    choice = cell.choice if cell.choice.x else suggested(cell.choice.source, fields)
    names = tuple(field.name for field in fields)
    try:
        spec = read_spec(cell.text) if cell.text else built(choice, fields)
    except InvalidInput as error:
        st.error(plain(str(error)), icon=":material/error:")
        return Drawn(sources, names)
    st.caption(f"`{choice.source}`{', the first rows of it alone' if is_cut else ''}")
    frame = table.select(columns_of(spec, names)).to_pandas(date_as_object=False)
    figures.draw(frame, spec, key=f"chart_{draft.serial}_{cell.id}")
    return Drawn(sources, names, spec)


def edit(draft: Draft, cell: Cell, drawn: Drawn) -> None:
    """Offer to change a chart, by choices and by hand."""
    with st.popover("Change the chart"), st.form(f"choice_{draft.serial}_{cell.id}", border=False):
        choice = _ask(cell.choice, drawn)
        if st.form_submit_button("Draw it"):
            moved = choice.source != cell.choice.source
            notebook.change_cell(draft, cell.id, choice=Choice(choice.source) if moved else choice, text="")
            st.rerun()
    with st.popover("Edit as JSON"), st.form(f"spec_{draft.serial}_{cell.id}", border=False):
        written = cell.text or json.dumps(drawn.spec, indent=2)
        key = f"spec_text_{draft.serial}_{cell.id}"
        text = st.text_area("Vega-Lite", written, height=340, max_chars=TEXT_BYTES_MAX, key=key)
        st.caption("The data is the result above; addresses and data of its own can't stand in it.")
        if st.form_submit_button("Draw this"):
            _keep(draft, cell, text)


def _ask(choice: Choice, drawn: Drawn) -> Choice:
    source = _pick("Result", drawn.sources, choice.source, none="Choose one")
    mark = st.selectbox("Kind", list(_MARKS), list(_MARKS).index(choice.mark), format_func=_MARKS.__getitem__)
    x = _pick("Along", drawn.names, choice.x, none="By itself")
    y = _pick("How much (or, in a heat map, the rows)", drawn.names, choice.y)
    colour = _pick("Colour", drawn.names, choice.colour)
    gather = st.selectbox(
        "Rows that share a place", list(_GATHERS), list(_GATHERS).index(choice.gather), format_func=_GATHERS.__getitem__
    )
    return Choice(source, mark, x, y, colour, gather)


def _pick(label: str, options: Sequence[str], chosen: str, none: str = "None") -> str:
    every = ["", *options]
    at = every.index(chosen) if chosen in every else 0
    return str(st.selectbox(label, every, at, format_func=lambda word: word or none) or "")


def _keep(draft: Draft, cell: Cell, text: str) -> None:
    try:
        read_spec(text)
    except InvalidInput as error:
        st.error(plain(str(error)))
        return
    notebook.change_cell(draft, cell.id, text=text)
    st.rerun()
