"""All rows of a listener with what loading adds: joined tracks, the listener's clock, which rows are plays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, assert_never
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from rewrapped.domain.plays import ALWAYS_PLAYS, PlayRule, RuleKind
from rewrapped.history import identity
from rewrapped.history.columns import Columns
from rewrapped.history.localtime import LocalTimes, local_times
from rewrapped.history.names import Names

_FALLBACK_MS = 30_000  # the rule where a row lacks what `half` or `finished` looks at

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """Every row, shared by all views of a history.

    `kind` is each row's `domain.plays.Kind`, `kinds` those that occur. `is_estimated` marks rows of the
    API and of scrobbles (`estimated_rows` are their positions), and `heard_ms` is what they count for: the
    milliseconds they brought, else the track's length, 0 where it is unknown;
    for all other rows it is `ms_played`. `joined` maps a track's code to the
    code its rows count under, None where each keeps its own. `shares_rows` says
    that all this but `is_play` is another one's too.
    """

    columns: Columns
    local: LocalTimes
    zone: ZoneInfo
    rule: PlayRule
    is_play: Mask
    is_estimated: Mask
    estimated_rows: npt.NDArray[np.int64]
    heard_ms: npt.NDArray[np.int32]
    kind: npt.NDArray[np.uint8]
    kinds: frozenset[int]
    joined: npt.NDArray[np.int32] | None
    names: Names
    shares_rows: bool = False

    def with_rule(self, rule: PlayRule) -> Whole:
        """Return the same rows under another play rule, sharing every column but `is_play`."""
        return replace(self, rule=rule, is_play=_plays(self.columns, self.is_estimated, rule), shares_rows=True)

    def column(self, name: str) -> npt.NDArray[Any]:
        """Return a column of all rows by its name."""
        for part in (self, self.local, self.columns):
            if hasattr(part, name):
                found: npt.NDArray[Any] = getattr(part, name)
                return found
        raise KeyError(name)

    @property
    def nbytes(self) -> int:
        """Return the bytes held once every column has been taken for all rows and for all plays.

        What shares its rows counts for those of its plays alone.
        """
        columns, local = self.columns, self.local
        derived = (local.day, local.hour, local.weekday, local.month)
        marks = (self.is_play, self.is_estimated, self.heard_ms, self.kind)
        an_index = columns.ended_at.nbytes
        return (1 if self.shares_rows else 2) * (
            columns.nbytes + an_index + sum(array.nbytes for array in (*derived, *marks))
        )


def load(columns: Columns, zone: ZoneInfo, rule: PlayRule) -> Whole:
    """Return the rows with everything that depends on the listener."""
    codes = identity.joined_codes(columns.tracks, columns.track, columns.ms_played)
    if codes is not None:
        columns = replace(columns, track=np.take(codes, columns.track))
    is_estimated = among(columns.source, ALWAYS_PLAYS)
    return Whole(
        columns=columns,
        local=local_times(columns.ended_at, zone),
        zone=zone,
        rule=rule,
        is_play=_plays(columns, is_estimated, rule),
        is_estimated=is_estimated,
        estimated_rows=np.flatnonzero(is_estimated),
        heard_ms=_heard(columns, is_estimated),
        kind=np.take(columns.tracks.kind, columns.track),
        kinds=frozenset(np.unique(columns.tracks.kind).tolist()),
        joined=codes,
        names=Names(columns),
    )


def among(values: npt.NDArray[Any], wanted: frozenset[int] | set[int]) -> Mask:
    """Return where integers (0 and up) are one of the wanted.

    A few runs of neighbours are compared, which is many times faster than
    looking each value up; many runs are looked up.
    """
    runs = _runs(sorted(wanted))
    if len(runs) > 6:
        return _looked_up(values, sorted(wanted))
    found: Mask | None = None
    for first, last in runs:
        part = values == first if first == last else (values >= first) & (values <= last)
        found = part if found is None else found | part
    return np.zeros(len(values), dtype=bool) if found is None else found


def _runs(wanted: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for value in wanted:
        if runs and runs[-1][1] == value - 1:
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    return runs


def _looked_up(values: npt.NDArray[Any], wanted: list[int]) -> Mask:
    if not len(values):
        return np.zeros(0, dtype=bool)
    end = int(values.max()) + 1
    table = np.zeros(end, dtype=bool)
    table[[value for value in wanted if value < end]] = True
    found: Mask = np.take(table, values)
    return found


def _plays(columns: Columns, is_estimated: Mask, rule: PlayRule) -> Mask:
    """Return which rows are plays; rows of the API and of scrobbles always are."""
    match rule.kind:
        case RuleKind.ANY:
            plays = np.ones(len(columns), dtype=bool)
        case RuleKind.SECONDS:
            plays = columns.ms_played >= rule.seconds * 1000
        case RuleKind.HALF:
            plays = _half_played(columns)
        case RuleKind.FINISHED:
            plays = _finished(columns)
        case kind:
            assert_never(kind)
    plays |= is_estimated
    return plays


def _half_played(columns: Columns) -> Mask:
    length = columns.tracks.duration_ms.astype(np.int64)
    needed = np.where(length > 0, (length + 1) // 2, _FALLBACK_MS)
    plays: Mask = columns.ms_played >= np.take(needed, columns.track)
    return plays


def _finished(columns: Columns) -> Mask:
    labels = columns.labels
    plays = among(columns.reason_end, {code for code, label in enumerate(labels) if label == "trackdone"})
    unsaid = among(columns.reason_end, {code for code, label in enumerate(labels) if not label})
    plays |= unsaid & (columns.ms_played >= _FALLBACK_MS)
    return plays


def _heard(columns: Columns, is_estimated: Mask) -> npt.NDArray[np.int32]:
    silent = np.flatnonzero(is_estimated & (columns.ms_played == 0))
    if not len(silent):
        return columns.ms_played
    heard = columns.ms_played.copy()
    heard[silent] = columns.tracks.duration_ms[columns.track[silent]]
    return heard
