"""Tables for download."""

from __future__ import annotations

from csv import QUOTE_NONNUMERIC

import pandas as pd

from rewrapped.domain.sheets import as_text


def csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV (RFC 4180, UTF-8); numbers stay numbers, and no text becomes a spreadsheet's formula.

    Every text is in quotes: some spreadsheets part lines at semicolons too.
    """
    guarded = table.map(lambda cell: as_text(cell) if isinstance(cell, str) else cell)
    return guarded.rename(columns=as_text).to_csv(index=False, lineterminator="\r\n", quoting=QUOTE_NONNUMERIC).encode()
