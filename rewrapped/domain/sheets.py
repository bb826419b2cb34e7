"""What goes into a spreadsheet stays text: no cell from outside becomes a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(cell: str) -> str:
    """Return a cell that every spreadsheet shows as it is; one that would be run as a formula gets a quote before it.

    Source of the rule: OWASP, CSV injection. Full-width signs are there because
    some spreadsheets read them as their narrow twins.
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
