"""Last.fm: how artists of a name are tagged, one at a time, with a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rewrapped.clients.http import JsonApi, Key, Params, Service, Surroundings
from rewrapped.clients.listenbrainz import tags_of
from rewrapped.clients.shapes import at
from rewrapped.domain.learning import Tags
from rewrapped.errors import IntegrationError, KeyRefused, RateLimited, RequestRefused, Unavailable

ATTRIBUTION = "Powered by AudioScrobbler"

_NAME = "Last.fm"
_NOBODY = "6"
_KEY_REFUSED = frozenset({"4", "9", "10", "13", "26"})
_TROUBLE = frozenset({"8", "11", "16"})
_TOO_OFTEN = "29"
_PAUSE_S = 0.5


def service(key: str, url: str, pause_s: float = _PAUSE_S) -> Service:
    """Return Last.fm as a service; its answers are kept by whoever asks."""
    return Service(_NAME, "lastfm", url, Key("api_key", key, is_parameter=True), 0, pause_s, whole_s=20)


class LastFm:
    """Tells artists' tags."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._api = JsonApi(service, around)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()

    def tags(self, name: str) -> Tags:
        """Return the tags of the artist of a name, 100 for the strongest; none where nobody is known by it.

        Raises:
            IntegrationError: Last.fm failed us.
        """
        params = {"method": "artist.gettoptags", "artist": name, "autocorrect": "0", "format": "json"}
        try:
            body = answered(self._api, params, "toptags")
        except RequestRefused as error:
            if error.code != _NOBODY:
                raise
            return {}
        return tags_of(listed(at(body, "toptags", "tag")), "name")


def answered(api: JsonApi, params: Params, needed: str) -> dict[str, Any]:
    """Return an answer of Last.fm that has what is needed; it tells some of its errors with status 200.

    Raises:
        RequestRefused: `code` is Last.fm's number, 6 where nobody is known by the name.
        IntegrationError: it failed us in another way.
    """
    try:
        body = api.get("/", params, lambda body: needed in body or "error" in body).body
    except RequestRefused as error:
        _raise_for(error.code, error)
        raise
    if "error" in body:
        code = str(body["error"])[:20]
        _raise_for(code, None)
        raise RequestRefused(_NAME, "refused a question", code=code)
    return body


def listed(said: Any) -> list[Any]:
    """Return a list also where a single thing stands in place of a list of one."""
    if isinstance(said, Mapping):
        return [said]
    return said[:1000] if isinstance(said, list) else []


def _raise_for(code: str, cause: IntegrationError | None) -> None:
    """Raise what one of Last.fm's numbers stands for, where it isn't about the question asked."""
    if code == _TOO_OFTEN:
        raise RateLimited(_NAME, "asks us to wait") from cause
    if code in _KEY_REFUSED:
        raise KeyRefused(_NAME, "doesn't take our key") from cause
    if code in _TROUBLE:
        raise Unavailable(_NAME, "has troubles of its own") from cause
