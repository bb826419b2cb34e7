"""MusicBrainz, ListenBrainz and Last.fm as they behave: shapes, limits and refusals, over the same invented artists."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.server import Asked, Reply, Simulator

TOO_OFTEN = {"error": "Your requests are exceeding the allowable rate limit.", "help": "See the documentation."}
_UNKNOWN = {"error": "Not Found", "help": "For usage, please see: https://musicbrainz.org/development/mmd"}
_SPOTIFY = "https://open.spotify.com/artist/"


@dataclass(frozen=True)
class Artist:
    """An artist as these services know one."""

    name: str
    tags: Mapping[str, int] = field(default_factory=dict)
    spotify_id: str = ""
    score: int = 100
    number: int = 0  # tells artists of one name apart

    @property
    def mbid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name} {self.number}"))


class MusicBrainzSimulator(Simulator):
    """Answers `/ws/2/url` and `/ws/2/artist`; asked more than once in `pause_s` seconds it is busy."""

    def __init__(self, artists: Iterable[Artist] = (), pause_s: float = 0.0) -> None:
        super().__init__()
        self.artists = list(artists)
        self.pause_s = pause_s
        self.free_at = 0.0

    def answer(self, asked: Asked) -> Reply:
        if not re.fullmatch(r"[\w.-]+/[\w.]+ \( \S+ \)", asked.headers.get("User-Agent", "")):
            return Reply(403, {"error": "Please give a meaningful User-Agent."})
        now = time.monotonic()
        if now < self.free_at:
            return Reply(503, TOO_OFTEN)
        self.free_at = now + self.pause_s
        return {"/ws/2/url": self._url, "/ws/2/artist": self._search}[asked.path](asked)

    def _url(self, asked: Asked) -> Reply:
        resources = asked.every("resource")
        if not 1 <= len(resources) <= 100 or asked.params["inc"] != "artist-rels":
            return Reply(400, {"error": "Invalid parameters."})
        linked = [one for one in reversed(self.artists) if one.spotify_id and _SPOTIFY + one.spotify_id in resources]
        by_resource: dict[str, list[Artist]] = {}
        for one in linked:
            by_resource.setdefault(_SPOTIFY + one.spotify_id, []).append(one)
        urls = [_url(resource, artists) for resource, artists in by_resource.items()]
        if len(resources) == 1:
            return Reply(200, urls[0]) if urls else Reply(404, _UNKNOWN)
        return Reply(200, {"url-count": len(urls), "url-offset": 0, "urls": urls})

    def _search(self, asked: Asked) -> Reply:
        quoted = re.fullmatch(r'artist:"((?:[^"\\]|\\.)*)"', asked.params["query"])
        if quoted is None:
            return Reply(400, {"error": "Unable to parse query"})
        wanted = _words(re.sub(r"\\(.)", r"\1", quoted[1]))
        found = [one for one in self.artists if wanted.strip() and wanted in _words(one.name)]
        found.sort(key=lambda one: -one.score)
        rows = [
            {"id": one.mbid, "type": "Group", "score": one.score, "name": one.name, "sort-name": one.name}
            for one in found[: int(asked.params.get("limit", "25"))]
        ]
        return Reply(200, {"created": "2026-11-22T12:00:00Z", "count": len(found), "offset": 0, "artists": rows})


def _words(text: str) -> str:
    """Return the words of a text as a search for a phrase compares them."""
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


def _url(resource: str, artists: Iterable[Artist]) -> dict[str, Any]:
    relations = [
        {
            "type": "free streaming",
            "target-type": "artist",
            "direction": "backward",
            "artist": {"id": one.mbid, "name": one.name, "sort-name": one.name},
        }
        for one in artists
    ]
    return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, resource)), "resource": resource, "relations": relations}


class ListenBrainzSimulator(Simulator):
    """Answers `/1/metadata/artist/`; `allowed` calls are free, then it names the seconds to wait."""

    def __init__(self, artists: Iterable[Artist] = (), allowed: int = 1_000_000) -> None:
        super().__init__()
        self.artists = list(artists)
        self.allowed = allowed

    def answer(self, asked: Asked) -> Reply:
        self.allowed -= 1
        limits = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": str(max(0, self.allowed))}
        limits["X-RateLimit-Reset-In"] = "7"
        if self.allowed < 0:
            return Reply(429, {"code": 429, "error": "You have exceeded your rate limit."}, limits)
        mbids = asked.params["artist_mbids"].split(",")
        try:
            wanted = {str(uuid.UUID(mbid)) for mbid in mbids}
        except ValueError:
            return Reply(400, {"code": 400, "error": "artist_mbid is invalid."}, limits)
        rows = [_metadata(one) for one in reversed(self.artists) if one.mbid in wanted]
        return Reply(200, rows, limits)


def _metadata(artist: Artist) -> dict[str, Any]:
    tags = [{"artist_mbid": artist.mbid, "tag": tag, "count": count} for tag, count in artist.tags.items()]
    return {
        "artist_mbid": artist.mbid,
        "name": artist.name,
        "area": "Nowhere",
        "rels": {},
        "tag": {"artist": tags} if tags else {},
    }


class LastFmSimulator(Simulator):
    """Answers `artist.gettoptags`; what goes wrong stands in answers with status 200."""

    def __init__(self, artists: Iterable[Artist] = (), allowed: int = 1_000_000) -> None:
        super().__init__()
        self.artists = list(artists)
        self.allowed = allowed

    def answer(self, asked: Asked) -> Reply:
        self.allowed -= 1
        if asked.params.get("api_key") != self.key:
            return Reply(403, {"error": 10, "message": f"Invalid API key {asked.params.get('api_key')}"})
        if self.allowed < 0:
            return Reply(200, {"error": 29, "message": "Rate Limit Exceeded"})
        wanted = asked.params["artist"].casefold()
        found = next((one for one in self.artists if one.name.casefold() == wanted), None)
        if found is None:
            return Reply(200, {"error": 6, "message": "The artist you supplied could not be found"})
        most = max(found.tags.values(), default=1)
        rows = [{"name": tag, "count": str(100 * count // most), "url": "x"} for tag, count in found.tags.items()]
        said: Any = rows[0] if len(rows) == 1 else rows
        return Reply(200, {"toptags": {"tag": said, "@attr": {"artist": found.name}}})
