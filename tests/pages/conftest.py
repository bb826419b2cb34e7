"""A listener, their plays, and the pages as they open them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import importing, sessions
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.ui import session
from tests.exports import to_json
from tests.pages.plays import CHECKOUT, Open


@pytest.fixture
def listener(deps: Deps) -> int:
    with deps.engine.begin() as conn:
        found = people.add_person(conn, NewPerson("mira@example.org", Role.REGULAR, "Europe/Berlin", "Mira *M*"))
    assert found is not None
    return found


@pytest.fixture
def open_page(deps: Deps, listener: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page as the listener, with a query."""
    running.hold(deps)
    token = sessions.start(deps, listener)
    monkeypatch.setattr(session, "token", lambda: token)  # a test has no cookies
    monkeypatch.setattr(session, "csrf_token", lambda: "a token")

    def open_it(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(CHECKOUT / "app.py"), default_timeout=60)
        app.run()
        app.switch_page(f"pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    yield open_it
    running.hold(None)


@pytest.fixture
def given(deps: Deps, listener: int, tmp_path: Path) -> Callable[[list[dict[str, object]]], None]:
    def store(rows: list[dict[str, object]]) -> None:
        path = tmp_path / "Streaming_History_Audio_2026_0.json"
        path.write_bytes(to_json(rows))
        importing.import_files(deps, listener, [path])

    return store


@pytest.fixture
def open_as(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page as whoever holds a token of a session; without one as nobody."""

    def open_it(name: str, token: str | None = None) -> AppTest:
        monkeypatch.setattr(session, "token", lambda: token)
        app = str(CHECKOUT / "app.py")
        return AppTest.from_file(app, default_timeout=60).run().switch_page(f"pages/{name}.py").run()

    running.hold(deps)
    yield open_it
    running.hold(None)
