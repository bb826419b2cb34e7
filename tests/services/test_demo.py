"""The sample listener in the database: complete at once, renewed in one step, and nobody else's business."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from rewrapped.cli import main
from rewrapped.demo.fill import NAME, STALE_AFTER, ensure_sample_listener, renew_sample_listener
from rewrapped.demo.listener import sample_export
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.importing import State
from rewrapped.embedded.servers import Urls
from rewrapped.errors import SetupError, StoreDown, UnreadableFile
from rewrapped.services import importing, imports, listening, samples, sessions
from rewrapped.storage import database, people, plays
from rewrapped.storage.tables import listening_history, users
from tests import stored
from tests.conftest import Clock


def _stored(engine: Engine) -> int:
    with engine.connect() as conn:
        return conn.scalar(select(func.count()).select_from(listening_history)) or 0


def _ids(engine: Engine) -> set[int]:
    with engine.connect() as conn:
        return set(conn.scalars(select(users.c.id)))


def test_every_row_of_the_sample_is_kept(deps: Deps) -> None:
    user_id = ensure_sample_listener(deps)

    [done] = imports.list_imports(deps, Visitor.demo(user_id))
    assert done.state is State.DONE
    assert done.ledger is not None
    total = done.ledger["sum"]
    assert total["merged"] == 0
    assert sum(total["dropped"].values()) == 0
    assert total["rows"] == total["kept"] == _stored(deps.engine) > 55_000


def test_the_sample_listener_lives_in_berlin_and_belongs_to_nobody(deps: Deps) -> None:
    user_id = ensure_sample_listener(deps)

    with deps.engine.connect() as conn:
        person = people.find_person(conn, user_id)
        assert not people.is_anyone_registered(conn)
    assert person is not None
    assert (person.display_name, person.zone, person.email, person.is_demo) == (NAME, "Europe/Berlin", None, True)


def test_no_play_lies_in_the_future_and_today_has_some(deps: Deps) -> None:
    user_id = ensure_sample_listener(deps)

    with deps.engine.connect() as conn:
        newest_at = plays.latest_reported_at(conn, user_id)
    assert deps.now() - timedelta(hours=6) < newest_at <= deps.now()


def test_the_history_opens_with_artists_podcasts_and_moved_rows(deps: Deps) -> None:
    user_id = ensure_sample_listener(deps)

    history = listening.history(deps, Visitor.demo(user_id))
    [done] = imports.list_imports(deps, Visitor.demo(user_id))
    assert len(history) == _stored(deps.engine)
    assert done.ledger is not None
    assert done.ledger["sum"]["moved"] > 300  # flights count on the day they were heard


def test_asking_again_changes_nothing(deps: Deps, clock: Clock) -> None:
    user_id = ensure_sample_listener(deps)
    with deps.engine.connect() as conn:
        before = plays.find_listener(conn, user_id)
    clock.advance(days=2)

    assert ensure_sample_listener(deps) == user_id
    with deps.engine.connect() as conn:
        assert plays.find_listener(conn, user_id) == before


def test_the_tick_counts_what_it_wrote(deps: Deps, clock: Clock) -> None:
    written = [renew_sample_listener(deps), renew_sample_listener(deps)]
    clock.advance(days=4)

    assert [*written, renew_sample_listener(deps)] == [1, 0, 1]


def test_after_three_days_the_history_is_renewed_under_the_same_id(deps: Deps, clock: Clock) -> None:
    user_id = ensure_sample_listener(deps)
    token = sessions.start_demo(deps)
    clock.advance(days=4)

    assert ensure_sample_listener(deps) == user_id
    with deps.engine.connect() as conn:
        newest_at = plays.latest_reported_at(conn, user_id)
        first_at = conn.scalar(select(func.min(listening_history.c.reported_at)))
    assert newest_at > deps.now() - timedelta(hours=6)
    assert first_at > deps.now() - timedelta(days=6 * 366)  # what stood before is gone
    assert len(imports.list_imports(deps, Visitor.demo(user_id))) == 1
    assert token is not None
    clock.advance(days=-4)
    assert sessions.visitor(deps, token).listener_id == user_id  # whoever looks around stays


def test_readers_see_the_former_history_or_the_new_one_and_nothing_between(deps: Deps, clock: Clock) -> None:
    ensure_sample_listener(deps)
    seen = [_stored(deps.engine)]
    clock.advance(days=5)

    with ThreadPoolExecutor(1) as pool:
        renewal = pool.submit(ensure_sample_listener, deps)
        while not renewal.done():
            seen.append(_stored(deps.engine))
        renewal.result()
    assert set(seen) <= {seen[0], _stored(deps.engine)}
    assert len(seen) > 3


def test_the_sample_listener_is_not_there_before_their_history_is(deps: Deps) -> None:
    with ThreadPoolExecutor(1) as pool:
        filling = pool.submit(ensure_sample_listener, deps)
        while not filling.done():
            with deps.engine.connect() as conn:
                user_id = people.find_sample_listener(conn)
                assert user_id is None or plays.latest_reported_at(conn, user_id) is not None


def test_two_processes_at_once_make_one_listener(deps: Deps) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: ensure_sample_listener(deps), range(2))

    assert first == second
    assert _ids(deps.engine) == {first}
    assert len(imports.list_imports(deps, Visitor.demo(first))) == 1


def test_a_renewal_that_fails_leaves_the_former_history(deps: Deps, clock: Clock, tmp_path: Path) -> None:
    user_id = ensure_sample_listener(deps)
    before = _stored(deps.engine)
    broken = tmp_path / "Streaming_History_Audio_2026_0.json"
    broken.write_text("this is no export", "utf-8")
    clock.advance(days=4)

    with pytest.raises(UnreadableFile):
        samples.put_in_place(deps, samples.Sample(NAME, "Europe/Berlin", [broken]), deps.now() - STALE_AFTER)
    assert _stored(deps.engine) == before
    assert len(imports.list_imports(deps, Visitor.demo(user_id))) == 1


def test_other_peoples_rows_stay_when_the_sample_is_renewed(deps: Deps, clock: Clock, tmp_path: Path) -> None:
    ensure_sample_listener(deps)
    with deps.engine.begin() as conn:
        other = people.add_person(conn, people.NewPerson("ada@example.org", people.Role.REGULAR, "UTC"))
    assert other is not None
    [*_, last] = sample_export(tmp_path, deps.now().date(), seed=7, until=deps.now())
    kept = importing.import_files(deps, other, [last]).kept
    clock.advance(days=4)

    ensure_sample_listener(deps)
    with deps.engine.connect() as conn:
        assert stored.count_plays(conn, other) == kept > 5_000


def test_a_full_temporary_folder_is_one_sentence(deps: Deps, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))

    with pytest.raises(SetupError, match=r"^The sample listener can't be written: .+\.$"):
        ensure_sample_listener(deps)
    assert _ids(deps.engine) == set()


def test_a_database_that_does_not_answer_is_said_at_once(deps: Deps) -> None:
    nowhere = database.make_engine("postgresql+psycopg2://nobody@127.0.0.1:1/rewrapped_test_nowhere")

    with pytest.raises(StoreDown):
        ensure_sample_listener(replace(deps, engine=nowhere))
    nowhere.dispose()


@pytest.fixture
def terminal(deps: Deps, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, servers: Urls) -> pytest.MonkeyPatch:
    """The settings of a terminal that stands before the test's own servers."""
    monkeypatch.setenv("DATABASE_URL", deps.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("REDIS_URL", servers.redis or "")
    monkeypatch.setenv("REWRAPPED_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REWRAPPED_SECRET_KEY", "s" * 32)
    monkeypatch.setenv("REWRAPPED_TOKEN_KEYS", "t" * 43 + "=")
    return monkeypatch


def test_the_command_fills_in_and_can_be_repeated(
    deps: Deps, terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [main(["demo"]), main(["demo"])] == [0, 0]

    assert capsys.readouterr().out.count(NAME) == 2
    assert len(_ids(deps.engine)) == 3  # the listener and two promoters, however often


def test_the_command_tells_in_one_sentence_that_the_database_is_down(
    terminal: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/rewrapped_test_nowhere")

    assert main(["demo"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
