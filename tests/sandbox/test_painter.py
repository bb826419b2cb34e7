"""Pictures drawn beside the site: the same ones, without holding anybody else, and whatever goes wrong is told."""

from __future__ import annotations

import time
from threading import Thread

import pytest

from rewrapped.charts.pixels import drawing, pixels
from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Layout, Size, svg
from rewrapped.errors import DrawingFailed
from rewrapped.sandbox.painter import Painter
from tests.unit.charts.test_sharecard import NAMES, card


def paint(painter: Painter, markup: str) -> bytes:
    with painter.turn("jane") as draw:
        return draw(drawing(markup))


@pytest.mark.parametrize("size", Size)
def test_it_draws_what_would_be_drawn_here(size: Size) -> None:
    markup = svg(card(NAMES), size, Layout.TOPS, COLOURWAYS[1])
    assert paint(Painter(), markup) == pixels(markup)


def test_nothing_else_stands_still_meanwhile() -> None:
    markup = svg(card(), Size.STORY, Layout.BOTH, COLOURWAYS[0])
    longest, took = 0.0, 0.0

    def work() -> None:
        nonlocal took
        began_at = time.monotonic()
        paint(Painter(), markup)
        took = time.monotonic() - began_at

    drawing_one = Thread(target=work)
    drawing_one.start()
    at = time.monotonic()
    while drawing_one.is_alive():
        time.sleep(0.001)
        longest, at = max(longest, time.monotonic() - at), time.monotonic()
    assert longest < took / 2


@pytest.mark.parametrize(
    "markup", ["", "<svg", "<p>Hello</p>", '<svg xmlns="http://www.w3.org/2000/svg" width="1e9"/>']
)
def test_what_cannot_be_drawn_is_told_and_the_next_is_drawn(markup: str, caplog: pytest.LogCaptureFixture) -> None:
    painter = Painter()
    with pytest.raises(DrawingFailed, match="can't be drawn"):
        paint(painter, markup)
    assert "a picture couldn't be drawn" in caplog.text
    assert paint(painter, svg(card(), Size.WIDE, Layout.TOPS, COLOURWAYS[0]))[:4] == b"\x89PNG"
