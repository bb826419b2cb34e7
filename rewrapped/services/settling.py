"""Which of a listener's rows stand for plays, settled anew around what an import brings or takes away.

Every row is kept: those that stand for plays, and apart from them those whose
play a richer row tells. Which are which follows from the set of rows
(`history.merging`), so no order of imports and removals matters. Only rows in
reach of a change are looked at. Callers hold the listener's lock, and one
transaction around it all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rewrapped.history import merging
from rewrapped.history.clusters import ROWS, Index, Mask, Rows, neighbours
from rewrapped.history.localtime import moment_of
from rewrapped.storage import absorbed, catalogue, plays, repeated
from rewrapped.storage.catalogue import Identities
from rewrapped.storage.database import Connection
from rewrapped.storage.plays import Extent, Plays

_DAY_US = 86_400_000_000
# How far from a row its twin can have been reported: a row spans 7 days at most, and an offline row is
# reported up to 400 days after it was played.
_TWINS_BEFORE_US = 8 * _DAY_US
_TWINS_AFTER_US = 409 * _DAY_US
_CHAIN_US = 8 * _DAY_US  # how much further rows are read at once, for twins of twins
_NONE_RENAMED = np.empty(0, catalogue.IDENTITY)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of incoming rows; those neither new nor improving told nothing that wasn't known."""

    new: Mask  # they count as plays that weren't known before
    improves: Mask  # they tell better what a poorer row told


@dataclass(frozen=True, slots=True)
class _Leaving:
    """Rows of an import that is taken away, and which of them another import held too."""

    import_id: int
    rows: Plays
    stood: Mask
    heir: Index  # the first other import that held the row, 0 for none: then it goes

    def without_going(self) -> tuple[Plays, Mask]:
        """Return the rows that stay, and whether they stand."""
        return self.rows[self.heir != 0], self.stood[self.heir != 0]


@dataclass(frozen=True, slots=True)
class _Change:
    """Rows of a listener that come or go, and how tracks were called that are renamed at the same time."""

    user_id: int
    rows: Plays
    leaving: _Leaving | None = None
    renamed: Identities = field(default_factory=lambda: _NONE_RENAMED)

    def span(self) -> tuple[int, int] | None:
        """Return from when to when stored rows are read at first; None: all, as a renamed track's can be anywhere."""
        return None if len(self.renamed) else _reach(self.rows, _CHAIN_US)


@dataclass(frozen=True, slots=True)
class _Known:
    """Stored rows reported within `span` (None: all)."""

    rows: Plays
    stood: Mask  # they stand for plays, the others are absorbed
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """Rows to be settled: stored ones in reach of a change, then those that change."""

    plays: Plays
    rows: Rows  # the same as merging sees them
    stood: Mask  # stood for plays so far
    changed: Mask


def add(
    conn: Connection, place: tuple[int, int | None], incoming: Plays, renamed: Identities = _NONE_RENAMED
) -> Settled:
    """Store rows under (user id, import id); return what became of each.

    `renamed` are the tracks whose names this import changed, as they were before: their rows are settled too.
    """
    user_id, import_id = place
    settled = Settled(np.zeros(len(incoming), np.bool_), np.zeros(len(incoming), np.bool_))
    if not len(incoming):
        return settled
    known = _known(conn, _Change(user_id, incoming, renamed=renamed))
    again = merging.repeats(known.rows, incoming, "track_id")
    if import_id is not None and len(known.rows) and again.any():
        repeated.add_repeated(conn, user_id, import_id, incoming[again])
    fresh = np.flatnonzero(~again)
    stands, new = _settle(conn, known, _Change(user_id, incoming[fresh], renamed=renamed))
    plays.add_plays(conn, user_id, import_id, incoming[fresh][stands])
    absorbed.add_absorbed(conn, user_id, import_id, incoming[fresh][~stands])
    settled.new[fresh], settled.improves[fresh] = new, stands & ~new
    return settled


def _settle(conn: Connection, known: _Known, change: _Change) -> tuple[Mask, Mask]:
    """Let stored rows make way or come back for rows that come; return which of these stand, and which are new."""
    if not len(change.rows) + len(change.renamed) or _is_one_source(known, change.rows):
        all_of_them = np.ones(len(change.rows), np.bool_)
        return all_of_them, all_of_them
    scene = _scene(conn, known, change)
    taker = merging.takers(scene.rows)
    _move(conn, change.user_id, scene, taker < 0)
    new = merging.new_plays(scene.rows, taker, scene.stood, scene.changed)
    return taker[scene.changed] < 0, new[scene.changed]


def preview_removal(conn: Connection, user_id: int, import_id: int) -> Extent:
    """Return how many plays would go with an import, stay because another holds them, or come back."""
    leaving = _leaving(conn, user_id, import_id)
    if leaving is None:
        return plays.extent_of_import(conn, user_id, import_id)
    moments = leaving.rows["reported_at"][(leaving.heir == 0) & leaving.stood]
    staying = _shared(conn, user_id, leaving)
    if not len(moments):
        return Extent(0, None, None, staying=staying)
    scene, stands = _left_without(conn, user_id, leaving)
    returning = int(np.count_nonzero(stands & ~scene.stood))
    return Extent(len(moments), moment_of(int(moments.min())), moment_of(int(moments.max())), returning, staying)


def remove(conn: Connection, user_id: int, import_id: int) -> int:
    """Take away the rows that no other import held, and settle those left; return how many plays went."""
    leaving = _leaving(conn, user_id, import_id)
    if leaving is None:
        return plays.remove_import(conn, user_id, import_id)
    left = _left_without(conn, user_id, leaving)
    for heir in np.unique(leaving.heir[leaving.heir != 0]).tolist():
        absorbed.hand_over(conn, user_id, leaving.rows[leaving.heir == heir], heir)
    repeated.remove_repeated(conn, user_id, import_id)
    absorbed.remove_absorbed(conn, user_id, import_id)
    gone = plays.remove_import(conn, user_id, import_id)
    _move(conn, user_id, *left)
    return gone


def _leaving(conn: Connection, user_id: int, import_id: int) -> _Leaving | None:
    """Return the rows of an import; None where they all go, and no other row has to do with them."""
    if not (absorbed.has_absorbed(conn, user_id) or repeated.has_repeated(conn, user_id)):
        return None
    rows, standing = absorbed.list_both(conn, user_id, absorbed.of_import(import_id))
    heir = np.zeros(len(rows), np.intp)
    for other_id, keys in repeated.list_repeated(conn, user_id, import_id):
        heir[merging.repeats(keys, rows, "track_id") & (heir == 0)] = other_id
    return _Leaving(import_id, rows, np.arange(len(rows)) < standing, heir)


def _shared(conn: Connection, user_id: int, leaving: _Leaving) -> int:
    """Return how many rows of the import another one holds too, whichever of the two stored them."""
    noted = repeated.find_repeated(conn, user_id, leaving.import_id)
    of_others = ~merging.repeats(leaving.rows, noted, "track_id")
    return int(np.count_nonzero(leaving.heir != 0) + np.count_nonzero(of_others))


def _left_without(conn: Connection, user_id: int, leaving: _Leaving) -> tuple[_Scene, Mask]:
    """Return the rows in reach of those that go, and which would stand without them."""
    change = _Change(user_id, leaving.rows[leaving.heir == 0], leaving)
    if not len(change.rows):
        nothing = np.empty(0, np.bool_)
        return _Scene(change.rows, np.empty(0, ROWS), nothing, nothing), nothing
    scene = _scene(conn, _known(conn, change), change)
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
    return bool(known.stood.all()) and len(np.unique(sources)) < 2


def _scene(conn: Connection, known: _Known, change: _Change) -> _Scene:
    """Return the changed rows with all stored rows that have to do with them, however far twins of twins lead."""
    scene = _in_reach(conn, known, change)
    if known.span is None or _is_within(_reach(scene.plays), known.span):
        return scene
    return _in_reach(conn, _known(conn, change, whole=True), change)


def _in_reach(conn: Connection, known: _Known, change: _Change) -> _Scene:
    both = np.concatenate([known.rows, change.rows])
    rows = _rows(conn, change.user_id, both)
    changed = np.arange(len(both)) >= len(known.rows)
    touched = changed
    if len(change.renamed):  # what these rows had to do with under their former names, too
        former = _rows(conn, change.user_id, both, change.renamed)
        touched = changed | neighbours(former, np.isin(former["track"], change.renamed["track_id"]))
    near = neighbours(rows, touched)
    stood = np.concatenate([known.stood, np.zeros(len(change.rows), np.bool_)])
    return _Scene(both[near], rows[near], stood[near], changed[near])


def _known(conn: Connection, change: _Change, *, whole: bool = False) -> _Known:
    """Return stored rows apart from those that go, as far as change can reach or all of them."""
    span = None if whole else change.span()
    condition = plays.between(*(span or (None, None)))
    if change.leaving is not None:
        condition += f" AND {absorbed.of_others(change.leaving.import_id)}"
    rows, standing = absorbed.list_both(conn, change.user_id, condition)
    stood = np.arange(len(rows)) < standing
    if change.leaving is not None:
        staying, stayed = change.leaving.without_going()
        rows, stood = np.concatenate([rows, staying]), np.concatenate([stood, stayed])
    return _Known(rows, stood, span)


def _reach(rows: Plays, further_us: int = 0) -> tuple[int, int]:
    """Return from when to when twins of these rows can have been reported."""
    first = min(int(rows["reported_at"].min()), int(rows["ended_at"].min()))
    return first - _TWINS_BEFORE_US - further_us, int(rows["reported_at"].max()) + _TWINS_AFTER_US + further_us


def _is_within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _rows(conn: Connection, user_id: int, both: Plays, former: Identities = _NONE_RENAMED) -> Rows:
    """Return stored or incoming rows as merging sees them, by the names this listener's rows give, or gave before."""
    rows = np.empty(len(both), ROWS)
    for name in ("reported_at", "ended_at", "ms_played", "source"):
        rows[name] = both[name]
    rows["track"] = both["track_id"]
    track_ids, of_row = np.unique(both["track_id"], return_inverse=True)
    known = catalogue.list_identities(conn, user_id, track_ids)
    _, at_known, at_former = np.intersect1d(known["track_id"], former["track_id"], return_indices=True)
    known["name_key"][at_known] = former["name_key"][at_former]
    keys = known["name_key"].view("S16")
    _, codes = np.unique(keys, return_inverse=True)
    at = np.searchsorted(known["track_id"], track_ids)[of_row]
    rows["name"] = np.where(keys == b"", -1, codes)[at]
    rows["length_us"] = known["duration_ms"][at].astype(np.int64) * 1000
    return rows
