"""The animated list of tops: rows slide to their new rank when the view changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from rewrapped.components.packaged import mount, pressed


@dataclass(frozen=True, slots=True)
class TopRow:
    """One row. Every text is shown as it is, never read as markup.

    `key` stays the same for the same item, `share` is 0 to 1 of the longest
    bar, `art` an SVG of ours or an image address. The name leads to `page`, an
    address of this site; `link` is the same thing's https address at Spotify.
    `moved` says how the rank changed: `up`, `down`, `same`, `new`, or empty
    where there is nothing to compare with; `moved_text` says it in words.
    """

    key: str
    rank: int
    name: str
    sub: str
    value: str
    detail: str
    share: float
    art: str
    link: str | None = None
    page: str = ""
    moved: Literal["up", "down", "same", "new", ""] = ""
    moved_text: str = ""


def top_list(rows: Sequence[TopRow], *, key: str, label: str, leaders: int = 3, columns: Literal[1, 2] = 1) -> str:
    """Show the rows as an ordered list named `label` for screen readers; the first `leaders` ranks stand out.

    Two columns are filled one after the other, where there is room for them.
    Return the page of the row that was pressed in this run, else "".
    """
    shown = [asdict(row) for row in rows]
    data = {"label": label, "leaders": leaders, "columns": columns, "rows": shown}
    state = mount("top_list", key=key, data=data, on_opened_change=lambda: None)
    return pressed(state.opened, (row.page for row in rows))
