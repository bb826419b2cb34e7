"""What goes into a spreadsheet stays text: no cell from outside becomes a formula."""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset({"Zs", "Cf"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫")


def as_text(cell: str) -> str:
    """Return a cell that every spreadsheet shows as it is; one that would be run as a formula gets a quote before it.

    Source of the rule: OWASP, CSV injection. Full-width signs are there because
    some spreadsheets read them as their narrow twins.
    """
    return f"'{cell}" if _bare(cell).startswith(_FORMULA) else cell


def _bare(cell: str) -> str:
    """Return a cell without the blanks and invisible signs it begins with, which spreadsheets pass over."""
    start = next((at for at, sign in enumerate(cell) if unicodedata.category(sign) not in _INVISIBLE), len(cell))
    return cell[:1] if cell.startswith(("\t", "\r", "\n")) else cell[start:]
