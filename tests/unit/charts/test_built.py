"""Charts of a person's own: from choices, and by hand, where whatever could load or open something is refused."""

from __future__ import annotations

import json
from datetime import date, datetime

import pyarrow as pa
import pytest

from rewrapped.charts.built import Field, built, columns_of, fields_of, read_spec, suggested
from rewrapped.domain.notebooks import Choice, Gather, Mark
from rewrapped.errors import InvalidInput

TABLE = pa.table(
    {
        "month": [date(2024, 1, 1), date(2024, 2, 1)],
        "who": ["Xenia", "Nadir"],
        "plays": [3, 4],
        "odd.name['x']": [1.5, 2.5],
    }
)
FIELDS = fields_of(TABLE)
BAR = {"mark": "bar", "encoding": {"x": {"field": "who", "type": "nominal"}}}


def with_part(**part: object) -> str:
    return json.dumps({**BAR, **part})


@pytest.mark.parametrize("gather", Gather)
@pytest.mark.parametrize("mark", Mark)
def test_every_choice_becomes_a_spec_that_may_be_written_by_hand_too(mark: Mark, gather: Gather) -> None:
    spec = built(Choice("result", mark, "month", "plays", "who", gather), FIELDS)
    assert read_spec(json.dumps(spec)) == spec
    assert {"month", "plays" if gather is not Gather.COUNT else "month"} <= set(columns_of(spec, TABLE.column_names))
    assert "data" not in spec


def test_a_first_choice_draws_along_time() -> None:
    assert suggested("r", FIELDS) == Choice("r", Mark.LINE, "month", "plays", "who")
    assert suggested("r", ()) == Choice("r", Mark.BAR)


def test_moments_are_known_by_the_unit_they_share() -> None:
    def unit(*moments: datetime | date) -> str:
        return fields_of(pa.table({"at": list(moments)}))[0].unit

    assert unit(date(2024, 1, 1), date(2025, 1, 1)) == "year"
    assert unit(date(2024, 1, 1), date(2024, 5, 1)) == "yearmonth"
    assert unit(date(2024, 1, 2)) == "yearmonthdate"
    assert unit(datetime(2024, 1, 2, 3)) == ""  # noqa: DTZ001 - a local moment, as plays have it


def test_names_that_mean_a_path_are_taken_as_names() -> None:
    spec = built(Choice("r", Mark.POINT, "odd.name['x']", "plays"), FIELDS)
    assert spec["encoding"]["x"]["field"] == "odd\\.name\\[\\'x\\'\\]"
    assert "odd.name['x']" in columns_of(spec, TABLE.column_names)


def test_a_column_that_is_gone_is_told() -> None:
    with pytest.raises(InvalidInput, match="no column hours"):
        built(Choice("r", Mark.BAR, "month", "hours"), FIELDS)
    with pytest.raises(InvalidInput, match="horizontal"):
        built(Choice("r"), (Field("a", "nominal"),))


HOSTILE = (
    with_part(data={"url": "http://203.0.113.1/x.json"}),
    with_part(data={"values": [1]}),
    with_part(datasets={"x": []}),
    with_part(usermeta={"embedOptions": {"loader": {"target": "_blank"}}}),
    with_part(transform=[{"lookup": "a", "from": {"data": {"url": "//203.0.113.1"}, "key": "a"}}]),
    with_part(encoding={"href": {"field": "who"}}),
    with_part(encoding={"url": {"field": "who"}}, mark="image"),
    with_part(mark={"type": "image", "URL": "x"}),
    with_part(mark={"type": "bar", "href": "javascript:alert(1)"}),
    with_part(params=[{"name": "p", "bind": {"input": "range", "element": "#root"}}]),
    with_part(title="see https://203.0.113.1/"),
    with_part(title=" java\tscript:alert(1)"),
    with_part(layer=[{**BAR, "data": {"url": "x"}}]),
    "[]",
    "{}",
    "12",
    "{",
    '{"mark": NaN}',
    "[" * 100_000,
    json.dumps({"mark": "bar", "title": "x" * 20_001}),
    '{"mark": ' + '{"a": ' * 60 + "1" + "}" * 61,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:60])
def test_a_spec_that_could_load_or_open_something_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_spec(text)


def test_a_plain_spec_with_its_schema_is_taken() -> None:
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    assert read_spec(with_part(**{"$schema": schema, "title": "My data: 2024"})) == {**BAR, "title": "My data: 2024"}
