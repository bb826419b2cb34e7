"""Charts as files: what is written on them, that nothing in them is markup or loaded, and what is told otherwise."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from rewrapped.charts import multiples, radial, shares
from rewrapped.charts.framed import Drawing, Labels, framed
from rewrapped.charts.palettes import DARK, LIGHT, mixed
from rewrapped.charts.pixels import pixels
from rewrapped.charts.still import still
from rewrapped.errors import DrawingFailed

HOSTILE = '</text><script>alert(1)</script>"&\x07\ud800<image href="http://203.0.113.1/x.png"/>'


def lines_of(name: str) -> Drawing:
    months = pd.Series(pd.date_range("2025-01-01", periods=6, freq="MS"))
    frame = shares.share_rows(months, [name], [[n] for n in range(6)], [[6]] * 6)
    return still(frame, shares.share_lines(DARK, (name,)), DARK)


def test_a_chart_becomes_a_picture_with_its_labels_on_the_themes_ground() -> None:
    markup = framed(lines_of("Skipped"), Labels("A title", "by month", "The site", [("#FFC24B", "Skipped")]), DARK)
    said = " ".join(ElementTree.fromstring(markup).itertext())
    for words in ("A title", "by month", "The site", "Skipped"):
        assert words in said
    with Image.open(io.BytesIO(pixels(markup, 2))) as picture:
        ground = tuple(bytes.fromhex(DARK.card[1:]))
        assert picture.convert("RGB").getpixel((3, 3)) == ground
        assert len(picture.convert("RGB").quantize(16).getcolors() or []) > 4


def test_names_are_text_in_a_picture_whatever_they_hold() -> None:
    markup = framed(
        lines_of(HOSTILE.replace("\ud800", "")), Labels(HOSTILE, HOSTILE, HOSTILE, [("#FFC24B", HOSTILE)]), LIGHT
    )
    tags = {node.tag.split("}")[-1] for node in ElementTree.fromstring(markup).iter()}
    assert not tags & {"script", "image", "use", "foreignObject", "style"}
    assert pixels(markup)


def test_drawings_of_our_own_become_pictures_too() -> None:
    small = [multiples.Small(HOSTILE, "1 h", "#FFC24B", [1, 2, 3])] * 5
    clock = radial.drawing(radial.clock(list(range(24)), LIGHT, "18:00"))
    for drawing in (multiples.areas_drawing(small, LIGHT), multiples.bars_drawing(small, LIGHT), clock):
        markup = framed(drawing, Labels("A title", "", "The site"), LIGHT)
        assert "var(" not in markup
        assert "color-mix" not in markup
        assert pixels(markup)


@pytest.mark.parametrize(
    "spec",
    [
        {"mark": "nonsense"},
        {"data": {"url": "http://203.0.113.1/x.csv"}, "mark": "point"},
        {"mark": "image", "encoding": {"url": {"field": "a"}}},
        {"layer": [{"mark": "point", "encoding": {"href": {"field": "a"}}}]},
    ],
)
def test_what_cant_be_drawn_or_would_load_something_is_told_in_a_sentence(spec: dict[str, object]) -> None:
    with pytest.raises(DrawingFailed, match=r"can't be drawn as a picture.*\.$"):
        still(pd.DataFrame({"a": [1]}), spec, DARK)


def test_a_picture_that_names_an_address_isnt_rendered() -> None:
    for inside in ('<image href="file:///etc/passwd"/>', '<a href="x"/>', "<style>@import 'x';</style>"):
        with pytest.raises(ValueError, match="loaded"):
            pixels(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>')


def test_mixed_colours() -> None:
    assert mixed("#FFFFFF", "#000000", 0.5) == "#808080"
    assert mixed("#102030", "#405060", 1) == "#102030"
