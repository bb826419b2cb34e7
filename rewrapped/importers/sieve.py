"""Which rows of a file are kept, and why the others are not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress
from typing import Annotated, Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from rewrapped.importers import clock
from rewrapped.importers.names import CODE_REASONS, IdentityCodes, Key
from rewrapped.importers.rows import ROW, Reason, Rows

MAX_MS: Final = 7 * 86_400_000
BAD_MS: Final = -1  # stands for whatever isn't a whole number
_FAR: Final = 1 << 62

Mask = npt.NDArray[np.bool_]
#: Any number JSON can hold that an int64 can, too; the rows' own limits are judged later.
Whole = Annotated[int, msgspec.Meta(ge=-_FAR, le=_FAR)]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What decides whether rows are kept, a value each: moments in UTC microseconds, lengths in ms."""

    reported_at: clock.Micros
    ms_played: npt.NDArray[np.int64]
    hidden: Mask  # incognito, and incognito isn't asked for
    keys: Sequence[Key]


@dataclass(slots=True)
class Sieve:
    """Sorts the rows of one file; counts what it drops."""

    identities: IdentityCodes
    now: datetime
    dropped: Counter[Reason] = field(default_factory=Counter)

    def sift(self, rows: Candidates) -> tuple[Mask, npt.NDArray[np.int64]]:
        """Return which rows are kept, and the identity numbers of those."""
        timely = clock.plausible(rows.reported_at, self.now)
        sound = timely & (rows.ms_played >= 0) & (rows.ms_played <= MAX_MS) & ~rows.hidden
        keys: Iterable[Key] = rows.keys
        if not sound.all():
            self._count_unsound(rows, sound, timely)
            keys = compress(keys, sound.tolist())
        codes = np.fromiter(map(self.identities.__getitem__, keys), np.int64)
        named = codes >= 0
        if named.all():
            return sound, codes
        for code, reason in CODE_REASONS.items():
            self.dropped[reason] += int((codes == code).sum())
        sound[sound] = named
        return sound, codes[named]

    def _count_unsound(self, rows: Candidates, sound: Mask, timely: Mask) -> None:
        """Count rows under their first defect; none of their names is kept."""
        for at in np.flatnonzero(~sound).tolist():
            reason = self._reason(rows.keys[at], hidden=bool(rows.hidden[at]), timely=bool(timely[at]))
            self.dropped[reason] += 1

    def _reason(self, key: Key, *, hidden: bool, timely: bool) -> Reason:
        if self.identities.lacks_identity(key):
            return Reason.NO_IDENTITY
        if hidden:
            return Reason.INCOGNITO
        return Reason.BAD_MS if timely else Reason.BAD_TIME


def blank(count: int) -> Rows:
    """Return rows of zeros: nothing said, no flags."""
    return np.zeros(count, ROW)


def text(value: Any) -> str | None:
    """Return a text, None for every other value."""
    return value if isinstance(value, str) else None


def whole(value: Any) -> int:
    """Return a whole number of milliseconds, BAD_MS for what isn't one (true and texts are not)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    good = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _FAR
    return value if good else BAD_MS


def number(value: Any) -> float | None:
    """Return a finite number, None for every other value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and abs(value) <= _FAR else None


def flag(value: Any) -> bool | None:
    """Return a truth also where it is written as 1 or "true"; None where nothing clear is said."""
    words = {"true": True, "1": True, "false": False, "0": False}
    return words.get(str(value).lower()) if isinstance(value, bool | int | str) else None
