"""Sleeves and small lines: always drawn, never carrying a name into the markup."""

from __future__ import annotations

import base64
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from rewrapped.charts.sleeves import sleeve, sleeve_uri
from rewrapped.charts.sparkline import HEIGHT, WIDTH, dots, sparkline


@given(st.text())
def test_any_name_gives_a_well_formed_picture(name: str) -> None:
    root = ET.fromstring(sleeve(name))

    assert root.attrib["viewBox"] == "0 0 48 48"
    assert len(root) >= 2 or len(root[0]) >= 1 or root[0].attrib["fill"]


@given(st.text(alphabet="<>&\"'/ scriptonload=", min_size=3))
def test_nothing_of_a_name_enters_the_markup(name: str) -> None:
    assert {element.tag.rpartition("}")[2] for element in ET.fromstring(sleeve(name)).iter()} <= {
        *("svg", "path", "circle", "g")
    }


def test_a_name_keeps_its_sleeve_whatever_its_case() -> None:
    assert sleeve("Xenia") == sleeve("XENIA")
    assert sleeve("Xenia") != sleeve("Tide")


def test_a_lone_surrogate_in_a_name_has_a_sleeve_too() -> None:
    assert sleeve("\ud800").startswith("<svg ")


def test_all_five_patterns_and_ten_schemes_occur() -> None:
    drawn = {sleeve(f"artist {number}") for number in range(400)}

    assert len({picture.split('fill="')[1][:7] for picture in drawn}) == 10
    assert len(drawn) > 300


def test_a_table_gets_the_same_picture_as_data() -> None:
    head, _, body = sleeve_uri("Xenia").partition(",")

    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(body).decode() == sleeve("Xenia")


@given(st.lists(st.integers(0, 10**9), max_size=400))
def test_a_line_stays_inside_its_frame_and_its_length_is_bounded(values: list[int]) -> None:
    drawn = sparkline(values)
    if not drawn:
        assert len(values) < 2 or not any(values) or len(values) > 60
        return
    line = ET.fromstring(drawn)[1].attrib["d"]
    points = [tuple(map(float, spot.split())) for spot in line[1:].split("L")]
    assert 2 <= len(points) <= 60
    assert all(0 <= across <= WIDTH + 0.1 and 0 <= down <= HEIGHT for across, down in points)


def test_nothing_and_a_single_value_draw_no_line() -> None:
    assert sparkline([]) == sparkline([5]) == sparkline([0, 0, 0]) == ""


def test_days_are_dots_full_where_something_was_played() -> None:
    found = [circle.attrib["opacity"] for circle in ET.fromstring(dots([0, 3, 0.5]))]

    assert found == ["0.2", "1", "1"]
    assert dots([]) == ""
