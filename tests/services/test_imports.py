"""An import from queue to end, and everything that can go wrong on the way."""

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.importing import State
from rewrapped.errors import AccessDenied, Cancelled, Conflict, NotFound, StoreDown, UnreadableFile
from rewrapped.importers.archive import UNPACKED_PER_BYTE
from rewrapped.importers.reader import UploadReader
from rewrapped.services import importing, imports, intake, leftovers, listening, notices, profiles
from rewrapped.services.imports import UploadedFile
from rewrapped.storage import imports as stored_imports
from rewrapped.storage import people, plays
from rewrapped.storage.tables import imports as import_rows
from rewrapped.storage.tables import listening_history
from tests import stored
from tests.conftest import Clock
from tests.exports import account_music_row, extended_row


def _person(deps: Deps) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    return Visitor.person(user_id or 0, Role.REGULAR)


def _rows(count: int, year: int = 2024) -> list[dict[str, object]]:
    return [
        {
            "ts": f"{year}-05-{1 + n // 1000:02d}T{n // 60 % 24:02d}:{n % 60:02d}:00Z",
            "ms_played": 200_000,
            "spotify_track_uri": f"spotify:track:{n % 50}",
            "master_metadata_track_name": f"Song {n % 50}",
            "master_metadata_album_artist_name": f"Band {n % 7}",
            "master_metadata_album_album_name": "Album",
            "platform": "android",
            "conn_country": "DE",
        }
        for n in range(count)
    ]


def _upload(deps: Deps, rows: list[dict[str, object]], name: str = "my_spotify_data.zip") -> tuple[Path, UploadedFile]:
    folder = deps.site.uploads / f"upload-{len(list(deps.site.uploads.iterdir()))}"
    folder.mkdir()
    with zipfile.ZipFile(folder / "0", "w") as archive:
        archive.writestr("Spotify Extended Streaming History/Streaming_History_Audio_2024_0.json", json.dumps(rows))
        archive.writestr("Spotify Extended Streaming History/Userdata.json", '{"email": "private@example.org"}')
    return folder, UploadedFile(name, "0", (folder / "0").stat().st_size)


def _begin(deps: Deps, visitor: Visitor, rows: list[dict[str, object]]) -> int:
    folder, file = _upload(deps, rows)
    return imports.begin(deps, visitor, folder, [file], include_incognito=False)


def _count(deps: Deps, visitor: Visitor) -> int:
    with deps.engine.connect() as conn:
        return stored.count_plays(conn, visitor.signed_in())


def test_an_upload_is_queued_run_told_and_deleted(deps: Deps) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(120))
    assert deps.queue.has(f"import-{visitor.user_id}-{import_id}")
    importing.run_import(deps, visitor.signed_in(), import_id)
    row = imports.find_import(deps, visitor, import_id)
    assert row.state is State.DONE
    assert row.ledger is not None
    assert row.ledger["sum"]["kept"] == 120
    assert len(row.sha256 or "") == 64
    assert list(deps.site.uploads.iterdir()) == []
    assert [message.kind for message in notices.take_messages(deps, visitor)] == ["import"]
    assert notices.take_messages(deps, visitor) == []
    assert len(listening.history(deps, visitor)) == 120


def test_running_an_import_twice_stores_it_once(deps: Deps) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(30))
    importing.run_import(deps, visitor.signed_in(), import_id)
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert _count(deps, visitor) == 30


def test_the_same_file_again_keeps_nothing(deps: Deps) -> None:
    visitor = _person(deps)
    for _ in range(2):
        importing.run_import(deps, visitor.signed_in(), _begin(deps, visitor, _rows(30)))
    newest = imports.list_imports(deps, visitor)[0]
    assert newest.ledger is not None
    assert (newest.ledger["sum"]["kept"], newest.ledger["sum"]["merged"]) == (0, 30)


def test_one_import_a_person_at_a_time(deps: Deps) -> None:
    visitor = _person(deps)
    _begin(deps, visitor, _rows(3))
    with pytest.raises(Conflict):
        _begin(deps, visitor, _rows(3))
    assert _begin(deps, _person(deps), _rows(3))


def test_cancelling_a_waiting_import_leaves_nothing(deps: Deps) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(30))
    imports.cancel(deps, visitor, import_id)
    assert imports.find_import(deps, visitor, import_id).state is State.CANCELLED
    assert not deps.queue.has(f"import-{visitor.user_id}-{import_id}")
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert _count(deps, visitor) == 0
    assert list(deps.site.uploads.iterdir()) == []


def test_cancelling_a_running_import_rolls_it_back(deps: Deps) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(30))
    with deps.engine.begin() as conn:  # as if it was asked the moment before saving
        stored_imports.ask_to_cancel(conn, visitor.signed_in(), import_id)
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert imports.find_import(deps, visitor, import_id).state is State.CANCELLED
    assert _count(deps, visitor) == 0


def test_cancelling_at_the_last_moment_takes_back_what_was_written(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(30))
    close = importing._close

    def close_late(*given: object) -> None:  # every row is written by now, nothing is committed
        with deps.engine.begin() as conn:
            stored_imports.ask_to_cancel(conn, visitor.signed_in(), import_id)
        close(*given)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_close", close_late)
        importing.run_import(deps, visitor.signed_in(), import_id)
    assert imports.find_import(deps, visitor, import_id).state is State.CANCELLED
    assert _count(deps, visitor) == 0


def _vanish(deps: Deps, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[int], None]) -> None:
    """Run an import whose files vanish, because of what happens after it has begun."""
    import_id = _begin(deps, visitor, _rows(3))
    read = importing._reader

    def read_late(*given: Any) -> UploadReader:
        meanwhile(import_id)
        shutil.rmtree(deps.site.uploads, ignore_errors=True)
        return read(*given)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_reader", read_late)
        importing.run_import(deps, visitor.signed_in(), import_id)


def test_whoever_cancels_as_their_import_begins_is_not_told_that_it_failed(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = _person(deps)

    def cancel(import_id: int) -> None:  # as `cancel` does that still saw it waiting
        imports.finish(deps, imports.find_import(deps, visitor, import_id), State.CANCELLED)

    _vanish(deps, visitor, monkeypatch, cancel)
    assert [row.state for row in imports.list_imports(deps, visitor)] == [State.CANCELLED]
    assert notices.take_messages(deps, visitor) == []


def test_an_import_that_fails_after_it_was_to_be_cancelled_is_cancelled(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = _person(deps)
    _vanish(deps, visitor, monkeypatch, lambda import_id: imports.cancel(deps, visitor, import_id))
    [row] = imports.list_imports(deps, visitor)
    assert (row.state, row.message) == (State.CANCELLED, None)
    assert notices.take_messages(deps, visitor) == []


def test_an_import_that_holds_nothing_can_be_taken_off_the_list_by_its_owner(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, other = _person(deps), _person(deps)
    _vanish(deps, visitor, monkeypatch, lambda _: None)
    [failed] = imports.list_imports(deps, visitor)
    with pytest.raises(NotFound):
        imports.dismiss(deps, other, failed.id)
    imports.dismiss(deps, visitor, failed.id)
    assert imports.list_imports(deps, visitor) == []
    deps.site.uploads.mkdir()
    open_ = _begin(deps, visitor, _rows(3))
    with pytest.raises(Conflict):
        imports.dismiss(deps, visitor, open_)
    importing.run_import(deps, visitor.signed_in(), open_)
    with pytest.raises(Conflict):
        imports.dismiss(deps, visitor, open_)
    assert profiles.belongings(deps, visitor).import_count == 1
    imports.remove(deps, visitor, open_)
    assert profiles.belongings(deps, visitor).import_count == 0
    imports.dismiss(deps, visitor, open_)
    assert imports.list_imports(deps, visitor) == []


def test_an_import_of_somebody_deleted_meanwhile_just_ends(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = _person(deps)

    def delete(_: int) -> None:
        with deps.engine.begin() as conn:
            people.delete_person(conn, visitor.signed_in())

    _vanish(deps, visitor, monkeypatch, delete)
    assert imports.list_imports(deps, visitor) == []


def test_a_terminal_import_that_is_interrupted_makes_way(
    deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = _person(deps)
    path = tmp_path / "endsong_0.json"
    path.write_text(json.dumps(_rows(4)))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_close", interrupt)
        with pytest.raises(KeyboardInterrupt):
            importing.import_files(deps, visitor.signed_in(), [path])
    assert [row.state for row in imports.list_imports(deps, visitor)] == [State.FAILED]
    assert importing.import_files(deps, visitor.signed_in(), [path]).kept == 4


def test_a_quiet_import_that_lives_is_left_alone(deps: Deps, clock: Clock) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(4))
    with deps.engine.begin() as conn:
        stored_imports.start_import(conn, visitor.signed_in(), import_id, clock())
    clock.advance(seconds=600)
    with deps.engine.begin() as conn:  # as a running import does, from its start to its end
        plays.lock_listener(conn, visitor.signed_in())
        assert leftovers.requeue_lost(deps) == 0
    assert leftovers.requeue_lost(deps) == 1


def test_cached_files_of_people_who_are_gone_and_old_drafts_are_swept(deps: Deps) -> None:
    visitor = _person(deps)
    mine = deps.site.cache / f"{visitor.user_id}-1.arrow"
    gone, draft = deps.site.cache / "999-1.arrow", deps.site.cache / "999-abc.part"
    for path in (mine, gone, draft):
        path.touch()
    later = replace(deps, clock=Clock(deps.now().replace(year=2060)))
    assert leftovers.purge_cache(later) == 2
    assert list(deps.site.cache.iterdir()) == [mine]


def test_what_cannot_be_read_fails_with_a_sentence_and_keeps_nothing(deps: Deps) -> None:
    visitor = _person(deps)
    folder = deps.site.uploads / "photo"
    folder.mkdir()
    (folder / "0").write_bytes(b"\x89PNG\r\n" + bytes(1000))
    import_id = imports.begin(deps, visitor, folder, [UploadedFile("photo.png", "0", 1006)], include_incognito=False)
    importing.run_import(deps, visitor.signed_in(), import_id)
    row = imports.find_import(deps, visitor, import_id)
    assert row.state is State.FAILED
    assert row.message
    assert row.message.endswith(".")
    assert list(deps.site.uploads.iterdir()) == []


def test_a_defect_of_ours_ends_the_import_at_once_and_is_noted(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(30))

    def stumble(*_: object) -> Callable[[object], None]:
        def report(_: object) -> None:
            raise IndexError("string index out of range")

        return report

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_reporter", stumble)
        importing.run_import(deps, visitor.signed_in(), import_id)
    row = imports.find_import(deps, visitor, import_id)
    assert row.state is State.FAILED
    assert "on our side" in (row.message or "")
    assert "index" not in (row.message or "")
    assert "string index out of range" in caplog.text
    assert _count(deps, visitor) == 0
    assert list(deps.site.uploads.iterdir()) == []
    import_id = _begin(deps, visitor, _rows(30))  # nothing stands in the way of the next one
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert _count(deps, visitor) == 30


def test_what_an_upload_may_unpack_to_follows_from_the_upload_limit(deps: Deps) -> None:
    visitor = _person(deps)
    too_few = (len(json.dumps(_rows(200))) - 1) // UNPACKED_PER_BYTE
    for limit_bytes, state in ((too_few, State.FAILED), (too_few + 1, State.DONE)):
        here = replace(deps, site=replace(deps.site, upload_limit_bytes=limit_bytes))
        import_id = _begin(deps, visitor, _rows(200))
        importing.run_import(here, visitor.signed_in(), import_id)
        assert imports.find_import(deps, visitor, import_id).state is state
    assert "unpacks to more than" in (imports.list_imports(deps, visitor)[1].message or "")


def test_files_that_vanished_fail_with_a_sentence(deps: Deps) -> None:
    visitor = _person(deps)
    folder, file = _upload(deps, _rows(3))
    import_id = imports.begin(deps, visitor, folder, [file], include_incognito=False)
    (folder / "0").unlink()
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert imports.find_import(deps, visitor, import_id).state is State.FAILED


def _imported(deps: Deps, visitor: Visitor, rows: list[dict[str, object]]) -> int:
    import_id = _begin(deps, visitor, rows)
    importing.run_import(deps, visitor.signed_in(), import_id)
    return import_id


def test_removing_an_import_leaves_what_a_later_one_held_too(deps: Deps) -> None:
    visitor = _person(deps)
    first, second = _imported(deps, visitor, _rows(30)), _imported(deps, visitor, _rows(40))
    seen = [imports.preview_removal(deps, visitor, one) for one in (first, second)]
    assert [(one.rows, one.staying) for one in seen] == [(0, 30), (10, 30)]
    assert imports.remove(deps, visitor, first) == 0
    assert _count(deps, visitor) == 40
    last = imports.preview_removal(deps, visitor, second)
    assert (last.rows, last.staying) == (40, 0)
    assert imports.remove(deps, visitor, second) == 40
    assert _count(deps, visitor) == 0


def test_what_several_imports_held_goes_with_the_last_of_them(deps: Deps) -> None:
    visitor = _person(deps)
    ids = [_imported(deps, visitor, _rows(count)) for count in (40, 30, 20)]
    assert [imports.remove(deps, visitor, ids[n]) for n in (1, 0, 2)] == [0, 20, 20]
    assert _count(deps, visitor) == 0


def test_removing_an_import_that_came_second_leaves_what_the_first_had_stored(deps: Deps) -> None:
    visitor = _person(deps)
    _, second = _imported(deps, visitor, _rows(40)), _imported(deps, visitor, _rows(30))
    assert imports.preview_removal(deps, visitor, second).rows == 0
    assert imports.remove(deps, visitor, second) == 0
    assert _count(deps, visitor) == 40


def test_a_removal_warns_where_a_later_import_did_not_note_what_it_shared(deps: Deps) -> None:
    visitor = _person(deps)
    first, second = _imported(deps, visitor, _rows(30)), _imported(deps, visitor, _rows(40))
    assert not imports.preview_removal(deps, visitor, first).may_be_shared
    ledger = dict(imports.find_import(deps, visitor, second).ledger or {})
    del ledger["sum"]["improved"]  # as earlier versions wrote it
    with deps.engine.begin() as conn:
        conn.execute(update(import_rows).where(import_rows.c.id == second).values(ledger=ledger))
    seen = [imports.preview_removal(deps, visitor, one).may_be_shared for one in (first, second)]
    assert seen == [True, False]


def test_ids_of_others_answer_as_if_there_were_none(deps: Deps) -> None:
    owner, other = _person(deps), _person(deps)
    import_id = _begin(deps, owner, _rows(3))
    for attempt in (imports.find_import, imports.cancel, imports.preview_removal, imports.remove):
        with pytest.raises(NotFound):
            attempt(deps, other, import_id)
        with pytest.raises(NotFound):
            attempt(deps, other, 999_999)


def test_the_sample_listener_is_read_only(deps: Deps) -> None:
    owner = _person(deps)
    import_id = _begin(deps, owner, _rows(3))
    onlooker = Visitor.demo(owner.signed_in())
    assert imports.find_import(deps, onlooker, import_id).id == import_id
    for attempt in (imports.cancel, imports.remove):
        with pytest.raises(AccessDenied):
            attempt(deps, onlooker, import_id)


def test_the_tick_queues_again_what_a_dead_worker_left(deps: Deps, clock: Clock) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(10))
    deps.redis.flushall()  # the queue is wiped
    with deps.engine.begin() as conn:
        stored_imports.start_import(conn, visitor.signed_in(), import_id, clock())
    clock.advance(seconds=30)
    assert leftovers.requeue_lost(deps) == 0  # it may still live
    clock.advance(seconds=40)
    assert leftovers.requeue_lost(deps) == 1
    assert deps.queue.has(f"import-{visitor.user_id}-{import_id}")
    assert leftovers.requeue_lost(deps) == 0
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert _count(deps, visitor) == 10


def test_a_cancelled_import_stops_within_a_file(deps: Deps, tmp_path: Path) -> None:
    visitor = _person(deps)
    path = tmp_path / "endsong_0.json"
    path.write_text(json.dumps(_rows(10_000)))
    reader = UploadReader([path], include_incognito=False, now=deps.now())
    reported: list[int] = []

    def cancel(progress: intake.Progress) -> None:
        reported.append(progress.bytes_done)
        if 0 < progress.bytes_done < progress.bytes_total // 2:
            raise Cancelled

    with pytest.raises(Cancelled), deps.engine.begin() as conn:
        intake.store(deps, conn, (visitor.signed_in(), 1), reader, cancel)
    assert 0 < reported[-1] < path.stat().st_size // 2


def test_an_import_that_breaks_its_worker_is_given_up(deps: Deps, clock: Clock) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(10))
    for _ in range(3):
        with deps.engine.begin() as conn:
            stored_imports.start_import(conn, visitor.signed_in(), import_id, clock())
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert imports.find_import(deps, visitor, import_id).state is State.FAILED
    assert _count(deps, visitor) == 0


def test_an_import_from_a_terminal_that_died_is_closed(deps: Deps, clock: Clock, tmp_path: Path) -> None:
    visitor = _person(deps)
    with deps.engine.begin() as conn:
        stored_imports.add_import(conn, visitor.signed_in(), [], None, include_incognito=False)
        conn.execute(text("UPDATE imports SET created_at = :at"), {"at": clock()})
    clock.advance(seconds=61)
    leftovers.requeue_lost(deps)
    assert [row.state for row in imports.list_imports(deps, visitor)] == [State.FAILED]
    path = tmp_path / "endsong_0.json"
    path.write_text(json.dumps(_rows(4)))
    assert importing.import_files(deps, visitor.signed_in(), [path]).kept == 4


def test_a_terminal_import_of_nothing_readable_says_why(deps: Deps, tmp_path: Path) -> None:
    visitor = _person(deps)
    path = tmp_path / "notes.json"
    path.write_text('{"a": 1}')
    with pytest.raises(UnreadableFile):
        importing.import_files(deps, visitor.signed_in(), [path])
    path.write_text(json.dumps(_rows(4)))
    assert importing.import_files(deps, visitor.signed_in(), [path]).kept == 4


def test_two_people_importing_the_same_songs_at_once_both_finish(deps: Deps, tmp_path: Path) -> None:
    visitors = [_person(deps) for _ in range(4)]
    path = tmp_path / "endsong_0.json"
    path.write_text(json.dumps(_rows(500)))
    kept: list[int] = []

    def bring(visitor: Visitor) -> None:
        kept.append(importing.import_files(deps, visitor.signed_in(), [path]).kept)

    threads = [threading.Thread(target=bring, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept == [500] * 4
    with deps.engine.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM tracks")) == 50


def test_a_database_that_breaks_off_in_the_middle_keeps_nothing_and_can_be_tried_again(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = _person(deps)
    import_id = _begin(deps, visitor, _rows(200))

    def killer(progress: object) -> None:
        with deps.engine.begin() as conn:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            conn.execute(text(f"{query} AND datname = current_database()"))

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_reporter", lambda *_: killer)
        with pytest.raises(StoreDown):
            importing.run_import(deps, visitor.signed_in(), import_id)
    assert _count(deps, visitor) == 0
    assert imports.find_import(deps, visitor, import_id).is_open
    importing.run_import(deps, visitor.signed_in(), import_id)
    assert _count(deps, visitor) == 200


def test_private_data_of_the_export_is_never_stored(deps: Deps, tmp_path: Path) -> None:
    visitor = _person(deps)
    rows = [{**row, "username": "secret-user", "ip_addr": "203.0.113.7", "city": "Nowhere"} for row in _rows(20)]
    importing.run_import(deps, visitor.signed_in(), _begin(deps, visitor, rows))
    with deps.engine.connect() as conn:
        dump = "".join(str(list(conn.execute(select(table)))) for table in listening_history.metadata.tables.values())
    for word in ("secret-user", "203.0.113.7", "Nowhere", "private@example.org"):
        assert word not in dump


def test_old_uploads_are_swept_and_needed_ones_stay(deps: Deps, clock: Clock) -> None:
    visitor = _person(deps)
    _begin(deps, visitor, _rows(3))
    orphan = deps.site.uploads / "orphan"
    orphan.mkdir()
    later = replace(deps, clock=Clock(clock.at.replace(year=clock.at.year + 30)))
    assert leftovers.purge_uploads(later) == 1
    assert len(list(deps.site.uploads.iterdir())) == 1


OFFLINE_FOR_A_YEAR = {"ts": "2024-05-25T08:00:00Z", "offline": True, "offline_timestamp": 1_682_935_210}  # 2023-05-01


@pytest.mark.parametrize("account_first", [True, False])
def test_a_row_reported_a_year_after_it_was_played_meets_its_twin_of_another_import(
    deps: Deps, tmp_path: Path, account_first: bool
) -> None:
    visitor = _person(deps)
    files = {
        "StreamingHistory_music_0.json": account_music_row(endTime="2023-05-01 10:03"),
        "endsong_0.json": extended_row(**OFFLINE_FOR_A_YEAR),
    }
    ledgers = []
    for name in sorted(files, reverse=not account_first):
        (tmp_path / name).write_text(json.dumps([files[name]]))
        ledgers.append(importing.import_files(deps, visitor.signed_in(), [tmp_path / name]))
    sums = [ledger.to_json()["sum"] for ledger in ledgers]
    assert [(total["kept"], total["merged"]) for total in sums] == [(1, 0), (0, 1)]
    assert _count(deps, visitor) == 1
