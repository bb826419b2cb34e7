"""How well an event fits a listener: one number, and the true facts it is made of.

`score` runs from 0 to 100:

    60 x performers + 20 x genres + 12 x nearness + 5 x venue + 3 x soon

- **performers**: a performer counts h = heard / (heard + 50), where heard is all plays
  plus three times those of the last six months; one the listener follows counts
  (h + 1) / 2. A line-up counts 1 - (1 - h1)(1 - h2)...: each performer adds, and
  none takes anything away.
- **genres**: the root of the sum, over the event's families, of the family's share of
  the event times its share of the listener's time; a family the listener chose counts
  as (share + 1) / 2. At least half where the event carries a tag that they chose.
- **nearness**: 1 / (1 + (distance / radius)²), so half at the listener's radius; 0 while
  the distance isn't known.
- **venue**: 1 at a venue the listener follows, else 0.
- **soon**: 30 / (30 + days until the event); 0 once it is over.

So more plays, a nearer place, a larger share of time never lower a score. When a
performer was last played is told, and not counted: the last six months already are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

_PERFORMERS, _GENRES, _NEARNESS, _VENUE, _SOON = 60.0, 20.0, 12.0, 5.0, 3.0
_RECENT_FACTOR: Final = 3  # a recent play counts once as a play, and this often again
_HALFWAY_PLAYS: Final = 50
_LOVED: Final = 0.5  # which is half way, and what following alone counts
_TAGGED: Final = 0.5
_HALFWAY_DAYS: Final = 30

_TOLD_SHARE: Final = 0.01  # below one per cent there is nothing to tell
_TOLD_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Performer:
    """Somebody on the bill, and what the listener has to do with them.

    `recent_plays` are those of the last six months, part of `plays`.
    """

    name: str
    plays: int = 0
    recent_plays: int = 0
    last_played_on: date | None = None
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event as one listener has it before them.

    `families` are family keys with their share of the event, at most 1 together
    (`genres.family_shares`). `distance_km` is None where either place isn't known.
    `tags` are those of the event that the listener chose.
    """

    performers: tuple[Performer, ...]
    families: tuple[tuple[str, float], ...] = ()
    distance_km: float | None = None
    is_venue_followed: bool = False
    days_until: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listener:
    """What a listener's time goes to (family key -> share, 0 to 1), and how far they go, in km.

    `families` are the keys of those that they chose themselves, with or without plays.
    """

    family_shares: Mapping[str, float]
    radius_km: float
    families: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """The listener has played this performer."""

    performer: str
    plays: int
    recent_plays: int
    last_played_on: date | None


@dataclass(frozen=True, slots=True)
class Followed:
    """The listener follows this performer."""

    performer: str


@dataclass(frozen=True, slots=True)
class FamilyShare:
    """This share of the listener's time goes to a family of the event."""

    family: str
    share: float


@dataclass(frozen=True, slots=True)
class FamilyFollowed:
    """The listener chose a family of the event."""

    family: str


@dataclass(frozen=True, slots=True)
class TagFollowed:
    """The event carries a tag that the listener chose."""

    tag: str


@dataclass(frozen=True, slots=True)
class Near:
    """The event is within the listener's radius."""

    distance_km: float


@dataclass(frozen=True, slots=True)
class VenueFollowed:
    """The listener follows the venue."""


@dataclass(frozen=True, slots=True)
class Soon:
    """The event is within two weeks; 0 is today."""

    days_until: int


Reason = Heard | Followed | FamilyFollowed | FamilyShare | TagFollowed | Near | VenueFollowed | Soon


@dataclass(frozen=True, slots=True)
class Fit:
    """A score from 0 to 100, and its reasons, the weightier kinds first."""

    score: float
    reasons: tuple[Reason, ...]


def fit(occasion: Occasion, listener: Listener) -> Fit:
    """Return how well an event fits, by the formula of this module.

    Equal input gives equal output, in whatever order performers and families come.
    """
    parts = (
        _PERFORMERS * _line_up(occasion.performers),
        _GENRES * _shared_taste(occasion, listener),
        _NEARNESS * _nearness(occasion.distance_km, listener.radius_km),
        _VENUE * occasion.is_venue_followed,
        _SOON * _soonness(occasion.days_until),
    )
    return Fit(round(math.fsum(parts), 4), tuple(_reasons(occasion, listener)))


def best_first(fits: Mapping[int, Fit]) -> tuple[int, ...]:
    """Return the ids of events, the best fit first; where two fit equally, the lower id."""
    return tuple(sorted(fits, key=lambda event_id: (-fits[event_id].score, event_id)))


def is_loved(performer: Performer) -> bool:
    """Return whether the listener follows a performer, or has heard them often: 50 plays, each recent one as four."""
    return _liking(performer) >= _LOVED


def _line_up(performers: Iterable[Performer]) -> float:
    missing = sorted(1.0 - _liking(performer) for performer in performers)
    return 1.0 - math.prod(missing)


def _liking(performer: Performer) -> float:
    heard = performer.plays + _RECENT_FACTOR * performer.recent_plays
    liking = heard / (heard + _HALFWAY_PLAYS)
    return (liking + 1.0) / 2 if performer.is_followed else liking


def _shared_taste(occasion: Occasion, listener: Listener) -> float:
    shared = math.fsum(weight * _interest(family, listener) for family, weight in occasion.families)
    return max(math.sqrt(min(1.0, shared)), _TAGGED if occasion.tags else 0.0)


def _interest(family: str, listener: Listener) -> float:
    share = listener.family_shares.get(family, 0.0)
    return (share + 1.0) / 2 if family in listener.families else share


def _nearness(distance_km: float | None, radius_km: float) -> float:
    if distance_km is None:
        return 0.0
    return 1.0 / (1.0 + (distance_km / max(radius_km, 1.0)) ** 2)


def _soonness(days_until: int) -> float:
    return 0.0 if days_until < 0 else _HALFWAY_DAYS / (_HALFWAY_DAYS + days_until)


def _reasons(occasion: Occasion, listener: Listener) -> Iterable[Reason]:
    for performer in sorted(occasion.performers, key=_liked_first):
        if performer.plays:
            yield Heard(performer.name, performer.plays, performer.recent_plays, performer.last_played_on)
        if performer.is_followed:
            yield Followed(performer.name)
    for family in sorted(family for family, weight in occasion.families if weight > 0 and family in listener.families):
        yield FamilyFollowed(family)
    shares = listener.family_shares
    told = [family for family, weight in occasion.families if weight > 0 and shares.get(family, 0.0) >= _TOLD_SHARE]
    for family in sorted(told, key=lambda family: (-shares[family], family)):
        yield FamilyShare(family, shares[family])
    for tag in sorted(occasion.tags):
        yield TagFollowed(tag)
    if occasion.distance_km is not None and occasion.distance_km <= listener.radius_km:
        yield Near(occasion.distance_km)
    if occasion.is_venue_followed:
        yield VenueFollowed()
    if 0 <= occasion.days_until <= _TOLD_DAYS:
        yield Soon(occasion.days_until)


def _liked_first(performer: Performer) -> tuple[float, str, int, int]:
    return -_liking(performer), performer.name, performer.plays, performer.recent_plays
