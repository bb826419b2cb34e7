"""The card of Spotify on the page Connections, and the access token a page has, through Streamlit's own test runner."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.accounts import TERMS_VERSION
from rewrapped.domain.spotify import Account, Tokens
from rewrapped.errors import RateLimited
from rewrapped.services import accounts, asking, sessions, spotify_tokens
from rewrapped.services.accounts import Caller, Registration
from rewrapped.storage import people, spotify_accounts
from rewrapped.storage.people import NewPerson
from tests.conftest import Clock
from tests.pages.plays import Open
from tests.simulators.server import serving
from tests.simulators.spotify import SpotifySimulator, connected

PASSWORD = "horse lamp river"


def test_the_spotify_card_tells_admins_how_to_get_keys_and_nobody_else(open_as: Open, deps: Deps) -> None:
    for email, is_told in (("first@example.org", True), ("second@example.org", False)):
        form = Registration(email, PASSWORD, "UTC", history_consent=True, terms_consent=True)
        user_id = accounts.register(deps, form, Caller("127.0.0.1", is_local=True))
        page = open_as("connections", sessions.start(deps, user_id))
        addresses = [one.value for one in page.code]
        assert (addresses == ["http://127.0.0.1:8501/auth/spotify/callback"]) is is_told
        assert "spotify_token" not in page.session_state


def test_a_page_has_the_access_token_only_while_an_account_is_connected(
    open_as: Open, deps: Deps, clock: Clock
) -> None:
    with serving(SpotifySimulator("http://127.0.0.1:8501/auth/spotify/callback", clock)) as spotify:
        assert isinstance(spotify, SpotifySimulator)
        with connected(deps, spotify) as held:
            user_id = people_add(held)
            account = Account("account-mira", "*Mira* <b>")
            tokens = Tokens("the access token", "the refresh token", clock() + timedelta(hours=1), frozenset())
            with held.engine.begin() as conn:
                spotify_accounts.put_account(conn, spotify_tokens.agreed(held, user_id, account, tokens))
            running.hold(held)
            token = sessions.start(held, user_id)
            page = open_as("connections", token)
            assert page.session_state["spotify_token"] == "the access token"
            assert "Connected as **\\*Mira\\* \\<b\\>**." in [one.value for one in page.markdown], page.markdown
            alone = "from rewrapped.ui import session, spotify_card\nspotify_card.hydrate(session.visitor())"
            run = AppTest.from_string(alone).run()
            assert run.session_state["spotify_token"] == "the access token"
            clock.advance(hours=1)
            assert "spotify_token" not in run.run().session_state
    assert [one.path for one in spotify.asked] == [], "a page never waits for Spotify"


def test_while_spotify_asks_to_wait_nothing_can_be_asked_for(open_as: Open, deps: Deps, clock: Clock) -> None:
    with serving(SpotifySimulator("http://127.0.0.1:8501/auth/spotify/callback", clock)) as spotify:
        assert isinstance(spotify, SpotifySimulator)
        with connected(deps, spotify) as held:
            user_id = people_add(held)
            tokens = Tokens("the access token", "the refresh token", clock() + timedelta(hours=9), frozenset())
            with held.engine.begin() as conn:
                people.set_consents(conn, user_id, clock(), TERMS_VERSION)
                account = spotify_tokens.agreed(held, user_id, Account("account-mira", ""), tokens)
                spotify_accounts.put_account(conn, account)
            running.hold(held)
            token = sessions.start(held, user_id)
            assert any(one.key == "fetch_plays" for one in open_as("connections", token).button)
            with held.engine.begin() as conn:
                asking.rest(held, conn, "spotify", RateLimited("Spotify", "asks us to wait", retry_after_s=600))
            page = open_as("connections", token)
            assert not any(one.key == "fetch_plays" for one in page.button)
            assert any(one.value.startswith("Spotify asks us to wait until") for one in page.caption)


def people_add(deps: Deps) -> int:
    with deps.engine.begin() as conn:
        found = people.add_person(conn, NewPerson(None, Role.GUEST, "UTC", "Mira"))
    assert found
    return found
