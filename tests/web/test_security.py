"""The guard: hosts, unknown addresses, blocked ones, limits, headers, cookies; and the health of the site."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.errors import SetupError
from rewrapped.queueing import make_redis
from rewrapped.settings import Settings
from rewrapped.storage import database
from rewrapped.web import callers, policy, security
from rewrapped.web.policy import Policy
from tests.web.conftest import Browser, NewBrowser


@pytest.mark.parametrize("path", ["/", "/overview", "/tops?range=4w", "/auth/sign-in", "/terms", "/nothing/here"])
def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    content = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in content
    assert "unsafe-eval'" not in content.replace("'wasm-unsafe-eval'", "")
    assert "'unsafe-inline'" not in content.partition("script-src")[2].partition(";")[0]
    assert "strict-transport-security" not in headers


def test_over_https_browsers_are_told_to_stay_there(new_browser: NewBrowser) -> None:
    assert new_browser(base_url="https://music.example.org").get("/").headers["strict-transport-security"]


def test_the_digest_is_of_the_script_in_the_installed_index_page() -> None:
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    [script] = re.findall(rb"<script>(.*?)</script>", index, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"'sha256-{digest}'" in policy.pages_csp("127.0.0.1:8501", [])


def test_pictures_from_spotify_are_allowed_only_with_a_client(new_browser: NewBrowser) -> None:
    assert "i.scdn.co" not in new_browser().get("/").headers["content-security-policy"]
    assert "https://i.scdn.co" in new_browser(spotify_client_id="x").get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/overview/more",
        "/administrator",
        "/_stcore/upload_file/a/b",
        "/_stcore//upload_file/a/b",
        "/..%2f..%2fetc/passwd",
        "/index.php",
        "/auth/nope",
        "/auth/login",
        "/api/v1/nothing",
        "/api",
        "/calendar/x.ics",
        "/oauth2callback",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/overview/_stcore/metrics",
        "/_stcore//metrics",
        "/overview//_stcore/metrics",
        "/static/nope",
        "/static/js",
        "/overview/static/nope.js",
        "/auth",
        "/healthz/more",
        "/a%00b",
    ],
)
def test_an_unknown_or_blocked_address_is_a_404(browser: Browser, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 404
    if path.startswith("/api"):
        assert response.json()["detail"] == "There is no such page."
    else:
        assert "Nothing plays here" in response.text


def test_a_program_gets_its_errors_as_json(browser: Browser) -> None:
    response = browser.client.get("/nope")
    assert response.json()["detail"] == "There is no such page."
    refused = browser.client.post("/api/v1/imports", headers={"origin": browser.origin})
    assert refused.status_code == 401
    assert "sign in" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/overview", "/profile", "/_stcore/health", "/favicon.png", "/index.html"])
def test_pages_and_what_they_need_are_let_through(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 200


def test_every_file_of_streamlits_own_is_let_through(browser: Browser) -> None:
    files = [path for path in policy.streamlit_files() if path.startswith("static/js/")]
    assert len(files) > 20
    assert {browser.get(f"/{path}").status_code for path in files[:20]} == {200}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example", "169.254.1.1:8501"],
)
def test_another_host_is_refused(browser: Browser, host: str) -> None:
    assert browser.get("/", host=host).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "LOCALHOST:8501", "[::1]:8501"])
def test_this_machine_has_several_names_and_pages_live_under_one(browser: Browser, host: str) -> None:
    assert browser.client.get("/_stcore/health", headers={"host": host}).status_code == 200
    page = browser.get("/tops?range=4w&x=%2F", host=host)
    if host == "127.0.0.1:8501":
        assert page.status_code == 200
    else:
        assert (page.status_code, page.headers["location"]) == (307, "http://127.0.0.1:8501/tops?range=4w&x=%2F")


def test_a_port_forwarded_from_elsewhere_is_not_led_away(browser: Browser) -> None:
    assert browser.get("/", host="localhost:9000").status_code == 200
    assert browser.get("/", host="127.0.0.1:9000").status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/overview", "/nope"])
def test_nobody_is_led_to_an_address_that_is_not_ours(browser: Browser, path: str) -> None:
    response = browser.client.get("http://localhost:8501" + path, headers={"accept": "text/html"})
    assert response.status_code == 404


def test_a_public_site_has_one_name_and_answers_health_checks_by_any(new_browser: NewBrowser) -> None:
    browser = new_browser(base_url="https://music.example.org")
    assert browser.get("/", host="127.0.0.1").status_code == 421
    assert browser.get("/", host="localhost:8501").status_code == 421
    assert browser.get("/healthz", host="10.0.0.7:8501").status_code == 200


def test_a_websocket_for_another_host_is_refused(browser: Browser) -> None:
    with pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)):  # noqa: SIM117 - the outer one is what is tested
        with browser.client.websocket_connect("/_stcore/stream", headers={"host": "evil.example"}):
            pass


def opened(browser: Browser, **headers: str) -> str:
    """Open a socket at Streamlit's address; return what it says first."""
    with browser.client.websocket_connect("/_stcore/stream", headers=headers) as socket:
        return socket.receive_text()


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:9999",
        "http://localhost:8501",
        "https://127.0.0.1:8501",
        "http://evil.example",
        "http://127.0.0.1:8501.evil.example",
        "null",
        "http://[",
    ],
)
def test_a_socket_opened_by_another_origin_is_refused(browser: Browser, origin: str) -> None:
    with pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)):
        opened(browser, host="127.0.0.1:8501", origin=origin)


def test_a_socket_opened_by_a_page_of_ours_is_let_through(browser: Browser) -> None:
    assert opened(browser, host="127.0.0.1:8501", origin="http://127.0.0.1:8501") == "hello"


@pytest.mark.parametrize("name", ["origin", "referer"])
@pytest.mark.parametrize("path", ["/auth/sign-in", "/api/v1/imports"])
def test_a_source_nobody_can_read_is_refused(browser: Browser, name: str, path: str) -> None:
    assert browser.client.post(path, headers={name: "http://["}).status_code == 403
    assert browser.client.get(path, headers={name: "http://["}).status_code == 403


def test_a_form_sent_over_another_scheme_is_refused(new_browser: NewBrowser) -> None:
    browser = new_browser(base_url="https://music.example.org")
    assert browser.post("/auth/sign-in", origin="http://music.example.org").status_code == 403
    assert browser.post("/auth/sign-in", origin="https://music.example.org").status_code == 400


@pytest.mark.parametrize(
    ("path", "size", "status"), [("/auth/sign-in", 64 * 1024 + 1, 413), ("/go/1", 1024**2 + 1, 413)]
)
def test_a_body_over_its_limit_is_refused_however_it_is_sent(
    browser: Browser, path: str, size: int, status: int
) -> None:
    def pieces():
        for _ in range(size // 1024 + 1):
            yield b"x" * 1024

    headers = {"origin": browser.origin}
    assert browser.client.post(path, content=b"x" * size, headers=headers).status_code == status
    assert browser.client.post(path, content=pieces(), headers=headers).status_code == status


def test_a_body_that_never_ends_is_given_up(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "_BODY_S", 0.05)
    sent, pieces = [], iter([{"type": "http.request", "body": b"csrf=", "more_body": True}])

    async def receive() -> dict:
        return next(pieces, None) or await asyncio.Event().wait()

    async def send(message: dict) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8501"), (b"origin", browser.origin.encode())]
    scope = {"type": "http", "method": "POST", "path": "/auth/sign-in", "query_string": b"", "headers": headers}
    with ThreadPoolExecutor(1) as thread:  # where browser tests ran before, this thread has a running loop already
        thread.submit(asyncio.run, browser.client.app(scope, receive, send)).result(timeout=10)
    assert sent[0]["status"] == 408


def test_an_upload_that_sends_nothing_any_more_counts_as_gone(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "_BODY_S", 0.05)
    heard, pieces = [], iter([{"type": "http.request", "body": b"PK", "more_body": True}])

    async def receive() -> dict:
        return next(pieces, None) or await asyncio.Event().wait()

    async def upload(scope: dict, receive: Callable, send: Callable) -> None:
        heard.extend([await receive(), await receive()])
        await PlainTextResponse("gone")(scope, receive, send)

    async def send(_: dict) -> None:
        pass

    headers = [(b"host", b"127.0.0.1:8501"), (b"origin", browser.origin.encode())]
    scope = {"type": "http", "method": "POST", "path": "/api/v1/imports", "query_string": b"", "headers": headers}
    with ThreadPoolExecutor(1) as thread:  # where browser tests ran before, this thread has a running loop already
        thread.submit(asyncio.run, security.Guard(upload)(scope, receive, send)).result(timeout=10)
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]


def test_the_first_document_sets_the_visit_cookie_and_later_ones_keep_it(browser: Browser) -> None:
    first = browser.get("/").headers["set-cookie"]
    assert first.startswith("rw_visit=")
    assert "HttpOnly; SameSite=Lax" in first
    assert "set-cookie" not in browser.get("/overview").headers
    assert "set-cookie" not in browser.get("/_stcore/health").headers


@pytest.mark.parametrize("rubbish", ["", "short", "x" * 500, "a;b"])
def test_a_visit_cookie_not_of_ours_is_replaced(browser: Browser, rubbish: str) -> None:
    response = browser.get("/", cookie=f"rw_visit={rubbish}")
    assert response.headers["set-cookie"].startswith("rw_visit=")


def address(held: Policy, peer: str, forwarded: str | None) -> str:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded is not None else []
    return callers.address(Request({"type": "http", "headers": headers, "client": (peer, 1)}), held)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),  # a stranger's word isn't taken
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # what the client made up stands further left
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", ", ,", "10.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_where_a_request_is_from(peer: str, forwarded: str | None, found: str) -> None:
    assert address(Policy.of(Settings(trusted_proxies="10.0.0.0/8")), peer, forwarded) == found


def test_uvicorn_hands_over_the_peer_as_it_is(browser: Browser) -> None:
    seen = []

    async def app(scope: dict, receive: object, send: object) -> None:
        seen.append(scope["client"])

    config = uvicorn.Config(app, lifespan="off")
    config.load()
    headers = [(b"x-forwarded-for", b"6.6.6.6")]
    scope = {"type": "http", "client": ("127.0.0.1", 5), "headers": headers, "path": "/", "method": "GET"}
    with ThreadPoolExecutor(1) as thread:  # where browser tests ran before, this thread has a running loop already
        thread.submit(asyncio.run, config.loaded_app(scope, None, None)).result(timeout=10)
    assert seen == [("127.0.0.1", 5)]


@pytest.mark.parametrize(
    "values", [{"base_url": "music.example.org"}, {"base_url": "ftp://x"}, {"trusted_proxies": "everybody"}]
)
def test_settings_that_cannot_be_used_are_told_at_the_start(values: dict[str, str]) -> None:
    with pytest.raises(SetupError, match="REWRAPPED_"):
        Policy.of(Settings(**values))


def test_before_the_site_has_started_it_says_so(browser: Browser) -> None:
    policy.hold(None)
    assert browser.get("/").status_code == 503


def test_the_site_is_healthy_only_while_everything_is(browser: Browser, deps: Deps) -> None:
    assert browser.client.get("/healthz").json() == {"status": "ok", "database": "ok", "schema": "ok", "redis": "ok"}
    running.hold(replace(deps, redis=make_redis("redis://127.0.0.1:9")))
    without = browser.client.get("/healthz")
    assert (without.status_code, without.json()["redis"]) == (503, "failing")
    running.hold(replace(deps, engine=database.make_engine("postgresql://nobody@127.0.0.1:9/none")))
    without = browser.client.get("/healthz")
    assert (without.status_code, without.json()["database"]) == (503, "failing")


def test_a_database_that_is_away_is_one_sentence_on_the_form(browser: Browser, deps: Deps) -> None:
    token = browser.csrf()
    running.hold(replace(running.deps(), engine=database.make_engine("postgresql://nobody@127.0.0.1:9/none")))
    response = browser.post("/auth/sign-in", {"email": "a@b.de", "password": "some password", "csrf": token})
    assert response.status_code == 503
    assert "database" in response.text


def test_a_defect_tells_nothing_of_itself(new_browser: NewBrowser, deps: Deps) -> None:
    browser = new_browser()
    running.hold(replace(running.deps(), redis=None))
    response = browser.get("/healthz")
    assert response.status_code == 500
    assert "NoneType" not in response.text
