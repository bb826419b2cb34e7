"""Spotify as it behaves toward an app in Development Mode: sign-in, tokens, refusals, and the last 50 plays.

Listeners are added with their plays; `listener` is who is at the browser. Everything is invented.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from rewrapped.clients import spotify as client
from rewrapped.clients.http import Surroundings
from rewrapped.deps import Deps
from rewrapped.services import calls
from tests.simulators.server import Asked, Reply, Simulator

CLIENT_ID, CLIENT_SECRET = "0123456789abcdef0123456789abcdef", "a client's secret of the simulator"
HOUR, HALF_YEAR = timedelta(hours=1), timedelta(days=182)
HTML_502 = Reply(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", {"Content-Type": "text/html"})
RESET = Reply(200, b"", is_reset=True)
TOKEN_OVERLOOKED = Reply(401, {"error": {"status": 401, "message": "Access token missing"}})
THROTTLED = Reply(429, {"error": {"status": 429, "message": "API rate limit exceeded"}}, {"Retry-After": "7"})
QUOTA = Reply(
    429,
    {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}},
    {"Retry-After": "48925"},
)
_NOT_LISTED = "User not registered in the Developer Dashboard"
_LAPSED = "Active premium subscription required for the owner of the app."
_VERIFIER = re.compile(r"[A-Za-z0-9_.~-]{43,128}", re.ASCII)


@dataclass(frozen=True)
class Played:
    """A play: of which track, when it ended, and when Spotify gets to know of it."""

    title: str
    artist: str
    played_at: datetime
    album: str = "Singles"
    duration_ms: int = 180_000
    known_at: datetime | None = None  # None: at once
    is_local: bool = False
    is_null: bool = False  # the track was taken down

    def item(self) -> dict[str, Any]:
        """Return it as recently-played tells it: no length of listening, no device."""
        stamp = self.played_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"track": None if self.is_null else self._track(), "played_at": stamp, "context": None}

    def _track(self) -> dict[str, Any]:
        key = hashlib.sha256(f"{self.artist}|{self.title}".encode()).hexdigest()[:22]
        uri = f"spotify:local:{self.artist}::{self.title}:180".replace(" ", "+")
        artist = {"name": self.artist, "type": "artist", "id": None if self.is_local else key[::-1]}
        return {
            "id": None if self.is_local else key,
            "uri": uri if self.is_local else f"spotify:track:{key}",
            "name": self.title,
            "type": "track",
            "artists": [artist],
            "album": {"name": self.album, "album_type": "single", "images": [], "artists": [artist]},
            "duration_ms": self.duration_ms,
            "explicit": False,
            "is_local": self.is_local,
            "is_playable": True,
            "preview_url": None,
            "external_ids": {},
        }


@dataclass
class Listener:
    """Somebody with an account at Spotify. `is_listed` says the app's owner added them."""

    id: str
    name: str
    plays: list[Played] = field(default_factory=list)
    is_listed: bool = True
    agrees: bool = True


@dataclass
class Grant:
    """What somebody agreed to once: every token of it ends six months later, or when it is withdrawn."""

    listener: Listener
    scopes: str
    begun_at: datetime
    is_withdrawn: bool = False
    refresh_token: str = ""


@dataclass(frozen=True)
class _Code:
    grant: Grant
    challenge: str
    redirect_uri: str
    ends_at: datetime


class SpotifySimulator(Simulator):
    """Answers `/authorize`, `/api/token` and what of `/v1` an app in Development Mode may ask."""

    def __init__(self, redirect_uri: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self.redirect_uri = redirect_uri
        self.clock = clock
        self.listeners: dict[str, Listener] = {}
        self.listener: Listener | None = None
        self.has_premium = True  # the app's owner
        self.rotates = True  # a refresh token ends with its use
        self.is_asking = False  # the page asks, in place of agreeing at once
        self.grants: list[Grant] = []
        self.refresh_count = 0
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, tuple[Grant, datetime]] = {}
        self._lock = threading.Lock()

    def add(self, id_: str, *plays: Played, **more: Any) -> Listener:
        """Add a listener, who is at the browser from now on."""
        self.listener = self.listeners[id_] = Listener(id_, more.pop("name", id_.title()), list(plays), **more)
        return self.listener

    def settings(self) -> dict[str, str]:
        """Return what a site is set to, by the names of its variables."""
        return {
            "SPOTIFY_CLIENT_ID": CLIENT_ID,
            "SPOTIFY_CLIENT_SECRET": CLIENT_SECRET,
            "REWRAPPED_SPOTIFY_API_URL": f"{self.url}/v1",
            "REWRAPPED_SPOTIFY_ACCOUNTS_URL": self.url,
        }

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            if asked.path == "/authorize":
                return self._authorize(asked)
            if asked.path == "/api/token":
                return self._token(asked)
            return self._api(asked)

    # Signing in -----------------------------------------------------------------------------------

    def _authorize(self, asked: Asked) -> Reply:
        wanted = asked.params
        if wanted.get("client_id") != CLIENT_ID:
            return _page(400, "INVALID_CLIENT: Invalid client")
        if wanted.get("redirect_uri") != self.redirect_uri or not _may_be_redirect(self.redirect_uri):
            return _page(400, "INVALID_CLIENT: Invalid redirect URI")
        if wanted.get("response_type") != "code" or wanted.get("code_challenge_method") != "S256":
            return self._back(wanted, error="invalid_request")
        chosen = self.listeners.get(wanted.get("as", ""), self.listener)
        if self.is_asking and "as" not in wanted:
            return _page(200, "Agree?", self._choices(wanted))
        if chosen is None or not chosen.agrees or wanted.get("as") == "":
            return self._back(wanted, error="access_denied")
        grant = Grant(chosen, wanted.get("scope", ""), self.clock())
        self.grants.append(grant)
        code = secrets.token_urlsafe(48)
        challenge, until = wanted.get("code_challenge", ""), self.clock() + timedelta(minutes=10)
        self._codes[code] = _Code(grant, challenge, wanted["redirect_uri"], until)
        return self._back(wanted, code=code)

    def _choices(self, wanted: dict[str, str] | Any) -> Sequence[tuple[str, str]]:
        people = [(f"Agree as {one.name}", {**wanted, "as": one.id}) for one in self.listeners.values()]
        return [
            (label, f"/authorize?{urlencode(query)}") for label, query in [*people, ("Cancel", {**wanted, "as": ""})]
        ]

    def _back(self, wanted: Any, **said: str) -> Reply:
        query = urlencode({**said, "state": wanted.get("state", "")})
        return Reply(302, b"", {"Location": f"{self.redirect_uri}?{query}"})

    def _token(self, asked: Asked) -> Reply:
        if not _knows_client(asked):
            return Reply(400, {"error": "invalid_client", "error_description": "Invalid client"})
        kind = asked.form.get("grant_type")
        if kind == "authorization_code":
            return self._by_code(asked.form)
        if kind == "refresh_token":
            return self._by_refresh_token(asked.form.get("refresh_token", ""))
        return Reply(400, {"error": "unsupported_grant_type", "error_description": "grant_type is not supported"})

    def _by_code(self, form: Any) -> Reply:
        found = self._codes.pop(form.get("code", ""), None)  # good once, whatever comes of it
        verifier = form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if found is None or self.clock() > found.ends_at:
            return _bad_grant("Invalid authorization code")
        if found.redirect_uri != form.get("redirect_uri"):
            return _bad_grant("Invalid redirect URI")
        if not _VERIFIER.fullmatch(verifier) or digest != found.challenge:
            return _bad_grant("code_verifier was incorrect")
        return self._hand_over(found.grant, is_first=True)

    def _by_refresh_token(self, token: str) -> Reply:
        grant = next((one for one in self.grants if token and one.refresh_token == token), None)
        if grant is None or grant.is_withdrawn:
            return _bad_grant("Refresh token revoked")
        if self.clock() >= grant.begun_at + HALF_YEAR:
            return _bad_grant("Refresh token expired")
        self.refresh_count += 1
        return self._hand_over(grant, is_first=False)

    def _hand_over(self, grant: Grant, *, is_first: bool) -> Reply:
        access = secrets.token_urlsafe(64)
        self._access[access] = (grant, self.clock() + HOUR)
        body = {"access_token": access, "token_type": "Bearer", "scope": grant.scopes, "expires_in": 3600}
        if is_first or self.rotates:
            grant.refresh_token = body["refresh_token"] = secrets.token_urlsafe(64)
        return Reply(200, body)

    # The Web API ----------------------------------------------------------------------------------

    def _api(self, asked: Asked) -> Reply:
        scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
        grant, until = self._access.get(token, (None, self.clock()))
        if scheme != "Bearer" or grant is None or grant.is_withdrawn or self.clock() >= until:
            return _error(401, "The access token expired" if grant else "Invalid access token")
        if not self.has_premium:
            return _error(403, _LAPSED)
        if not grant.listener.is_listed:
            return Reply(403, _NOT_LISTED.encode(), {"Content-Type": "text/plain"})
        if asked.path.rstrip("/") == "/v1/me":
            return Reply(200, _profile(grant.listener))
        if asked.path == "/v1/me/player/recently-played":
            if "user-read-recently-played" not in grant.scopes.split():
                return _error(403, "Insufficient client scope")
            return self._recently_played(grant.listener, asked)
        return _error(403, "Forbidden")

    def _recently_played(self, listener: Listener, asked: Asked) -> Reply:
        limit = int(asked.params.get("limit", "20"))
        if not 1 <= limit <= 50 or ("after" in asked.params and "before" in asked.params):
            return _error(400, "Invalid request")
        now = self.clock()
        known = [one for one in listener.plays if (one.known_at or one.played_at) <= now]
        reachable = sorted(known, key=lambda one: one.played_at, reverse=True)[:50]
        if "after" in asked.params:
            reachable = [one for one in reachable if _ms(one) > int(asked.params["after"])]
        if "before" in asked.params:
            reachable = [one for one in reachable if _ms(one) < int(asked.params["before"])]
        shown = reachable[:limit]
        cursors = {"after": str(_ms(shown[0])), "before": str(_ms(shown[-1]))} if shown else None
        next_ = f"{self.url}{asked.path}?before={_ms(shown[-1])}&limit={limit}" if len(reachable) > limit else None
        items = [one.item() for one in shown]
        return Reply(200, {"items": items, "next": next_, "cursors": cursors, "limit": limit, "href": self.url})

    def tokens(self) -> list[str]:
        """Return the access tokens handed out."""
        return list(self._access)

    def end_access(self) -> None:
        """Let every access token end now; refresh tokens go on."""
        self._access.clear()


@contextmanager
def connected(deps: Deps, simulator: SpotifySimulator, *, has_secret: bool = True) -> Iterator[Deps]:
    """Hand over Deps with a way to a simulator that is being served."""
    secret = CLIENT_SECRET if has_secret else None
    service = client.Service(CLIENT_ID, secret, f"{simulator.url}/v1", simulator.url)
    way = client.Spotify(service, Surroundings(calls.recorder(deps.engine, deps.clock), deps.clock))
    yield replace(deps, spotify=way)
    way.close()


def _profile(listener: Listener) -> dict[str, Any]:
    """Return what Development Mode tells of somebody: no address, no country, no product."""
    return {
        "account_id": f"account-{listener.id}",
        "id": listener.id,
        "display_name": listener.name,
        "images": [],
        "type": "user",
        "uri": f"spotify:user:{listener.id}",
    }


def _knows_client(asked: Asked) -> bool:
    given = asked.headers.get("Authorization", "")
    if not given:
        return asked.form.get("client_id") == CLIENT_ID
    return given == f"Basic {base64.b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()}"


def _may_be_redirect(uri: str) -> bool:
    parts = urlsplit(uri)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1"))


def _ms(play: Played) -> int:
    return round(play.played_at.timestamp() * 1000)


def _error(status: int, message: str) -> Reply:
    return Reply(status, {"error": {"status": status, "message": message}})


def _bad_grant(said: str) -> Reply:
    return Reply(400, {"error": "invalid_grant", "error_description": said})


def _page(status: int, text: str, links: Sequence[tuple[str, str]] = ()) -> Reply:
    items = "".join(f'<p><a href="{html.escape(where)}">{html.escape(label)}</a></p>' for label, where in links)
    head = "<!doctype html><link rel=icon href='data:,'><title>Simulated sign-in</title>"
    body = f"{head}<h1>{html.escape(text)}</h1>{items}"
    return Reply(status, body.encode(), {"Content-Type": "text/html; charset=utf-8"})
