"""Learning genres of artists from outside services: whoever is heard most comes first, whom the seed knows never.

A run asks for less than a minute and the tick queues the next one; what is due
follows from stored answers, so a run that is stopped costs nothing. A service
that fails us rests until a moment that is stored, and the others go on. Names
and identifiers of artists leave this site, and nothing about people. No
transaction is open while a service is asked.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis import RedisError

from rewrapped.clients.listenbrainz import ARTISTS_AT_ONCE
from rewrapped.clients.musicbrainz import LINKS_AT_ONCE
from rewrapped.deps import Deps, GenreSources
from rewrapped.domain import genres
from rewrapped.domain.learning import FRESH_FOR, TAGGERS, Due, Outcome, Step, Tags
from rewrapped.errors import IntegrationError, InvalidInput, RequestRefused
from rewrapped.queueing import reaching_redis
from rewrapped.services import asking
from rewrapped.storage import artist_genres
from rewrapped.storage import artist_lookups as lookups
from rewrapped.storage.artist_lookups import Coverage
from rewrapped.storage.sweeps import Pause

log = logging.getLogger(__name__)

RUN = timedelta(seconds=50)

_JOB = "learn_genres"
_JOB_S = 300
_COUNTED = "rewrapped:genres:counted"  # of which state of histories and seed the wanted artists are
_COUNTED_LATELY = "rewrapped:genres:counted-lately"
_COUNT_EVERY_S = 30
_COUNT_SHARE = 50  # counting reads every play, and takes this part of the time at most
#: How many artists are asked about in one call, and how many calls are made before it is another step's turn.
_BATCHES = {Step.LINK: (LINKS_AT_ONCE, 1), Step.NAME: (1, 20), Step.TAGS: (ARTISTS_AT_ONCE, 2), Step.LASTFM: (1, 20)}


@dataclass(slots=True)
class Report:
    """What a run came to; `stopped` has a sentence for each service that failed us."""

    asked: int = 0  # artists, once for each step
    found: int = 0
    stopped: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """How learning stands: switched on or not, how far it has come, and which services rest until when and why."""

    is_on: bool
    coverage: Coverage
    rests: Mapping[str, Pause]


def learn(deps: Deps) -> Report:
    """Ask for what is due, for as long as a run lasts.

    Raises:
        InvalidInput: asking is switched off.
        Conflict: somebody asks already.
        StoreDown: database or Redis don't answer; what was stored stays.
    """
    sources = _sources(deps)
    report, until = Report(), deps.now() + RUN
    with asking.alone(deps, "learning", _JOB_S, "Genres are being asked for already."):
        _count_wanted(deps)
        while _round(deps, sources, report, until):
            pass
    if report.asked:
        log.info("learn_genres asked=%d found=%d", report.asked, report.found)
    return report


def enqueue_due(deps: Deps) -> int:
    """Queue a run if it has something to do; return how many were queued. For the tick."""
    sources = deps.genre_sources
    if sources is None:
        _forget_wanted(deps)
    if sources is None or not (_is_outdated(deps) or any(_is_due(deps, step) for step in _steps(sources))):
        return 0
    return int(deps.queue.enqueue(_JOB, key="learn-genres", timeout_s=_JOB_S))


def standing(deps: Deps) -> Standing:
    """Return how learning stands."""
    with deps.engine.connect() as conn:
        found = lookups.coverage(conn)
    services = dict.fromkeys(step.service for step in Step)
    rests = {service: pause for service in services if (pause := asking.pause(deps, service))}
    return Standing(deps.genre_sources is not None, found, rests)


# Asking -------------------------------------------------------------------------------------------


def _round(deps: Deps, sources: GenreSources, report: Report, until: datetime) -> bool:
    """Ask a little in each step; return whether there was anything to ask, and time."""
    before = report.asked
    for step in _steps(sources):
        size, calls = _BATCHES[step]
        for _ in range(calls):
            due = [] if deps.now() >= until else _due(deps, step, size)
            if not due:
                break
            _ask(deps, sources, step, due, report)
    return report.asked > before


def _ask(deps: Deps, sources: GenreSources, step: Step, due: Sequence[Due], report: Report) -> None:
    """Ask about some artists in one call, and store the answer."""
    try:
        if step in TAGGERS:
            found = _learn_tags(deps, step, _tags(sources, step, due), due)
        else:
            found = _identify(deps, step, _mbids(sources, step, due), due)
    except RequestRefused as error:  # these questions, and no others: they are asked again when they are due
        log.warning("learn_genres step=%s: %s", step, error)
        with deps.engine.begin() as conn:
            lookups.set_asked(conn, step, dict.fromkeys(_ids(due), Outcome.REFUSED), deps.now(), {})
        found = 0
    except IntegrationError as error:
        report.stopped.append(str(error))
        with deps.engine.begin() as conn:
            lookups.set_failed(conn, step, _ids(due), deps.now())  # or the same question would come first for ever
            asking.rest(deps, conn, step.service, error)
        return
    report.asked += len(due)
    report.found += found


def _mbids(sources: GenreSources, step: Step, due: Sequence[Due]) -> dict[int, str]:
    """Return who artists are at MusicBrainz, by their ids here."""
    if step is Step.LINK:
        linked = sources.musicbrainz.find_linked(sorted({one.spotify_id for one in due}))
        return {one.artist_id: linked[one.spotify_id] for one in due if one.spotify_id in linked}
    named = ((one.artist_id, sources.musicbrainz.find_named(one.name)) for one in due)
    return {artist_id: mbid for artist_id, mbid in named if mbid}


def _tags(sources: GenreSources, step: Step, due: Sequence[Due]) -> dict[int, Tags]:
    """Return how artists are tagged, by their ids here."""
    if step is Step.LASTFM and sources.lastfm is not None:
        return {one.artist_id: sources.lastfm.tags(one.name) for one in due}
    tagged = sources.listenbrainz.tags(sorted({one.mbid for one in due}))
    return {one.artist_id: tagged.get(one.mbid, {}) for one in due}


def _identify(deps: Deps, step: Step, mbids: Mapping[int, str], due: Sequence[Due]) -> int:
    outcomes = {one: Outcome.FOUND if one in mbids else Outcome.NOTHING for one in _ids(due)}
    with deps.engine.begin() as conn:
        lookups.set_asked(conn, step, outcomes, deps.now(), mbids)
    return len(mbids)


def _learn_tags(deps: Deps, step: Step, tags: Mapping[int, Tags], due: Sequence[Due]) -> int:
    told = {one: genres.from_tags(tags[one]) for one in _ids(due)}
    outcomes = {one: Outcome.FOUND if told[one] else Outcome.NOTHING for one in told}
    with deps.engine.begin() as conn:
        artist_genres.replace(conn, step, told)
        lookups.set_asked(conn, step, outcomes, deps.now(), {})
    return sum(map(bool, told.values()))


def _ids(due: Sequence[Due]) -> list[int]:
    return [one.artist_id for one in due]


# What is due --------------------------------------------------------------------------------------


def _sources(deps: Deps) -> GenreSources:
    if deps.genre_sources is None:
        raise InvalidInput("Genres aren't asked for: REWRAPPED_GENRES_ONLINE is off (docs/genres.md).")
    return deps.genre_sources


def _steps(sources: GenreSources) -> list[Step]:
    return [step for step in Step if step is not Step.LASTFM or sources.lastfm is not None]


def _due(deps: Deps, step: Step, limit: int) -> list[Due]:
    """Return whom to ask about in a step, nobody while its service rests."""
    if asking.pause(deps, step.service):
        return []
    with deps.engine.connect() as conn:
        return lookups.list_due(conn, step, deps.now() - FRESH_FOR, limit)


def _is_due(deps: Deps, step: Step) -> bool:
    return bool(_due(deps, step, 1))


def _forget_wanted(deps: Deps) -> None:
    """Keep no order of asking where nobody is asked: it is made of people's time, and would outlive them."""
    with deps.engine.begin() as conn:
        lookups.clear_wanted(conn)
    with reaching_redis():
        deps.redis.delete(_COUNTED)  # so that it is counted when asking is switched on again


def _count_wanted(deps: Deps) -> None:
    """Count anew whose genres are to be learned, if anything has changed that this depends on."""
    if not _is_outdated(deps):
        return
    started = time.monotonic()
    with deps.engine.begin() as conn:
        state = _state(lookups.count_changes(conn))
        lookups.refresh_wanted(conn, genres.seeded_names())
    rest_s = max(_COUNT_EVERY_S, round(_COUNT_SHARE * (time.monotonic() - started)))
    with reaching_redis():
        deps.redis.set(_COUNTED, state)
        deps.redis.set(_COUNTED_LATELY, "1", ex=rest_s)


def _is_outdated(deps: Deps) -> bool:
    """Return whether histories or the seed have changed since the wanted artists were counted, and not just now."""
    with deps.engine.connect() as conn:
        state = _state(lookups.count_changes(conn))
    try:
        return deps.redis.get(_COUNTED) != state.encode() and not deps.redis.exists(_COUNTED_LATELY)
    except RedisError:
        return False  # without Redis nothing can be queued either


def _state(changes: int) -> str:
    return f"{genres.seed_version()}-{changes}"
