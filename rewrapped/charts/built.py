"""Charts of a person's own: from a few choices to a Vega-Lite spec; specs by hand come in only when they are safe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from rewrapped.domain.notebooks import TEXT_BYTES_MAX, Choice, Gather, Mark
from rewrapped.errors import InvalidInput

_HEIGHT = 320
_LOOKED_AT = 2_000  # moments that tell the unit they share
_LEGEND_MAX = 12
_TOLD_MAX = 8  # columns a hint shows
_DEEPEST = 24
_ONE_OF = frozenset({"mark", "layer", "concat", "hconcat", "vconcat", "facet", "repeat"})
#: What could load something, lead somewhere, or reach into the page; the data is the cell's own result.
_FORBIDDEN = frozenset({"data", "datasets", "url", "href", "usermeta", "bind", "signals", "loader", "baseurl", "from"})
_ADDRESSES = ("//", "javascript:", "data:", "file:")
_MOMENTS = {"year": "%Y", "quarter": "%b %Y", "month": "%b %Y", "week": "%-d %b", "date": "%-d %b"}
_MARKS = {Mark.BAR: "bar", Mark.LINE: "line", Mark.AREA: "area", Mark.POINT: "circle", Mark.HEAT: "rect"}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a result as a chart sees it.

    `type` is Vega-Lite's, `unit` the time unit its moments share, and `is_varied`
    says that it holds more names than a legend could tell apart.
    """

    name: str
    type: str
    unit: str = ""
    is_varied: bool = False


def fields_of(table: pa.Table) -> tuple[Field, ...]:
    """Return the columns of a result as a chart sees them."""
    return tuple(_field(name, table.column(name)) for name in table.column_names)


def _field(name: str, column: pa.ChunkedArray) -> Field:
    if pa.types.is_temporal(column.type):
        return Field(name, "temporal", _unit(column))
    is_number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    if is_number:
        return Field(name, "quantitative")
    return Field(name, "nominal", is_varied=len(column.unique()) > _LEGEND_MAX)


def _unit(column: pa.ChunkedArray) -> str:
    """Return the time unit of which every moment is the first, so that a bar can be as wide as it."""
    moments = [moment for moment in column.slice(0, _LOOKED_AT).cast(pa.timestamp("us")).to_pylist() if moment]
    if any((moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0) for moment in moments):
        return ""
    if any(moment.day != 1 for moment in moments):
        return "yearmonthdate"
    return "yearmonth" if any(moment.month != 1 for moment in moments) else "year"


def suggested(source: str, fields: Sequence[Field]) -> Choice:
    """Return a first choice for a result: what it is along, how much, and what tells its series apart."""
    numbers = [field.name for field in fields if field.type == "quantitative"]
    along = [field.name for field in fields if field.type == "temporal"]
    names = [field.name for field in fields if field.type == "nominal"]
    x = next(iter([*along, *names, *numbers]), "")
    y = next((name for name in numbers if name != x), "")
    colour = next((name for name in names if name != x), "") if along else ""
    return Choice(source, Mark.LINE if along else Mark.BAR, x, y, colour)


@lru_cache(maxsize=256)
def built(choice: Choice, fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the spec for a choice; colours are the theme's. It is shared: copy it before changing it.

    Raises:
        InvalidInput: a column of the choice isn't in the result, or none is chosen to draw along.
    """
    import altair as alt

    by_name = {field.name: field for field in fields}
    for name in filter(None, (choice.x, choice.y, choice.colour)):
        if name not in by_name:
            raise InvalidInput(f"The result has no column {name} any more: choose another one.")
    if not choice.x:
        raise InvalidInput("Choose a column for the horizontal axis.")
    chart = getattr(alt.Chart(alt.NamedData("rows")), f"mark_{_MARKS[choice.mark]}")(**_look(choice.mark))
    encoded = chart.encode(**_channels(choice, by_name)).properties(height=_HEIGHT, description=_said(choice))
    spec = json.loads(encoded.to_json(validate=False))
    return {key: value for key, value in spec.items() if key not in ("data", "datasets", "config", "$schema", "params")}


def _look(mark: Mark) -> dict[str, Any]:
    looks: dict[Mark, dict[str, Any]] = {
        Mark.BAR: {"cornerRadiusEnd": 3, "binSpacing": 1, "minBandSize": 2},  # a day of years stays to be seen
        Mark.LINE: {"strokeWidth": 2.5},
        Mark.AREA: {"opacity": 0.85},
        Mark.POINT: {"size": 70, "opacity": 0.75},
        Mark.HEAT: {"cornerRadius": 3},
    }
    return {**looks[mark], "aria": False}


def _channels(choice: Choice, fields: dict[str, Field]) -> dict[str, Any]:
    """Return Altair's channels; a heat map's colour is its third measure, others' tells series apart."""
    import altair as alt

    heat = choice.mark is Mark.HEAT
    counted = choice.gather is Gather.COUNT
    channels: dict[str, Any] = {"x": alt.X(**_axis(choice, fields[choice.x], "x"))}
    if heat:
        if choice.y:
            channels["y"] = alt.Y(**_axis(choice, fields[choice.y], "y"))
        if choice.colour or counted:
            channels["color"] = alt.Color(**_measure(choice, fields.get(choice.colour), "quantitative"))
    else:
        if choice.y or counted:
            channels["y"] = alt.Y(**_measure(choice, fields.get(choice.y), None))
        if choice.colour:
            channels["color"] = alt.Color(**_series(fields[choice.colour]))
    shown = [channel.to_dict() for channel in channels.values()]
    if choice.gather is Gather.NONE:  # a mark is a row then, and can tell all of it
        named = {channel["title"] for channel in shown}
        shown += [_place(field) for field in fields.values() if field.name not in named][: _TOLD_MAX - len(shown)]
    channels["tooltip"] = [_hint(channel) for channel in shown]
    return channels


def _axis(choice: Choice, field: Field, which: str) -> dict[str, Any]:
    """Return what places rows along an axis: whole units for bars and cells, names in the order they come in."""
    place = _place(field)
    if choice.mark is Mark.HEAT:
        unit = {"timeUnit": field.unit} if field.unit else {}
        order = {"sort": None} if field.type == "nominal" else {}
        return {**place, "type": "ordinal", **unit, **order, "axis": {"labelOverlap": True, "labelAngle": 0}}
    if choice.mark is Mark.BAR and field.unit:
        return {**place, "timeUnit": field.unit}
    if choice.mark is Mark.BAR and which == "x" and field.type == "quantitative":
        return {**place, "type": "ordinal", "axis": {"labelOverlap": True, "labelAngle": 0}}
    if field.type == "temporal":
        return {**place, "axis": {"format": _MOMENTS}}
    return {**place, "sort": None} if field.type == "nominal" else place


def _measure(choice: Choice, field: Field | None, kind: str | None) -> dict[str, Any]:
    if choice.gather is Gather.COUNT or field is None:
        return {"aggregate": "count", "type": "quantitative", "title": "Rows"}
    gather = {} if choice.gather is Gather.NONE else {"aggregate": choice.gather.value}
    return {**_place(field), **({"type": kind} if kind else {}), **gather}


def _series(field: Field) -> dict[str, Any]:
    """Return what tells series apart; so many that a legend can't show them have none."""
    return {**_place(field), **({"legend": None} if field.is_varied else {})}


def _place(field: Field) -> dict[str, Any]:
    return {"field": _path(field.name), "type": field.type, "title": field.name}


def _hint(channel: dict[str, Any]) -> dict[str, Any]:
    return {key: channel[key] for key in ("field", "type", "title", "aggregate", "timeUnit") if key in channel}


def _path(name: str) -> str:
    """Return a column's name as Vega-Lite reads it: some characters mean a path to it."""
    return "".join(f"\\{letter}" if letter in "\\.[]'\"" else letter for letter in name)


def _said(choice: Choice) -> str:
    parts = [part for part in (choice.y or "rows", f"by {choice.x}", choice.colour and f"and {choice.colour}") if part]
    return f"{choice.mark.value} chart of {choice.source}: {' '.join(parts)}"


# By hand -------------------------------------------------------------------------------------------


def read_spec(text: str) -> dict[str, Any]:
    """Return a Vega-Lite spec somebody wrote, without what only names its schema.

    Raises:
        InvalidInput: it isn't one, or it could load or open something; the text says what.
    """
    if len(text.encode("utf-8", "replace")) > TEXT_BYTES_MAX:
        raise InvalidInput(f"A chart's spec may have up to {TEXT_BYTES_MAX // 1000} kB.")
    try:
        spec = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        at = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InvalidInput(f"This isn't JSON{at}: a chart's spec is an object of Vega-Lite.") from error
    if not isinstance(spec, dict) or not _ONE_OF & set(spec):
        raise InvalidInput("A chart's spec is an object of Vega-Lite, with a mark and an encoding.")
    spec.pop("$schema", None)
    for word in _words(spec, 0):
        if word.lower() in _FORBIDDEN:
            raise InvalidInput(f"\"{word}\" can't stand in a chart here: it draws this notebook's own results alone.")
    return spec


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _words(value: Any, depth: int) -> Iterator[str]:
    """Return every key of a spec.

    Raises:
        InvalidInput: it is too deep, or one of its texts is an address.
    """
    if depth > _DEEPEST:
        raise InvalidInput("This spec is nested too deeply.")
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _words(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _words(part, depth + 1)
    elif isinstance(value, str):
        plain = "".join(value.lower().split())
        if "://" in plain or plain.startswith(_ADDRESSES):
            raise InvalidInput("A chart's spec can't name an address: it draws this notebook's own results alone.")


def columns_of(spec: dict[str, Any], names: Sequence[str]) -> list[str]:
    """Return which columns a spec can draw: those whose name stands in it."""
    text = json.dumps(spec)
    return [name for name in names if json.dumps(_path(name))[1:-1] in text or json.dumps(name)[1:-1] in text]
