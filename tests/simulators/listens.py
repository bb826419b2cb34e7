"""ListenBrainz and Last.fm as they hand out people's listens: pages, limits, odd shapes and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.simulators.server import Asked, Reply, Simulator

_MOST_AT_LISTENBRAINZ, _MOST_AT_LASTFM = 1000, 200


@dataclass(frozen=True)
class Heard:
    """One listen as both services keep it: `ms` is the track's length, `played_s` how long it was heard."""

    at_s: int
    artist: str = "Xenia"
    title: str = "Tide"
    album: str = "Shore"
    ms: int = 0
    played_s: int = 0


class Keeper(Simulator):
    """Keeps people's listens by name; `allowed` calls are free, then it asks to wait `wait_s` seconds."""

    def __init__(self, people: Mapping[str, Sequence[Heard]] | None = None) -> None:
        super().__init__()
        self.people = {name: list(heard) for name, heard in (people or {}).items()}
        self.allowed = 1_000_000
        self.wait_s = 7

    def heard(self, name: str, asked: Asked, below: str) -> list[Heard] | None:
        """Return somebody's listens below the moment asked for, newest first; None for nobody."""
        found = next((kept for known, kept in self.people.items() if known.casefold() == name.casefold()), None)
        if found is None:
            return None
        bound = int(asked.params.get(below, 1 << 40))
        return sorted((one for one in found if one.at_s < bound), key=lambda one: -one.at_s)


class ListenBrainzListensSimulator(Keeper):
    """Answers `/1/user/NAME/listens` and `/1/user/NAME/listen-count`."""

    def answer(self, asked: Asked) -> Reply:
        self.allowed -= 1
        limits = {"X-RateLimit-Limit": "30", "X-RateLimit-Remaining": str(max(0, self.allowed))}
        limits["X-RateLimit-Reset-In"] = str(self.wait_s)
        if self.allowed < 0:
            return Reply(429, {"code": 429, "error": "You have exceeded your rate limit."}, limits)
        parts = asked.path.split("/")
        if len(parts) != 5 or parts[:3] != ["", "1", "user"]:
            return Reply(404, {"code": 404, "error": "Not found"}, limits)
        name, what = unquote(parts[3]), parts[4]
        below = self.heard(name, asked, "max_ts")
        if below is None:
            return Reply(404, {"code": 404, "error": f"Cannot find user: {name}"}, limits)
        if what == "listen-count":
            return Reply(200, {"payload": {"count": len(below)}}, limits)
        if "max_ts" in asked.params and "min_ts" in asked.params:
            return Reply(400, {"code": 400, "error": "You may only specify max_ts or min_ts, not both."}, limits)
        shown = below[: min(int(asked.params.get("count", "25")), _MOST_AT_LISTENBRAINZ)]
        ever = [one.at_s for one in self.heard(name, asked, "") or ()]
        payload = {
            "user_id": name,
            "count": len(shown),
            "listens": [told_by_listenbrainz(name, one) for one in shown],
            "latest_listen_ts": max(ever, default=0),
            "oldest_listen_ts": min(ever, default=0),
        }
        return Reply(200, {"payload": payload}, limits)


def told_by_listenbrainz(name: str, heard: Heard) -> dict[str, Any]:
    """Return a listen as its API, its exports and its submissions have it."""
    info = {"duration_ms": heard.ms, "duration_played": heard.played_s}
    info = {name: said for name, said in info.items() if said}
    metadata = {"artist_name": heard.artist, "track_name": heard.title, "release_name": heard.album or None}
    metadata["additional_info"] = info
    return {"inserted_at": heard.at_s + 240, "listened_at": heard.at_s, "track_metadata": metadata, "user_name": name}


class LastFmListensSimulator(Keeper):
    """Answers `user.getrecenttracks` and `user.getinfo`; `playing` is told on top of every page, without a date."""

    def __init__(self, people: Mapping[str, Sequence[Heard]] | None = None) -> None:
        super().__init__(people)
        self.playing: Heard | None = None
        self.hidden: set[str] = set()

    def answer(self, asked: Asked) -> Reply:
        self.allowed -= 1
        if asked.params.get("api_key") != self.key:
            return Reply(403, {"error": 10, "message": f"Invalid API key {asked.params.get('api_key')}"})
        if self.allowed < 0:
            return Reply(200, {"error": 29, "message": "Rate Limit Exceeded"})
        name, method = asked.params.get("user", ""), asked.params.get("method", "")
        below = self.heard(name, asked, "to")
        if below is None:
            return Reply(404, {"error": 6, "message": "User not found"})
        if method == "user.getinfo":
            return Reply(200, {"user": {"name": name, "playcount": str(len(below)), "realname": ""}})
        if name in self.hidden:
            return Reply(403, {"error": 17, "message": "Login: User required to be logged in"})
        size = min(int(asked.params.get("limit", "50")), _MOST_AT_LASTFM)
        shown = below[(int(asked.params.get("page", "1")) - 1) * size :][:size]
        rows = [_track(one) for one in shown]
        if self.playing is not None:
            now = {key: value for key, value in _track(self.playing).items() if key != "date"}
            rows.insert(0, now | {"@attr": {"nowplaying": "true"}})
        pages = -(-len(below) // size)
        about = {"user": name, "page": "1", "perPage": str(size), "totalPages": str(pages), "total": str(len(below))}
        return Reply(200, {"recenttracks": {"track": rows[0] if len(rows) == 1 else rows, "@attr": about}})


def _track(heard: Heard) -> dict[str, Any]:
    return {
        "artist": {"mbid": "", "#text": heard.artist},
        "name": heard.title,
        "album": {"mbid": "", "#text": heard.album},
        "date": {"uts": str(heard.at_s), "#text": "then"},
        "url": "https://www.last.fm/",
    }
