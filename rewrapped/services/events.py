"""Shows for listeners: found, ranked by what is known of the listener, with the reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import EventStatus
from rewrapped.domain.fit import Fit, Performer, best_first, fit
from rewrapped.domain.promoting import Targeting
from rewrapped.domain.shows import Bill, Search, Show
from rewrapped.errors import NotFound
from rewrapped.services import targeting
from rewrapped.services.fitting import Taste, is_for, taste
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import promotions, saves, shows
from rewrapped.storage.catalogue import artist_key
from rewrapped.storage.database import Connection

PAGE: Final = 24
FOR_YOU: Final = 9
SPONSORED: Final = 3
_SAVED: Final = 500
_CANDIDATES: Final = 3000  # listings that are weighed; the soonest, where more fit a search
_MAPPED: Final = 400
_PAID: Final = 50


@dataclass(frozen=True, slots=True)
class Card:
    """A show as one visitor has it before them.

    `performers` are those of the bill, by the visitor's own plays; tribute acts
    aren't among them. `is_over` by the venue's clock.
    """

    show: Show
    fitness: Fit
    performers: tuple[Performer, ...]
    distance_km: float | None
    is_saved: bool
    is_over: bool
    is_venue_followed: bool = False
    targeting: Targeting | None = None

    @property
    def is_on(self) -> bool:
        """Return whether somebody can still go."""
        return not self.is_over and self.show.listing.status is not EventStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class Spot:
    """A show on the map: where, how well it fits, and whether something of the listener's speaks for it."""

    id: int
    bill: Bill
    score: float
    is_for_listener: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What a search brings: the best for this visitor, the sponsored, and a page of everything.

    `total` counts everything, `for_you_total` what fits the visitor; `is_cut`
    says that the latter was counted among the soonest shows alone.
    """

    total: int
    pages: int
    number: int
    everything: tuple[Card, ...]
    for_you: tuple[Card, ...]
    for_you_total: int
    sponsored: tuple[Card, ...]
    spots: tuple[Spot, ...] = field(repr=False)
    has_plays: bool
    is_cut: bool
    is_any_known: bool


def board(deps: Deps, visitor: Visitor, wanted: Search, here: Whereabouts, number: int = 1) -> Board:
    """Return what a search brings to this visitor; a page past the last is the last.

    Raises:
        StoreDown: the database doesn't answer.
    """
    now = deps.now()
    with deps.engine.connect() as conn:
        total = shows.count_shows(conn, wanted, now)
        pages = max(1, -(-total // PAGE))
        number = max(1, min(number, pages))
        page = shows.list_groups(conn, wanted, now, PAGE, (number - 1) * PAGE)
        bills = shows.list_bills(conn, wanted, now, _CANDIDATES)
        paid = shows.list_sponsored(conn, wanted, now, _PAID)
        known = bool(total) or shows.is_any_known(conn)
    liking = taste(deps, visitor, here, bills.values())
    fits = {group: liking.fits(bill) for group, bill in bills.items()}
    mine = [group for group in best_first(fits) if is_for(fits[group])]
    aimed = {one.group: one.targeting for one in paid if targeting.fits(deps, visitor, one.targeting)}
    shown = [*page, *mine[:FOR_YOU], *list(aimed)[:SPONSORED]]
    cards = _cards(deps, visitor, shown, liking, aimed)
    return Board(
        total=total,
        pages=pages,
        number=number,
        everything=_picked(cards, page),
        for_you=_picked(cards, mine[:FOR_YOU]),
        for_you_total=len(mine),
        sponsored=_picked(cards, list(aimed)[:SPONSORED]),
        spots=_spots(bills, fits),
        has_plays=liking.has_plays,
        is_cut=len(bills) >= _CANDIDATES,
        is_any_known=known,
    )


def count_later(deps: Deps, visitor: Visitor, wanted: Search, here: Whereabouts, until_on: date) -> int:
    """Return how many shows that fit this visitor begin after a search's days, up to, not including, `until_on`."""
    if visitor.listener_id is None or wanted.end_on is None or wanted.end_on >= until_on:
        return 0
    after = replace(wanted, start_on=wanted.end_on, end_on=until_on)
    with deps.engine.connect() as conn:
        bills = shows.list_bills(conn, after, deps.now(), _CANDIDATES)
    liking = taste(deps, visitor, here, bills.values())
    return sum(bill.start_on >= wanted.end_on and is_for(liking.fits(bill)) for bill in bills.values())


def upcoming(deps: Deps, visitor: Visitor, names: Collection[str], here: Whereabouts, limit: int) -> tuple[Card, ...]:
    """Return at most `limit` shows to come at which one of these artists plays, the soonest first.

    Tribute acts aren't them.

    Raises:
        StoreDown: the database doesn't answer.
    """
    only = Search(performers=frozenset(UUID(bytes=artist_key(name)) for name in names))
    with deps.engine.connect() as conn:
        groups = shows.list_groups(conn, only, deps.now(), max(limit, 0)) if names else []
        found = shows.list_shows(conn, groups)
    liking = taste(deps, visitor, here, [shows.bill_of(show) for show in found.values()])
    return _picked(_cards(deps, visitor, groups, liking), groups)


def event(deps: Deps, visitor: Visitor, event_id: int, here: Whereabouts) -> Card:
    """Return the show that an event is of, over or hidden as it may be.

    Raises:
        NotFound: there is no such event.
    """
    with deps.engine.connect() as conn:
        group = shows.find_group(conn, event_id) if 0 < event_id < 1 << 63 else None
        found = shows.list_shows(conn, [group]) if group is not None else {}
    if group is None or group not in found:
        raise NotFound("There is no such event.")
    liking = taste(deps, visitor, here, [shows.bill_of(found[group])])
    return _cards(deps, visitor, [group], liking)[group]


def description(deps: Deps, show: Show) -> str:
    """Return what its promoter says of a show (limited Markdown, as typed), "" where there is nothing."""
    with deps.engine.connect() as conn:
        return promotions.find_description(conn, show.group)


def saved(deps: Deps, visitor: Visitor, here: Whereabouts) -> tuple[Card, ...]:
    """Return the shows the visitor saved: what is to come first, the soonest at its head, then what is over.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't keep events.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.connect() as conn:
        groups = saves.list_saved(conn, user_id, _SAVED)
        found = shows.list_shows(conn, groups)
    liking = taste(deps, visitor, here, [shows.bill_of(show) for show in found.values()])
    cards = _cards(deps, visitor, groups, liking)
    coming = sorted((card for card in cards.values() if not card.is_over), key=_start)
    return (*coming, *sorted((card for card in cards.values() if card.is_over), key=_start, reverse=True))


def saved_on(deps: Deps, visitor: Visitor) -> tuple[date, ...]:
    """Return the days of the shows the visitor saved, in no order: what `saved` shows, without looking closer.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't keep events.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.connect() as conn:
        found = shows.list_shows(conn, saves.list_saved(conn, user_id, _SAVED))
    return tuple(show.listing.start_on for show in found.values())


def venues_today(deps: Deps, show: Show) -> date:
    """Return what day it is where a show is."""
    return deps.now().astimezone(ZoneInfo(show.listing.zone)).date()


def _start(card: Card) -> tuple[date, int]:
    return card.show.listing.start_on, card.show.group


def _cards(
    deps: Deps, visitor: Visitor, groups: Sequence[int], liking: Taste, aimed: dict[int, Targeting] | None = None
) -> dict[int, Card]:
    with deps.engine.connect() as conn:
        found = shows.list_shows(conn, groups)
        kept = _saved_of(conn, visitor, groups)
    return {group: _card(deps, show, liking, group in kept, (aimed or {}).get(group)) for group, show in found.items()}


def _saved_of(conn: Connection, visitor: Visitor, groups: Sequence[int]) -> set[int]:
    return set() if visitor.user_id is None else saves.find_saved(conn, visitor.user_id, groups)


def _card(deps: Deps, show: Show, liking: Taste, is_saved: bool, aimed: Targeting | None) -> Card:
    bill = shows.bill_of(show)
    occasion = liking.occasion(bill)
    return Card(
        show=show,
        fitness=fit(occasion, liking.listener),
        performers=occasion.performers,
        distance_km=occasion.distance_km,
        is_saved=is_saved,
        is_over=show.last_on < venues_today(deps, show),
        is_venue_followed=occasion.is_venue_followed,
        targeting=aimed,
    )


def _picked(cards: dict[int, Card], groups: Sequence[int]) -> tuple[Card, ...]:
    return tuple(cards[group] for group in groups if group in cards)


def _spots(bills: dict[int, Bill], fits: dict[int, Fit]) -> tuple[Spot, ...]:
    """Return what can be put on a map, the best first, as many as a map can bear."""
    best = [group for group in best_first(fits) if bills[group].latitude is not None][:_MAPPED]
    return tuple(Spot(group, bills[group], fits[group].score, is_for(fits[group])) for group in best)
