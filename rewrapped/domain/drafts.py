"""What a promoter types of an event, and the rules that make a listing and a promotion of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rewrapped.domain import genres
from rewrapped.domain.access import Role
from rewrapped.domain.events import (
    NAME_MAX,
    EventSource,
    Listing,
    Offer,
    Performer,
    Venue,
    cents,
    clean_currency,
    clean_text,
    clean_url,
    normal_name,
)
from rewrapped.domain.interests import TAG_MAX, clean_tag
from rewrapped.domain.places import Place, is_point
from rewrapped.domain.promoting import Targeting
from rewrapped.errors import InvalidInput, NotFound

TITLE_MAX, DESCRIPTION_MAX = 150, 5_000
LINE_UP_MOST, TAGS_MOST, GENRES_MOST, TARGETS_MOST = 50, 10, 10, 50
PLAYS_MOST: Final = 1_000
FARTHEST: Final = timedelta(days=3 * 366)  # ahead; a date beyond is a slip of the finger

#: Whom an event can be aimed at by role.
AIMED_ROLES: Final = (Role.GUEST, Role.REGULAR, Role.PROMOTER, Role.ANALYST)

_STAYS: Final = timedelta(days=366)  # a listing of ours needs nobody to confirm it
_LINES_READ: Final = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as it was typed. Texts of several lines or words are one text; None is "not given".

    `line_up` and `target_artists` hold one name a line, `tags` words between
    commas, prices are of the currency's unit, days and times the venue's own.
    """

    title: str = ""
    description: str = ""
    line_up: str = ""
    place_id: int | None = None  # GeoNames
    venue: str = ""
    latitude: float | None = None
    longitude: float | None = None
    start_on: date | None = None
    start_time: time | None = None  # None: to be announced
    doors_time: time | None = None
    price_from: float | None = None
    price_to: float | None = None
    currency: str = ""
    ticket_url: str = ""
    tags: str = ""
    genres: tuple[str, ...] = ()
    is_sponsored: bool = False
    target_countries: tuple[str, ...] = ()
    target_genres: tuple[str, ...] = ()
    target_artists: str = ""
    minimum_plays: int = 1
    target_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promoter adds to a listing of their own."""

    description: str = ""
    tags: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()  # keys of domain.genres
    is_sponsored: bool = False
    targeting: Targeting = field(default_factory=Targeting)


@dataclass(frozen=True, slots=True)
class Identity:
    """What of a listing isn't typed: where it is from and what it is called there, who lists it, its picture."""

    source: EventSource
    source_id: str
    attribution: str
    image_url: str | None = None


def listing_of(draft: Draft, place: Place, identity: Identity, now: datetime) -> Listing:
    """Return the draft as a listing in the form that every source's take.

    Raises:
        InvalidInput: something is missing or can't be used; the text says what to change.
    """
    start_on = _start_on(draft, place, now)
    return Listing(
        source=identity.source,
        source_id=identity.source_id,
        title=_title(draft),
        start_on=start_on,
        zone=place.zone,
        venue=_venue(draft, place),
        fetched_at=now,
        expires_at=now + FARTHEST + _STAYS,
        start_time=draft.start_time,
        doors_time=_doors(draft),
        performers=_performers(draft.line_up),
        offers=_offers(draft),
        genres=tuple(genres.genre(key).name for key in _genres(draft.genres)),
        image_url=identity.image_url,
        attribution=identity.attribution,
    )


def promotion_of(draft: Draft) -> Promotion:
    """Return what the draft says beside the listing.

    Raises:
        InvalidInput: something can't be used; the text says what to change.
    """
    return Promotion(
        description=_description(draft.description),
        tags=_tags(draft.tags),
        genres=_genres(draft.genres),
        is_sponsored=draft.is_sponsored,
        targeting=_targeting(draft),
    )


def faults(draft: Draft, place: Place | None, now: datetime) -> dict[str, str]:
    """Return all that is wrong with a draft, a sentence by what it is about; empty where it can be listed.

    Without a place, what depends on it isn't looked at.
    """
    checks: dict[str, Callable[[], object]] = {
        "title": lambda: _title(draft),
        "doors": lambda: _doors(draft),
        "line_up": lambda: _performers(draft.line_up),
        "tickets": lambda: _offers(draft),
        "description": lambda: _description(draft.description),
        "tags": lambda: _tags(draft.tags),
        "genres": lambda: _genres(draft.genres),
        "targeting": lambda: _targeting(draft),
    }
    if place is not None:
        checks |= {"date": lambda: _start_on(draft, place, now), "venue": lambda: _venue(draft, place)}
    said = {about: _fault(check) for about, check in checks.items()}
    return {about: sentence for about, sentence in said.items() if sentence}


def _fault(check: Callable[[], object]) -> str:
    try:
        check()
    except InvalidInput as error:
        return str(error)
    return ""


def draft_of(listing: Listing, promotion: Promotion, place_id: int | None) -> Draft:
    """Return the draft that a listing and its promotion can be made of again."""
    offer = listing.offers[0] if listing.offers else None
    aimed = promotion.targeting
    return Draft(
        title=listing.title,
        description=promotion.description,
        line_up="\n".join(performer.name for performer in listing.performers),
        place_id=place_id,
        venue=listing.venue.name,
        latitude=listing.venue.latitude,
        longitude=listing.venue.longitude,
        start_on=listing.start_on,
        start_time=listing.start_time,
        doors_time=listing.doors_time,
        price_from=_units(offer.min_cents) if offer else None,
        price_to=_units(offer.max_cents) if offer else None,
        currency=(offer.currency or "") if offer else "",
        ticket_url=offer.url if offer else "",
        tags=", ".join(promotion.tags),
        genres=promotion.genres,
        is_sponsored=promotion.is_sponsored,
        target_countries=tuple(sorted(aimed.countries)),
        target_genres=tuple(sorted(aimed.genres)),
        target_artists="\n".join(sorted(aimed.artists)),
        minimum_plays=aimed.minimum_plays,
        target_roles=tuple(sorted(aimed.roles)),
    )


def _title(draft: Draft) -> str:
    return _line(draft.title, TITLE_MAX, "title") or _missing("The event needs a title.")


def _doors(draft: Draft) -> time | None:
    if draft.doors_time and draft.start_time and draft.doors_time > draft.start_time:
        raise InvalidInput("Doors can't open after the show starts.")
    return draft.doors_time


def _start_on(draft: Draft, place: Place, now: datetime) -> date:
    if draft.start_on is None:
        raise InvalidInput("The event needs a date.")
    today = now.astimezone(ZoneInfo(place.zone)).date()
    if draft.start_on < today:
        raise InvalidInput("The date is over where the venue is.")
    if draft.start_on > today + FARTHEST:
        raise InvalidInput("The date is more than three years ahead.")
    return draft.start_on


def _venue(draft: Draft, place: Place) -> Venue:
    name = _line(draft.venue, NAME_MAX, "name of the venue") or _missing("The event needs a venue.")
    latitude, longitude = draft.latitude, draft.longitude
    if (latitude is None) != (longitude is None):
        raise InvalidInput("Give both latitude and longitude, or neither.")
    if latitude is None or longitude is None:
        latitude, longitude = place.latitude, place.longitude
    if not (math.isfinite(latitude) and math.isfinite(longitude) and is_point(latitude, longitude)):
        raise InvalidInput("A latitude is from -90 to 90 degrees, a longitude from -180 to 180.")
    return Venue(name, place.name, place.country, place.region, latitude=latitude, longitude=longitude)


def _performers(text: str) -> tuple[Performer, ...]:
    names = _lines(text, LINE_UP_MOST, "line-up")
    return tuple(Performer(name, is_headliner=place == 0) for place, name in enumerate(names))


def _offers(draft: Draft) -> tuple[Offer, ...]:
    lowest, highest = _price(draft.price_from), _price(draft.price_to)
    if not draft.ticket_url.strip():
        if lowest is not None or highest is not None:
            raise InvalidInput("A price needs the address where tickets are sold.")
        return ()
    url = clean_url(draft.ticket_url.strip())
    if url is None:
        raise InvalidInput("The address for tickets has to begin with https:// or http:// and name a host.")
    if lowest is not None and highest is not None and lowest > highest:
        raise InvalidInput("The lowest price is above the highest.")
    currency = clean_currency(draft.currency)
    if (lowest is not None or highest is not None) and currency is None:
        raise InvalidInput("A price needs its currency as three letters, such as EUR.")
    host = urlsplit(url).hostname or ""
    return (Offer(host.removeprefix("www."), url, lowest, highest, currency if lowest or highest else None),)


def _price(amount: float | None) -> int | None:
    if amount is None:
        return None
    found = cents(amount) if math.isfinite(amount) else None
    if found is None:
        raise InvalidInput("A price is a number from 0 to 1,000,000.")
    return found


def _units(amount_cents: int | None) -> float | None:
    return None if amount_cents is None else amount_cents / 100


def _description(text: str) -> str:
    """Return the text with its line breaks, without control and direction characters.

    Raises:
        InvalidInput: it is too long.
    """
    if len(text) > DESCRIPTION_MAX:
        raise InvalidInput(f"The description can have up to {DESCRIPTION_MAX:,} characters.")
    lines = [clean_text(line, DESCRIPTION_MAX) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _tags(text: str) -> tuple[str, ...]:
    if len(text) > 10 * TAGS_MOST * TAG_MAX:
        raise InvalidInput(f"At most {TAGS_MOST} tags fit an event.")
    tags = tuple(dict.fromkeys(clean_tag(word) for word in text.split(",") if word.strip(" #\t\r\n")))
    if len(tags) > TAGS_MOST:
        raise InvalidInput(f"At most {TAGS_MOST} tags fit an event.")
    return tags


def _genres(keys: tuple[str, ...], most: int = GENRES_MOST) -> tuple[str, ...]:
    if len(keys) > most:
        raise InvalidInput(f"At most {most} genres can be chosen.")
    try:
        return tuple(dict.fromkeys(genres.genre(key).key for key in keys))
    except NotFound as error:
        raise InvalidInput("One of the genres isn't known here.") from error


def _targeting(draft: Draft) -> Targeting:
    countries = [code.strip().upper() for code in draft.target_countries[: TARGETS_MOST + 1]]
    if len(countries) > TARGETS_MOST or not all(re.fullmatch("[A-Z]{2}", code, re.ASCII) for code in countries):
        raise InvalidInput(f"Countries are codes of two letters, at most {TARGETS_MOST} of them.")
    if not set(draft.target_roles) <= set(AIMED_ROLES):
        raise InvalidInput(f"An event can be aimed at these roles: {', '.join(AIMED_ROLES)}.")
    if not 1 <= draft.minimum_plays <= PLAYS_MOST:
        raise InvalidInput(f"The plays it takes are a number from 1 to {PLAYS_MOST:,}.")
    artists = _lines(draft.target_artists, TARGETS_MOST, "list of artists")
    return Targeting(
        countries=frozenset(countries),
        genres=frozenset(_genres(draft.target_genres, TARGETS_MOST)),
        artists=frozenset(map(normal_name, artists)),
        minimum_plays=draft.minimum_plays,
        roles=frozenset(draft.target_roles),
    )


def _lines(text: str, most: int, called: str) -> list[str]:
    """Return the names of a text, one a line, each once.

    Raises:
        InvalidInput: there are too many, or one is too long.
    """
    if len(text) > (NAME_MAX + 2) * _LINES_READ or text.count("\n") > _LINES_READ:
        raise InvalidInput(f"The {called} is too long: at most {most} names fit.")
    names = {normal_name(name): name for name in reversed([_line(line, NAME_MAX, "name") for line in text.split("\n")])}
    found = [name for name in reversed(names.values()) if name]
    if len(found) > most:
        raise InvalidInput(f"The {called} holds {len(found)} names, and at most {most} fit.")
    return found


def _line(text: str, most: int, called: str) -> str:
    """Return one line of typed text.

    Raises:
        InvalidInput: it is too long.
    """
    if len(text) > 4 * most or len(clean_text(text, 4 * most)) > most:
        raise InvalidInput(f"A {called} can have up to {most} characters.")
    return clean_text(text, most)


def _missing(sentence: str) -> str:
    raise InvalidInput(sentence)
