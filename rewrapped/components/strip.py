"""A strip of sleeves: what was played most recently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rewrapped.components.packaged import mount, pressed


@dataclass(frozen=True, slots=True)
class StripItem:
    """One play. `when` is a text a person says ("today, 18:04"), `at` the ISO moment behind it.

    The name leads to `page`, an address of this site; `link` is the same thing's https address at Spotify.
    """

    name: str
    sub: str
    when: str
    at: str
    art: str
    link: str | None = None
    page: str = ""


def strip(items: Sequence[StripItem], *, key: str, label: str) -> str:
    """Show the items side by side, newest first; it scrolls sideways where there is less room.

    Return the page of the item that was pressed in this run, else "".
    """
    data = {"label": label, "items": [asdict(item) for item in items]}
    state = mount("strip", key=key, data=data, on_opened_change=lambda: None)
    return pressed(state.opened, (item.page for item in items))
