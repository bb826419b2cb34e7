"""Whom a sponsored event is for: each part of its targeting that isn't empty has to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rewrapped.domain.plays import Source
from rewrapped.domain.promoting import Targeting

#: Whose plays a person can opt in: an API's never.
SHAREABLE: Final = tuple(source for source in Source if source is not Source.SPOTIFY_API)


@dataclass(frozen=True, slots=True)
class Facts:
    """What targeting may look at of one person.

    Plays are of the sources that they opted in, never of an API; nothing is
    known of people who opted none in.
    """

    role: str
    country: str | None = None  # ISO 3166 alpha-2
    artist_plays: Mapping[str, int] = field(default_factory=dict)  # by domain.events.normal_name
    genre_plays: Mapping[str, int] = field(default_factory=dict)  # by key of domain.genres


def is_for_everybody(targeting: Targeting) -> bool:
    """Return whether nothing is asked of anybody; a number of plays alone asks nothing."""
    return not (targeting.countries or targeting.genres or targeting.artists or targeting.roles)


def asks_for_plays(targeting: Targeting) -> bool:
    """Return whether it takes somebody's plays to tell."""
    return bool(targeting.genres or targeting.artists)


def fits_outside(facts: Facts, targeting: Targeting) -> bool:
    """Return whether country and role fit, which is known without looking at plays."""
    fits_country = not targeting.countries or facts.country in targeting.countries
    return fits_country and (not targeting.roles or facts.role in targeting.roles)


def fits(facts: Facts, targeting: Targeting) -> bool:
    """Return whether a person is among those an event is aimed at.

    Of genres, and of artists, one is enough that the person played at least
    `minimum_plays` times.
    """
    fits_genre = _is_played(facts.genre_plays, targeting.genres, targeting.minimum_plays)
    fits_artist = _is_played(facts.artist_plays, targeting.artists, targeting.minimum_plays)
    return fits_outside(facts, targeting) and fits_genre and fits_artist


def _is_played(plays: Mapping[str, int], wanted: frozenset[str], least: int) -> bool:
    return not wanted or any(plays.get(one, 0) >= least for one in wanted)
