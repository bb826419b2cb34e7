"""Cards to share: three sizes, every layout, any name; nothing outside is ever loaded."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from rewrapped.charts import lettering
from rewrapped.charts.lettering import Face, fitted, width
from rewrapped.charts.pixels import pixels
from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Card, Layout, Ranked, Size, Slice, svg

NAMES = (
    "Second Atlas",
    "宇多田ヒカル",
    "방탄소년단",
    "周杰倫",
    "Кино",
    "فيروز",
    "יהודית רביץ",
    "ไททศมิตร",
    "<script>alert(1)</script> & \"quotes\" 'too'",
    "x" * 900,
    "href=1 xlink:href",
    "🎸🔥",
    "",
)


def card(names: tuple[str, ...] = NAMES[:5]) -> Card:
    ranked = [Ranked(name, "1,234 plays", name) for name in names]
    slices = [Slice("Rock", 0.5, "#FFC24B"), Slice("Pop", 0.2, "#9D8CFF")]
    return Card(
        "a seed", "Mira, 2026", "1,204", "hours of music", "Top artists", ranked, slices, "Mostly Rock", "Wrapped"
    )


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("layout", Layout)
def test_a_card_is_as_large_as_it_says_and_not_empty(size: Size, layout: Layout) -> None:
    with Image.open(BytesIO(pixels(svg(card(), size, layout, COLOURWAYS[0])))) as picture:
        assert picture.size == size.value
        assert picture.format == "PNG"
        assert len(picture.convert("RGB").getcolors(maxcolors=1 << 20) or []) > 50


def test_a_wide_card_of_tops_keeps_its_heading_off_the_edge_and_fills_its_right_half() -> None:
    (_, high), texts = Size.WIDE.value, _texts(svg(card(), Size.WIDE, Layout.TOPS, COLOURWAYS[0]))
    assert all(float(each.attrib["y"]) - float(each.attrib["font-size"]) > 0.06 * high for each in texts)
    names = [each for each in texts if each.text in NAMES]
    assert len(names) == 5
    assert all(float(each.attrib["x"]) > Size.WIDE.value[0] / 2 for each in names)


def _texts(markup: str) -> list[ET.Element]:
    return list(ET.fromstring(markup).iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("colours", COLOURWAYS, ids=lambda one: one.name)
def test_every_colourway_can_be_read(colours) -> None:
    for ink, least in ((colours.text, 7.0), (colours.muted, 4.5), (colours.figure, 4.5)):
        assert contrast(ink, colours.ground) >= least


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_a_text_and_within_the_card(name: str) -> None:
    markup = svg(card((name,) * 5), Size.WIDE, Layout.TOPS, COLOURWAYS[1])
    texts = list(ET.fromstring(markup).iter("{http://www.w3.org/2000/svg}text"))
    assert not list(ET.fromstring(markup).iter("{http://www.w3.org/2000/svg}script"))
    for part in texts:
        face = Face.DISPLAY if part.get("font-family") == Face.DISPLAY.family else Face.STRONG
        end = float(part.get("x", "0")) + width(part.text or "", face, float(part.get("font-size", "0")))
        assert end <= Size.WIDE.value[0]
    assert pixels(markup).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES[:8])
def test_every_letter_of_these_names_can_be_drawn(name: str) -> None:
    assert lettering.drawable(name) == name


def test_what_no_font_has_is_left_out_and_a_long_name_is_cut() -> None:
    assert lettering.drawable("Kraft🎸werk 🔥") == "Kraftwerk"
    line = fitted("x" * 900, Face.STRONG, (40, 20), 300)
    assert (line.size, line.text[-1]) == (20, "…")
    assert width(line.text, Face.STRONG, 20) <= 300
    assert fitted("short", Face.STRONG, (40, 20), 300).size == 40


@pytest.mark.parametrize(
    "inner", ['<image href="file:///etc/passwd"/>', '<use xlink:href="#a"/>', "<style>@import</style>", "<script/>"]
)
def test_what_could_load_something_is_never_drawn(inner: str) -> None:
    with pytest.raises(ValueError, match="nothing"):
        pixels(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inner}</svg>')


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
