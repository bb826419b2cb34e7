"""Downloads: figures as they are, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv as reader
import io

import pandas as pd
import pytest

from rewrapped.ui import sheet


@pytest.mark.parametrize(
    "hostile",
    ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", " =1", "\u00a0=1", "\ufeff=1", "\u200e=1", "﹦1"],
)
def test_a_text_that_looks_like_a_formula_is_downloaded_as_text(hostile: str) -> None:
    [head, row] = reader.reader(io.StringIO(sheet.csv(pd.DataFrame({"Track": [hostile]})).decode(), newline=""))
    assert head == ["Track"]
    assert row == [f"'{hostile}"]


def test_numbers_and_plain_texts_are_downloaded_as_they_are() -> None:
    table = pd.DataFrame({"Track": ["Tide, high", 'The "Sea"', "Å"], "Change": [-3, 4, 0]})
    assert sheet.csv(table).decode() == '"Track","Change"\r\n"Tide, high",-3\r\n"The ""Sea""",4\r\n"Å",0\r\n'
