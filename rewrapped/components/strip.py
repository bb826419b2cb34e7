"""A strip of sleeves: what was played most recently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class StripItem:
    """One play. `when` is a text a person says ("today, 18:04"), `at` the ISO moment behind it."""

    name: str
    sub: str
    when: str
    at: str
    art: str
    link: str | None = None


def strip(items: Sequence[StripItem], *, key: str, label: str) -> None:
    """Show the items side by side, newest first; it scrolls sideways where there is less room."""
    mount("strip", key=key, data={"label": label, "items": [asdict(item) for item in items]})
