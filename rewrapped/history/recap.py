"""What a message about a week or month says of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rewrapped.history import tops
from rewrapped.history.frame import History
from rewrapped.history.tops import Noun


@dataclass(frozen=True, slots=True)
class Recapped:
    """Plays, and of how many artists; the artist with most plays, alone, and how many: None and 0 without one."""

    plays: int
    artists: int
    leader: str | None = None
    leader_plays: int = 0


def recapped(view: History) -> Recapped:
    """Sum a view up for a message."""
    count = int(np.count_nonzero(tops.sums_of(view, Noun.ARTISTS).plays))
    best = tops.artists(view, 2)
    is_tied = len(best) > 1 and best[0].plays == best[1].plays
    if not best or is_tied or not best[0].name:
        return Recapped(len(view.plays), count)
    return Recapped(len(view.plays), count, best[0].name, best[0].plays)
