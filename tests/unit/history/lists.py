"""Columns made of plain lists, for the tests beside this."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from rewrapped.history import columns as layout
from rewrapped.history.columns import Columns


def from_lists(parts: dict[str, list[Any]]) -> Columns:
    """Build columns from plain lists under the names of the layout: `ended_at`, ..., `tracks.id`, ..., `labels`.

    What is missing is empty, and `labels` is then [""].
    """
    given = {"labels": [""], **parts}
    return layout._columns({name: pa.array(given.get(name, []), kind) for name, kind in layout._TYPES.items()})
