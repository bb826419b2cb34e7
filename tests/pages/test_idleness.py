"""What keeps a session from ending for idleness: a person who opens a page, and no timer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import sessions
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import sessions as rows
from rewrapped.ui import bell, session
from tests.conftest import Clock

APP = str(Path(__file__).resolve().parents[2] / "app.py")


@pytest.fixture
def app(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The site as somebody signed in sees it."""
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, NewPerson("mira@example.org", Role.REGULAR, "UTC", "Mira"))
    token = sessions.start(deps, user_id or 0)
    monkeypatch.setattr(session, "token", lambda: token)  # a test has no cookies
    monkeypatch.setattr(session, "csrf_token", lambda: "a token")
    running.hold(deps)
    yield AppTest.from_file(APP, default_timeout=60)
    running.hold(None)


def last_seen_at(deps: Deps) -> datetime:
    with deps.engine.connect() as conn:
        return conn.execute(select(rows.c.last_seen_at)).scalar_one()


def test_a_page_a_person_opens_counts(app: AppTest, deps: Deps, clock: Clock) -> None:
    opened_at = clock.advance(minutes=10)
    app.run()
    assert not app.exception
    assert last_seen_at(deps) == opened_at


def test_a_page_drawn_anew_by_a_timer_counts_no_more_than_the_bell_on_it(
    app: AppTest, deps: Deps, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bell looks at every run, as it does every two seconds; the first look finds a page that a timer renews."""
    opened_at = clock.advance(minutes=10)
    draw, looks = bell.draw, []

    def draw_later(*given: object) -> None:
        draw(*given)
        looks.append(clock.at)
        if len(looks) == 1:
            clock.advance(minutes=10)
            deps.redis.flushall()  # the copy of the session is older than ten seconds
            session.rerun_quietly()

    monkeypatch.setattr(bell, "draw", draw_later)
    app.run()
    assert not app.exception
    assert len(looks) == 2
    assert last_seen_at(deps) == opened_at
