"""Sweeping sources for events: where listeners live, month by month, within budgets. Pages read what is stored.

What was asked longest ago comes first. A sweep stops where its calls end, and
the next one goes on there. A source that asks us to wait, or fails us, rests
until a moment that is stored. No transaction is open while a source is asked;
each answer is stored in one of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rewrapped.deps import Deps
from rewrapped.domain import twins
from rewrapped.domain.events import EventSource
from rewrapped.domain.sweeping import PLANS, Area, Found, Query, Window, windows
from rewrapped.errors import IntegrationError, InvalidInput, RequestRefused
from rewrapped.services import asking
from rewrapped.storage import api_calls, events, people
from rewrapped.storage import sweeps as rows

log = logging.getLogger(__name__)

CALLS_A_SWEEP = 400  # at two a second about three minutes

_JOB = "sweep_events"
_JOB_S = 1800


@dataclass(slots=True)
class Report:
    """What a sweep of one source came to. `stopped` says in a sentence why it ended early, "" when it didn't."""

    source: EventSource
    windows: int = 0  # asked to their end
    found: int = 0
    new: int = 0
    changed: int = 0
    tied: int = 0  # found to be the same show as another
    gone: int = 0
    unread: int = 0
    dropped: int = 0
    calls: int = 0
    cached: int = 0
    budget_left: int = 0
    stopped: str = ""


def sweep(deps: Deps, source: EventSource, areas: Sequence[Area] | None = None, calls: int = CALLS_A_SWEEP) -> Report:
    """Ask a source for what is due, with at most so many calls; `areas` are where listeners live unless given.

    Raises:
        InvalidInput: there is no key for the source.
        Conflict: it is being swept already.
        StoreDown: database or Redis don't answer; what was stored stays.
    """
    if source not in deps.event_clients:
        raise InvalidInput(f"{source} isn't asked: it needs a key (docs/event-sources.md).")
    report = Report(source)
    with asking.alone(deps, f"sweep:{source}", _JOB_S, f"{source} is being swept already."):
        meter = _Meter(deps, source, calls)
        report.stopped = _rests(deps, source)
        for query in _due(deps, source, list_areas(deps) if areas is None else areas):
            report.stopped = report.stopped or meter.reason_to_stop()
            if report.stopped:
                break
            _sweep_window(deps, report, query, meter)
        report.calls, report.cached = meter.used()
    report.budget_left = max(0, budget_left(deps, source))
    log.info("sweep source=%s found=%d new=%d calls=%d", source, report.found, report.new, report.calls)
    return report


class _Meter:
    """Counts one sweep's calls, in the log that budgets are counted from."""

    def __init__(self, deps: Deps, source: EventSource, allowed: int) -> None:
        self._deps, self._source, self._allowed = deps, source, allowed
        self._since = deps.now() - PLANS[source].period
        self._before = (0, 0)
        self._before = self.used()

    def used(self) -> tuple[int, int]:
        """Return how many calls went out, and how many the cache answered."""
        with self._deps.engine.connect() as conn:
            out = api_calls.count_since(conn, self._source, self._since)
            cached = api_calls.count_since(conn, self._source, self._since, is_cached=True)
        return out - self._before[0], cached - self._before[1]

    def reason_to_stop(self) -> str:
        """Return why no further call may be made, "" while one may."""
        if self.used()[0] >= self._allowed:
            return "This sweep has made its calls; the next one goes on."
        if budget_left(self._deps, self._source) <= 0:
            return "The budget of calls is used up for now."
        return ""


def list_areas(deps: Deps) -> list[Area]:
    """Return where listeners live."""
    with deps.engine.connect() as conn:
        return [Area(country) for country in people.list_countries(conn)]


def budget_left(deps: Deps, source: EventSource) -> int:
    """Return how many calls sweeps may still make now."""
    plan = PLANS[source]
    with deps.engine.connect() as conn:
        return plan.budget - api_calls.count_since(conn, source, deps.now() - plan.period)


# One window ---------------------------------------------------------------------------------------


def _sweep_window(deps: Deps, report: Report, query: Query, meter: _Meter) -> None:
    """Store what a window holds, and close it when it was asked to its end."""
    started_at, is_whole = deps.now(), True
    try:
        for found in deps.event_clients[report.source].search(query):
            _store(deps, report, query, found)
            is_whole &= found.is_whole
            report.stopped = meter.reason_to_stop()
            if report.stopped:
                break
    except RequestRefused as error:  # this question, and no other: it is asked again when it is due
        is_whole = False
        log.warning("sweep source=%s area=%s: %s", report.source, query.area.key, error)
    except IntegrationError as error:
        report.stopped = str(error)
        _rest(deps, report.source, query, error)
    if not report.stopped:
        _close(deps, report, query, started_at, is_whole=is_whole)
    report.tied += tie_twins(deps, query.window)


def _store(deps: Deps, report: Report, query: Query, found: Found) -> None:
    now, first_on = deps.now(), _first_day(deps)
    upcoming = [one for one in found.listings if (one.end_on or one.start_on) >= first_on]
    with deps.engine.begin() as conn:
        stored = events.add_or_refresh(conn, upcoming, now, query.area.key)
        events.mark_seen(conn, report.source, found.unread, now)
    report.found += len(upcoming)
    report.new += stored.new
    report.changed += stored.changed
    report.unread += len(found.unread)
    report.dropped += found.dropped


def _close(deps: Deps, report: Report, query: Query, started_at: datetime, *, is_whole: bool) -> None:
    """Note that a window was asked to its end; what it held before and no more is hidden, if all of it was seen."""
    with deps.engine.begin() as conn:
        if is_whole:
            report.gone += events.hide_missing(conn, report.source, query, started_at, deps.now())
        rows.set_swept(conn, report.source, query.area.key, query.window.month_on, deps.now())
    report.windows += 1


def tie_twins(deps: Deps, window: Window) -> int:
    """Find the shows of a window that are listed more than once; return how many listings were tied just now."""
    day = timedelta(days=1)  # a show whose time is unknown may be a day off
    with deps.engine.begin() as conn:
        events.lock_tying(conn)
        shows = events.list_shows(conn, window.start_on - day, window.end_on + day)
        return events.set_twins(conn, twins.tie(shows))


def _rest(deps: Deps, source: EventSource, query: Query, error: IntegrationError) -> None:
    """Let a source rest; what it failed at is due again after all else, so that it can't keep the others waiting."""
    now = deps.now()
    with deps.engine.begin() as conn:
        asking.rest(deps, conn, source, error)
        rows.set_swept(conn, source, query.area.key, query.window.month_on, now - PLANS[source].fresh_for)


def _rests(deps: Deps, source: EventSource) -> str:
    pause = asking.pause(deps, source)
    return f"{pause.reason} It is asked again from {pause.resume_at:%Y-%m-%d %H:%M} UTC." if pause else ""


# What is due --------------------------------------------------------------------------------------


def _due(deps: Deps, source: EventSource, areas: Sequence[Area]) -> list[Query]:
    """Return what wasn't asked lately, longest ago first; what never was comes before all, nearest month first."""
    with deps.engine.connect() as conn:
        swept = rows.list_swept(conn, source)
    never = datetime.min.replace(tzinfo=UTC)
    stale_at = deps.now() - PLANS[source].fresh_for
    asked = [
        (swept.get((area.key, window.month_on), never), window.start_on, area.key, Query(area, window))
        for area in areas
        for window in windows(deps.now())
    ]
    return [query for swept_at, *_, query in sorted(asked, key=lambda one: one[:3]) if swept_at <= stale_at]


def enqueue_due(deps: Deps) -> int:
    """Queue a sweep of every source that has something due and may be asked; return how many. For the tick."""
    areas = list_areas(deps)
    return sum(enqueue(deps, source) for source in deps.event_clients if _may_sweep(deps, source, areas))


def _may_sweep(deps: Deps, source: EventSource, areas: Sequence[Area]) -> bool:
    return not reason_against(deps, source, areas)


def reason_against(deps: Deps, source: EventSource, areas: Sequence[Area]) -> str:
    """Return why a sweep would ask nothing now, in a sentence; "" where it would."""
    if not areas:
        return "Nobody told a country yet, so there is nowhere to look."
    if not _due(deps, source, areas):
        return "Everything was asked for lately; it is asked again when it is due."
    return _rests(deps, source) or ("" if budget_left(deps, source) > 0 else "The budget of calls is used up for now.")


def enqueue(deps: Deps, source: EventSource) -> bool:
    """Queue a sweep of a source; return False when one is queued already."""
    return deps.queue.enqueue(_JOB, source.number, key=f"sweep-{source}", timeout_s=_JOB_S)


def hide_ended(deps: Deps) -> int:
    """Hide events that are over or no longer confirmed, and forget past months; return how many were hidden."""
    first_on = _first_day(deps)
    with deps.engine.begin() as conn:
        rows.delete_swept_before(conn, first_on.replace(day=1))
        return events.hide_ended(conn, first_on, deps.now())


def _first_day(deps: Deps) -> date:
    """Return the earliest day that it is anywhere on earth."""
    return windows(deps.now())[0].start_on
