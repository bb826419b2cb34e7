"""The import page as Streamlit runs it: past imports, told by the listener's clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import importing, sessions
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import imports
from rewrapped.ui import session
from tests.conftest import Clock
from tests.exports import extended_row, to_json

APP = str(Path(__file__).resolve().parents[2] / "app.py")
EVENING = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 20:00 of the day before in Los Angeles


@pytest.fixture
def page(deps: Deps, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The import page of somebody in Los Angeles, on the evening they imported two plays of that day."""
    clock.at = EVENING
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, NewPerson("mira@example.org", Role.REGULAR, "America/Los_Angeles"))
    assert user_id is not None
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    moments = ("2026-11-22T09:00:00Z", "2026-11-23T02:00:00Z")
    path.write_bytes(to_json([extended_row(ts=moment, ms_played=200_000) for moment in moments]))
    importing.import_files(deps, user_id, [path])
    with deps.engine.begin() as conn:
        conn.execute(update(imports).values(created_at=EVENING))
    running.hold(deps)
    token = sessions.start(deps, user_id)
    monkeypatch.setattr(session, "token", lambda: token)
    monkeypatch.setattr(session, "csrf_token", lambda: "a token")
    yield AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/import.py").run()
    running.hold(None)


def test_an_import_of_this_minute_is_of_today_where_the_listener_is(page: AppTest) -> None:
    assert not page.exception
    assert any(text.value.startswith("**Done** · today, 20:00 · ") for text in page.markdown)


def test_a_removal_tells_the_days_that_would_go_by_the_listeners_clock(page: AppTest) -> None:
    [remove] = [button for button in page.button if button.label == "Remove this import"]

    remove.click().run()

    said = "2 rows that this import alone brought go, from 22 November 2026 to 22 November 2026."
    assert any(said in text.value for text in page.markdown)


def test_keeping_an_import_is_the_first_choice(page: AppTest) -> None:
    next(button for button in page.button if button.label == "Remove this import").click().run()
    [keep] = [button for button in page.button if button.label == "Keep it"]
    assert keep.proto.type == "primary"
    assert [button.proto.type for button in page.button if button.label == "Remove this import"] == ["secondary"] * 2
