"""JamBase as it behaves: version 3 with a bearer, version 1 with a key in the query that its next page echoes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from rewrapped.domain.twins import metres_between
from tests.simulators import ticketmaster
from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.shows import FIRST_DAY, Show

_STATUS = {"onsale": "scheduled", "offsale": "scheduled", "canceled": "cancelled"}


def event(show: Show, bridged: bool = False) -> dict[str, Any]:
    """Return a show in JamBase's words, with or without its id at Ticketmaster."""
    place = show.place
    start = show.on.isoformat() if show.at is None else f"{show.on.isoformat()}T{show.at.isoformat()}"
    price = {"minPrice": show.price[0], "maxPrice": show.price[1], "priceCurrency": "EUR"} if show.price else {}
    found: dict[str, Any] = {
        "@type": "Festival" if show.is_festival else "Concert",
        "name": f"{show.acts[0]} at {place.name}",
        "identifier": f"jambase:{show.number}",
        "url": f"https://www.jambase.example/show/{show.number}",
        "image": "https://img.jambase.example/1.jpg",
        "eventStatus": _STATUS.get(show.state, show.state),
        "startDate": start,
        "endDate": show.on.isoformat(),
        "previousStartDate": None,
        "doorTime": "",
        "location": {
            "@type": "MusicVenue",
            "name": place.name,
            "identifier": f"jambase:{1000 + len(place.name)}",
            "address": {
                "addressLocality": place.city,
                "addressRegion": {"identifier": "XX-1", "name": "Some Region", "alternateName": "SR"},
                "addressCountry": {"identifier": place.country, "name": place.country},
                "x-timezone": place.zone,
            },
            "geo": {"latitude": place.latitude + 0.0005, "longitude": place.longitude},
        },
        "offers": [
            {
                "url": f"https://tickets.example/{show.number}",
                "category": "ticketingLinkPrimary",
                "priceSpecification": price,
                "seller": {"name": "Tickets Example"},
            }
        ],
        "performer": [
            {
                "@type": "MusicGroup",
                "name": name.upper(),
                "identifier": f"jambase:{show.number * 10 + n}",
                "genre": ["rock", "indie"],
                "x-isHeadliner": n == 0,
                "x-performanceRank": n + 1,
            }
            for n, name in enumerate(show.acts)
        ],
        "isAccessibleForFree": False,
        "x-customTitle": "",
        "x-subtitle": "",
    }
    if bridged:
        found["x-externalIdentifiers"] = [{"source": "ticketmaster", "identifier": [ticketmaster.event_id(show)]}]
    return found


class JamBaseSimulator(Simulator):
    """Holds events, as raw rows, and answers `/v3/events` and `/jb-api/v1/events`."""

    def __init__(self, shows: Iterable[Show] = (), *, bridged: bool = False) -> None:
        super().__init__()
        self.rows = [event(show, bridged) for show in shows]
        self.today = FIRST_DAY

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/v3/events":
            is_known = asked.headers.get("Authorization") == f"Bearer {self.key}" and "apikey" not in asked.params
            return self._page(asked) if is_known else self._error(401, "api_key_invalid")
        if asked.path == "/jb-api/v1/events":
            is_known = asked.params.get("apikey") == self.key
            return self._page(asked) if is_known else self._error(401, "api_key_inactive")
        return self._error(404, "not_found")

    def _error(self, status: int, code: str) -> Reply:
        errors = [{"errorCode": code, "errorMessage": f"{code}, you sent {self.key}"}]
        return Reply(status, {"success": False, "errors": errors})

    def _page(self, asked: Asked) -> Reply:
        per_page, page = int(asked.params.get("perPage", "40")), int(asked.params.get("page", "1"))
        if per_page > 100 or page < 1:
            return self._error(400, "parameter_out_of_range")
        if date.fromisoformat(asked.params["eventDateTo"]) > self.today + timedelta(days=180):
            return self._error(403, "date-window-exceeded")
        found = [row for row in self.rows if _matches(row, asked)]
        pages = -(-len(found) // per_page)
        pagination = {"page": page, "perPage": per_page, "totalItems": len(found), "totalPages": pages}
        if page < pages:
            key = f"&apikey={self.key}" if "apikey" in asked.params else ""
            pagination["nextPage"] = f"{self.url}{asked.path}?page={page + 1}{key}"
        shown = found[per_page * (page - 1) : per_page * page]
        return Reply(200, {"success": True, "pagination": pagination, "events": shown, "request": {}})


def _matches(row: dict[str, Any], asked: Asked) -> bool:
    on = str(row.get("startDate"))[:10]
    if not asked.params["eventDateFrom"] <= on <= asked.params["eventDateTo"]:
        return False
    location = row["location"]
    if "geoCountryIso2" in asked.params:
        return location["address"]["addressCountry"]["identifier"] == asked.params["geoCountryIso2"]
    here = float(asked.params["geoLatitude"]), float(asked.params["geoLongitude"])
    assert asked.params["geoRadiusUnits"] == "km"
    there = location["geo"]["latitude"], location["geo"]["longitude"]
    return metres_between(here, there) <= float(asked.params["geoRadiusAmount"]) * 1000
