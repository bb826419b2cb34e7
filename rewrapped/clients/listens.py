"""Somebody's listens at ListenBrainz and at Last.fm: both are public there, and both come newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from rewrapped.clients.http import JsonApi, Key, Params, Service, Surroundings
from rewrapped.clients.lastfm import answered, listed
from rewrapped.clients.shapes import at, number, objects
from rewrapped.domain.scrobbling import Listed, Listen, Told, clean_name, heard_ms
from rewrapped.errors import BadPayload, InvalidInput, NotFound, RequestRefused

_FARTHEST_S: Final = 1 << 33
_MOST: Final = (1 << 31) - 1
_LB_PAGE, _FM_PAGE = 1000, 200
_NOBODY, _HIDDEN = "6", "17"


def listenbrainz(url: str, pause_s: float = 1.0) -> Service:
    """Return ListenBrainz as a service that hands out listens."""
    return Service("ListenBrainz", "listenbrainz", url, None, 0, pause_s, whole_s=30)


def lastfm(key: str, url: str, pause_s: float = 0.5) -> Service:
    """Return Last.fm as a service that hands out listens."""
    return Service("Last.fm", "lastfm", url, Key("api_key", key, is_parameter=True), 0, pause_s, whole_s=30)


class ListenBrainzListens:
    """Reads people's listens at ListenBrainz."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def find(self, name: str) -> Listed:
        """Return somebody by name, with how many listens there are.

        Raises:
            NotFound: nobody is called so there.
            IntegrationError: ListenBrainz failed us.
        """
        body = self._get("listen-count", name, {}, "count")
        return Listed(name, _count(body, "payload", "count"))

    def page(self, name: str, below_s: int | None, limit: int = _LB_PAGE) -> Told:
        """Return the newest listens below a moment, seconds since 1970; None for the newest of all.

        Raises:
            NotFound: nobody is called so there any more.
            IntegrationError: ListenBrainz failed us.
        """
        params = {"count": str(min(limit, _LB_PAGE))} | ({} if below_s is None else {"max_ts": str(below_s)})
        body = self._get("listens", name, params, "listens")
        rows = objects(body, "payload", "listens", most=_LB_PAGE)
        moments = [moment for row in rows if (moment := _seconds(row, "listened_at")) is not None]
        first_s = _seconds(body, "payload", "oldest_listen_ts")
        oldest_s = min(moments, default=None)
        if oldest_s is None and (rows or (first_s is not None and (below_s is None or first_s < below_s))):
            raise BadPayload("ListenBrainz", "sent nothing although there is more")
        is_last = oldest_s is None or (first_s is not None and oldest_s <= first_s)
        return Told([one for row in rows if (one := _listen(row))], len(rows), oldest_s, is_last)

    def _get(self, what: str, name: str, params: Params, needed: str) -> dict[str, Any]:
        def is_readable(body: dict[str, Any]) -> bool:
            return at(body, "payload", needed) is not None

        endpoint = f"/1/user/{quote(name, safe='')}/{what}"
        try:
            return self._api.get(endpoint, params, is_readable, logged=f"/1/user/NAME/{what}").body
        except RequestRefused as error:
            if error.status == 404:
                raise NotFound("ListenBrainz knows nobody of that name.") from error
            raise


def _listen(row: Mapping[str, Any]) -> Listen | None:
    moment, said = _seconds(row, "listened_at"), at(row, "track_metadata")
    if moment is None:
        return None
    artist, title, album = (_text(at(said, name)) for name in ("artist_name", "track_name", "release_name"))
    return Listen(moment, artist, title, album, heard_ms(number(said, "additional_info", "duration_played")))


class LastFmListens:
    """Reads people's scrobbles at Last.fm, with a key."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def find(self, name: str) -> Listed:
        """Return somebody by name, with how many scrobbles there are.

        Raises:
            NotFound: nobody is called so there, or they hide what they listen to.
            IntegrationError: Last.fm failed us.
        """
        body = self._get("user.getinfo", "user", {"user": name})
        self._get("user.getrecenttracks", "recenttracks", {"user": name, "limit": "1"})  # getinfo answers for all
        return Listed(_own_name(at(body, "user", "name")) or name, _count(body, "user", "playcount"))

    def page(self, name: str, below_s: int | None, limit: int = _FM_PAGE) -> Told:
        """Return the newest scrobbles below a moment, seconds since 1970; None for the newest of all.

        What is playing just now has no moment yet and is left out.

        Raises:
            NotFound: nobody is called so there any more, or they hide what they listen to.
            IntegrationError: Last.fm failed us.
        """
        params = {"user": name, "limit": str(min(limit, _FM_PAGE)), "page": "1"}
        if below_s is not None:
            params["to"] = str(below_s)
        body = self._get("user.getrecenttracks", "recenttracks", params)
        tracks = listed(at(body, "recenttracks", "track"))
        rows = [(moment, row) for row in tracks if (moment := _seconds(row, "date", "uts")) is not None]
        oldest_s = min((moment for moment, _ in rows), default=None)
        pages, total = (number(body, "recenttracks", "@attr", name) for name in ("totalPages", "total"))
        if oldest_s is None and max(pages or 0, total or 0) > 0:
            raise BadPayload("Last.fm", "sent nothing although there is more")
        is_last = oldest_s is None or (pages is not None and pages <= 1)
        return Told([_scrobble(*row) for row in rows], len(rows), oldest_s, is_last)

    def _get(self, method: str, needed: str, params: Mapping[str, str]) -> dict[str, Any]:
        asked = {"method": method, "format": "json", **params}
        try:
            body = answered(self._api, asked, needed)
        except RequestRefused as error:
            if error.code == _NOBODY:
                raise NotFound("Last.fm knows nobody of that name.") from error
            if error.code == _HIDDEN:
                raise NotFound(
                    "Last.fm keeps what this person listens to hidden. In its privacy settings,"
                    " take back “Hide recent listening information”."
                ) from error
            raise
        if not isinstance(body[needed], Mapping):
            raise BadPayload("Last.fm", "sent something of another form")
        return body


def _scrobble(moment: int, row: Mapping[str, Any]) -> Listen:
    artist = _text(at(row, "artist", "#text")) or _text(at(row, "artist", "name"))
    return Listen(moment, artist, _text(at(row, "name")), _text(at(row, "album", "#text")))


def _seconds(node: Any, *path: str) -> int | None:
    """Return a moment in seconds since 1970, None for what can't be one."""
    found = number(node, *path)
    return int(found) if found is not None and 0 < found <= _FARTHEST_S else None


def _count(node: Any, *path: str) -> int:
    """Return a count that can be stored."""
    return int(min(max(number(node, *path) or 0, 0), _MOST))


def _own_name(said: Any) -> str:
    try:
        return clean_name(_text(said))
    except InvalidInput:
        return ""


def _text(said: Any) -> str:
    return said if isinstance(said, str) else ""
