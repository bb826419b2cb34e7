"""How well shows fit a listener, from their own plays in memory, whom they follow, and where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.fit import (
    FamilyFollowed,
    FamilyShare,
    Fit,
    Followed,
    Heard,
    Listener,
    Occasion,
    Performer,
    TagFollowed,
    VenueFollowed,
    fit,
)
from rewrapped.domain.plays import Filter
from rewrapped.domain.shows import Bill
from rewrapped.history import devotion, genres
from rewrapped.history.devotion import Devotion
from rewrapped.history.frame import History
from rewrapped.history.genremap import Level
from rewrapped.services import genre_choices, listening
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import follows, preferences, shows

_TOLD_SHARE = 0.05  # of a listener's time: a smaller one alone makes no show theirs


@dataclass(frozen=True, slots=True)
class Taste:
    """What is known of a listener, as far as some shows go."""

    heard: dict[UUID, Devotion]
    followed: frozenset[UUID]
    tags: frozenset[str]
    listener: Listener
    here: Whereabouts
    now: datetime
    has_plays: bool

    def occasion(self, bill: Bill) -> Occasion:
        """Return a show as this listener has it before them, the performers they play most first."""
        performers = [self._performer(key, name) for key, name in bill.performers]
        today = self.now.astimezone(ZoneInfo(bill.zone)).date()
        return Occasion(
            performers=tuple(sorted(performers, key=lambda act: (-act.plays, not act.is_followed))),
            families=bill.families,
            distance_km=self.distance_km(bill),
            is_venue_followed=bill.venue in self.followed,
            days_until=(bill.start_on - today).days,
            tags=tuple(sorted(bill.tags & self.tags)),
        )

    def fits(self, bill: Bill) -> Fit:
        """Return how well a show fits, and the reasons."""
        return fit(self.occasion(bill), self.listener)

    def distance_km(self, bill: Bill) -> float | None:
        """Return how far a show is from the listener's place, None where either isn't known."""
        if self.here.place is None or bill.latitude is None or bill.longitude is None:
            return None
        return self.here.place.distance_km(bill.latitude, bill.longitude)

    def _performer(self, key: UUID, name: str) -> Performer:
        act = Performer(name, is_followed=key in self.followed)
        known = self.heard.get(key)
        if known is None:
            return act
        return replace(act, plays=known.plays, recent_plays=known.recent, last_played_on=known.last_on)


def taste(deps: Deps, visitor: Visitor, here: Whereabouts, bills: Iterable[Bill]) -> Taste:
    """Return what is known of the visitor's listener, as far as these shows go; nothing for somebody unknown."""
    empty = Taste({}, frozenset(), frozenset(), Listener({}, here.radius_km), here, deps.now(), has_plays=False)
    if visitor.listener_id is None:
        return empty
    keys = {key for bill in bills for key, _ in bill.performers}
    with deps.engine.connect() as conn:
        ids = shows.list_artist_ids(conn, keys)
        followed = follows.list_follows(conn, visitor.listener_id)
        liked = preferences.find_preferences(conn, visitor.listener_id)
    told = replace(
        empty,
        followed=frozenset(one.key for one in followed),
        tags=liked.tags,
        listener=Listener({}, here.radius_km, liked.genres),
    )
    history = listening.history(deps, visitor)
    if not len(history.plays):
        return told
    today = deps.now().astimezone(history.zone).date()
    by_id = devotion.of_artists(history, list(ids.values()), today)
    return replace(
        told,
        heard={key: by_id[number] for key, number in ids.items() if number in by_id},
        listener=Listener(_family_shares(deps, visitor, history), here.radius_km, liked.genres),
        has_plays=True,
    )


def _family_shares(deps: Deps, visitor: Visitor, history: History) -> Mapping[str, float]:
    """Return which part of the listener's time goes to each family, 0 to 1, as they themselves tell genres apart.

    Of all their time, so none is too large while genres are known for a part of it.
    """
    known = genre_choices.map_of(deps, history, genre_choices.own_genres(deps, visitor))
    music = history.filter(Filter())
    whole = genres.coverage(music, known, 0).minutes
    return (
        {part.label.key: part.minutes / whole for part in genres.parts(music, known, Level.FAMILIES)} if whole else {}
    )


def is_for(found: Fit) -> bool:
    """Return whether plays, follows, chosen interests or a good part of the listener's own time speak for a show."""
    return any(
        isinstance(reason, Heard | Followed | VenueFollowed | FamilyFollowed | TagFollowed)
        or (isinstance(reason, FamilyShare) and reason.share >= _TOLD_SHARE)
        for reason in found.reasons
    )
