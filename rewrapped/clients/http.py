"""How outside services are asked: bounded in time and size, never redirected, every call told, no key in any text.

A key is put into a request at the last moment and is part of nothing else: not
of an error, a log line, a cache's key or a repr. Errors are raised outside of
the driver's own, whose texts hold addresses with keys in them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import quote, quote_plus, urlencode

import requests
from urllib3.exceptions import HTTPError

from rewrapped.errors import BadPayload, IntegrationError, KeyRefused, RateLimited, RequestRefused, Unavailable

CONNECT_S, READ_S, WHOLE_S = 5.0, 20.0, 60.0
_FOR_NOW = (408, 425)  # too slow, too early: the question itself isn't refused
LARGEST_BYTES = 16 * 1024**2
USER_AGENT = "music-rewrapped"

_CHUNK_BYTES = 64 * 1024
_LONGEST_WAIT_S = 31 * 24 * 3600

# Below errors urllib3 writes whole addresses into its log, keys and all.
for _name in ("urllib3.connectionpool", "urllib3.connection"):
    logging.getLogger(_name).setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Call:
    """One question to a service as it is logged; `endpoint` is a template without ids, queries or keys."""

    service: str
    endpoint: str
    status: int | None  # None: no answer came
    ms: int
    retry_after_s: int | None = None
    is_cached: bool = False


RecordCall = Callable[[Call], None]
Params = Mapping[str, str | Sequence[str]]  # a name with several values stands in the query several times


class AnswerCache(Protocol):
    """Where answers are kept for a while."""

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key not too long ago."""

    def put(self, key: str, answer: bytes, keep_s: int) -> None:
        """Keep an answer."""


class Turns(Protocol):
    """Who may ask next, where several processes ask one service."""

    def wait_s(self, service: str, pause_s: float) -> float | None:
        """Take the next turn at a service; return the seconds until it comes, None when they can't be told."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of ours and where it goes: into a header, after a prefix, or into the query."""

    name: str
    secret: str = field(repr=False)
    prefix: str = ""
    is_parameter: bool = False

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the key into a request, as requests asks of an `auth`."""
        if self.is_parameter:
            request.prepare_url(request.url, {self.name: self.secret})
        else:
            request.headers[self.name] = self.prefix + self.secret
        return request

    def taken_out(self, body: bytes) -> bytes:
        """Return an answer without the key: some echo it in the addresses of further pages."""
        for form in {self.secret, quote(self.secret, safe=""), quote_plus(self.secret)} - {""}:
            body = body.replace(form.encode(), b"")
        return body


@dataclass(frozen=True, slots=True)
class Service:
    """Whom we ask: its name for people and for the log, its address, our key, and how fast and how long.

    Answers are kept `keep_s` seconds, 0 for not at all; calls are at least
    `pause_s` seconds apart. A question is asked up to `tries` times while the
    service says that it is busy (503) and not for how long.
    """

    name: str
    log_name: str
    url: str
    key: Key | None
    keep_s: int
    pause_s: float = 0.5
    whole_s: float = WHOLE_S
    tries: int = 1
    sends_lists: bool = False  # answers are bare lists, which come as {"list": [...]}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every client is handed: where calls are told, the clock (aware, UTC), and where answers are kept.

    `turns` keeps the pace across processes; without it each keeps its own. `user_agent` says who asks.
    """

    record_call: RecordCall
    clock: Callable[[], datetime]
    cache: AnswerCache | None = None
    turns: Turns | None = None
    user_agent: str = USER_AGENT


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said, and when."""

    body: dict[str, Any]
    fetched_at: datetime


@dataclass(slots=True)
class _Reply:
    """What came back before anybody has judged it; status None: nothing did, `trouble` says why."""

    status: int | None = None
    body: bytes = b""
    retry_after_s: int | None = None
    trouble: str = ""


class JsonApi:
    """Asks one service for JSON objects."""

    def __init__(self, service: Service, around: Surroundings) -> None:
        self._service = service
        self._around = around
        self._session = requests.Session()
        self._session.headers["User-Agent"] = around.user_agent
        self._free_at = 0.0

    def close(self) -> None:
        """Let go of its connections."""
        self._session.close()

    def get(
        self, endpoint: str, params: Params, is_readable: Callable[[dict[str, Any]], bool], *, logged: str = ""
    ) -> Answer:
        """Return the answer to a question, from the cache while it is fresh; only a readable one is kept.

        `logged` is how the call is told where the endpoint itself names somebody.

        Raises:
            Unavailable, RateLimited: waiting may help.
            KeyRefused: our key isn't taken.
            RequestRefused: this question isn't.
            BadPayload: the answer can't be read.
        """
        kept = self._kept(endpoint, params)
        if kept is not None:
            self._around.record_call(Call(self._service.log_name, logged or endpoint, 200, 0, is_cached=True))
            return kept
        body = self._judged(self._reply(endpoint, params, logged or endpoint))
        if not is_readable(body):
            raise BadPayload(self._service.name, "sent something of another form")
        fetched_at = self._around.clock()
        self._keep(endpoint, params, body, fetched_at)
        return Answer(body, fetched_at)

    def _reply(self, endpoint: str, params: Params, logged: str) -> _Reply:
        """Ask in our turn, again while the service is busy; every time is told."""
        for tries_left in reversed(range(self._service.tries)):
            self._wait_for_turn()
            started = time.monotonic()
            reply = self._ask(endpoint, params)
            ms = round((time.monotonic() - started) * 1000)
            self._around.record_call(Call(self._service.log_name, logged, reply.status, ms, reply.retry_after_s))
            if not tries_left or reply.status != 503 or reply.retry_after_s is not None:
                break
        return reply

    def _wait_for_turn(self) -> None:
        turns, service = self._around.turns, self._service
        wait_s = turns.wait_s(service.log_name, service.pause_s) if turns else None
        if wait_s is None:
            now = time.monotonic()
            wait_s = max(0.0, self._free_at - now)
            self._free_at = now + wait_s + service.pause_s
        if wait_s > 0:
            time.sleep(wait_s)

    def _ask(self, endpoint: str, params: Params) -> _Reply:
        try:
            with self._session.get(
                self._service.url.rstrip("/") + endpoint,
                params=dict(params),
                auth=self._service.key,
                timeout=(CONNECT_S, min(READ_S, self._service.whole_s)),
                allow_redirects=False,
                stream=True,
            ) as response:
                reply = _Reply(response.status_code)
                if not response.ok:
                    reply.retry_after_s = retry_after_s(response.headers, self._around.clock())
                self._read(response, reply)
                return reply
        except requests.Timeout:
            return _Reply(trouble="takes too long to answer")
        except (requests.RequestException, HTTPError, OSError, ValueError):
            return _Reply(trouble="can't be reached")

    def _read(self, response: requests.Response, reply: _Reply) -> None:
        """Read the body piece by piece: a server that drips or never ends is left in time."""
        deadline = time.monotonic() + self._service.whole_s
        pieces, size = [], 0
        try:
            while piece := response.raw.read1(_CHUNK_BYTES, decode_content=True):
                size += len(piece)
                if size > LARGEST_BYTES:
                    reply.trouble = "sent more than we take"
                    return
                if time.monotonic() > deadline:
                    reply.trouble = "takes too long to answer"
                    return
                pieces.append(piece)
        except (HTTPError, OSError, ValueError):
            reply.trouble = "broke off in the middle of an answer"
            return
        body, key = b"".join(pieces), self._service.key
        reply.body = key.taken_out(body) if key else body

    def _judged(self, reply: _Reply) -> dict[str, Any]:
        """Return the object of a good answer, raise for any other; the texts are ours alone."""
        name, status = self._service.name, reply.status
        if status == 429:
            raise RateLimited(name, "asks us to wait", retry_after_s=reply.retry_after_s)
        if status is None or reply.trouble:
            raise Unavailable(name, reply.trouble or "can't be reached")
        if status >= 500 or status in _FOR_NOW:
            raise Unavailable(name, f"has troubles of its own ({status})", retry_after_s=reply.retry_after_s)
        body = _object(reply.body, or_list=self._service.sends_lists)
        if status != 200:
            raise self._refusal(status, body)
        if body is None:
            raise BadPayload(name, "sent something that can't be read")
        return body

    def _refusal(self, status: int, body: dict[str, Any] | None) -> IntegrationError:
        code = _code(body)
        if status == 401 or (status == 403 and not code):
            return KeyRefused(self._service.name, "doesn't take our key" if self._service.key else "doesn't let us in")
        if status < 400:
            return BadPayload(self._service.name, f"wants to send us elsewhere ({status})")
        return RequestRefused(self._service.name, f"refused a question ({status})", code=code, status=status)

    # Keeping answers ------------------------------------------------------------------------------

    def _kept(self, endpoint: str, params: Params) -> Answer | None:
        cache = self._around.cache if self._service.keep_s else None
        kept = cache.get(self._cache_key(endpoint, params)) if cache else None
        found = _object(kept) if kept else None
        if found is None:
            return None
        try:
            return Answer(found["body"], datetime.fromisoformat(found["fetched_at"]))
        except (KeyError, TypeError, ValueError):
            return None

    def _keep(self, endpoint: str, params: Params, body: dict[str, Any], fetched_at: datetime) -> None:
        if self._around.cache and self._service.keep_s:
            kept = json.dumps({"fetched_at": fetched_at.isoformat(), "body": body}).encode()
            self._around.cache.put(self._cache_key(endpoint, params), kept, self._service.keep_s)

    def _cache_key(self, endpoint: str, params: Params) -> str:
        asked = f"{self._service.url}{endpoint}?{urlencode(sorted(params.items()), doseq=True)}"
        return f"{self._service.log_name}:{hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()}"


def _object(body: bytes, *, or_list: bool = False) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if or_list and isinstance(found, list):
        return {"list": found}
    return found if isinstance(found, dict) else None


def _code(body: dict[str, Any] | None) -> str:
    """Return JamBase's or Ticketmaster's word for an error, or Last.fm's number."""
    number = (body or {}).get("error")
    if isinstance(number, int):
        return str(number)[:60]
    errors = (body or {}).get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    code = (first.get("errorCode") or first.get("code")) if isinstance(first, dict) else None
    return code[:60] if isinstance(code, str) else ""


def retry_after_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return how long to wait: Retry-After in seconds or as a date, else as Ticketmaster or ListenBrainz says it.

    Ticketmaster names a moment in milliseconds, ListenBrainz a number of seconds.
    """
    said, reset = headers.get("Retry-After", "").strip(), headers.get("Rate-Limit-Reset", "").strip()
    try:
        if said:
            wait_s = float(said) if said.isascii() and said.isdigit() else (_as_moment(said) - now).total_seconds()
        elif headers.get("Rate-Limit-Available", "").strip() == "0":
            wait_s = int(reset) / 1000 - now.timestamp()
        elif headers.get("X-RateLimit-Remaining", "").strip() == "0":
            wait_s = int(headers.get("X-RateLimit-Reset-In", ""))
        else:
            return None
    except (ValueError, TypeError, OverflowError):
        return None
    return math.ceil(min(max(wait_s, 1), _LONGEST_WAIT_S))


def _as_moment(text: str) -> datetime:
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
