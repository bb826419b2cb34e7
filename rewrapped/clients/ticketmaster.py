"""Ticketmaster's Discovery API, version 2: searching shows of an area."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rewrapped.clients.http import Answer, JsonApi, Key, Service, Surroundings
from rewrapped.clients.shapes import at, clock_time, day, local, number, objects, read_rows, words
from rewrapped.domain import billing
from rewrapped.domain.accounts import zones
from rewrapped.domain.events import (
    PERFORMERS_MAX,
    TITLE_MAX,
    EventSource,
    EventStatus,
    Listing,
    Offer,
    Performer,
    Venue,
    cents,
    clean_currency,
    clean_id,
    clean_url,
    coordinates,
)
from rewrapped.domain.plays import normalise
from rewrapped.domain.sweeping import Area, Found, Query
from rewrapped.errors import InvalidInput

ATTRIBUTION = "Ticketmaster"

_ENDPOINT = "/events.json"
_KEEP_S = 6 * 3600
_LIVES = timedelta(days=7)
_PAGE_SIZE = 200
_PAGES = 5  # the API refuses size * page >= 1000
_SHORTEST = timedelta(hours=2)  # a window that is cut no more
_MUSIC = "KZFzniwnSyZfZ7v7nJ"
# A venue's day anywhere on earth, in UTC.
_BEFORE, _AFTER = timedelta(hours=14), timedelta(hours=12)

_STATUS = {
    "canceled": EventStatus.CANCELLED,
    "cancelled": EventStatus.CANCELLED,
    "postponed": EventStatus.POSTPONED,
    "rescheduled": EventStatus.RESCHEDULED,
}
_ON_SALE = {"onsale": True, "offsale": False}
# Attractions that are no musicians: who presents a show, or what its tour is called.
_BRAND = re.compile(r"\b(?:presents?|präsentiert|présente|presenta|tour|tournee|tournée|gira)(?: \d{4})?$")
_NOT_MUSICIANS = frozenset({"Miscellaneous", "Sports", "Film", "Arts & Theatre"})


@dataclass(frozen=True, slots=True)
class _Span:
    """Moments between which shows begin, in UTC."""

    start_at: datetime
    end_at: datetime

    def halves(self) -> tuple[_Span, _Span]:
        middle = self.start_at + (self.end_at - self.start_at) // 2
        return _Span(self.start_at, middle), _Span(middle, self.end_at)


class Ticketmaster:
    """An `EventClient`: what Ticketmaster lists."""

    source = EventSource.TICKETMASTER

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def search(self, query: Query) -> Iterator[Found]:
        """Yield what is on, one call at a time; whoever stops asking makes no more calls.

        Raises:
            IntegrationError: Ticketmaster failed us.
        """
        start_at = datetime.combine(query.window.start_on, time(), UTC) - _BEFORE
        end_at = datetime.combine(query.window.end_on, time(), UTC) + _AFTER
        yield from self._search(query.area, _Span(start_at, end_at))

    def _search(self, area: Area, span: _Span) -> Iterator[Found]:
        first = self._page(area, span, 0)
        pages = -(-_total(first.body) // _PAGE_SIZE)
        if pages > _PAGES and span.end_at - span.start_at > _SHORTEST:
            yield Found()  # a call all the same
            for half in span.halves():
                yield from self._search(area, half)
            return
        yield replace(_read(first), is_whole=pages <= _PAGES)
        for page in range(1, min(pages, _PAGES)):
            yield _read(self._page(area, span, page))

    def _page(self, area: Area, span: _Span, page: int) -> Answer:
        params = {
            **_place(area),
            "segmentId": _MUSIC,
            "startDateTime": f"{span.start_at:%Y-%m-%dT%H:%M:%SZ}",
            "endDateTime": f"{span.end_at:%Y-%m-%dT%H:%M:%SZ}",
            "includeTest": "no",
            "locale": "*",
            "sort": "date,asc",
            "size": str(_PAGE_SIZE),
            "page": str(page),
        }
        return self._api.get(_ENDPOINT, params, lambda body: _total(body) >= 0)


def v2(key: str, url: str, pause_s: float = 0.5) -> Service:
    """Return how version 2 is asked: its key is a parameter, and two calls a second are within every limit told of."""
    return Service("Ticketmaster", "ticketmaster", url, Key("apikey", key, is_parameter=True), _KEEP_S, pause_s)


def _place(area: Area) -> dict[str, str]:
    if area.latitude is None or area.longitude is None:
        return {"countryCode": area.country}
    place = f"{area.latitude:.4f},{area.longitude:.4f}"
    return {"latlong": place, "radius": str(area.radius_km), "unit": "km"}


def _total(body: dict[str, Any]) -> int:
    """Return how many shows a search found, -1 where the answer doesn't say."""
    total = number(body, "page", "totalElements")
    return -1 if total is None else int(total)


def _read(answer: Answer) -> Found:
    rows = at(answer.body, "_embedded", "events")  # the key is absent when nothing was found
    return read_rows(rows if isinstance(rows, list) else [], lambda row: _listing(row, answer.fetched_at), "id")


def _listing(row: dict[str, Any], fetched_at: datetime) -> Listing | None:
    title, performers = words(row, "name", limit=TITLE_MAX), _performers(row)
    if not _is_concert(row) or billing.is_extra(title, (one.name for one in performers)):
        return None
    venues = objects(row, "_embedded", "venues")
    zone = words(row, "dates", "timezone") or words(venues[0] if venues else None, "timezone")
    start_on, start_time = _start(row, zone)
    code = words(row, "dates", "status", "code").lower()
    end_on = day(at(row, "dates", "end", "localDate"))
    return Listing(
        source=EventSource.TICKETMASTER,
        source_id=clean_id(row.get("id")),
        title=title,
        status=_STATUS.get(code, EventStatus.SCHEDULED),
        is_on_sale=_ON_SALE.get(code),
        start_on=start_on,
        start_time=start_time,
        end_on=end_on if end_on and end_on >= start_on else None,
        doors_time=clock_time(at(row, "doorsTimes", "localTime")),
        zone=zone,
        venue=_venue(venues),
        performers=performers,
        offers=_offers(row),
        genres=_genres(row),
        image_url=_image(row),
        url=clean_url(row.get("url")),
        is_festival=_is_festival(row),
        attribution=ATTRIBUTION,
        fetched_at=fetched_at,
        expires_at=fetched_at + _LIVES,
    )


def _is_concert(row: dict[str, Any]) -> bool:
    """Return whether an event is music by its own segment: the search is fuzzy about it."""
    kinds = objects(row, "classifications")
    own = next((kind for kind in kinds if kind.get("primary") is True), kinds[0] if kinds else None)
    return row.get("test") is not True and (words(own, "segment", "id") in ("", _MUSIC))


def _is_festival(row: dict[str, Any]) -> bool:
    kinds = objects(row, "classifications")
    return any("festival" in words(kind, part, "name").lower() for kind in kinds for part in ("type", "subType"))


def _start(row: dict[str, Any], zone: str) -> tuple[date, time | None]:
    start = at(row, "dates", "start")
    if at(start, "dateTBD") is True or at(start, "dateTBA") is True or zone not in zones():
        raise InvalidInput("A show without a day or a time zone can't be listed.")
    start_on, start_time = day(at(start, "localDate")), clock_time(at(start, "localTime"))
    if start_on is None:
        start_on, start_time = local(at(start, "dateTime"), zone)
    if start_on is None:
        raise InvalidInput("A show without a day can't be listed.")
    is_open = at(start, "timeTBA") is True or at(start, "noSpecificTime") is True
    return start_on, None if is_open else start_time


def _venue(venues: Sequence[dict[str, Any]]) -> Venue:
    venue = venues[0] if venues else {}
    latitude, longitude = coordinates(
        number(venue, "location", "latitude"), number(venue, "location", "longitude")
    )  # they are strings
    return Venue(
        name=words(venue, "name"),
        city=words(venue, "city", "name"),
        region=words(venue, "state", "name"),
        country=words(venue, "country", "countryCode").upper(),
        source_id=clean_id(venue.get("id")) or None,
        latitude=latitude,
        longitude=longitude,
    )


def _performers(row: dict[str, Any]) -> tuple[Performer, ...]:
    """Return the musicians among the attractions; presenters and tours stand there too, and the first is on top."""
    presenters = {normalise(words(one, "name")) for one in [row.get("promoter"), *objects(row, "promoters")]}
    acts = [one for one in objects(row, "_embedded", "attractions", most=PERFORMERS_MAX) if words(one, "name")]
    musicians = [one for one in acts if _is_musician(one, presenters)]
    if len(musicians) > 1:
        musicians = [one for one in musicians if not _BRAND.search(words(one, "name").casefold())] or musicians
    return tuple(Performer(words(one, "name"), n == 0, _ids(one)) for n, one in enumerate(musicians))


def _is_musician(attraction: dict[str, Any], presenters: set[str]) -> bool:
    segments = {words(kind, "segment", "name") for kind in objects(attraction, "classifications")}
    return normalise(words(attraction, "name")) not in presenters and not segments & _NOT_MUSICIANS


def _ids(attraction: dict[str, Any]) -> dict[str, str]:
    links = at(attraction, "externalLinks")
    address = next((words(link, "url", limit=300) for link in objects(links, "spotify")), "")
    spotify = re.search(r"open\.spotify\.com/(?:intl-[a-z-]+/)?artist/([A-Za-z0-9]{22})", address, re.ASCII)
    found = {
        "ticketmaster": clean_id(attraction.get("id")),
        "spotify": spotify[1] if spotify else "",
        "musicbrainz": next((clean_id(link.get("id")) for link in objects(links, "musicbrainz")), ""),
    }
    return {service: number for service, number in found.items() if number}


def _offers(row: dict[str, Any]) -> tuple[Offer, ...]:
    url = clean_url(row.get("url"))
    if url is None:
        return ()
    ranges = objects(row, "priceRanges")
    ranges = [one for one in ranges if words(one, "type") == "standard"] or ranges
    lowest = [price for one in ranges if (price := cents(number(one, "min"))) is not None]
    highest = [price for one in ranges if (price := cents(number(one, "max"))) is not None]
    currency = next((code for one in ranges if (code := clean_currency(one.get("currency")))), None)
    if currency is None:  # a price in nobody knows what
        lowest = highest = []
    return (Offer("Ticketmaster", url, min(lowest, default=None), max(highest, default=None), currency),)


def _genres(row: dict[str, Any]) -> tuple[str, ...]:
    parts = ("genre", "subGenre")
    found = (words(kind, part, "name") for kind in objects(row, "classifications") for part in parts)
    return tuple(dict.fromkeys(word for word in found if word not in ("", "Undefined", "Other")))


def _image(row: dict[str, Any]) -> str | None:
    """Return the picture nearest to what a card shows: 16:9, at least 640 wide, of this show rather than any."""
    usable = [(_fitness(image), url) for image in objects(row, "images") if (url := clean_url(image.get("url")))]
    return min(usable)[1] if usable else None


def _fitness(image: dict[str, Any]) -> tuple[bool, bool, bool, float]:
    width = number(image, "width") or 0
    is_small = width < 640
    return image.get("fallback") is True, image.get("ratio") != "16_9", is_small, -width if is_small else width
