"""Scrobblers at /1: what they deliver is stored once, and whoever has no token for it gets nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select
from starlette.responses import Response
from starlette.testclient import TestClient

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Source
from rewrapped.domain.tokens import Scope
from rewrapped.importers.submission import MAX_BYTES, MAX_LISTEN_BYTES
from rewrapped.services import importing, tokens
from rewrapped.storage import database, plays
from rewrapped.storage.tables import listening_history
from tests.exports import extended_row, lines_of, listen_row, to_json
from tests.promoters import person
from tests.web.conftest import NewBrowser

STAMP = 1_577_968_440  # 2020-01-02 12:34 UTC


def a_listen(listened_at: object = STAMP, **metadata: object) -> dict[str, Any]:
    """Return a listen as scrobblers send it; None for `listened_at` leaves it out."""
    named = {"artist_name": "Xenia", "track_name": "Tide", "release_name": "Shore", **metadata}
    moment = {} if listened_at is None else {"listened_at": listened_at}
    return {**moment, "track_metadata": named}


@dataclass
class Scrobbler:
    """Submits with a token, from an origin that isn't ours, as a browser's extension does."""

    client: TestClient
    token: str | None
    visitor: Visitor

    def headers(self) -> dict[str, str]:
        """Return what it sends beside the listens."""
        origin = {"origin": "chrome-extension://hhinaapppaileiechjoiifaancjggfjm"}
        return origin if self.token is None else {**origin, "authorization": f"Token {self.token}"}

    def send(self, body: bytes | str) -> Response:
        """Send a body as it is."""
        return self.client.post("/1/submit-listens", content=body, headers=self.headers())

    def submit(self, *listens: object, kind: str = "import") -> Response:
        """Submit listens."""
        return self.send(json.dumps({"listen_type": kind, "payload": listens}))

    def validate(self) -> Response:
        """Ask whether the token is good."""
        return self.client.get("/1/validate-token", headers=self.headers())


NewScrobbler = Callable[..., Scrobbler]


@pytest.fixture
def new_scrobbler(new_browser: NewBrowser, deps: Deps) -> NewScrobbler:
    """Make a scrobbler of a new person, with a token of these scopes."""

    def make(*scopes: Scope) -> Scrobbler:
        jane = person(deps)
        made = tokens.create(deps, jane, "Scrobbler", scopes or [Scope.SUBMIT], None)
        return Scrobbler(new_browser().client, made.secret, jane)

    return make


@pytest.fixture
def scrobbler(new_scrobbler: NewScrobbler) -> Scrobbler:
    """A scrobbler whose token is good."""
    return new_scrobbler()


def stored(deps: Deps, visitor: Visitor) -> list[Any]:
    """Return the person's rows."""
    h = listening_history.c
    query = select(h.source, h.reported_at, h.ms_played, h.import_id).where(h.user_id == visitor.signed_in())
    with deps.engine.connect() as conn:
        return list(conn.execute(query.order_by(h.reported_at)))


def version(deps: Deps, visitor: Visitor) -> int:
    """Return the version of the person's history."""
    with deps.engine.connect() as conn:
        listener = plays.find_listener(conn, visitor.signed_in())
    assert listener is not None
    return listener.history_version


def test_what_a_scrobbler_delivers_is_there_once_however_often_it_comes(scrobbler: Scrobbler, deps: Deps) -> None:
    before = version(deps, scrobbler.visitor)
    for _ in range(2):
        answer = scrobbler.submit(a_listen(), kind="single")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert scrobbler.submit(a_listen(), a_listen(str(STAMP + 300)), a_listen(STAMP + 300)).status_code == 200
    rows = stored(deps, scrobbler.visitor)
    assert [(row.source, int(row.reported_at.timestamp()), row.import_id) for row in rows] == [
        (Source.LISTENBRAINZ, STAMP, None),
        (Source.LISTENBRAINZ, STAMP + 300, None),
    ]
    after = version(deps, scrobbler.visitor)
    assert after > before
    scrobbler.submit(a_listen())
    assert version(deps, scrobbler.visitor) == after, "what was known changes nothing"


def test_exports_that_hold_the_same_plays_count_nothing_twice(scrobbler: Scrobbler, deps: Deps, tmp_path: Any) -> None:
    scrobbler.submit(a_listen(), a_listen(STAMP + 600, track_name="Ebb"))
    listens, richer = tmp_path / "1.jsonl", tmp_path / "Streaming_History_Audio_2020_0.json"
    listens.write_bytes(lines_of(listen_row()))
    richer.write_bytes(to_json([extended_row(ts="2020-01-02T12:37:20Z")]))
    user_id = scrobbler.visitor.signed_in()
    assert (importing.import_files(deps, user_id, [listens]).kept, len(stored(deps, scrobbler.visitor))) == (0, 2)
    ledger = importing.import_files(deps, user_id, [richer])
    assert (ledger.kept, ledger.sum.improved) == (0, 1)
    assert [row.source for row in stored(deps, scrobbler.visitor)] == [Source.EXTENDED, Source.LISTENBRAINZ]
    scrobbler.submit(a_listen())
    assert len(stored(deps, scrobbler.visitor)) == 2


def test_what_is_playing_is_no_play_yet(scrobbler: Scrobbler, deps: Deps) -> None:
    assert scrobbler.submit(a_listen(None), kind="playing_now").json() == {"status": "ok"}
    assert scrobbler.submit(a_listen(), kind="playing_now").status_code == 400
    assert not stored(deps, scrobbler.visitor)


def test_a_token_is_validated_as_scrobblers_ask(new_scrobbler: NewScrobbler) -> None:
    scrobbler = new_scrobbler()
    told = scrobbler.validate().json()
    assert (told["valid"], told["message"], bool(told["user_name"])) == (True, "Token valid.", True)
    for token in ("rewrapped_" + "x" * 43, "3b851ecc-474d-44eb-a4d0-db3bbb5ef8b8", ""):
        answer = replace(scrobbler, token=token).validate()
        assert (answer.status_code, answer.json()["valid"]) == (200, False)
    answer = replace(scrobbler, token=None).validate()
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope not in (Scope.SUBMIT, Scope.PROMOTER)])
def test_a_token_for_anything_else_submits_nothing(new_scrobbler: NewScrobbler, deps: Deps, scope: Scope) -> None:
    thief = new_scrobbler(scope)
    answer = thief.submit(a_listen())
    assert (answer.status_code, answer.json()["code"]) == (401, 401)
    assert not thief.validate().json()["valid"]
    assert not stored(deps, thief.visitor)


def test_a_token_for_submitting_opens_nothing_else(scrobbler: Scrobbler) -> None:
    bearer = {"authorization": f"Bearer {scrobbler.token}"}
    for path in ("/api/v1/listening/totals", "/api/v1/imports", "/api/v1/notifications"):
        assert scrobbler.client.get(path, headers=bearer).status_code == 403


def test_a_revoked_token_and_a_cookie_alone_are_refused(scrobbler: Scrobbler, deps: Deps, browser: Any) -> None:
    tokens.revoke(deps, scrobbler.visitor, tokens.list_tokens(deps, scrobbler.visitor)[0].id)
    assert scrobbler.submit(a_listen()).status_code == 401
    browser.register()
    signed_in = Scrobbler(browser.client, None, scrobbler.visitor)
    answer = signed_in.submit(a_listen())
    assert (answer.status_code, "Authorization" in answer.json()["error"]) == (401, True)


@pytest.mark.parametrize(
    "listen",
    [
        a_listen(None),
        a_listen(True),
        a_listen("soon"),
        a_listen("²"),
        a_listen("١٥٧٧٩٦٨٤٤٠"),
        a_listen("9" * 5_000),
        a_listen(-1),
        a_listen(1_000_000_000),
        a_listen(1 << 80),
        a_listen(1_795_348_800 + 2 * 3_600),  # the test's clock and two hours
        a_listen(artist_name=""),
        a_listen(track_name="  "),
        a_listen(track_name=["Tide"]),
        a_listen(track_name=None),
        a_listen(artist_name="Xe\0nia"),
        a_listen(release_name={"a": 1}),
        a_listen(track_name="T" * 1_001),
        {"listened_at": STAMP},
        {"listened_at": STAMP, "track_metadata": "Tide"},
        "Tide",
        a_listen(additional_info={"x": "y" * MAX_LISTEN_BYTES}),
    ],
)
def test_one_listen_that_cant_be_refuses_the_request(scrobbler: Scrobbler, deps: Deps, listen: object) -> None:
    answer = scrobbler.submit(a_listen(), listen)
    assert (answer.status_code, answer.json()["code"]) == (400, 400), answer.text
    assert not stored(deps, scrobbler.visitor)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"listen_type": "single"}',
        b'{"listen_type": "loved", "payload": []}',
        b'{"listen_type": "single", "payload": []}',
        b'{"listen_type": "import", "payload": {}}',
        b'{"listen_type": "import", "payload": [' + b"[" * 200_000 + b"]" * 200_000 + b"]}",
        b'{"listen_type": "import", "payload": [{"track_metadata": {"artist_name": "\\ud800"}}]}',
        json.dumps({"listen_type": "single", "payload": [a_listen(), a_listen()]}).encode(),
        json.dumps({"listen_type": "import", "payload": [a_listen()] * 1_001}).encode(),
        json.dumps({"listen_type": "import", "payload": [a_listen(STAMP + n) for n in range(10_000)]}).encode(),
    ],
)
def test_what_isnt_of_the_protocol_is_refused_in_its_shape(scrobbler: Scrobbler, deps: Deps, body: bytes) -> None:
    answer = scrobbler.send(body)
    assert (answer.status_code, answer.json().keys()) == (400, {"code", "error"}), answer.text
    assert not stored(deps, scrobbler.visitor)


def test_limits_are_told_as_scrobblers_understand_them(scrobbler: Scrobbler, deps: Deps) -> None:
    answer = scrobbler.send(b" " * (MAX_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, 413)
    unknown = replace(scrobbler, token=None).send(b" " * (2 << 20))
    assert unknown.status_code == 413, "as much as that is taken with a token alone"
    assert (
        scrobbler.client.post("/1/validate-token", content=b" " * (2 << 20), headers=scrobbler.headers()).status_code
        == 413
    )
    for element in (b'{"track_metadata"', b"{"):
        assert "Too many" in scrobbler.send(b'{"payload": [' + element * 65_000).json()["error"]
    assert "a list of listens" in scrobbler.send(b'{"payload": [1' + b",1" * 9_000 + b"[").json()["error"]
    wrong = replace(scrobbler, token="rewrapped_" + "y" * 43)
    answers = [wrong.submit(a_listen()) for _ in range(25)]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert int(answers[-1].headers["x-ratelimit-reset-in"]) == int(answers[-1].headers["retry-after"]) > 0
    assert scrobbler.submit(*(a_listen(STAMP + n) for n in range(1_000))).status_code == 200
    assert len(stored(deps, scrobbler.visitor)) == 1_000


def test_an_extension_of_any_origin_may_ask_and_gets_no_cookie(scrobbler: Scrobbler) -> None:
    preflight = scrobbler.client.options("/1/submit-listens", headers=replace(scrobbler, token=None).headers())
    assert (preflight.status_code, preflight.headers["access-control-allow-headers"]) == (
        204,
        "authorization, content-type",
    )
    answer = scrobbler.submit(a_listen())
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_while_the_database_is_away_or_an_import_runs_it_is_to_come_again(scrobbler: Scrobbler, deps: Deps) -> None:
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, scrobbler.visitor.signed_in())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(plays, "lock_listener", None)  # nobody waits for the import
            answer = scrobbler.submit(a_listen())
    assert (answer.status_code, answer.json()["code"], "retry-after" in answer.headers) == (503, 503, True)
    away = database.make_engine("postgresql://nobody:x@127.0.0.1:9/rewrapped")
    running.hold(replace(running.deps(), engine=away))
    answer = scrobbler.submit(a_listen())
    assert (answer.status_code, answer.json()["code"]) == (503, 503)
    away.dispose()
