"""What rows say of themselves, month by month: skipped, shuffled, offline; on which device, in which country.

Sources differ in what they say, so every figure stands beside the rows it is a part of.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.domain.plays import Flags
from rewrapped.history.frame import History
from rewrapped.history.localtime import month_numbers
from rewrapped.history.platforms import family
from rewrapped.history.sums import counted

_FLAGS = 256
_ANSWERS = {
    "skipped": (Flags.SKIPPED, Flags.SKIPPED_KNOWN),
    "shuffle": (Flags.SHUFFLE, Flags.SHUFFLE_KNOWN),
    "offline": (Flags.OFFLINE, Flags.OFFLINE_KNOWN),
}

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows by month and by what they name, most rows first.

    `start_on` are the first days (local) of all months of the view's span,
    `rows[month, name]` those that name it, and `all_rows[month]` those that
    name nothing too.
    """

    start_on: npt.NDArray[np.datetime64]
    names: tuple[str, ...]
    rows: Int64s
    all_rows: Int64s

    @property
    def known_share(self) -> float:
        """Return the part of rows, 0 to 1, that name anything."""
        whole = int(self.all_rows.sum())
        return int(self.rows.sum()) / whole if whole else 0.0


def answers(history: History) -> pd.DataFrame:
    """Return a row per month of the view's span: `start_on` (local), `rows`, and for each question two counts.

    The questions are `skipped`, `shuffle` and `offline`: so many rows say yes,
    and `skipped_known` and so on say anything.
    """
    first, count = _months(history)
    codes = (history.month - np.int32(first)) * np.int32(_FLAGS) + history.flags
    table = counted(codes, count * _FLAGS).reshape(count, _FLAGS)
    found: dict[str, npt.NDArray[np.generic]] = {"start_on": _starts(first, count), "rows": table.sum(axis=1)}
    flags = np.arange(_FLAGS)
    for name, (yes, known) in _ANSWERS.items():
        found[name] = table[:, (flags & (yes | known)) == yes | known].sum(axis=1)
        found[f"{name}_known"] = table[:, (flags & known) != 0].sum(axis=1)
    return pd.DataFrame(found)


def platforms(history: History) -> Groups:
    """Return rows by the families of devices (`history.platforms`)."""
    return _groups(history, history.platform, [family(label) for label in history.labels])


def countries(history: History) -> Groups:
    """Return rows by countries, two letters each; anything else a source wrote names none."""
    words = [label.upper() if len(label) == 2 and label.isalpha() else "" for label in history.labels]
    return _groups(history, history.country, words)


def _groups(history: History, codes: npt.NDArray[np.int16], words: list[str]) -> Groups:
    names, which = np.unique(np.array(["", *words]), return_inverse=True)  # "" comes first
    first, count = _months(history)
    keys = (history.month - np.int32(first)) * np.int32(len(names)) + np.take(which[1:].astype(np.int32), codes)
    table = counted(keys, count * len(names)).reshape(count, len(names))
    named = table[:, 1:]
    order = [int(at) for at in np.argsort(-named.sum(axis=0), kind="stable") if named[:, at].any()]
    return Groups(_starts(first, count), tuple(str(names[1 + at]) for at in order), named[:, order], table.sum(axis=1))


def _months(history: History) -> tuple[int, int]:
    """Return the first month (since January 1970) of the view's span, and how many it touches."""
    if not len(history.span):
        return 0, 0
    first, last = month_numbers(np.array([history.span.start, history.span.stop - 1], np.int32))
    return int(first), int(last - first) + 1


def _starts(first: int, count: int) -> npt.NDArray[np.datetime64]:
    return np.arange(first, first + count).astype("datetime64[M]").astype("datetime64[s]")
