"""Whom a sponsored event is for, told from what a person agreed to share for that, and nothing else.

Country and role are the person's own words. Artists and genres come from their
plays of the sources that they opted in; plays of an API never count.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

import numpy as np

from rewrapped.deps import Deps
from rewrapped.domain import genres, targeting
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import normal_name
from rewrapped.domain.plays import Filter, PlayRule, Source
from rewrapped.domain.promoting import Targeting
from rewrapped.domain.targeting import Facts
from rewrapped.history.frame import History
from rewrapped.history.tops import Noun, sums_of
from rewrapped.services import listening
from rewrapped.storage import people, plays, preferences, promotions

Tastes = tuple[Mapping[str, int], Mapping[str, int]]

_MOST_KEPT = 200
_kept: OrderedDict[tuple[int, int, frozenset[Source]], Tastes] = OrderedDict()  # by person, history's version, sources
_lock = Lock()


def fits(deps: Deps, visitor: Visitor, aimed: Targeting) -> bool:
    """Return whether a sponsored event is meant for this visitor: one that is aimed at everybody is.

    The sample listener is nobody it could be aimed at.
    """
    if targeting.is_for_everybody(aimed):
        return True
    facts = _outside(deps, visitor)
    if facts is None or not targeting.fits_outside(facts, aimed):
        return False
    if not targeting.asks_for_plays(aimed):
        return True
    artists, families = _tastes(deps, visitor)
    return targeting.fits(Facts(facts.role, facts.country, artists, families), aimed)


def is_matched(deps: Deps, visitor: Visitor, event_id: int) -> bool:
    """Return whether a visitor fits the targeting of an event; False where no promoter says whom it is for."""
    with deps.engine.connect() as conn:
        aimed = promotions.find_targeting(conn, event_id)
    return aimed is not None and fits(deps, visitor, aimed)


def why(aimed: Targeting) -> str:
    """Return why somebody whom it fits sees a sponsored event."""
    if targeting.is_for_everybody(aimed):
        return (
            "Its promoter marked it as sponsored and aims it at everybody. It is on within the days and the place "
            "you look at; nothing about you was used."
        )
    used = [
        *(["the country in your profile"] if aimed.countries else []),
        *(["your kind of account"] if aimed.roles else []),
        *(["plays of yours that you share for this"] if targeting.asks_for_plays(aimed) else []),
    ]
    return f"Its promoter marked it as sponsored, and you are among those it is aimed at, by {' and '.join(used)}."


def _outside(deps: Deps, visitor: Visitor) -> Facts | None:
    """Return country and role; None for the sample listener and sample promoters, who are outside of it all."""
    if visitor.read_only:
        return None
    if visitor.user_id is None:
        return Facts(visitor.role)
    with deps.engine.connect() as conn:
        person = people.find_person(conn, visitor.user_id)
    return None if person is None or person.is_demo else Facts(visitor.role, person.country)


def _tastes(deps: Deps, visitor: Visitor) -> Tastes:
    """Return plays by artist and by genre of the sources that the visitor opted in."""
    if visitor.user_id is None:
        return {}, {}
    with deps.engine.connect() as conn:
        shared = preferences.find_preferences(conn, visitor.user_id).shared_sources
        listener = plays.find_listener(conn, visitor.user_id)
    sources = shared & frozenset(targeting.SHAREABLE)
    if not sources or listener is None:
        return {}, {}
    key = (visitor.user_id, listener.history_version, sources)
    with _lock:
        found = _kept.get(key)
    if found is None:
        history = listening.history(deps, Visitor.person(visitor.user_id, visitor.role), rule=PlayRule())
        found = tastes(history.filter(Filter(sources=sources)))
        with _lock:
            _kept[key] = found
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    return found


def tastes(history: History) -> Tastes:
    """Return a history's plays by normalised artist name, and by genre of artists whose genres we know."""
    counts = sums_of(history, Noun.ARTISTS).plays
    by_artist: dict[str, int] = {}
    by_genre: dict[str, int] = {}
    for code in np.flatnonzero(counts):
        name, count = history.artists.name[int(code)].as_py(), int(counts[code])
        key = normal_name(name)
        by_artist[key] = by_artist.get(key, 0) + count
        for genre, _ in genres.seeded(name):
            by_genre[genre] = by_genre.get(genre, 0) + count
    return by_artist, by_genre
