"""The colours: the same in Python and in the theme, and readable."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rewrapped.charts.palettes import DARK, LIGHT, Tokens, tokens_for

CONFIG = Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml"
BOTH = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])


def theme(tokens: Tokens) -> dict[str, Any]:
    return tomllib.loads(CONFIG.read_text())["theme"][tokens.name]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_what_is_drawn_has_the_colours_of_the_theme(tokens: Tokens) -> None:
    found = theme(tokens)

    assert (found["backgroundColor"], found["secondaryBackgroundColor"]) == (tokens.background, tokens.card)
    assert (found["textColor"], found["primaryColor"], found["borderColor"]) == (
        tokens.text,
        tokens.primary,
        tokens.edge,
    )
    assert found["sidebar"]["backgroundColor"] == tokens.sidebar
    assert tuple(found["chartCategoricalColors"]) == tokens.categorical
    assert tuple(found["chartSequentialColors"]) == tokens.sequential
    assert (found["greenColor"], found["redColor"]) == (tokens.up, tokens.down)


@BOTH
def test_streamlit_takes_exactly_ten_steps_in_a_scale(tokens: Tokens) -> None:
    found = theme(tokens)

    assert len(found["chartSequentialColors"]) == len(found["chartDivergingColors"]) == 10


@BOTH
def test_every_text_colour_can_be_read_on_a_card_and_on_the_page(tokens: Tokens) -> None:
    for ground in (tokens.card, tokens.background):
        for ink in (tokens.text, tokens.muted, tokens.primary, tokens.up, tokens.down):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(tokens.on_primary, tokens.primary) >= 4.5


@BOTH
def test_series_can_be_told_from_the_card(tokens: Tokens) -> None:
    assert all(contrast(colour, tokens.card) >= 3 for colour in tokens.categorical)


def test_a_scale_runs_one_way_in_lightness() -> None:
    for tokens, sign in ((DARK, 1), (LIGHT, -1)):
        steps = [sign * luminance(colour) for colour in tokens.sequential]
        assert steps == sorted(steps)


def test_an_unknown_theme_gets_the_dark_colours() -> None:
    assert tokens_for("light") is LIGHT
    assert tokens_for("dark") is tokens_for(None) is tokens_for("sepia") is DARK


def test_every_font_the_theme_names_is_served_by_us_with_its_licence() -> None:
    faces = tomllib.loads(CONFIG.read_text())["theme"]["fontFaces"]
    static = CONFIG.parent.parent / "static"

    assert faces
    for face in faces:
        assert face["url"].startswith("app/static/fonts/")
        file = static / face["url"].removeprefix("app/static/")
        assert file.read_bytes()[:4] == b"wOF2"
        licence = file.with_name(file.name.split("-latin")[0] + "-OFL.txt")
        assert "SIL OPEN FONT LICENSE" in licence.read_text().upper()
