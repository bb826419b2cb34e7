"""The profile page, the legal pages, and who may open what, through Streamlit's own test runner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.tokens import Scope
from rewrapped.errors import SignInNeeded
from rewrapped.queueing import make_redis
from rewrapped.services import accounts, importing, profiles, sessions, tokens
from rewrapped.services.accounts import Caller, Registration
from rewrapped.storage import database, people
from rewrapped.storage import sweeps as pauses
from rewrapped.storage.sweeps import Pause
from rewrapped.ui import session
from tests.exports import extended_row, to_json
from tests.pages.plays import Open

PASSWORD = "horse lamp river"


@pytest.fixture
def jane(deps: Deps) -> Visitor:
    """Somebody registered."""
    form = Registration("jane@example.org", PASSWORD, "Europe/Berlin", history_consent=True, terms_consent=True)
    return Visitor.person(accounts.register(deps, form, Caller("203.0.113.9")), Role.REGULAR)


def texts(page: AppTest) -> str:
    """Return what a page says."""
    kinds = (
        page.title,
        page.get("html"),
        page.header,
        page.subheader,
        page.markdown,
        page.caption,
        page.info,
        page.error,
        page.success,
    )
    return "\n".join(str(getattr(element, "value", None) or element.proto.body) for kind in kinds for element in kind)


def test_nobody_sees_a_profile_without_signing_in(open_as: Open) -> None:
    page = open_as("profile")
    assert not page.exception
    assert page.title[0].value == "Sign in first"
    assert not page.text_input


def test_a_token_that_ended_shows_no_profile(open_as: Open, deps: Deps, jane: Visitor) -> None:
    token = sessions.start(deps, jane.signed_in())
    page = open_as("profile", token)
    assert "jane" in texts(page)
    sessions.end(deps, token)  # in another tab
    page.run()
    assert page.title[0].value == "Sign in first"
    assert "jane" not in texts(page)


@pytest.mark.parametrize("name", ["about", "terms", "privacy"])
def test_the_legal_pages_are_for_everybody(open_as: Open, name: str) -> None:
    page = open_as(name)
    assert not page.exception
    assert len(texts(page)) > 1000


def test_a_profile_is_changed_on_the_page(open_as: Open, deps: Deps, jane: Visitor) -> None:
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    page.text_input[0].input("Zoë")
    page.selectbox[0].select("Asia/Tokyo")
    page.selectbox[1].select("half")
    page.button[0].click().run()
    assert not page.exception
    assert page.success
    person = profiles.person(deps, jane)
    assert (person.display_name, person.zone, person.play_rule) == ("Zoë", "Asia/Tokyo", "half")


def test_the_history_can_be_downloaded_as_soon_as_there_is_one(
    open_as: Open, deps: Deps, jane: Visitor, tmp_path: Path
) -> None:
    token, link = sessions.start(deps, jane.signed_in()), 'href="/api/v1/me/history.csv"'
    assert link not in texts(open_as("profile", token))
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json([extended_row()]))
    importing.import_files(deps, jane.signed_in(), [path])
    assert link in texts(open_as("profile", token))


def test_a_bad_country_is_told_and_nothing_is_stored(open_as: Open, deps: Deps, jane: Visitor) -> None:
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    page.text_input[0].input("Zoë")
    page.text_input[1].input("1!")
    page.button[0].click().run()
    assert "two letters" in page.error[0].value
    assert profiles.person(deps, jane).display_name == ""


def test_a_name_is_shown_as_it_is_and_never_as_markup(open_as: Open, deps: Deps, jane: Visitor) -> None:
    profiles.change_profile(deps, jane, profiles.Profile("[a](http://evil.example) **b**", "UTC", "", "30s"))
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    assert "](http" not in page.title[0].value
    assert r"\*" in page.title[0].value


def test_the_password_is_changed_on_the_page_and_other_sessions_end(open_as: Open, deps: Deps, jane: Visitor) -> None:
    mine, other = sessions.start(deps, jane.signed_in()), sessions.start(deps, jane.signed_in())
    page = open_as("profile", mine)
    page.text_input[2].input(PASSWORD)
    page.text_input[3].input("six brass kettles")
    page.button[1].click().run()
    assert "1 other sign-in" in page.success[0].value
    assert sessions.visitor(deps, mine).user_id
    assert sessions.visitor(deps, other) == Visitor()


@pytest.mark.parametrize("is_away", [True, False])
def test_a_database_that_is_away_is_one_sentence_wherever_it_is_missed(
    open_as: Open, deps: Deps, jane: Visitor, monkeypatch: pytest.MonkeyPatch, is_away: bool
) -> None:
    token = sessions.start(deps, jane.signed_in())
    monkeypatch.setattr(session, "token", lambda: token)
    if is_away:
        running.hold(replace(deps, engine=database.make_engine("postgresql://nobody@127.0.0.1:9/none")))
    page = AppTest.from_string("from rewrapped.ui.navigation import run\nrun()", default_timeout=60).run()
    assert not page.exception
    assert any("database" in error.value for error in page.error) == is_away


def test_a_dead_redis_is_not_noticed(open_as: Open, deps: Deps, jane: Visitor) -> None:
    token = sessions.start(deps, jane.signed_in())
    running.hold(replace(deps, redis=make_redis("redis://127.0.0.1:9")))
    assert "jane" in texts(open_as("profile", token))


def test_operations_are_for_admins_alone(open_as: Open, deps: Deps, jane: Visitor) -> None:
    token = sessions.start(deps, jane.signed_in())
    assert "Not for this account" in texts(open_as("operations", token))
    with deps.engine.begin() as conn:
        people.set_role(conn, jane.signed_in(), Role.ADMIN)
    sessions.forget_copies(deps, jane.signed_in())
    page = open_as("operations", token)
    assert not page.exception
    assert page.title[0].value == "No worker runs"
    assert "heard in the last 90 seconds" in texts(page)
    assert "Nobody is asked" in texts(page)
    with deps.engine.begin() as conn:
        pauses.set_pause(conn, "musicbrainz", Pause(deps.now() + timedelta(hours=1), "MusicBrainz can't be reached."))
    page.run()
    [warning] = page.warning
    assert warning.value.startswith("MusicBrainz rests until ")
    assert "MusicBrainz can't be reached" in warning.value


def test_a_token_is_made_shown_once_and_revoked_on_the_page(open_as: Open, deps: Deps, jane: Visitor) -> None:
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    page.text_input(key="token_name").input("**Sheet**")
    page.multiselect(key="token_scopes").select(Scope.LISTENING)
    next(button for button in page.button if button.label == "Make a token").click().run()
    assert not page.exception
    secret = page.code[0].value
    assert page.code[0].proto.wrap_lines
    assert tokens.holder(deps, secret, "203.0.113.9").scopes == {Scope.LISTENING}
    assert r"\*\*Sheet" in texts(page)
    page.run()
    assert not page.code
    assert secret not in repr(page.session_state)
    next(button for button in page.button if button.label == "Revoke").click().run()
    assert not page.exception
    assert tokens.list_tokens(deps, jane) == []
    with pytest.raises(SignInNeeded):
        tokens.holder(deps, secret, "203.0.113.9")


def test_a_scrobbler_gets_a_token_for_submitting_alone(open_as: Open, deps: Deps, jane: Visitor) -> None:
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    assert "http://127.0.0.1:8501/1/submit-listens" in texts(page)
    page.button(key="scrobbler_token").click().run()
    assert not page.exception
    assert tokens.holder(deps, page.code[0].value, "203.0.113.9").scopes == {Scope.SUBMIT}
    page.run()
    assert not page.code


def test_a_token_without_a_name_is_refused_in_a_sentence(open_as: Open, deps: Deps, jane: Visitor) -> None:
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    next(button for button in page.button if button.label == "Make a token").click().run()
    assert "at least one thing" in page.error[0].value
    assert tokens.list_tokens(deps, jane) == []


def test_a_new_password_is_said_to_leave_tokens_alive(open_as: Open, deps: Deps, jane: Visitor) -> None:
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    assert "Programs keep their access tokens" in texts(page)


def test_a_guest_is_offered_no_tokens(open_as: Open, deps: Deps, jane: Visitor) -> None:
    with deps.engine.begin() as conn:
        people.set_role(conn, jane.signed_in(), Role.GUEST)
    page = open_as("profile", sessions.start(deps, jane.signed_in()))
    assert not page.exception
    assert "ccess tokens" not in texts(page)
