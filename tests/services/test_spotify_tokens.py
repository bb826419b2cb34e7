"""Access to Spotify: renewed once at a time, given up only when it really is over, and never readable where it lies."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet
from sqlalchemy import text

from rewrapped.clients.spotify import REVOKED, Spotify
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Source
from rewrapped.domain.spotify import Account, Tokens
from rewrapped.errors import (
    BadPayload,
    Conflict,
    IntegrationError,
    QuotaUsedUp,
    RateLimited,
    ReconnectNeeded,
    SetupError,
    Unavailable,
)
from rewrapped.services import fresh_plays, joining_people, listening, notices, sealing, spotify_sign_in, spotify_tokens
from rewrapped.storage import absorbed, database, imports, own_names, people, plays, spotify_accounts
from rewrapped.storage.people import NewPerson
from tests.conftest import Clock
from tests.simulators.server import Reply, serving
from tests.simulators.spotify import (
    HTML_502,
    QUOTA,
    RESET,
    THROTTLED,
    TOKEN_OVERLOOKED,
    Grant,
    Played,
    SpotifySimulator,
    connected,
)
from workers import jobs


@pytest.fixture
def spotify(clock: Clock) -> Iterator[SpotifySimulator]:
    with serving(SpotifySimulator("http://127.0.0.1:8501/auth/spotify/callback", clock)) as simulator:
        assert isinstance(simulator, SpotifySimulator)
        yield simulator


@pytest.fixture
def deps(deps: Deps, spotify: SpotifySimulator) -> Iterator[Deps]:
    with connected(deps, spotify) as held:
        yield held


def connect(deps: Deps, spotify: SpotifySimulator, *plays: Played) -> int:
    """Make a guest who connected an account and agreed to everything; return their id."""
    spotify.add("mira", *plays)
    address = spotify_sign_in.begin(deps, Visitor(), "visit", "/overview", "203.0.113.9")
    back = requests.get(address, allow_redirects=False, timeout=5).headers["location"]
    query = dict(pair.split("=") for pair in back.split("?")[1].split("&"))
    attempt = spotify_sign_in.take_attempt(deps, None, "visit", query["state"])
    user_id = spotify_sign_in.finish(deps, attempt, "visit", query["code"]).user_id
    spotify_sign_in.agree(deps, Visitor.person(user_id, Role.GUEST), "UTC", history=True, terms=True)
    return user_id


def grant_of(spotify: SpotifySimulator) -> Grant:
    return spotify.grants[-1]


def test_web_and_worker_renew_one_rotating_token_at_the_same_moment_fifty_times_and_stay_connected(
    deps: Deps, spotify: SpotifySimulator, clock: Clock, database_url: str
) -> None:
    user_id = connect(deps, spotify)
    engine = database.make_engine(database_url)  # the worker's own
    with connected(replace(deps, engine=engine), spotify) as worker, ThreadPoolExecutor(4) as pool:
        for _ in range(50):
            clock.advance(hours=1)
            found = pool.map(lambda one: spotify_tokens.access_token(one, user_id), [deps, worker, deps, worker])
            assert len(set(found)) == 1, "all are handed the same"
    engine.dispose()
    assert spotify.refresh_count == 50, "each round asked once"
    with deps.engine.connect() as conn:
        account = spotify_accounts.find_account(conn, user_id)
    assert account
    assert account.trouble is None
    assert account.authorized_at < clock() - timedelta(hours=49), "renewing doesn't move it"
    assert sealing.unseal(deps.site, account.refresh_token or "") == grant_of(spotify).refresh_token


def test_a_refusal_counts_only_for_the_token_that_was_refused(
    deps: Deps, spotify: SpotifySimulator, clock: Clock
) -> None:
    user_id = connect(deps, spotify)
    clock.advance(hours=2)
    before = grant_of(spotify)

    class Meanwhile(SpotifySimulator):
        """Connects the account anew while the former token is on its way to a refusal."""

        def answer(self, asked: object) -> Reply:
            sealed = sealing.seal(deps.site, before.refresh_token)
            with deps.engine.begin() as conn:
                spotify_accounts.set_account(conn, user_id, refresh_token=sealed, renewing_until=None)
            return Reply(400, {"error": "invalid_grant", "error_description": "Refresh token revoked"})

    with serving(Meanwhile(spotify.redirect_uri, clock)) as other:
        assert isinstance(other, SpotifySimulator)
        with connected(deps, other) as late, deps.engine.connect() as conn:
            account = spotify_accounts.find_account(conn, user_id)
            assert account
            assert spotify_tokens._renewed(late, account) is None
    assert spotify_tokens.access_token(deps, user_id)


def test_what_is_withdrawn_or_half_a_year_old_is_told_once_and_tokens_go(
    deps: Deps, spotify: SpotifySimulator, clock: Clock
) -> None:
    user_id = connect(deps, spotify)
    clock.advance(days=100)
    spotify_tokens.access_token(deps, user_id)
    clock.advance(days=82)
    for _ in range(2):
        with pytest.raises(ReconnectNeeded, match="over six months old"):
            spotify_tokens.access_token(deps, user_id)
    with deps.engine.connect() as conn:
        account = spotify_accounts.find_account(conn, user_id)
    assert account
    assert (account.refresh_token, account.access_token) == (None, None)
    told = notices.list_messages(deps, Visitor.person(user_id, Role.GUEST))
    assert [one.body.split(":")[0] for one in told] == ["Spotify no longer lets us in"]


def test_people_are_warned_a_month_and_a_week_before(deps: Deps, spotify: SpotifySimulator, clock: Clock) -> None:
    connect(deps, spotify)
    told = []
    for _ in range(190):
        clock.advance(days=1)
        told.append(spotify_tokens.warn_of_end(deps))
    assert [day for day, count in enumerate(told, 1) if count] == [182 - 30, 182 - 7]


def test_plays_come_with_one_question_and_count_once_late_and_odd_ones_too(
    deps: Deps, spotify: SpotifySimulator, clock: Clock
) -> None:
    now = clock()
    heard = [Played(f"Song {n}", "Xenia", now - timedelta(minutes=4 * n + 4)) for n in range(60)]
    late = Played("Late", "Xenia", now - timedelta(minutes=9), known_at=now + timedelta(minutes=30))
    local = Played("Bootleg", "Xenia", now - timedelta(minutes=1), is_local=True)
    gone = Played("Gone", "Xenia", now - timedelta(minutes=2), is_null=True)
    user_id = connect(deps, spotify, *heard, late, local, gone)
    asked = len(spotify.asked)

    assert fresh_plays.fetch(deps, user_id) == 49, "50 are reachable, and one of them names nothing"
    assert [one.params for one in spotify.asked[asked:]] == [{"limit": "50"}]
    assert fresh_plays.fetch(deps, user_id) == 0
    clock.advance(minutes=31)
    assert fresh_plays.fetch(deps, user_id) == 1

    history = listening.history(deps, Visitor.person(user_id, Role.GUEST))
    assert len(history) == 50
    with deps.engine.connect() as conn:
        rows = conn.execute(text("SELECT DISTINCT source, ms_played, import_id FROM listening_history")).all()
        lengths = conn.execute(text("SELECT DISTINCT duration_ms FROM tracks")).scalars().all()
    assert [tuple(row) for row in rows] == [(Source.SPOTIFY_API, 0, None)]
    assert lengths == [180_000]


def test_a_listener_without_plays_is_fine(deps: Deps, spotify: SpotifySimulator) -> None:
    assert fresh_plays.fetch(deps, connect(deps, spotify)) == 0


@pytest.mark.parametrize("fault", [HTML_502, RESET, Reply(200, b"{", cut_at=1), Reply(200, [1, 2])])
def test_a_spotify_that_fails_costs_nothing_but_time(
    deps: Deps, spotify: SpotifySimulator, clock: Clock, fault: Reply
) -> None:
    user_id = connect(deps, spotify, Played("Song", "Xenia", clock() - timedelta(hours=1)))
    spotify.faults.append(fault)
    with pytest.raises(IntegrationError, match="Spotify"):
        fresh_plays.fetch(deps, user_id)
    assert fresh_plays.enqueue_due(deps) == 0, "left alone for a while"
    clock.advance(minutes=6)
    assert fresh_plays.enqueue_due(deps) == 1
    assert fresh_plays.fetch(deps, user_id) == 1


def test_an_overlooked_token_is_tried_again_and_an_ended_one_renewed(
    deps: Deps, spotify: SpotifySimulator, clock: Clock
) -> None:
    user_id = connect(deps, spotify, Played("Song", "Xenia", clock() - timedelta(hours=1)))
    spotify.faults.append(TOKEN_OVERLOOKED)
    assert fresh_plays.fetch(deps, user_id) == 1
    assert spotify.refresh_count == 0
    spotify.end_access()
    assert fresh_plays.fetch(deps, user_id) == 0
    assert spotify.refresh_count == 1


@pytest.mark.parametrize(("fault", "kind", "wait"), [(THROTTLED, RateLimited, 7), (QUOTA, QuotaUsedUp, 48925)])
def test_who_is_asked_to_wait_waits_as_long_for_everybody(
    deps: Deps, spotify: SpotifySimulator, clock: Clock, fault: Reply, kind: type[RateLimited], wait: int
) -> None:
    user_id = connect(deps, spotify)
    spotify.faults.append(fault)
    with pytest.raises(kind) as raised:
        fresh_plays.fetch(deps, user_id)
    assert type(raised.value) is kind
    asked = len(spotify.asked)
    clock.advance(seconds=wait - 1)
    assert fresh_plays.enqueue_due(deps) == 0
    assert fresh_plays.fetch(deps, user_id) == 0, "not even by hand"
    with deps.engine.begin() as conn:
        account = spotify_accounts.find_account(conn, user_id)
        assert account
        spotify_accounts.delete_account(conn, user_id)
        tokens = Tokens("an access token", "a refresh token", clock() + timedelta(hours=1), frozenset())
        anew = spotify_tokens.agreed(deps, user_id, Account(account.account_id, ""), tokens)
        anew = replace(anew, refresh_token=account.refresh_token, access_token=account.access_token)
        spotify_accounts.put_account(conn, replace(anew, scopes=account.scopes))
    assert fresh_plays.fetch(deps, user_id) == 0, "nor by connecting anew"
    assert len(spotify.asked) == asked
    clock.advance(seconds=2)
    fresh_plays.fetch(deps, user_id)
    assert len(spotify.asked) > asked


def test_nothing_is_fetched_before_somebody_agreed_nor_stored_after_they_left(
    deps: Deps, spotify: SpotifySimulator, clock: Clock
) -> None:
    user_id = connect(deps, spotify, Played("Song", "Xenia", clock() - timedelta(hours=1)))
    with deps.engine.begin() as conn:
        spotify_accounts.delete_account(conn, user_id)
    assert fresh_plays.fetch(deps, user_id) == 0
    with pytest.raises(ReconnectNeeded, match="isn't connected"):
        spotify_tokens.access_token(deps, user_id)


def test_keys_are_changed_without_anybody_connecting_anew(deps: Deps, spotify: SpotifySimulator, clock: Clock) -> None:
    user_id = connect(deps, spotify)
    fresh = Fernet.generate_key().decode()
    both = replace(deps, site=replace(deps.site, token_keys=f"{fresh},{deps.site.token_keys}"))
    assert (spotify_tokens.reseal(both), spotify_tokens.reseal(both)) == (1, 0)
    alone = replace(deps, site=replace(deps.site, token_keys=fresh))
    clock.advance(hours=2)
    assert spotify_tokens.access_token(alone, user_id)
    with pytest.raises(SetupError, match="REWRAPPED_TOKEN_KEYS"):
        sealing.check("too short")


def test_a_renewing_that_fails_is_not_held_against_anybody(deps: Deps, spotify: SpotifySimulator, clock: Clock) -> None:
    user_id = connect(deps, spotify)
    clock.advance(hours=2)
    spotify.faults.append(HTML_502)
    with pytest.raises(Unavailable):
        spotify_tokens.access_token(deps, user_id)
    assert spotify_tokens.access_token(deps, user_id)


def test_without_a_secret_the_client_id_alone_asks(deps: Deps, spotify: SpotifySimulator) -> None:
    with connected(deps, spotify, has_secret=False) as public:
        assert spotify_tokens.access_token(public, connect(public, spotify))


def test_a_second_account_of_one_person_is_refused_by_the_database_too(deps: Deps, spotify: SpotifySimulator) -> None:
    user_id = connect(deps, spotify)
    with deps.engine.begin() as conn:
        other_id = people.add_person(conn, NewPerson("noor@example.org", Role.REGULAR, "UTC"))
        account = spotify_accounts.find_account(conn, user_id)
        assert account
        assert other_id
        assert not spotify_accounts.put_account(conn, replace(account, user_id=other_id))


def test_spotify_is_not_asked_during_an_import_nor_at_once_after_one_that_began_meanwhile(
    deps: Deps, spotify: SpotifySimulator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = connect(deps, spotify, Played("Song", "Xenia", clock() - timedelta(hours=1)))
    asked = len(spotify.asked)
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id)
        assert fresh_plays.fetch(deps, user_id) == 0
        assert len(spotify.asked) == asked
        assert fresh_plays.enqueue_due(deps) == 0
    monkeypatch.setattr(fresh_plays, "_LOCK_S", 1)
    monkeypatch.setattr(jobs, "deps", lambda: deps)
    original = spotify_tokens.ask

    with ExitStack() as held:

        def ask(*words: Any) -> Any:
            plays.lock_listener(held.enter_context(deps.engine.begin()), user_id)
            return original(*words)

        monkeypatch.setattr(spotify_tokens, "ask", ask)
        jobs.fetch_plays(user_id)
    assert len(spotify.asked) == asked + 1
    assert fresh_plays.enqueue_due(deps) == 0
    clock.advance(minutes=6)
    assert fresh_plays.enqueue_due(deps) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_what_a_former_account_told_is_not_stored_with_the_one_that_took_its_place(
    deps: Deps, spotify: SpotifySimulator, clock: Clock, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    user_id = connect(deps, spotify, Played("Song", "Xenia", clock() - timedelta(hours=1)))
    original = spotify_tokens.ask

    def ask(*words: Any) -> Any:
        found = original(*words)
        with deps.engine.begin() as conn:
            account = spotify_accounts.find_account(conn, user_id)
            assert account
            spotify_accounts.delete_account(conn, user_id)
            spotify_accounts.put_account(conn, replace(account, account_id="account-noor", fetched_at=None))
        if fails:
            raise Unavailable("Spotify", "has troubles")
        return found

    monkeypatch.setattr(spotify_tokens, "ask", ask)
    with suppress(Unavailable):
        assert fresh_plays.fetch(deps, user_id) == 0
    with deps.engine.connect() as conn:
        account = spotify_accounts.find_account(conn, user_id)
        assert conn.execute(text("SELECT count(*) FROM listening_history")).scalar_one() == 0
    assert account
    assert (account.fetched_at, account.trouble) == (None, None)


def test_agreeing_again_asks_spotify_nothing(
    deps: Deps, spotify: SpotifySimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon: list[int] = []
    monkeypatch.setattr(fresh_plays, "enqueue", lambda _, one: soon.append(one))
    user_id = connect(deps, spotify)
    spotify_sign_in.agree(deps, Visitor.person(user_id, Role.GUEST), "UTC", history=True, terms=True)
    assert soon == [user_id]


@pytest.mark.parametrize("is_over", [False, True])
def test_what_comes_of_renewing_finds_an_account_that_went_over_to_somebody_meanwhile(
    deps: Deps, spotify: SpotifySimulator, clock: Clock, monkeypatch: pytest.MonkeyPatch, *, is_over: bool
) -> None:
    guest_id = connect(deps, spotify)
    with deps.engine.begin() as conn:
        to_id = people.add_person(conn, NewPerson("noor@example.org", Role.REGULAR, "UTC"))
    assert to_id
    original = Spotify.refresh

    def refresh(self: Spotify, token: str) -> Tokens:
        joining_people.join(deps, guest_id, to_id)
        if is_over:
            raise ReconnectNeeded("Spotify", REVOKED)
        return original(self, token)

    monkeypatch.setattr(Spotify, "refresh", refresh)
    clock.advance(hours=2)
    with suppress(ReconnectNeeded):
        spotify_tokens.access_token(deps, guest_id)
    told = notices.list_messages(deps, Visitor.person(to_id, Role.REGULAR))
    assert [one.body.split(":")[0] for one in told] == ["Spotify no longer lets us in"] * is_over
    with deps.engine.connect() as conn:
        account = spotify_accounts.find_account(conn, to_id)
    assert account
    held = sealing.unseal(deps.site, account.refresh_token) if account.refresh_token else None
    assert held == (None if is_over else grant_of(spotify).refresh_token)


def test_disconnecting_tells_of_plays_that_only_spotify_told_and_leaves_no_name_of_theirs(
    deps: Deps, spotify: SpotifySimulator, clock: Clock
) -> None:
    heard = [Played(f"Song {n}", "Xenia", clock() - timedelta(hours=n)) for n in (1, 2, 3)]
    user_id = connect(deps, spotify, *heard)
    fresh_plays.fetch(deps, user_id)
    with deps.engine.begin() as conn:
        people.set_role(conn, user_id, Role.REGULAR)
        absorbed.absorb(conn, user_id, plays.list_stored(conn, user_id)[:1])  # as an export's row for it does
        conn.execute(
            text(
                "INSERT INTO track_names (user_id, track_id, title, named_at)"
                " SELECT user_id, track_id, 'Mine', reported_at FROM listening_history LIMIT 1"
            )
        )
    visitor = Visitor.person(user_id, Role.REGULAR)
    assert joining_people.count_api_rows(deps, visitor) == 2
    joining_people.disconnect(deps, visitor)
    with deps.engine.connect() as conn:
        assert not own_names.has_own_names(conn, user_id)
        assert not absorbed.has_absorbed(conn, user_id)


def test_a_guest_who_registers_while_they_disconnect_keeps_their_account(
    deps: Deps, spotify: SpotifySimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = connect(deps, spotify)
    original = imports.ask_all_to_cancel

    def registering(conn: database.Connection, one: int) -> None:
        original(conn, one)
        people.set_role(conn, user_id, Role.REGULAR)

    monkeypatch.setattr(imports, "ask_all_to_cancel", registering)
    assert not joining_people.disconnect(deps, Visitor.person(user_id, Role.GUEST))
    with deps.engine.connect() as conn:
        assert people.find_person(conn, user_id)
        assert spotify_accounts.find_account(conn, user_id) is None


def test_two_yeses_at_once_connect_one_account(deps: Deps, spotify: SpotifySimulator) -> None:
    guest_id = connect(deps, spotify)
    spotify.add("noor")
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, NewPerson("noor@example.org", Role.REGULAR, "UTC"))
        account = spotify_accounts.find_account(conn, guest_id)
    assert user_id
    assert account
    visitor = Visitor.person(user_id, Role.REGULAR)
    address = spotify_sign_in.begin(deps, visitor, "visit", "/overview", "203.0.113.9")
    back = requests.get(address, allow_redirects=False, timeout=5).headers["location"]
    query = dict(pair.split("=") for pair in back.split("?")[1].split("&"))
    attempt = spotify_sign_in.take_attempt(deps, user_id, "visit", query["state"])
    pending = spotify_sign_in.finish(deps, attempt, "visit", query["code"]).pending
    assert pending
    with ThreadPoolExecutor(1) as pool:
        with deps.engine.begin() as conn:
            people.hold_people(conn, {user_id})
            spotify_accounts.put_account(conn, replace(account, user_id=user_id, account_id="account-other"))
            second = pool.submit(spotify_sign_in.connect, deps, visitor, "visit", pending)
            time.sleep(0.5)
        with pytest.raises(Conflict, match="disconnect it first"):
            second.result()
    assert deps.engine.hide_parameters, "an error of the database tells no token"


def test_odd_items_are_left_out(deps: Deps, spotify: SpotifySimulator) -> None:
    user_id = connect(deps, spotify)
    track = {"name": "Song", "artists": [{"name": "Xenia"}], "uri": "spotify:track:" + "a" * 22}
    good = {"played_at": "2026-11-20T08:00:00Z", "track": track}
    early = {**good, "played_at": "0001-01-01T00:00:00+01:00"}
    broken = {**good, "track": {**track, "uri": "spotify:track:\ud800"}}
    spotify.faults.append(Reply(200, json.dumps({"items": [early, broken, good]}).encode()))
    assert fresh_plays.fetch(deps, user_id) == 1


_DEEP = Reply(200, b"[" * 100_000 + b"]" * 100_000)


@pytest.mark.parametrize(
    "odd", [_DEEP, Reply(200, b'{"access_token": "a", "expires_in": Infinity}'), Reply(200, b'{"id": "\\ud800"}')]
)
def test_odd_answers_are_said_to_be_unreadable(deps: Deps, spotify: SpotifySimulator, odd: Reply) -> None:
    connect(deps, spotify)
    assert deps.spotify
    for question in (deps.spotify.me, deps.spotify.refresh, deps.spotify.recent_plays):
        spotify.faults.append(odd)
        with pytest.raises(BadPayload):
            question("a token")


def test_a_token_whose_key_is_lost_is_given_up_without_asking_spotify(deps: Deps, spotify: SpotifySimulator) -> None:
    user_id = connect(deps, spotify)
    asked = len(spotify.asked)
    lost = replace(deps, site=replace(deps.site, token_keys=Fernet.generate_key().decode()))
    with pytest.raises(ReconnectNeeded, match="connected again"):
        spotify_tokens.access_token(lost, user_id)
    assert len(spotify.asked) == asked
    with deps.engine.connect() as conn:
        account = spotify_accounts.find_account(conn, user_id)
    assert account
    assert account.refresh_token is None
