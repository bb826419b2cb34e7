"""The Discovery API as it behaves: key, quota, windows, paging and its limit, and the odd shapes of events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rewrapped.domain.twins import metres_between
from tests.simulators.server import Asked, Reply, Simulator
from tests.simulators.shows import Show

BAD_KEY = {"fault": {"faultstring": "Invalid ApiKey", "detail": {"errorcode": "oauth.v2.InvalidApiKey"}}}
QUOTA = {
    "fault": {
        "faultstring": "Rate limit quota violation. Quota limit exceeded.",
        "detail": {"errorcode": "policies.ratelimit.QuotaViolation"},
    }
}
MUSIC = {"id": "KZFzniwnSyZfZ7v7nJ", "name": "Music"}


def event_id(show: Show) -> str:
    return f"vvG1iZ{show.number:06d}"


def event(show: Show) -> dict[str, Any]:
    """Return a show in Ticketmaster's words."""
    start: dict[str, Any] = {"localDate": show.on.isoformat(), "dateTBD": False, "dateTBA": False, "timeTBA": False}
    if show.at is None:
        start |= {"noSpecificTime": True}
    else:
        start |= {"localTime": show.at.isoformat(), "dateTime": f"{show.utc:%Y-%m-%dT%H:%M:%SZ}"}
    place = show.place
    found: dict[str, Any] = {
        "id": event_id(show),
        "name": show.acts[0],
        "type": "event",
        "test": False,
        "url": f"https://www.ticketmaster.example/event/{event_id(show)}",
        "images": [
            {"ratio": "4_3", "url": "https://img.example/4.jpg", "width": 900, "height": 675, "fallback": False},
            {"ratio": "16_9", "url": "https://img.example/huge.jpg", "width": 2048, "height": 1152, "fallback": False},
            {"ratio": "16_9", "url": "https://img.example/card.jpg", "width": 640, "height": 360, "fallback": False},
            {"ratio": "16_9", "url": "https://img.example/any.jpg", "width": 640, "height": 360, "fallback": True},
        ],
        "dates": {"start": start, "timezone": place.zone, "status": {"code": show.state}, "spanMultipleDays": False},
        "classifications": [
            {"primary": True, "segment": MUSIC, "genre": {"name": "Rock"}, "subGenre": {"name": "Undefined"}}
        ],
        "promoter": {"id": "1", "name": "Big Promoter"},
        "_embedded": {
            "venues": [
                {
                    "id": f"KovZ{len(place.name)}",
                    "name": place.name,
                    "timezone": place.zone,
                    "city": {"name": place.city},
                    "country": {"countryCode": place.country},
                    "location": {"longitude": str(place.longitude), "latitude": str(place.latitude)},
                }
            ],
            "attractions": [
                {"id": "K8vBrand", "name": "Big Promoter", "classifications": [{"segment": {"name": "Undefined"}}]},
                *(_attraction(name) for name in show.acts),
            ],
        },
    }
    if show.price:
        low, high = show.price
        found["priceRanges"] = [
            {"type": "standard", "currency": "EUR", "min": low, "max": high},
            {"type": "standard including fees", "currency": "EUR", "min": low + 3, "max": high + 9},
        ]
    return found


def _attraction(name: str) -> dict[str, Any]:
    spotify = "".join(c for c in name if c.isascii() and c.isalnum()).ljust(22, "0")[:22]
    return {
        "id": f"K8v{spotify[:8]}",
        "name": name,
        "classifications": [{"segment": MUSIC}],
        "externalLinks": {"spotify": [{"url": f"https://open.spotify.com/artist/{spotify}?autoplay=true"}]},
    }


class TicketmasterSimulator(Simulator):
    """Holds events, as raw rows, and answers `/discovery/v2/events.json`."""

    def __init__(self, shows: Iterable[Show] = (), quota: int = 5000) -> None:
        super().__init__()
        self.rows = [event(show) for show in shows]
        self.quota = quota
        self.reset_ms = 1_800_000_000_000

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/discovery/v2/events.json":
            return self._error(404, "DIS1000", "Not found")
        if asked.params.get("apikey") != self.key:
            return Reply(401, BAD_KEY)
        self.quota -= 1
        limits = {
            "Rate-Limit": "5000",
            "Rate-Limit-Available": str(max(0, self.quota)),
            "Rate-Limit-Over": str(max(0, -self.quota)),
            "Rate-Limit-Reset": str(self.reset_ms),
        }
        if self.quota < 0:
            return Reply(429, QUOTA, limits)
        return self._page(asked, limits)

    def _error(self, status: int, code: str, detail: str) -> Reply:
        return Reply(status, {"errors": [{"code": code, "detail": detail, "status": str(status), "_links": {}}]})

    def _page(self, asked: Asked, limits: dict[str, str]) -> Reply:
        size, page = int(asked.params.get("size", "20")), int(asked.params.get("page", "0"))
        if size > 200 or size * page >= 1000:
            return self._error(400, "DIS1035", "API Limits Exceeded, maximum paging depth is 1000")
        for name in ("startDateTime", "endDateTime"):
            if not _is_moment(asked.params.get(name, "")):
                return self._error(400, "DIS1015", f"Query param {name} must be of valid format")
        found = sorted((row for row in self.rows if _matches(row, asked)), key=_moment)
        pages = -(-len(found) // size)
        shown = found[size * page : size * page + size]
        link = f"/discovery/v2/events.json?page={page}&size={size}"
        body: dict[str, Any] = {
            "_links": {"self": {"href": link}, "next": {"href": link}},
            "page": {"size": size, "totalElements": len(found), "totalPages": pages, "number": page},
        }
        if shown:
            body["_embedded"] = {"events": shown}
        return Reply(200, body, limits)


def _is_moment(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the Z is part of the format
    except ValueError:
        return False
    return True


def _moment(row: dict[str, Any]) -> str:
    start = row["dates"]["start"]
    return start.get("dateTime") or f"{start.get('localDate', '2026-12-01')}T00:00:00Z"


def _matches(row: dict[str, Any], asked: Asked) -> bool:
    if not asked.params["startDateTime"] <= _moment(row) <= asked.params["endDateTime"]:
        return False
    [venue, *_] = row["_embedded"].get("venues") or [{}]
    if "countryCode" in asked.params:
        return venue.get("country", {}).get("countryCode", asked.params["countryCode"]) == asked.params["countryCode"]
    here = [float(part) for part in asked.params["latlong"].split(",")]
    there = float(venue["location"]["latitude"]), float(venue["location"]["longitude"])
    assert asked.params["unit"] == "km"
    return metres_between(here, there) <= float(asked.params["radius"]) * 1000
