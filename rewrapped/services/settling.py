"""Which of a listener's rows stand for plays, settled anew around what an import brings or takes away.

Every row is kept: those that stand for plays, and apart from them those whose
play a richer row tells. Which are which follows from the set of rows
(`history.merging`), so no order of imports and removals matters. Only rows in
reach of a change are looked at. Callers hold the listener's lock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rewrapped.history import merging
from rewrapped.history.clusters import ROWS, Mask, Rows, neighbours
from rewrapped.storage import absorbed, catalogue, plays
from rewrapped.storage.database import Connection
from rewrapped.storage.plays import Plays

_DAY_US = 86_400_000_000
# How far from a row its twin can have been reported: a row spans 7 days at most, and an offline row is
# reported up to 400 days after it was played.
_TWINS_BEFORE_US = 8 * _DAY_US
_TWINS_AFTER_US = 409 * _DAY_US
_CHAIN_US = 8 * _DAY_US  # how much further rows are read at once, for twins of twins


@dataclass(frozen=True, slots=True)
class _Known:
    """Stored rows reported within `span` (None: all): `standing` rows that stand for plays, then absorbed ones."""

    rows: Plays
    standing: int
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """Rows to be settled: stored ones in reach of a change, then those that change."""

    plays: Plays
    rows: Rows  # the same as merging sees them
    stood: Mask  # stood for plays so far
    changed: Mask


def add(conn: Connection, place: tuple[int, int | None], incoming: Plays) -> Mask:
    """Store rows under (user id, import id); return which of them count as new plays."""
    user_id, import_id = place
    added = np.zeros(len(incoming), np.bool_)
    if not len(incoming):
        return added
    known = _known(conn, user_id, _reach(incoming, _CHAIN_US))
    fresh = np.flatnonzero(~merging.repeats(known.rows, incoming, "track_id"))
    rows = incoming[fresh]
    stands = new = np.ones(len(rows), np.bool_)
    if len(rows) and not _is_one_source(known, rows):
        scene = _scene(conn, user_id, known, rows)
        taker = merging.takers(scene.rows)
        _move(conn, user_id, scene, taker < 0)
        stands = taker[scene.changed] < 0
        new = merging.new_plays(scene.rows, taker, scene.stood, scene.changed)[scene.changed]
    plays.add_plays(conn, user_id, import_id, rows[stands])
    absorbed.add_absorbed(conn, user_id, import_id, rows[~stands])
    added[fresh] = new
    return added


def preview_removal(conn: Connection, user_id: int, import_id: int) -> plays.Extent:
    """Return how many plays would go with an import, and how many of other imports would come back."""
    extent = plays.extent_of_import(conn, user_id, import_id)
    left = _left_without(conn, user_id, import_id)
    if left is None:
        return extent
    scene, stands = left
    return replace(extent, returning=int(np.count_nonzero(stands & ~scene.stood)))


def remove(conn: Connection, user_id: int, import_id: int) -> int:
    """Take away the rows of an import and settle those left; return how many plays went."""
    left = _left_without(conn, user_id, import_id)
    gone = plays.remove_import(conn, user_id, import_id)
    if left is not None:
        absorbed.remove_absorbed(conn, user_id, import_id)
        _move(conn, user_id, *left)
    return gone


def _left_without(conn: Connection, user_id: int, import_id: int) -> tuple[_Scene, Mask] | None:
    """Return the rows in reach of an import's own, and which would stand without it; None when nothing else changes."""
    if not absorbed.has_absorbed(conn, user_id):
        return None
    going, _ = absorbed.list_both(conn, user_id, absorbed.of_import(import_id))
    if not len(going):
        return None
    known = _known(conn, user_id, _reach(going, _CHAIN_US), absorbed.of_others(import_id))
    scene = _scene(conn, user_id, known, going, absorbed.of_others(import_id))
    stands = np.zeros(len(scene.rows), np.bool_)
    stands[~scene.changed] = merging.takers(scene.rows[~scene.changed]) < 0
    return scene, stands


def _move(conn: Connection, user_id: int, scene: _Scene, stands: Mask) -> None:
    """Let stored rows of the scene stand, or not, as was found."""
    stored = ~scene.changed
    absorbed.absorb(conn, user_id, scene.plays[stored & scene.stood & ~stands])
    absorbed.bring_back(conn, user_id, scene.plays[stored & ~scene.stood & stands])


# What is in reach ---------------------------------------------------------------------------------


def _is_one_source(known: _Known, changed: Plays) -> bool:
    """Return whether no two of these rows can be one play: so it is for almost everybody."""
    sources = np.concatenate([known.rows["source"], changed["source"]])
    return known.standing == len(known.rows) and len(np.unique(sources)) < 2


def _scene(conn: Connection, user_id: int, known: _Known, changed: Plays, condition: str = "true") -> _Scene:
    """Return the changed rows with all stored rows that have to do with them, however far twins of twins lead."""
    scene = _in_reach(conn, user_id, known, changed)
    if known.span is None or _is_within(_reach(scene.plays), known.span):
        return scene
    return _in_reach(conn, user_id, _known(conn, user_id, None, condition), changed)


def _in_reach(conn: Connection, user_id: int, known: _Known, changed: Plays) -> _Scene:
    both = np.concatenate([known.rows, changed])
    rows = _rows(conn, user_id, both)
    place = np.arange(len(both))
    near = neighbours(rows, place >= len(known.rows))
    return _Scene(both[near], rows[near], (place < known.standing)[near], (place >= len(known.rows))[near])


def _known(conn: Connection, user_id: int, span: tuple[int, int] | None, condition: str = "true") -> _Known:
    reported = plays.between(*(span or (None, None)))
    return _Known(*absorbed.list_both(conn, user_id, f"{reported} AND {condition}"), span)


def _reach(rows: Plays, further_us: int = 0) -> tuple[int, int]:
    """Return from when to when twins of these rows can have been reported."""
    first = min(int(rows["reported_at"].min()), int(rows["ended_at"].min()))
    return first - _TWINS_BEFORE_US - further_us, int(rows["reported_at"].max()) + _TWINS_AFTER_US + further_us


def _is_within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _rows(conn: Connection, user_id: int, both: Plays) -> Rows:
    """Return stored or incoming rows as merging sees them, by the names this listener's rows give."""
    rows = np.empty(len(both), ROWS)
    for name in ("reported_at", "ended_at", "ms_played", "source"):
        rows[name] = both[name]
    rows["track"] = both["track_id"]
    track_ids, of_row = np.unique(both["track_id"], return_inverse=True)
    known = catalogue.list_identities(conn, user_id, track_ids)
    keys = known["name_key"].view("S16")
    _, codes = np.unique(keys, return_inverse=True)
    at = np.searchsorted(known["track_id"], track_ids)[of_row]
    rows["name"] = np.where(keys == b"", -1, codes)[at]
    rows["length_us"] = known["duration_ms"][at].astype(np.int64) * 1000
    return rows
