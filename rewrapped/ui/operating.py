"""The parts of the operations page: findings as titles, figures as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from rewrapped.domain.events import EventSource
from rewrapped.domain.jobs import HEARD_EVERY, QUIET_AFTER, FailedJob, QueueFigures, WorkerFigures
from rewrapped.services.learning import Standing
from rewrapped.services.operations import Quota
from rewrapped.services.upkeep import State
from rewrapped.storage.api_calls import ServiceFigures
from rewrapped.ui import wording

_SOURCES = {EventSource.TICKETMASTER: "Ticketmaster", EventSource.JAMBASE: "JamBase"}
_TAGGERS = {"musicbrainz": "MusicBrainz", "listenbrainz": "ListenBrainz", "lastfm": "Last.fm"}
EVERYTHING = (
    "Everything runs while the database and Redis answer, the schema is this program's, and each worker that is known"
    f" was heard in the last {QUIET_AFTER.total_seconds():.0f} seconds: it tells that it lives every"
    f" {HEARD_EVERY.total_seconds():.0f}."
)
_COUNTS = (
    "Calls that left this site, whether they were answered or not. An error is a call without an answer, or with a"
    " status of 400 and above. What our cache answered is counted apart, costs no quota, and is in no time."
    " Half of the calls were quicker than the median, 95 of 100 quicker than the 95th percentile."
)


def headline(state: State, workers: Sequence[WorkerFigures], now: datetime) -> str:
    """Return whether all is well, and if not, what isn't: by the figures that stand below."""
    down = [name for name, works in (("the database", state.database), ("Redis", state.redis)) if not works]
    if down:
        said = " and ".join(down)
        return f"{said[0].upper()}{said[1:]} {'does' if len(down) == 1 else 'do'}n't answer"
    if not state.schema:
        return "The database has another schema than this program"
    is_well = bool(workers) and not any(one.is_quiet(now) for one in workers)
    return "Everything runs" if is_well else workers_finding(workers, now)


def show_services(figures: Sequence[ServiceFigures], within: str, zone: str) -> None:
    """Show how each service answered; say so when none was asked."""
    if not figures:
        st.info(f"No outside service was asked within {within}.")
        return
    table = pd.DataFrame(
        {
            "Service": [one.service for one in figures],
            "Calls": [one.calls for one in figures],
            "Errors": [one.errors for one in figures],
            "Error rate": [100 * one.errors / one.calls if one.calls else None for one in figures],
            "Median": [one.p50_ms for one in figures],
            "95th percentile": [one.p95_ms for one in figures],
            "From our cache": [one.cached for one in figures],
            "Cache hits": [100 * one.cached / (one.cached + one.calls) for one in figures],
            "Last asked": [_local(one.last_at, zone) for one in figures],
        }
    )
    columns = {
        "Error rate": st.column_config.NumberColumn(format="%.1f %%"),
        "Cache hits": st.column_config.NumberColumn(format="%.1f %%"),
        "Median": st.column_config.NumberColumn(format="%d ms"),
        "95th percentile": st.column_config.NumberColumn(format="%d ms"),
    }
    st.dataframe(table, column_config=columns, hide_index=True, key="services")
    with st.container(horizontal=True, key="foot_services"), st.popover("What this counts"):
        st.write(_COUNTS)


def show_quotas(quotas: Sequence[Quota], zone: str, now: datetime) -> None:
    """Show what is left of each source's quota, and which rests or has no key."""
    for quota in quotas:
        name, used = _SOURCES[quota.source], quota.allowed - quota.left
        days = "24 hours" if quota.period.days == 1 else f"{quota.period.days} days"
        if not quota.has_key:
            st.markdown(f"**{name}** isn't asked: there is no key for it. `docs/event-sources.md` says how to get one.")
            continue
        st.progress(
            min(used / quota.allowed, 1.0), f"{name}: {used:,} of {quota.allowed:,} calls made in the last {days}"
        )
        if quota.resume_at and quota.resume_at > now:
            st.warning(f"{name} rests until {_local(quota.resume_at, zone)}: {wording.plain(quota.reason)}")


def show_genres(standing: Standing, zone: str) -> None:
    """Show how far learning genres of artists has come, and which service rests."""
    coverage = standing.coverage
    if not standing.is_on:
        st.markdown("**Nobody is asked**: it is switched off. `docs/genres.md` says how and what for.")
    if coverage.wanted:
        st.progress(
            coverage.known_ms / coverage.wanted_ms,
            f"{coverage.known:,} of {coverage.wanted:,} artists have genres, which is"
            f" {100 * coverage.known_ms / coverage.wanted_ms:.0f} % of the time they were heard;"
            f" {coverage.asked:,} {'was' if coverage.asked == 1 else 'were'} asked about",
        )
    elif standing.is_on:
        st.markdown("Nobody here has heard an artist whom the shipped list doesn't know.")
    for service, pause in standing.rests.items():
        said = wording.plain(pause.reason)
        st.warning(f"{_TAGGERS[service]} rests until {_local(pause.resume_at, zone)}: {said}")


def queues_finding(queues: Sequence[QueueFigures]) -> str:
    """Return how much work waits."""
    waiting = sum(queue.waiting for queue in queues)
    return "No job waits" if not waiting else f"{waiting:,} {'job waits' if waiting == 1 else 'jobs wait'}"


def queue_table(queues: Sequence[QueueFigures]) -> pd.DataFrame:
    """Return the queues as a table."""
    return pd.DataFrame(
        {
            "Queue": [one.queue for one in queues],
            "Waiting": [one.waiting for one in queues],
            "Running": [one.running for one in queues],
            "Failed lately": [one.failed for one in queues],
        }
    )


def workers_finding(workers: Sequence[WorkerFigures], now: datetime) -> str:
    """Return how many workers run, and how many of those known don't."""
    quiet = sum(one.is_quiet(now) for one in workers)
    if quiet == len(workers):
        return "No worker runs"
    count = f"{len(workers):,} worker{'' if len(workers) == 1 else 's'}"
    return f"{quiet:,} of {count} {'is' if quiet == 1 else 'are'} quiet" if quiet else f"{count} {_run(len(workers))}"


def _run(count: int) -> str:
    return "runs" if count == 1 else "run"


def worker_table(workers: Sequence[WorkerFigures], zone: str) -> pd.DataFrame:
    """Return the workers as a table; their long names are cut to what tells them apart."""
    return pd.DataFrame(
        {
            "Worker": [one.name[:8] for one in workers],
            "State": [one.state for one in workers],
            "Works at": [one.job or "" for one in workers],
            "Last heard": [_local(one.heard_at, zone) for one in workers],
        }
    )


def show_failed(failed: Sequence[FailedJob], zone: str) -> None:
    """Show the jobs that failed in the last minutes, each with the last line of what went wrong."""
    st.subheader(f"{len(failed)} failed lately" if failed else "No job failed lately", anchor=False)
    if failed:
        table = pd.DataFrame(
            {
                "Ended": [_local(one.ended_at, zone) for one in failed],
                "Job": [one.job for one in failed],
                "Key": [one.key for one in failed],
                "What went wrong": [one.error[:300] for one in failed],
            }
        )
        st.dataframe(table, hide_index=True, key="failed")
    st.caption("Failed jobs are shown for five minutes; the worker's log keeps them. What must be done is tried again.")


def _local(moment: datetime | None, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}" if moment else ""
