"""Asking outside services: every fault is one sentence, every call is told, and no key is in any text."""

from __future__ import annotations

import gzip
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest
from redis import Redis

from rewrapped.clients import http
from rewrapped.clients.answers import RedisAnswers
from rewrapped.clients.http import Call, JsonApi, Key, Service, Surroundings
from rewrapped.errors import BadPayload, IntegrationError, KeyRefused, RateLimited, RequestRefused, Unavailable
from rewrapped.queueing import make_redis
from tests.clients.asking import NOW, Memory
from tests.simulators.server import Asked, Reply, Simulator, serving

SECRET = "s3cret/key+of=mine"


class Echo(Simulator):
    """Answers with what it was asked."""

    def answer(self, asked: Asked) -> Reply:
        return Reply(200, {"params": dict(asked.params), "bearer": asked.headers.get("Authorization")})


@pytest.fixture
def echo() -> Iterator[Echo]:
    with serving(Echo()) as server:
        yield server


@contextmanager
def asking(url: str, calls: list[Call], cache: Memory | RedisAnswers | None = None, **more: float) -> Iterator[JsonApi]:
    key = Key("apikey", SECRET, is_parameter=True)
    service = Service("The Echo", "echo", url, key, 60, **{"pause_s": 0.0, **more})
    api = JsonApi(service, Surroundings(calls.append, lambda: NOW, cache))
    try:
        yield api
    finally:
        api.close()


def gave(simulator: Echo, reply: Reply) -> tuple[IntegrationError, list[Call]]:
    """Return how a reply ends, and what was told of the call."""
    simulator.faults.append(reply)
    calls: list[Call] = []
    with asking(simulator.url, calls) as api, pytest.raises(IntegrationError) as caught:
        api.get("/things", {"a": "1"}, readable)
    return caught.value, calls


def readable(body: dict[str, object]) -> bool:
    """Return whether an answer isn't marked as one of another form."""
    return "odd" not in body


FAULTS: list[tuple[Reply, type[IntegrationError]]] = [
    (Reply(500, {"error": "x"}), Unavailable),
    (Reply(503, b"<html>down</html>"), Unavailable),
    (Reply(200, b"<html>hello</html>"), BadPayload),
    (Reply(200, b'{"a": '), BadPayload),
    (Reply(200, b"[" * 200_000), BadPayload),
    (Reply(200, [1, 2]), BadPayload),
    (Reply(200, {"odd": 1}), BadPayload),
    (Reply(200, b""), BadPayload),
    (Reply(200, b'{"a": ' + b"9" * 5000 + b"}"), BadPayload),
    (Reply(200, {"a": "b" * 1000}, cut_at=100), Unavailable),
    (Reply(200, b"not gzip", {"Content-Encoding": "gzip"}), Unavailable),
    (Reply(302, {}, {"Location": "http://127.0.0.1:9/elsewhere"}), BadPayload),
    (Reply(401, {"fault": {}}), KeyRefused),
    (Reply(403, b"no"), KeyRefused),
    (Reply(400, {"errors": [{"code": "DIS1035"}]}), RequestRefused),
    (Reply(404, {"errors": "odd"}), RequestRefused),
    (Reply(429, b"slow down"), RateLimited),
]


@pytest.mark.parametrize(("reply", "kind"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_every_fault_has_its_kind_is_told_and_is_one_sentence(
    echo: Echo, reply: Reply, kind: type[IntegrationError]
) -> None:
    error, calls = gave(echo, reply)
    assert type(error) is kind
    assert str(error).startswith("The Echo ")
    assert str(error).endswith(".")
    assert [(call.service, call.endpoint, call.status, call.is_cached) for call in calls] == [
        ("echo", "/things", reply.status, False)
    ]


def test_a_server_that_is_away_is_told_as_a_call_without_an_answer() -> None:
    calls: list[Call] = []
    with asking("http://127.0.0.1:9", calls) as api, pytest.raises(Unavailable):
        api.get("/things", {}, readable)
    assert [call.status for call in calls] == [None]


@pytest.mark.parametrize(
    ("reply", "status"),
    [(Reply(200, {}, is_stalled=True), None), (Reply(200, {"a": "b" * 10_000}, is_dripping=True), 200)],
)
def test_a_server_that_says_nothing_or_drips_is_left_in_time(echo: Echo, reply: Reply, status: int | None) -> None:
    echo.faults.append(reply)
    calls: list[Call] = []
    with asking(echo.url, calls, whole_s=0.2) as api, pytest.raises(Unavailable, match="too long"):
        api.get("/things", {}, readable)
    assert [call.status for call in calls] == [status]


def test_more_than_we_take_is_left_unread_also_when_it_comes_packed(
    echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "LARGEST_BYTES", 100_000)
    for reply in (
        Reply(200, {"a": "b" * 200_000}),
        Reply(200, gzip.compress(b" " * 5_000_000), {"Content-Encoding": "gzip"}),
    ):
        error, _ = gave(echo, reply)
        assert type(error) is Unavailable
        assert "more than we take" in str(error)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": format_datetime(NOW + timedelta(minutes=2), usegmt=True)}, 120),
        ({"Retry-After": "later"}, None),
        ({"Retry-After": "9" * 400}, 31 * 86400),
        ({"Retry-After": "99999999999"}, 31 * 86400),
        ({"Rate-Limit-Available": "0", "Rate-Limit-Reset": str(int(NOW.timestamp() * 1000) + 90_000)}, 90),
        ({"Rate-Limit-Available": "0", "Rate-Limit-Reset": "soon"}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "8"}, 8),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "nan"}, None),
        ({"X-RateLimit-Remaining": "0"}, None),
        ({"X-RateLimit-Remaining": "3", "X-RateLimit-Reset-In": "8"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_in_every_form(echo: Echo, headers: dict[str, str], wait_s: int | None) -> None:
    error, calls = gave(echo, Reply(429, {}, headers))
    assert isinstance(error, RateLimited)
    assert error.retryable
    assert error.retry_after_s == wait_s
    assert calls[0].retry_after_s == wait_s


def test_the_key_goes_where_it_belongs(echo: Echo) -> None:
    with asking(echo.url, []) as api:
        api.get("/things", {"a": "1"}, readable)
    assert echo.asked[-1].params == {"a": "1", "apikey": SECRET}
    service = Service("The Echo", "echo", echo.url, Key("Authorization", SECRET, prefix="Bearer "), 60, 0)
    api = JsonApi(service, Surroundings([].append, lambda: NOW))
    api.get("/things", {"a": "1"}, readable)
    api.close()
    assert echo.asked[-1].params == {"a": "1"}
    assert echo.asked[-1].headers["Authorization"] == f"Bearer {SECRET}"


def test_no_text_holds_the_key_whatever_goes_wrong(echo: Echo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []
    replies = [reply for reply, _ in FAULTS]
    replies.append(Reply(400, {"errors": [{"code": SECRET, "detail": SECRET}]}))
    replies.append(Reply(200, {"x": 1}, {"Bad header \x01": SECRET, "": "x"}))
    for url in (echo.url, "http://127.0.0.1:9", "http://[bad", "http://unknown.invalid"):
        echo.faults.extend(replies)
        calls: list[Call] = []
        with asking(url, calls) as api:
            for _ in replies:
                try:
                    api.get("/things", {}, readable)
                except IntegrationError as error:
                    texts += ["".join(traceback.format_exception(error)), repr(error), str(error.__context__)]
            texts += [repr(api), repr(api._service), repr(calls)]
        echo.faults.clear()
    assert SECRET not in "\n".join([*texts, caplog.text, *(str(record.__dict__) for record in caplog.records)])
    assert "s3cret" not in "\n".join([*texts, caplog.text])


def test_a_cached_answer_costs_no_call_and_is_told_as_cached(echo: Echo) -> None:
    calls: list[Call] = []
    with asking(echo.url, calls, Memory()) as api:
        first = api.get("/things", {"a": "1", "b": "2"}, readable)
        again = api.get("/things", {"b": "2", "a": "1"}, readable)
        api.get("/things", {"a": "2"}, readable)
    assert first == again
    assert len(echo.asked) == 2
    assert [call.is_cached for call in calls] == [False, True, False]


def test_failures_are_not_cached(echo: Echo) -> None:
    cache = Memory()
    echo.faults.extend([Reply(500, {}), Reply(200, {"odd": 1})])
    with asking(echo.url, [], cache) as api:
        for kind in (Unavailable, BadPayload):
            with pytest.raises(kind):
                api.get("/things", {}, readable)
        assert cache.kept == {}
        api.get("/things", {}, readable)
    assert len(cache.kept) == 1


def test_the_cache_holds_no_key_in_names_or_answers(echo: Echo, redis: Redis) -> None:
    with asking(echo.url, [], RedisAnswers(redis)) as api:
        answer = api.get("/things", {"a": "1"}, readable)
        kept = api.get("/things", {"a": "1"}, readable)
    assert answer.body == kept.body == {"params": {"a": "1", "apikey": ""}, "bearer": None}
    [name] = redis.keys()
    assert SECRET.encode() not in name
    assert 0 < redis.ttl(name) <= 60


@pytest.mark.parametrize("spoil", [lambda redis, name: redis.set(name, b"x"), lambda redis, name: redis.delete(name)])
def test_a_spoilt_cache_is_asked_past(echo: Echo, redis: Redis, spoil: Callable[[Redis, bytes], object]) -> None:
    with asking(echo.url, [], RedisAnswers(redis)) as api:
        api.get("/things", {}, readable)
        [name] = redis.keys()
        spoil(redis, name)
        api.get("/things", {}, readable)
    assert len(echo.asked) == 2


def test_without_redis_everything_is_asked_for(echo: Echo) -> None:
    with make_redis("redis://127.0.0.1:9/0") as away, asking(echo.url, [], RedisAnswers(away)) as api:
        api.get("/things", {}, readable)
        api.get("/things", {}, readable)
    assert len(echo.asked) == 2


def test_calls_keep_their_distance(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    with asking(echo.url, [], pause_s=500) as api, monkeypatch.context() as patch:
        patch.setattr(http.time, "sleep", slept.append)
        for _ in range(3):
            api.get("/things", {}, readable)
    assert len(slept) == 2
    assert 400 < slept[0] <= 500 < slept[1] <= 1000
