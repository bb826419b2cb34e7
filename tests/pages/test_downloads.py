"""What a page hands out without being run anew: files made at a press, and parts that are drawn by themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.errors import SignInNeeded
from rewrapped.services import operators, sessions
from rewrapped.settings import CHECKOUT
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.ui import session
from tests.conftest import Clock

EMAIL, BUTTON = "mira@example.org", "download_button"


@pytest.fixture
def token(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The session of somebody whose page is drawn."""
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, NewPerson(EMAIL, Role.PROMOTER, "UTC", "Mira"))
    made = sessions.start(deps, user_id or 0)
    monkeypatch.setattr(session, "token", lambda: made)  # a test has no cookies
    running.hold(deps)
    yield made
    running.hold(None)


def file_of(visitor: Visitor) -> bytes:
    return f"all of {visitor.signed_in()}".encode()


def test_a_file_is_made_while_its_session_lasts_and_never_after(deps: Deps, token: str) -> None:
    pressed = session.when_pressed(file_of)
    assert pressed() == pressed() == f"all of {session.visitor().user_id}".encode()
    sessions.end(deps, token)
    with pytest.raises(SignInNeeded, match="Sign in again"):
        pressed()


def test_signing_out_everywhere_ends_it_too(deps: Deps, token: str) -> None:
    pressed = session.when_pressed(file_of)
    sessions.end_all(deps, session.visitor().signed_in())
    with pytest.raises(SignInNeeded):
        pressed()


def test_a_page_left_open_for_two_weeks_makes_no_file(deps: Deps, token: str, clock: Clock) -> None:
    pressed = session.when_pressed(file_of)
    clock.advance(days=15)
    with pytest.raises(SignInNeeded):
        pressed()


def test_a_role_taken_away_is_seen_at_the_press(deps: Deps, token: str) -> None:
    pressed = session.when_pressed(lambda visitor: visitor.role)
    assert pressed() is Role.PROMOTER
    operators.set_role(deps, EMAIL, Role.REGULAR)
    assert pressed() is Role.REGULAR


def test_without_a_session_nothing_is_made(deps: Deps, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "token", lambda: None)
    with pytest.raises(SignInNeeded):
        session.when_pressed(lambda _: b"")()


def downloads(path: Path) -> list[ast.expr]:
    """Return what every download button of a module is given as its data."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [call.args[1] for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == BUTTON]


def test_every_file_of_a_page_asks_anew_who_presses() -> None:
    modules = [path for folder in ("pages", "rewrapped/ui") for path in (CHECKOUT / folder).glob("*.py")]
    found = {f"{path.name}: {ast.unparse(data)}" for path in modules for data in downloads(path)}
    assert len(found) > 5
    assert [each for each in found if "session.when_pressed(" not in each] == []
