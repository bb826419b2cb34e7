"""Running a notebook's SQL over a listener's own plays: only what changed, in a sandbox, kept while its history is."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

import pyarrow as pa

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.notebooks import TABLE, Cell, CellKind, reads
from rewrapped.domain.plays import Filter, PlayRule
from rewrapped.errors import QueryFailed, TooMany
from rewrapped.history.frame import History
from rewrapped.history.table import plays_table
from rewrapped.sandbox.box import Box, Query, Sandboxes
from rewrapped.services import listening

_KEPT_BYTES = 48 * 1024**2  # of results, for each history
_KEPT_COUNT = 400
_PASS_S = 30.0  # what one run of a whole notebook may take, before the rest waits for the next
_SHARE_S = 3.0  # how long a sandbox is one's own before others who wait come first
_WAITING = "Not run yet: the cells above took long. Run it by itself."
_GIVEN_UP = "Not run yet: many notebooks run just now. Run it by itself in a moment."
_DEMO = "demo"  # all who look around in the sample data share one sandbox


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cell's query came to: rows, or the sentence that says why there are none.

    `is_cut` says that the query gives more rows than `table` holds; `took_ms`
    is the time in the sandbox.
    """

    table: pa.Table | None = None
    is_cut: bool = False
    error: str = ""
    took_ms: int = 0


class _Results:
    """What queries came to over one history, by filter and query; the longest unused goes first."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[Filter, Query], Outcome] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: tuple[Filter, Query]) -> Outcome | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: tuple[Filter, Query], outcome: Outcome) -> None:
        with self._lock:
            self._drop(key)
            self._found[key] = outcome
            self._bytes += _nbytes(outcome)
            while self._bytes > _KEPT_BYTES or len(self._found) > _KEPT_COUNT:
                self._drop(next(iter(self._found)))

    def drop(self, key: tuple[Filter, Query]) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: tuple[Filter, Query]) -> None:
        gone = self._found.pop(key, None)
        self._bytes -= _nbytes(gone) if gone else 0


#: Kept by the history itself: another version, zone or play rule is another history.
_kept: WeakKeyDictionary[History, _Results] = WeakKeyDictionary()


def run(
    deps: Deps,
    visitor: Visitor,
    cells: Sequence[Cell],
    chosen: Filter,
    again: str = "",
    rule: PlayRule | None = None,
) -> dict[str, Outcome]:
    """Return what each SQL cell comes to over the visitor's filtered plays, by the cell's id.

    Plays are told by the listener's own rule unless another is given. What was
    asked before over the same history, filter and cells isn't asked again, but
    for the cell whose id is `again`.

    Raises:
        SignInNeeded, AccessDenied: the visitor runs no notebooks.
        TooMany: others' notebooks took every sandbox.
    """
    visitor.analysing()
    history = listening.history(deps, visitor, rule=rule)
    results = _kept.setdefault(history, _Results())
    queries = _queries(cells)
    if again in queries:
        results.drop((chosen, queries[again]))
    outcomes: dict[str, Outcome] = {}
    name = _DEMO if visitor.read_only else f"person {visitor.signed_in()}"
    with _Asking(deps.sandboxes, name, history, chosen) as asking:
        for cell_id, query in queries.items():
            outcomes[cell_id] = _outcome(asking, results, query, _without_result(outcomes, queries, query))
    return outcomes


def _outcome(asking: _Asking, results: _Results, query: Query, missing: str) -> Outcome:
    if missing:
        return Outcome(error=f"It reads {missing}, which has no result.")
    key = (asking.chosen, query)
    outcome = results.get(key)
    if outcome is None:
        outcome = asking.ask(query)
        if outcome.error not in (_WAITING, _GIVEN_UP):
            results.put(key, outcome)
    return outcome


def _without_result(outcomes: Mapping[str, Outcome], queries: Mapping[str, Query], query: Query) -> str:
    """Return the first of the cells a query reads that came to nothing; "" when all have rows."""
    failed = {queries[cell_id].name for cell_id, outcome in outcomes.items() if outcome.table is None}
    return next((need.name for need in query.needs if need.name in failed), "")


def _queries(cells: Sequence[Cell]) -> dict[str, Query]:
    """Return every SQL cell's query by the cell's id, with the earlier ones it reads, and those they read."""
    found: dict[str, Query] = {}
    for cell in cells:
        if cell.kind is CellKind.SQL:
            needed: dict[str, Query] = {}
            for earlier in found.values():
                if reads(cell.text, earlier.name):
                    needed |= {need.name: need for need in (*earlier.needs, earlier)}
            found[cell.id] = Query(cell.name, cell.text, tuple(needed.values()))
    return found


class _Asking(ExitStack):
    """A sandbox with the filtered plays in it, opened when it is first needed, and anew after one broke.

    Between two queries it is given up for others who wait, and opened anew in turn.
    """

    def __init__(self, sandboxes: Sandboxes, name: str, history: History, chosen: Filter) -> None:
        super().__init__()
        self.chosen = chosen
        self._sandboxes, self._name, self._history = sandboxes, name, history
        self._box: Box | None = None
        self._began_at = self._opened_at = time.monotonic()
        self._is_given_up = False

    def ask(self, query: Query) -> Outcome:
        """Return what a query comes to."""
        if time.monotonic() - self._began_at > _PASS_S:
            return Outcome(error=_WAITING)
        if self._is_given_up:
            return Outcome(error=_GIVEN_UP)
        try:
            box = self._opened()
            began_at = time.monotonic()
            answer = box.ask(query)
        except QueryFailed as error:
            return Outcome(error=str(error))
        except TooMany:
            if self._box is None:
                raise
            self._is_given_up = True  # what it came to so far stands
            return Outcome(error=_GIVEN_UP)
        return Outcome(answer.table, answer.is_cut, took_ms=round((time.monotonic() - began_at) * 1000))

    def _opened(self) -> Box:
        if self._box is None or not self._box.is_alive or self._is_due():
            self.close()
            self._box = self.enter_context(self._sandboxes.opened(self._name))  # starts while the table is made
            self._box.give(TABLE, plays_table(self._history.filter(self.chosen)))
            self._opened_at = time.monotonic()  # a long table isn't taken out of a turn's time
        return self._box

    def _is_due(self) -> bool:
        """Return whether it is others' turn."""
        return time.monotonic() - self._opened_at > _SHARE_S and self._sandboxes.is_wanted(self._name)


def _nbytes(outcome: Outcome) -> int:
    return 0 if outcome.table is None else int(outcome.table.nbytes)
