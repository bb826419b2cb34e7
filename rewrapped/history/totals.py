"""The figures that sum a view up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import Flags
from rewrapped.history import streaks
from rewrapped.history.frame import History
from rewrapped.history.localtime import moment_of
from rewrapped.history.sums import MS_A_MINUTE, Timed


@dataclass(frozen=True, slots=True)
class Totals(Timed):
    """What a view holds.

    Plays, tracks, artists, albums, days, the streak and the two moments
    (aware, UTC) count by the play rule. `minutes` sum every row whose source
    knows its time, `estimated_minutes` apart those of the API and of
    scrobbles; `unknown_length_count` rows of them add nothing, because no
    length is known. `skipped_share` is the part, 0 to 1, of the
    `skip_known_count` rows that say whether they were skipped; None where none does.
    """

    plays: int = 0
    minutes: float = 0.0
    estimated_minutes: float = 0.0
    unknown_length_count: int = 0
    tracks: int = 0
    artists: int = 0
    albums: int = 0
    days: int = 0
    longest_streak_days: int = 0
    first_play_at: datetime | None = None
    last_play_at: datetime | None = None
    skipped_share: float | None = None
    skip_known_count: int = 0


def totals(history: History) -> Totals:
    """Sum a view up; filter it first (`Filter()` leaves the music)."""
    plays = history.plays
    played = np.flatnonzero(history.by_track.plays)
    first, last = (None, None) if plays.ends is None else map(moment_of, plays.ends)
    skipped, skip_known = _skips(history)
    known_ms, estimated_ms = _heard_ms(history)
    rows = history.rows
    return Totals(
        plays=len(plays),
        minutes=known_ms / MS_A_MINUTE,
        estimated_minutes=estimated_ms / MS_A_MINUTE,
        unknown_length_count=int(np.count_nonzero(rows.heard_ms[rows.estimated] == 0)),
        tracks=len(played),
        artists=_distinct(history.tracks.artist[played]),
        albums=_distinct(history.tracks.album[played]),
        days=int(np.count_nonzero(history.by_day.plays)),
        longest_streak_days=streaks.longest(history).days,
        first_play_at=first,
        last_play_at=last,
        skipped_share=skipped / skip_known if skip_known else None,
        skip_known_count=skip_known,
    )


def estimated_minutes(history: History) -> float:
    """Return the minutes of a view that are an estimate, because their source doesn't tell them."""
    return _heard_ms(history)[1] / MS_A_MINUTE


def with_previous(history: History) -> tuple[Totals, Totals | None]:
    """Return the totals of a view, and of the range it is compared with; None when they can't be compared."""
    before = history.previous()
    return totals(history), None if before is None else totals(before)


def _heard_ms(history: History) -> tuple[int, int]:
    """Return the milliseconds that are known, and those that are estimated."""
    sums = history.by_day
    estimated = int(sums.estimated_ms.sum())
    return int(sums.heard_ms.sum()) - estimated, estimated


def _distinct(codes: npt.NDArray[np.int32]) -> int:
    return int(np.count_nonzero(np.bincount(codes[codes >= 0])))


def _skips(history: History) -> tuple[int, int]:
    both = np.uint8(Flags.SKIPPED | Flags.SKIPPED_KNOWN)
    said = history.stretch("flags") & both
    if history.mask is not None:
        said *= history.mask
    skipped = int(np.count_nonzero(said == both))
    return skipped, skipped + int(np.count_nonzero(said == np.uint8(Flags.SKIPPED_KNOWN)))
