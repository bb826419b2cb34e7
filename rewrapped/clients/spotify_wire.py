"""How Spotify is reached: bounded in time and size, never redirected, no cookie kept, every call told, errors typed.

spotipy would wait for hours where Spotify asks it to, and its errors and logs hold addresses and headers. So it is
handed this session, which judges every answer before spotipy sees it.
"""

from __future__ import annotations

import io
import json
import logging
import re
import time
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from rewrapped.clients.http import CONNECT_S, Call, Surroundings, retry_after_s
from rewrapped.errors import (
    AccountRefused,
    BadPayload,
    IntegrationError,
    QuotaUsedUp,
    RateLimited,
    ReconnectNeeded,
    RequestRefused,
    TokenRefused,
    Unavailable,
)

NAME = "Spotify"
READ_S, WHOLE_S = 10.0, 20.0
_LARGEST_BYTES = 4 * 1024**2
_CHUNK_BYTES = 64 * 1024
_LONG_WAIT_S = 60
_FOR_NOW = (408, 425)
_ID = re.compile(r"(?<=/)[A-Za-z0-9]{22}(?=/|$)", re.ASCII)

logging.getLogger("spotipy").setLevel(logging.CRITICAL + 1)  # it writes tokens, and every refusal, into its log

NOT_LISTED = (
    "doesn't let your account use this site yet: its operator has to add your Spotify address to the users of"
    " their app first"
)
OWNER_LAPSED = (
    "has shut this site out because its operator's Premium ended. It works again some hours after they renew it"
)
PREMIUM_NEEDED = "does this only for accounts with Premium"
SCOPE_MISSING = "wasn't allowed to show us that. Connect it again, and leave every box as it is"
NO_TOKEN = "Access token missing"  # noqa: S105 - what Spotify says now and then of a token that is fine


class _NoNetrc(AuthBase):
    """Keeps requests from putting what a file in the home folder says in place of our own header."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Wire(requests.Session):
    """A session that hands over answers which were good, and raises typed errors for all others."""

    def __init__(self, around: Surroundings, root: str, judge: Callable[[int, bytes, int | None], None]) -> None:
        super().__init__()
        self.headers["User-Agent"] = around.user_agent
        self.auth = _NoNetrc()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # one listener's would go out with another's
        self._around, self._judge = around, judge
        self._root = urlsplit(root).path.rstrip("/")

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        """Ask; return an answer with its body read.

        Raises:
            IntegrationError: Spotify failed us, or refused; see `judge_api` and `judge_token`.
        """
        options |= {"allow_redirects": False, "stream": True, "timeout": (CONNECT_S, READ_S)}
        started = time.monotonic()
        status, body, wait_s, trouble = None, b"", None, ""
        try:
            with super().request(method, url, *args, **options) as answer:
                status = answer.status_code
                wait_s = None if answer.ok else retry_after_s(answer.headers, self._around.clock())
                body, trouble = _read(answer, started + WHOLE_S)
        except requests.Timeout:
            trouble = "takes too long to answer"
        except (requests.RequestException, HTTPError, OSError, ValueError):
            trouble = "can't be reached"
        self._tell(str(url), status, started, wait_s)
        if status is None or trouble:
            raise Unavailable(NAME, trouble)
        self._judge(status, body, wait_s)
        good = requests.Response()
        good.status_code, good.raw = status, io.BytesIO(body)
        return good

    def _tell(self, url: str, status: int | None, started: float, wait_s: int | None) -> None:
        endpoint = _ID.sub("{id}", urlsplit(url).path.removeprefix(self._root)).rstrip("/")
        ms = round((time.monotonic() - started) * 1000)
        self._around.record_call(Call("spotify", endpoint, status, ms, wait_s))


def judge_api(status: int, body: bytes, wait_s: int | None) -> None:
    """Raise unless Spotify's Web API has answered what was asked."""
    _judge_trouble(status, body, wait_s)
    message, reason = _said(body)
    if status == 401:
        if "permission" in message.lower():
            raise ReconnectNeeded(NAME, SCOPE_MISSING)
        raise TokenRefused(NAME, "says that our access has ended" if message != NO_TOKEN else NO_TOKEN)
    if status == 403:
        raise _forbidden(message.lower(), reason)
    if status >= 400:
        raise RequestRefused(NAME, f"refused a question ({status})", code=reason, status=status)


def judge_token(status: int, body: bytes, wait_s: int | None) -> None:
    """Raise unless Spotify has handed over tokens."""
    _judge_trouble(status, body, wait_s)
    if status >= 400:
        found = _object(body).get("error")
        code = found[:60] if isinstance(found, str) else ""
        reason = (
            "doesn't know this site's client id or secret; its operator has to look at both"
            if code == "invalid_client"
            else "didn't accept that sign-in. Please begin again"
        )
        raise RequestRefused(NAME, reason, code=code, status=status)


def _judge_trouble(status: int, body: bytes, wait_s: int | None) -> None:
    if status == 429:
        _, reason = _said(body)
        is_long = reason == "QUOTA_EXCEEDED" or (wait_s or 0) > _LONG_WAIT_S
        error = QuotaUsedUp if is_long else RateLimited
        raise error(NAME, "has told us enough for now" if is_long else "asks us to wait", retry_after_s=wait_s)
    if status >= 500 or status in _FOR_NOW:
        raise Unavailable(NAME, f"has troubles of its own ({status})", retry_after_s=wait_s)
    if 300 <= status < 400:
        raise BadPayload(NAME, f"wants to send us elsewhere ({status})")


def _forbidden(message: str, reason: str) -> IntegrationError:
    """Return what a 403 means; its wording varies."""
    if "premium" in message and "owner" in message:
        return AccountRefused(NAME, OWNER_LAPSED)
    if reason == "PREMIUM_REQUIRED" or "premium" in message:
        return AccountRefused(NAME, PREMIUM_NEEDED)
    if "scope" in message:
        return ReconnectNeeded(NAME, SCOPE_MISSING)
    if "not registered" in message or "dashboard" in message or "not be registered" in message:
        return AccountRefused(NAME, NOT_LISTED)
    return RequestRefused(NAME, "refused a question (403)", code=reason, status=403)


def _said(body: bytes) -> tuple[str, str]:
    """Return message and reason of an error of the Web API; some are plain text."""
    error = _object(body).get("error")
    if not isinstance(error, dict):
        return body[:500].decode("utf-8", "replace"), ""
    message, reason = error.get("message"), error.get("reason")
    return message if isinstance(message, str) else "", reason[:60] if isinstance(reason, str) else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(answer: requests.Response, deadline: float) -> tuple[bytes, str]:
    """Return the body, and what went wrong with it: a server that drips or never ends is left in time."""
    pieces, size = [], 0
    try:
        while piece := answer.raw.read1(_CHUNK_BYTES, decode_content=True):
            size += len(piece)
            if size > _LARGEST_BYTES:
                return b"", "sent more than we take"
            if time.monotonic() > deadline:
                return b"", "takes too long to answer"
            pieces.append(piece)
    except (HTTPError, OSError, ValueError):
        return b"", "broke off in the middle of an answer"
    return b"".join(pieces), ""
