"""The background jobs: named in `deps.queue.enqueue`, handed ids, done by services."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from rewrapped import bootstrap
from rewrapped.deps import Deps
from rewrapped.domain.events import EventSource
from rewrapped.domain.plays import Source
from rewrapped.errors import Conflict, IntegrationError, RewrappedError, SetupError
from rewrapped.services import aggregates, announcing, fresh_plays, importing, learning, recaps, scrobbling, sweeps
from rewrapped.settings import Settings

log = logging.getLogger("workers.jobs")

_settings: list[Settings] = []
_deps: dict[int, Deps] = {}  # by process: a connection can't be shared with a forked child


def use(complete: Settings) -> None:
    """Tell what the jobs of this process, and of those forked from it, are connected to."""
    _settings[:] = [complete]


def deps() -> Deps:
    """Return this process's own connections.

    Raises:
        SetupError: `use` wasn't called.
    """
    me = os.getpid()
    if me not in _deps:
        if not _settings:
            raise SetupError("A job runs in a worker: python -m workers.")
        _deps.clear()
        _deps[me] = bootstrap.build(_settings[0])
    return _deps[me]


def excuse(job: str, ids: Sequence[int]) -> None:
    """Note that the worker of a job, named in full, was asked to stop in the middle of it."""
    if job == f"{__name__}.{run_import.__name__}":
        user_id, import_id = ids
        try:
            importing.excuse_stop(deps(), user_id, import_id)
        except RewrappedError as error:
            log.warning("a stopped start of import_id=%d stays counted: %s", import_id, error)


def run_import(user_id: int, import_id: int) -> None:
    """Read one upload into a listener's history."""
    importing.run_import(deps(), user_id, import_id)
    log.info("run_import user_id=%d import_id=%d", user_id, import_id)


def fetch_listens(user_id: int, source_number: int) -> None:
    """Fetch somebody's listens from a service they connected, for most of a minute."""
    report = scrobbling.fetch(deps(), user_id, Source(source_number))
    log.info("fetch_listens user_id=%d pages=%d new=%d %s", user_id, report.pages, report.new, report.stopped)


def sweep_events(source_number: int) -> None:
    """Ask one source for the events that are due."""
    try:
        report = sweeps.sweep(deps(), EventSource.numbered(source_number))
    except Conflict as error:  # somebody sweeps from a terminal
        log.info("sweep_events: %s", error)
        return
    if report.stopped:
        log.info("sweep_events source=%s stopped: %s", report.source, report.stopped)


def announce_events() -> None:
    """Tell people of new shows near them, of somebody they follow or play a lot."""
    if count := announcing.announce(deps()):
        log.info("announce_events messages=%d", count)


def tell_recaps() -> None:
    """Tell listeners that their week or month is over and can be looked at."""
    if count := recaps.tell(deps()):
        log.info("tell_recaps messages=%d", count)


def aggregate() -> None:
    """Count anew what listeners who chose to be compared are compared by."""
    if count := aggregates.refresh(deps()):
        log.info("aggregate listeners=%d", count)


def learn_genres() -> None:
    """Ask outside services for genres of artists, for most of a minute."""
    try:
        report = learning.learn(deps())
    except Conflict as error:  # a run that was thought lost goes on
        log.info("learn_genres: %s", error)
        return
    for sentence in report.stopped:
        log.info("learn_genres stopped: %s", sentence)


def fetch_plays(user_id: int) -> None:
    """Fetch one listener's latest plays from Spotify."""
    try:
        count = fresh_plays.fetch(deps(), user_id)
    except (Conflict, IntegrationError) as error:  # noted, with when it is due again
        log.info("fetch_plays user_id=%d: %s", user_id, error)
        return
    if count:
        log.info("fetch_plays user_id=%d new=%d", user_id, count)
