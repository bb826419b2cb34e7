"""Signing in with Spotify through the site's own pages, against a Spotify that keeps its rules; and attacks on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import text

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import fresh_plays, sessions
from rewrapped.storage import people, spotify_accounts
from tests.conftest import Clock
from tests.simulators.server import Reply, serving
from tests.simulators.spotify import HTML_502, RESET, Played, SpotifySimulator, connected
from tests.web.conftest import PASSWORD, Browser, NewBrowser

BOTH = {"history": "on", "terms": "on", "zone": "Europe/Berlin"}
NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def plays(count: int) -> list[Played]:
    return [Played(f"Song {n}", "Xenia", NOON - timedelta(minutes=4 * n)) for n in range(count)]


@pytest.fixture
def spotify(clock: Clock) -> Iterator[SpotifySimulator]:
    with serving(SpotifySimulator("http://127.0.0.1:8501/auth/spotify/callback", clock)) as simulator:
        assert isinstance(simulator, SpotifySimulator)
        yield simulator


@pytest.fixture
def deps(deps: Deps, spotify: SpotifySimulator) -> Iterator[Deps]:
    """Everything a service is handed, with a way to the simulator."""
    with connected(deps, spotify) as held:
        yield held


def sent_to(browser: Browser, where: str = "/overview") -> str:
    """Begin, and return where at Spotify the browser is sent."""
    reply = browser.get(f"/auth/spotify/login?next={where}")
    assert reply.status_code == 302, reply.text
    return str(reply.headers["location"])


def back_from(address: str) -> str:
    """Agree at Spotify; return the path and query it sends the browser back to."""
    reply = requests.get(address, allow_redirects=False, timeout=5)
    assert reply.status_code == 302, reply.text
    parts = urlsplit(reply.headers["location"])
    return f"{parts.path}?{parts.query}"


def sign_in(browser: Browser, where: str = "/overview") -> str:
    """Go all the way; return where it led."""
    reply = browser.get(back_from(sent_to(browser, where)))
    assert reply.status_code == 303, reply.text
    return str(reply.headers["location"])


def who(browser: Browser, deps: Deps) -> sessions.Visitor:
    return sessions.visitor(deps, browser.client.cookies.get("rw_session"))


def row_count(deps: Deps, user_id: int) -> int:
    with deps.engine.connect() as conn:
        return people.list_belongings(conn, user_id).row_count


def guest(browser: Browser, deps: Deps) -> int:
    """Sign in with Spotify for the first time, agree, and have the first plays fetched; return the id."""
    assert sign_in(browser) == "/auth/consent?next=%2Foverview"
    assert browser.post("/auth/consent", {**BOTH, "next": "/overview"}).headers["location"] == "/overview"
    user_id = who(browser, deps).signed_in()
    assert deps.queue.has(f"fetch-plays-{user_id}")
    fresh_plays.fetch(deps, user_id)
    return user_id


# What people do -----------------------------------------------------------------------------------


def test_spotify_alone_makes_a_guest_whose_plays_come_once_they_agreed(
    browser: Browser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mira", *plays(3))

    assert sign_in(browser, "/tops?range=4w") == "/auth/consent?next=%2Ftops%3Frange%3D4w"
    visitor = who(browser, deps)
    assert visitor.role is Role.GUEST
    assert fresh_plays.fetch(deps, visitor.signed_in()) == 0, "nothing is kept before they agreed"
    assert browser.post("/auth/consent", {"history": "on", "next": "/tops"}).status_code == 400
    fields = {**BOTH, "next": "/tops?range=4w"}
    del fields["zone"]
    sent = {"csrf_token": browser.csrf(), **fields}
    reply = browser.client.post("/auth/consent", data=sent, headers={"origin": browser.origin}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, "/tops?range=4w")
    assert fresh_plays.fetch(deps, visitor.signed_in()) == 3
    assert browser.get("/auth/consent?next=/tops").headers["location"] == "/tops"

    browser.post("/auth/sign-out")
    assert sign_in(browser) == "/overview", "who agreed before isn't asked again"
    assert who(browser, deps).user_id == visitor.user_id


def test_a_guest_who_registers_keeps_everything(browser: Browser, deps: Deps, spotify: SpotifySimulator) -> None:
    spotify.add("mira", *plays(3))
    user_id = guest(browser, deps)

    assert browser.register("mira@example.org").status_code == 303

    visitor = who(browser, deps)
    assert (visitor.user_id, visitor.role, row_count(deps, user_id)) == (user_id, Role.ADMIN, 3), (
        "the first to register, as ever"
    )
    browser.post("/auth/sign-out")
    sign_in(browser)
    assert who(browser, deps).user_id == user_id, "both ways in lead to one account"


def test_a_guest_who_registers_with_a_known_address_is_asked_for_its_password_and_goes_over(
    browser: Browser, new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    browser.register("mira@example.org")
    user_id = who(browser, deps).signed_in()
    spotify.add("mira", *plays(3))
    other = new_browser()
    guest_id = guest(other, deps)

    asked = other.register("mira@example.org")
    assert "That address has an account" in asked.text
    wrong = other.post("/auth/spotify/join", {"email": "mira@example.org", "password": "not it at all"})
    assert wrong.status_code == 400
    assert who(other, deps).user_id == guest_id
    right = other.post("/auth/spotify/join", {"email": "mira@example.org", "password": PASSWORD, "next": "/tops"})

    assert right.headers["location"] == "/tops"
    assert who(other, deps).user_id == user_id
    assert row_count(deps, user_id) == 3
    with deps.engine.connect() as conn:
        assert people.find_person(conn, guest_id) is None
        assert spotify_accounts.find_owner(conn, "account-mira") == user_id


def test_connecting_shows_whose_account_it_is_and_takes_the_guest_who_had_it_over(
    browser: Browser, new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mira", *plays(3), name="<b>Mira</b>")
    guest_id = guest(new_browser(), deps)
    browser.register("jane@example.org")
    user_id = who(browser, deps).signed_in()

    where = sign_in(browser, "/connections")
    shown = browser.get(where).text
    assert "&lt;b&gt;Mira&lt;/b&gt;" in shown
    assert "<strong>3</strong> plays" in shown
    pending = parse_qs(urlsplit(where).query)["pending"][0]
    assert row_count(deps, user_id) == 0, "nothing moves before they say yes"
    assert browser.post("/auth/spotify/connect", {"pending": pending}).headers["location"] == "/connections"

    assert row_count(deps, user_id) == 3
    with deps.engine.connect() as conn:
        assert people.find_person(conn, guest_id) is None
    assert browser.post("/auth/spotify/connect", {"pending": pending}).status_code == 403, "a yes counts once"


def test_one_spotify_account_is_one_persons_and_one_person_has_one(
    browser: Browser, new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    mira = spotify.add("mira")
    browser.register("jane@example.org")
    where = sign_in(browser, "/connections")
    browser.post("/auth/spotify/connect", {"pending": parse_qs(urlsplit(where).query)["pending"][0]})

    spotify.add("noor")
    second = browser.get(back_from(sent_to(browser)))
    assert second.status_code == 409
    assert "disconnect it first" in second.text
    spotify.listener = mira
    other = new_browser()
    other.register("noor@example.org")
    taken = other.get(back_from(sent_to(other)))
    assert taken.status_code == 409
    assert "belongs to another account" in taken.text
    assert sign_in(browser, "/connections") == "/connections", "who connects their own again only renews it"


def test_disconnecting_takes_what_spotify_told_and_a_guests_account(
    browser: Browser, new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mira", *plays(2))
    user_id = guest(browser, deps)
    browser.register("mira@example.org")
    assert "<strong>2</strong> plays" in browser.get("/auth/spotify/disconnect").text
    assert browser.post("/auth/spotify/disconnect").headers["location"] == "/connections"
    assert row_count(deps, user_id) == 0
    with deps.engine.connect() as conn:
        assert spotify_accounts.find_account(conn, user_id) is None

    other = new_browser()
    spotify.add("noor", *plays(2))
    guest_id = guest(other, deps)
    assert other.get("/auth/delete").headers["location"] == "/auth/spotify/disconnect"
    assert "only way in" in other.get("/auth/spotify/disconnect").text
    assert other.post("/auth/spotify/disconnect").headers["location"] == "/auth/goodbye"
    with deps.engine.connect() as conn:
        assert people.find_person(conn, guest_id) is None
        assert conn.execute(text("SELECT count(*) FROM listening_history")).scalar_one() == 0


def test_who_says_no_or_is_not_on_the_list_is_told_so(browser: Browser, deps: Deps, spotify: SpotifySimulator) -> None:
    mira = spotify.add("mira", agrees=False)
    refused = browser.get(back_from(sent_to(browser)))
    assert refused.status_code == 403
    assert "Nothing was changed" in refused.text
    mira.agrees, mira.is_listed = True, False
    unlisted = browser.get(back_from(sent_to(browser)))
    assert unlisted.status_code == 403
    assert "has to add your Spotify address" in unlisted.text
    mira.is_listed, spotify.has_premium = True, False
    assert "Premium ended" in browser.get(back_from(sent_to(browser))).text
    assert who(browser, deps).user_id is None


# Attacks ------------------------------------------------------------------------------------------


def test_a_state_is_this_browsers_alone_and_good_once(
    browser: Browser, new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mira")
    other = new_browser("198.51.100.7")
    other.get("/auth/sign-in")
    back = back_from(sent_to(browser))
    code = parse_qs(urlsplit(back).query)["code"][0]

    assert other.get(back).status_code == 403, "another browser"
    assert browser.get(back).status_code == 403, "tried elsewhere, it is used up"
    back = back_from(sent_to(browser))
    for bad in ("", "&state=", "&state=guessed", "&state=%00%ff"):
        assert browser.get(f"/auth/spotify/callback?code={code}{bad}").status_code == 403
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403, "a second time"
    state = parse_qs(urlsplit(sent_to(browser)).query)["state"][0]
    assert browser.get(f"/auth/spotify/callback?code={code}&state={state}").status_code == 403, "a used code"


def test_a_code_of_somebody_elses_sign_in_is_worth_nothing(
    browser: Browser, new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mallory")
    theirs = parse_qs(urlsplit(back_from(sent_to(new_browser("198.51.100.7")))).query)["code"][0]
    mine = parse_qs(urlsplit(sent_to(browser)).query)["state"][0]
    reply = browser.get(f"/auth/spotify/callback?code={theirs}&state={mine}")
    assert reply.status_code == 403
    assert who(browser, deps).user_id is None


def test_nobody_is_connected_by_a_link_and_no_session_survives_a_sign_in(
    browser: Browser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mallory")
    back = back_from(sent_to(browser))
    browser.register("jane@example.org")
    assert browser.get(back).status_code == 403, "signed in since"
    user_id = who(browser, deps).signed_in()
    where = sign_in(browser, "/connections")
    pending = parse_qs(urlsplit(where).query)["pending"][0]
    assert browser.get(f"/auth/spotify/connect?pending={pending}").status_code == 200
    headers = {"origin": "https://evil.example"}
    forced = browser.client.post("/auth/spotify/connect", data={"pending": pending}, headers=headers)
    assert forced.status_code == 403
    with deps.engine.connect() as conn:
        assert spotify_accounts.find_account(conn, user_id) is None

    browser.post("/auth/sign-out")
    browser.client.cookies.set("rw_session", "fixed-by-somebody", domain="127.0.0.1")
    sign_in(browser)
    assert sessions.visitor(deps, "fixed-by-somebody").user_id is None
    assert who(browser, deps).user_id is not None


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil.example", "/auth/sign-out"])
def test_nobody_is_led_elsewhere(browser: Browser, spotify: SpotifySimulator, where: str) -> None:
    spotify.add("mira")
    assert sign_in(browser, where) == "/auth/consent?next=%2Foverview"
    assert browser.post("/auth/consent", {**BOTH, "next": where}).headers["location"] == "/overview"


def test_a_closed_site_takes_no_guests_but_those_it_has(
    new_browser: NewBrowser, deps: Deps, spotify: SpotifySimulator
) -> None:
    spotify.add("mira")
    guest(new_browser(), deps)
    closed = new_browser(registration="closed")
    assert sign_in(closed) == "/overview"
    spotify.add("noor")
    assert new_browser(registration="closed").get(back_from(sent_to(closed))).status_code == 403


def test_no_secret_stands_in_redis_the_database_or_the_log_of_calls(
    browser: Browser, deps: Deps, spotify: SpotifySimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    spotify.add("mira", *plays(1))
    address = sent_to(browser)
    held = b" ".join(deps.redis.get(key) or b"" for key in deps.redis.scan_iter("spotify:*"))
    assert held
    assert b"/overview" not in held
    browser.get(back_from(address))
    user_id = who(browser, deps).signed_in()
    browser.post("/auth/consent", BOTH)
    fresh_plays.fetch(deps, user_id)
    secrets = [spotify.grants[0].refresh_token, *spotify.tokens()]
    with deps.engine.connect() as conn:
        account = spotify_accounts.find_account(conn, user_id)
        stored = str(conn.execute(text("SELECT * FROM spotify_accounts")).all())
        told = conn.execute(text("SELECT endpoint, status FROM api_integration_logs ORDER BY id")).all()
    assert {tuple(row) for row in told} == {("/api/token", 200), ("/me", 200), ("/me/player/recently-played", 200)}
    for secret in secrets:
        assert all(secret not in place for place in (stored, repr(account), caplog.text))


# Faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [HTML_502, RESET], ids=["a page of HTML", "a reset"])
def test_a_spotify_that_fails_is_one_sentence_and_signs_nobody_in(
    browser: Browser, deps: Deps, spotify: SpotifySimulator, fault: Reply
) -> None:
    spotify.add("mira")
    back = back_from(sent_to(browser))
    spotify.faults.append(fault)
    reply = browser.get(back)
    assert reply.status_code == 503
    assert "Spotify" in reply.text
    assert who(browser, deps).user_id is None
    sign_in(browser)
    assert who(browser, deps).role is Role.GUEST


def test_without_keys_the_forms_say_nothing_of_spotify_and_the_way_is_closed(browser: Browser, deps: Deps) -> None:
    assert "Sign in with Spotify" in browser.get("/auth/sign-in").text
    running.hold(replace(running.deps(), spotify=None))
    assert "Spotify" not in browser.get("/auth/sign-in").text
    assert browser.get("/auth/spotify/login").status_code == 404
    assert browser.get("/auth/spotify/callback?code=x&state=y").status_code in (403, 404)
