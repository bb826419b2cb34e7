"""JamBase's data API: version 3, and the older version 1 that some keys are for. Both list shows in one shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rewrapped.clients.http import Answer, JsonApi, Key, Service, Surroundings
from rewrapped.clients.shapes import at, local, number, objects, read_rows, words
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
from rewrapped.domain.sweeping import Area, Found, Query
from rewrapped.errors import InvalidInput, RequestRefused

ATTRIBUTION = "JamBase"

_ENDPOINT = "/events"
_KEEP_S = 24 * 3600
_LIVES = timedelta(days=31)  # windows are asked for weekly, and a month's budget may end before
_PER_PAGE = 100
_TOO_FAR = "date-window-exceeded"
_OFFERS_MAX = 20

_STATUS = {
    "cancelled": EventStatus.CANCELLED,
    "canceled": EventStatus.CANCELLED,
    "postponed": EventStatus.POSTPONED,
    "rescheduled": EventStatus.RESCHEDULED,
}
_BRIDGED = frozenset({"ticketmaster", "seatgeek", "axs", "dice", "etix", "eventbrite", "eventim-de", "tixr"})
_SERVICES = frozenset({"spotify", "musicbrainz", "ticketmaster"})


class JamBase:
    """An `EventClient`: what JamBase lists."""

    source = EventSource.JAMBASE

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def search(self, query: Query) -> Iterator[Found]:
        """Yield what is on, one call at a time; whoever stops asking makes no more calls.

        Raises:
            IntegrationError: JamBase failed us.
        """
        page, pages = 1, 1
        while page <= pages:
            try:
                answer = self._api.get(_ENDPOINT, {**_params(query), "page": str(page)}, _says_pages)
            except RequestRefused as error:
                if error.code != _TOO_FAR:
                    raise
                yield Found(is_whole=False)  # the plan looks less far ahead
                return
            pages = int(number(answer.body, "pagination", "totalPages") or 0)
            yield _read(answer)
            page += 1  # by number: the address of the next page that the answer holds has the key in it


def v3(key: str, url: str, pause_s: float = 0.5) -> Service:
    """Return how version 3 is asked."""
    return Service("JamBase", "jambase", url, Key("Authorization", key, prefix="Bearer "), _KEEP_S, pause_s)


def v1(key: str, url: str, pause_s: float = 0.5) -> Service:
    """Return how version 1 is asked."""
    return Service("JamBase", "jambase", url, Key("apikey", key, is_parameter=True), _KEEP_S, pause_s)


def _params(query: Query) -> dict[str, str]:
    last_on = query.window.end_on - timedelta(days=1)
    return {
        **_place(query.area),
        "eventDateFrom": query.window.start_on.isoformat(),
        "eventDateTo": last_on.isoformat(),
        "perPage": str(_PER_PAGE),
        "sort": "eventDate",
    }


def _place(area: Area) -> dict[str, str]:
    if area.latitude is None or area.longitude is None:
        return {"geoCountryIso2": area.country}
    return {
        "geoLatitude": f"{area.latitude:.4f}",
        "geoLongitude": f"{area.longitude:.4f}",
        "geoRadiusAmount": str(area.radius_km),
        "geoRadiusUnits": "km",
    }


def _says_pages(body: dict[str, Any]) -> bool:
    """Return whether an answer tells how many pages there are, and not that it failed."""
    return number(body, "pagination", "totalPages") is not None and body.get("success") is not False


def _read(answer: Answer) -> Found:
    rows = answer.body.get("events")
    found = read_rows(
        rows if isinstance(rows, list) else [], lambda row: _listing(row, answer.fetched_at), "identifier"
    )
    return replace(found, unread=tuple(map(_own_id, found.unread)))


def _listing(row: dict[str, Any], fetched_at: datetime) -> Listing | None:
    performers = _performers(row)
    title = words(row, "x-customTitle", limit=TITLE_MAX) or words(row, "name", limit=TITLE_MAX)
    if billing.is_extra(title, (one.name for one in performers)):
        return None
    zone = words(row, "location", "address", "x-timezone")
    if zone not in zones():
        raise InvalidInput("A show without a time zone can't be listed.")
    start_on, start_time = local(row.get("startDate"), zone)
    if start_on is None:
        raise InvalidInput("A show without a day can't be listed.")
    end_on = local(row.get("endDate"), zone)[0]
    return Listing(
        source=EventSource.JAMBASE,
        source_id=_own_id(row.get("identifier")),
        title=title,
        status=_STATUS.get(_status_word(row), EventStatus.SCHEDULED),
        start_on=start_on,
        start_time=start_time,
        end_on=end_on if end_on and end_on >= start_on else None,
        doors_time=local(row.get("doorTime"), zone)[1],
        zone=zone,
        venue=_venue(at(row, "location")),
        performers=performers,
        offers=_offers(row),
        genres=_genres(row),
        image_url=clean_url(row.get("x-promoImage")) or clean_url(row.get("image")),
        url=clean_url(row.get("url")),
        is_festival=row.get("@type") == "Festival",
        attribution=ATTRIBUTION,
        bridges=tuple(_external(row, _BRIDGED)),
        fetched_at=fetched_at,
        expires_at=fetched_at + _LIVES,
    )


def _own_id(identifier: object) -> str:
    return clean_id(identifier).removeprefix("jambase:")


def _status_word(row: Mapping[str, Any]) -> str:
    """Return `cancelled`, also of schema.org's `https://schema.org/EventCancelled`."""
    return words(row, "eventStatus").rpartition("/")[2].lower().removeprefix("event")


def _venue(location: Any) -> Venue:
    latitude, longitude = coordinates(number(location, "geo", "latitude"), number(location, "geo", "longitude"))
    address = at(location, "address")
    region = at(address, "addressRegion")
    return Venue(
        name=words(location, "name"),
        city=words(address, "addressLocality"),
        region=words(region, "name") if isinstance(region, dict) else words(address, "addressRegion"),
        country=words(address, "addressCountry", "identifier").upper(),
        source_id=_own_id(at(location, "identifier")) or None,
        latitude=latitude,
        longitude=longitude,
    )


def _performers(row: Mapping[str, Any]) -> tuple[Performer, ...]:
    acts = [act for act in objects(row, "performer", most=PERFORMERS_MAX) if words(act, "name")]
    return tuple(Performer(words(act, "name"), act.get("x-isHeadliner") is True, _act_ids(act)) for act in acts)


def _act_ids(act: Mapping[str, Any]) -> dict[str, str]:
    own = _own_id(act.get("identifier"))
    return {**({"jambase": own} if own else {}), **dict(_external(act, _SERVICES))}


def _external(node: Mapping[str, Any], services: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield (service, id) of what a node is elsewhere; ids stand alone, in lists, or after the service's name."""
    for one in objects(node, "x-externalIdentifiers", most=50):
        service, said = words(one, "source").lower(), one.get("identifier")
        ids: Sequence[object] = said if isinstance(said, list) else (said,)
        for name in ids[:10]:
            found = clean_id(name).removeprefix(f"{service}:")
            if found and service in services:
                yield service, found


def _offers(row: Mapping[str, Any]) -> tuple[Offer, ...]:
    offers = (_offer(one) for one in objects(row, "offers", most=_OFFERS_MAX))
    return tuple(offer for offer in offers if offer is not None)


def _offer(one: Mapping[str, Any]) -> Offer | None:
    url = clean_url(one.get("url"))
    if url is None:
        return None
    price = at(one, "priceSpecification")  # often {}
    currency = clean_currency(at(price, "priceCurrency"))
    single = cents(number(price, "price")) if currency else None
    lowest = cents(number(price, "minPrice")) if currency else None
    highest = cents(number(price, "maxPrice")) if currency else None
    seller = words(one, "seller", "name") or words(one, "seller") or "JamBase"
    is_primary = one.get("category") != "ticketingLinkSecondary"
    return Offer(
        seller, url, single if lowest is None else lowest, single if highest is None else highest, currency, is_primary
    )


def _genres(row: Mapping[str, Any]) -> tuple[str, ...]:
    lists = (act.get("genre") for act in objects(row, "performer", most=PERFORMERS_MAX))
    found = (words({"genre": word}, "genre") for said in lists if isinstance(said, list) for word in said[:20])
    return tuple(dict.fromkeys(word for word in found if word))[:20]
