"""Spotify's Web API and its accounts service: JSON stops here.

What the Web API is asked goes through spotipy. Tokens don't: its classes for
them keep one token for all, can't do PKCE with a secret, and may open a browser.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import spotipy

from rewrapped.clients.http import Surroundings
from rewrapped.clients.spotify_wire import NAME, NO_TOKEN, Wire, judge_api, judge_token
from rewrapped.domain.spotify import REACH, Account, ApiPlay, Tokens
from rewrapped.errors import BadPayload, ReconnectNeeded, RequestRefused, TokenRefused

Found = TypeVar("Found")

_AGAIN_AFTER_S = 1.0
_EARLIEST = datetime(2006, 10, 1, tzinfo=UTC)  # Spotify began then
_NAME_MAX = 1000
_LONGEST_MS = 7 * 24 * 3600 * 1000
REVOKED = "no longer lets us in: access was withdrawn, or is over six months old. Connect it again"


@dataclass(frozen=True, slots=True)
class Service:
    """Our app at Spotify, and where Spotify is; `api_url` ends in /v1. Without a secret PKCE alone proves who asks."""

    client_id: str
    client_secret: str | None = field(repr=False)
    api_url: str
    accounts_url: str


class Spotify:
    """Signs people in at Spotify, and asks it about them."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._service = service
        self._clock = around.clock
        self._api = Wire(around, service.api_url, judge_api)
        self._accounts = Wire(around, service.accounts_url, judge_token)

    def close(self) -> None:
        """Let go of its connections."""
        self._api.close()
        self._accounts.close()

    # Tokens ---------------------------------------------------------------------------------------

    def sign_in_address(self, state: str, verifier: str, redirect_uri: str, scopes: str) -> str:
        """Return where a browser is sent to agree; `scopes` are separated by spaces."""
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "client_id": self._service.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": scopes,
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        }
        return f"{self._service.accounts_url.rstrip('/')}/authorize?{urlencode(query)}"

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Return the tokens for a code that a browser came back with.

        Raises:
            RequestRefused: the code is none of ours, was used, or is too old.
            IntegrationError: Spotify failed us.
        """
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        found = self._tokens({**asked, "code_verifier": verifier})
        if found.refresh is None:
            raise BadPayload(NAME, "handed over nothing to renew access with")
        return found

    def refresh(self, refresh_token: str) -> Tokens:
        """Return fresh tokens; the former refresh token may have ended with this.

        Raises:
            ReconnectNeeded: this refresh token is worth nothing any more.
            IntegrationError: Spotify failed us.
        """
        try:
            return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})
        except RequestRefused as error:
            if error.code == "invalid_grant":
                raise ReconnectNeeded(NAME, REVOKED) from None
            raise

    def _tokens(self, fields: dict[str, str]) -> Tokens:
        headers = {}
        if self._service.client_secret:
            pair = f"{self._service.client_id}:{self._service.client_secret}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            fields = {**fields, "client_id": self._service.client_id}
        asked_at = self._clock()
        answer = self._accounts.post(
            f"{self._service.accounts_url.rstrip('/')}/api/token", data=fields, headers=headers
        )
        try:
            body = answer.json()
            refresh, scope = body.get("refresh_token"), body.get("scope") or ""
            return Tokens(
                access=_text(body["access_token"]),
                refresh=_text(refresh) if refresh else None,
                expires_at=asked_at + timedelta(seconds=min(max(int(body["expires_in"]), 0), 86_400)),
                scopes=frozenset(_text(scope).split()) if scope else frozenset(),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            raise BadPayload(NAME, "sent tokens that we can't read") from None

    # Questions about a person ---------------------------------------------------------------------

    def me(self, access_token: str) -> Account:
        """Return whose token this is.

        Raises:
            TokenRefused: the token has ended.
            AccountRefused: Spotify doesn't let this person use this site.
            IntegrationError: Spotify failed us.
        """
        body = self._ask(access_token, lambda api: api.current_user())
        if not isinstance(body, dict):
            raise BadPayload(NAME, "doesn't say whose account this is")
        found = body.get("account_id") or body.get("id")
        if not isinstance(found, str) or not 0 < len(found) <= 200 or not _is_storable(found):
            raise BadPayload(NAME, "doesn't say whose account this is")
        name = body.get("display_name")
        return Account(found, _clean(name)[:60] if isinstance(name, str) else "")

    def recent_plays(self, access_token: str) -> list[ApiPlay]:
        """Return the latest plays, oldest first: 50 at most, which is all there is; music with names only.

        Raises:
            TokenRefused: the token has ended.
            ReconnectNeeded: we weren't allowed to see plays.
            RateLimited: `retry_after_s` says when to come back.
            IntegrationError: Spotify failed us.
        """
        body = self._ask(access_token, lambda api: api.current_user_recently_played(limit=REACH))
        items = body.get("items") if isinstance(body, dict) else None
        if not isinstance(items, list):
            raise BadPayload(NAME, "sent plays that we can't read")
        until = self._clock() + timedelta(days=1)
        found = [play for item in items[:REACH] if (play := _play(item)) and _EARLIEST <= play.played_at <= until]
        return sorted(found, key=lambda play: play.played_at)

    def _ask(self, token: str, question: Callable[[spotipy.Spotify], Found]) -> Found:
        """Return the answer; now and then Spotify overlooks a token that is fine, and is asked once more."""
        api = spotipy.Spotify(auth=token, requests_session=self._api)
        api.prefix = self._service.api_url.rstrip("/") + "/"
        try:
            try:
                return question(api)
            except TokenRefused as error:
                if NO_TOKEN not in str(error):
                    raise
            time.sleep(_AGAIN_AFTER_S)
            return question(api)
        except RecursionError:  # JSON in JSON in JSON
            raise BadPayload(NAME, "sent an answer that we can't read") from None


def _play(item: Any) -> ApiPlay | None:
    """Return one item of recently played; None for what tells no play of a track with a name."""
    try:
        track = item["track"]
        played_at = datetime.fromisoformat(item["played_at"])
        if played_at.tzinfo is None:
            return None
        played_at = played_at.astimezone(UTC)
        title, artist = _clean(track["name"]), _clean(track["artists"][0]["name"])
        uri, length = track["uri"], track.get("duration_ms")
        album = (track.get("album") or {}).get("name")
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    if not (title and artist) or not _is_track(uri):
        return None
    return ApiPlay(
        played_at=played_at,
        uri=uri,
        title=title,
        artist=artist,
        album=_clean(album) or None if isinstance(album, str) else None,
        duration_ms=length if isinstance(length, int) and 0 < length <= _LONGEST_MS else 0,
    )


def _is_track(uri: Any) -> bool:
    is_text = isinstance(uri, str) and len(uri) <= _NAME_MAX and _is_storable(uri)
    return is_text and uri.startswith(("spotify:track:", "spotify:local:"))


def _clean(text: str) -> str:
    """Return a name as it may be stored; "" for one that can't be.

    Raises:
        TypeError: it is no text.
    """
    if not isinstance(text, str):
        raise TypeError
    is_fine = len(text) <= _NAME_MAX and _is_storable(text)
    return " ".join(text.split()) if is_fine else ""


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any(0xD800 <= ord(c) <= 0xDFFF for c in text)


def _text(value: Any) -> str:
    """Return what has to be text.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(value, str) or not value or not _is_storable(value):
        raise TypeError
    return value
