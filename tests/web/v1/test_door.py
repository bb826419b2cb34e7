"""Who is let in at /api/v1, who isn't, and what everybody is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.tokens import Scope
from rewrapped.errors import StoreDown
from rewrapped.queueing import make_redis
from rewrapped.services import browsers, promoting, sessions, tokens
from rewrapped.storage import database, imports
from rewrapped.storage.tables import users
from rewrapped.web import door, problems
from rewrapped.web.v1.site import interface
from tests.conftest import Clock
from tests.gigs import gig, store
from tests.promoters import DRAFT, LISBON, person
from tests.web.conftest import Browser
from tests.web.v1.conftest import BASE, NewProgram

READS = {
    "/listening/totals": Scope.LISTENING,
    "/me/history.csv": Scope.LISTENING,
    "/imports": Scope.IMPORTS,
    "/connections": Scope.IMPORTS,
    "/events/saved": Scope.EVENTS,
    "/notifications": Scope.NOTIFICATIONS,
    "/promoter/events": Scope.PROMOTER,
    "/promoter/analytics": Scope.PROMOTER,
}
#: Whatever is described, and what may be asked by anybody.
DESCRIBED = [(method.upper(), path) for path, methods in interface().openapi()["paths"].items() for method in methods]
OPEN = [("GET", "/events"), ("GET", "/events/{event_id}"), ("GET", "/events/{event_id}/tags")]


@pytest.mark.parametrize("path", READS)
def test_a_token_opens_what_its_scopes_name_and_nothing_else(new_program: NewProgram, deps: Deps, path: str) -> None:
    pat = person(deps, Role.PROMOTER)
    assert new_program(pat, READS[path]).ask("GET", path).status_code == 200
    status, told = new_program(pat, *(scope for scope in Scope if scope is not READS[path])).refused("GET", path)
    assert (status, READS[path] in told["detail"]) == (403, True)


@pytest.mark.parametrize(("method", "path"), DESCRIBED)
def test_nobody_gets_in_without_a_token_or_with_a_bad_one(new_program: NewProgram, method: str, path: str) -> None:
    where = re.sub(r"\{[a-z_]+\}", "1", path.replace("{noun}", "tracks"))
    sent = {"json": {"up_to_id": 1} if path == "/notifications/read" else {"title": "x"}} if method != "GET" else {}
    stranger = new_program(None)
    assert (stranger.ask(method, where, **sent).status_code == 401) == ((method, path) not in OPEN)
    answer = replace(stranger, token="rewrapped_" + "x" * 43).ask(method, where, **sent)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_revoked_and_an_expired_token_are_refused(new_program: NewProgram, deps: Deps, clock: Clock) -> None:
    jane = person(deps)
    program = new_program(jane)
    program.get("/me")
    tokens.revoke(deps, jane, tokens.list_tokens(deps, jane)[0].id)
    assert program.refused("GET", "/me")[0] == 401
    short = replace(program, token=tokens.create(deps, jane, "x", [Scope.LISTENING], 1).secret)
    short.get("/me")
    clock.advance(days=1)
    assert short.refused("GET", "/me")[0] == 401


@pytest.mark.parametrize("header", ["Basic amFuZTpwYXNz", "Bearer", "Bearer ", "bearer x y", "rewrapped_x", ""])
def test_another_authorization_is_told_what_is_wanted(new_program: NewProgram, header: str) -> None:
    assert new_program(None).refused("GET", "/me", headers={"authorization": header})[0] == 401


def test_a_session_reads_and_changes_nothing_without_its_csrf_token(browser: Browser, deps: Deps) -> None:
    browser.register()
    assert browser.client.get(f"{BASE}/me").json()["scopes"] is None
    [event_id] = store(deps, gig("Xenia"))
    where = f"{BASE}/events/{event_id}/save"
    refused = browser.client.put(where, headers={"origin": browser.origin})
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    assert browser.client.put(where, headers={"x-csrf-token": "0" * 64}).status_code == 403
    csrf = browsers.csrf_token(deps.site, browser.client.cookies["rw_visit"])
    done = browser.client.put(where, headers={"origin": browser.origin, "x-csrf-token": csrf})
    assert (done.status_code, done.json()) == (200, {"is_saved": True, "is_changed": True})
    other = browser.client.put(where, headers={"origin": "https://evil.example", "x-csrf-token": csrf})
    assert other.status_code == 403


def test_a_token_counts_and_not_the_cookie_beside_it(browser: Browser, deps: Deps) -> None:
    browser.register()
    answer = browser.client.get(f"{BASE}/me", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_somebody_who_looks_around_reads_the_sample_and_changes_nothing(browser: Browser, deps: Deps) -> None:
    browser.register("sample@example.org")
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(is_demo=True, email=None))
    browser.client.cookies.clear()
    browser.client.cookies["rw_session"] = sessions.start_demo(deps) or ""
    assert browser.client.get(f"{BASE}/listening/totals").status_code == 200
    assert browser.client.post(f"{BASE}/listening/refresh").status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/imports/{import_id}"),
        ("POST", "/imports/{import_id}/cancel"),
        ("DELETE", "/imports/{import_id}"),
        ("GET", "/promoter/events/{event_id}"),
        ("PUT", "/promoter/events/{event_id}"),
        ("POST", "/promoter/events/{event_id}/cancel"),
        ("GET", "/promoter/analytics?event_id={event_id}"),
        ("GET", "/promoter/series?event_id={event_id}"),
        ("GET", "/promoter/export.csv?event_id={event_id}"),
    ],
)
def test_somebody_elses_things_arent_there(new_program: NewProgram, deps: Deps, method: str, path: str) -> None:
    pat, eve = person(deps, Role.PROMOTER), person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, pat, DRAFT)
    with deps.engine.begin() as conn:
        import_id = imports.add_import(conn, pat.signed_in(), [], None, include_incognito=False)
    where = path.format(import_id=import_id, event_id=event_id)
    sent = {"json": {"title": "Mine", "place_id": LISBON, "venue": "x", "start_on": "2026-12-24"}}

    assert new_program(eve).refused(method, where, **(sent if method == "PUT" else {}))[0] == 404

    program = new_program(pat)
    assert program.get(f"/imports/{import_id}")["state"] == "queued"
    assert program.get(f"/promoter/events/{event_id}")["title"] == DRAFT.title
    assert program.get("/promoter/events")["items"][0]["status"] == "scheduled"


def test_whoever_asks_too_fast_is_told_when_to_come_again(new_program: NewProgram, deps: Deps, clock: Clock) -> None:
    jane, joe = person(deps), person(deps)
    program, other = new_program(jane), new_program(joe)
    codes = [program.ask("GET", "/me").status_code for _ in range(door.BURST + 1)]
    assert codes == [200] * door.BURST + [429]
    answer = program.ask("GET", "/me")
    assert answer.headers["content-type"] == "application/problem+json"
    other.get("/me")
    clock.advance(seconds=int(answer.headers["retry-after"]))
    program.get("/me")


@pytest.mark.parametrize("path", ["/me", "/events", "/listening/totals", "/promoter/analytics"])
def test_a_database_that_is_away_is_a_503(new_program: NewProgram, deps: Deps, path: str) -> None:
    program = new_program(person(deps, Role.PROMOTER))
    running.hold(replace(deps, engine=database.make_engine("postgresql://nobody@127.0.0.1:9/none")))
    assert program.refused("GET", path)[0] == 503


def test_a_dead_redis_is_not_noticed(new_program: NewProgram, deps: Deps) -> None:
    program = new_program(person(deps))
    running.hold(replace(deps, redis=make_redis("redis://127.0.0.1:9")))
    assert program.get("/listening/totals")["now"]["plays"] == 0


def test_a_token_never_gets_into_a_log(
    new_program: NewProgram, deps: Deps, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    program = new_program(person(deps))
    program.get("/me")
    monkeypatch.setattr(door.running, "deps", lambda: 1 / 0)
    assert program.ask("GET", "/me").status_code == 500
    assert program.token is not None
    assert program.token not in caplog.text


@pytest.mark.parametrize("path", ["/nope", "/", "/listening", "/events/0", "/events/x", "/imports/9223372036854775808"])
def test_what_isnt_there_is_a_problem_too(new_program: NewProgram, deps: Deps, path: str) -> None:
    assert new_program(person(deps)).refused("GET", path)[0] in (404, 422)


def test_a_method_that_isnt_done_names_those_that_are(new_program: NewProgram, deps: Deps) -> None:
    answer = new_program(person(deps)).ask("PATCH", "/me")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == "application/problem+json"
    assert new_program(person(deps)).ask("PATCH", "/imports/1").headers["allow"] == "DELETE, GET"


@pytest.mark.parametrize(
    "forge",
    [
        lambda cursor: "x",
        lambda cursor: "",
        lambda cursor: "é" * 20,
        lambda cursor: cursor[:-2],
        lambda cursor: cursor + "AA",
        lambda cursor: "A" + cursor[1:],
        lambda cursor: "MCwwLjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw",  # "0,0.000..."
        lambda cursor: "\x00",
    ],
)
def test_a_cursor_that_isnt_ours_is_refused(new_program: NewProgram, deps: Deps, forge: Callable[[str], str]) -> None:
    jane = person(deps)
    store(deps, *(gig(f"Act {number}", on=number % 28) for number in range(30)))
    program = new_program(jane)
    cursor = program.get("/events")["next_cursor"]
    assert program.get("/events", cursor=cursor)["items"]
    status, _ = program.refused("GET", "/events", params={"cursor": forge(cursor)})
    assert status == 400


def test_a_cursor_is_of_one_list_and_one_person(new_program: NewProgram, deps: Deps) -> None:
    store(deps, *(gig(f"Act {number}", on=number % 28) for number in range(30)))
    program, other = new_program(person(deps)), new_program(person(deps))
    cursor = program.get("/events")["next_cursor"]
    assert program.refused("GET", "/listening/recent", params={"cursor": cursor})[0] == 400
    assert other.refused("GET", "/events", params={"cursor": cursor})[0] == 400


def test_an_upload_with_a_token_becomes_an_import(new_program: NewProgram, deps: Deps) -> None:
    program = new_program(person(deps))
    answer = program.ask("POST", "/imports", files={"f": ("a.json", b"[]")})
    assert answer.status_code == 202
    where = f"/imports/{answer.json()['import_id']}"
    assert program.get(where)["state"] == "queued"
    assert program.get("/imports")["items"][0]["files"] == [{"name": "a.json", "bytes": 2}]
    assert program.send("POST", f"{where}/cancel")["state"] == "cancelled"
    assert program.refused("DELETE", where)[0] == 409


def test_the_description_is_ours_and_its_page_needs_no_script(browser: Browser) -> None:
    described = browser.client.get(f"{BASE}/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert len(described["paths"]) > 25
    page = browser.get(f"{BASE}/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    for path in described["paths"]:
        assert f"{BASE}{path}" in page.text
    for where in ("/docs/oauth2-redirect", "/redoc"):
        assert browser.get(f"{BASE}{where}").status_code == 404


def test_head_is_answered_like_get_without_a_body(new_program: NewProgram) -> None:
    answer = new_program(None).ask("HEAD", "/events")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert new_program(None).ask("HEAD", "/notifications/read").status_code == 405


@pytest.mark.parametrize("path", ["/events/1_0", "/events/%207", "/events/+7", "/events?from=epoch", "/events?from=0"])
def test_what_only_python_reads_as_a_number_or_a_day_is_refused(new_program: NewProgram, path: str) -> None:
    answer = new_program(None).ask("GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_whoever_comes_while_the_database_is_away_is_told_when_to_come_again() -> None:
    answer = problems.of(StoreDown("The database is away."))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
