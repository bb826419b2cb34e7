"""Listens of ListenBrainz and Last.fm in a history: fetched once, merged, kept fresh, taken away, and every fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from rewrapped.clients import listens
from rewrapped.clients.http import Surroundings
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Source
from rewrapped.domain.scrobbling import SOONEST, State
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.importers.submission import read_submission
from rewrapped.services import accounts, asking, calls, importing, imports, listening, scrobbles, scrobbling, submitting
from rewrapped.storage import people, plays
from rewrapped.storage.tables import absorbed_plays, listening_history, notifications, repeated_plays, scrobble_accounts
from tests.conftest import Clock
from tests.exports import extended_row, lines_of, to_json
from tests.simulators.listens import Heard, LastFmListensSimulator, ListenBrainzListensSimulator, told_by_listenbrainz
from tests.simulators.server import Asked, Reply, serving
from workers import tick

LB, FM = Source.LISTENBRAINZ, Source.LASTFM
START = int(datetime(2024, 5, 1, 10, 0, tzinfo=UTC).timestamp())


def years(count: int, start_s: int = START) -> list[Heard]:
    return [Heard(start_s + 200 * n, title=f"Tide {n % 50}", ms=180_000) for n in range(count)]


@dataclass
class World:
    """Both services, somebody here, and Deps that ask them."""

    deps: Deps
    clock: Clock
    listenbrainz: ListenBrainzListensSimulator
    lastfm: LastFmListensSimulator
    user_id: int
    folder: Path

    @property
    def visitor(self) -> Visitor:
        return Visitor.person(self.user_id, Role.REGULAR)

    def connect(self, source: Source = LB, name: str = "mira") -> None:
        scrobbles.connect(self.deps, self.visitor, source, name)

    def fetch(self, source: Source = LB) -> scrobbling.Report:
        return scrobbling.fetch(self.deps, self.user_id, source)

    def answering(self, answer: Callable[[Asked], Reply]) -> None:
        vars(self.listenbrainz)["answer"] = answer

    def count(self, table: Table = listening_history) -> int:
        query = select(func.count()).select_from(table).where(table.c.user_id == self.user_id)
        with self.deps.engine.connect() as conn:
            return conn.execute(query).scalar_one()

    def version(self) -> int:
        with self.deps.engine.connect() as conn:
            listener = plays.find_listener(conn, self.user_id)
        assert listener is not None
        return listener.history_version

    def account(self, source: Source = LB) -> scrobbles.Account:
        found = next(one for one in scrobbles.list_connections(self.deps, self.visitor) if one.source is source)
        assert found.account is not None
        return found.account

    def imports(self, *rows: dict[str, object]) -> int:
        path = self.folder / "Streaming_History_Audio_2024_0.json"
        path.write_bytes(to_json(list(rows)))
        importing.import_files(self.deps, self.user_id, [path])
        return imports.list_imports(self.deps, self.visitor)[0].id


@pytest.fixture
def world(deps: Deps, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(scrobbling, "_TROUBLE_S", 0.0)
    with ExitStack() as stack:
        lb = ListenBrainzListensSimulator({"Mira": years(2_500)})
        fm = LastFmListensSimulator({"mira": years(450)})
        for simulator in (lb, fm):
            stack.enter_context(serving(simulator))
        around = Surroundings(calls.recorder(deps.engine, clock), clock)
        clients = {
            LB: listens.ListenBrainzListens(listens.listenbrainz(lb.url, 0), around),
            FM: listens.LastFmListens(listens.lastfm(fm.key, f"{fm.url}/2.0", 0), around),
        }
        with deps.engine.begin() as conn:
            user_id = people.add_person(conn, people.NewPerson("mira@example.org", Role.REGULAR, "UTC")) or 0
        yield World(replace(deps, listen_sources=clients), clock, lb, fm, user_id, tmp_path)
        for client in clients.values():
            client.close()


def track_row(at: str, title: str, ms: int = 190_000) -> dict[str, object]:
    names = {"master_metadata_track_name": title, "master_metadata_album_artist_name": "Xenia"}
    return extended_row(ts=f"2024-05-01T{at}Z", ms_played=ms, **names)


def test_a_name_becomes_years_and_a_second_visit_brings_what_is_new_alone(world: World) -> None:
    world.connect()
    assert world.deps.queue.has(f"listens-{world.user_id}-listenbrainz")
    assert world.fetch().new == 2_500
    history = listening.history(world.deps, world.visitor)
    assert len(history) == world.count() == 2_500
    account = world.account()
    assert (account.state, account.total, account.message) == (State.FRESH, 2_500, "")

    version, asked = world.version(), len(world.listenbrainz.asked)
    assert world.fetch() == scrobbling.Report(), "nothing is due"
    world.clock.advance(seconds=SOONEST.total_seconds() + 1)
    assert world.fetch().new == 0
    assert world.version() == version, "what is kept of a history stays good while nothing is new"
    world.clock.advance(seconds=2 * SOONEST.total_seconds() + 1)
    world.listenbrainz.people["Mira"] += years(3, START + 2_600 * 200)
    assert world.fetch().new == 3
    assert world.version() > version
    assert len(world.listenbrainz.asked) == asked + 2, "one call is enough"
    assert world.count() == 2_503


def test_lastfm_brings_the_same_listens_once_beside_listenbrainz(world: World) -> None:
    world.listenbrainz.people["Mira"] = [replace(one, ms=0) for one in years(600)]
    world.connect(FM)
    world.fetch(FM)
    assert world.count() == 450
    world.connect(LB)
    assert world.fetch(LB).new == 150
    assert (world.count(), world.count(absorbed_plays)) == (600, 450)
    extent = scrobbles.preview_disconnect(world.deps, world.visitor, LB)
    assert (extent.rows, extent.returning) == (600, 450)
    scrobbles.disconnect(world.deps, world.visitor, LB)
    assert (world.count(), world.count(absorbed_plays)) == (450, 0)


@pytest.mark.parametrize("order", ["scrobbles first", "export first"])
def test_11_a_scrobble_and_the_export_row_of_it_are_one_play(world: World, order: str) -> None:
    world.listenbrainz.people["Mira"] = [Heard(START + 10, title="Tide")]
    row = track_row("10:03:30", "Tide", 200_000)
    if order == "export first":
        import_id = world.imports(row)
    world.connect()
    world.fetch()
    if order == "scrobbles first":
        import_id = world.imports(row)
    assert (world.count(), world.count(absorbed_plays)) == (1, 1)

    imports.remove(world.deps, world.visitor, import_id)
    assert (world.count(), world.count(absorbed_plays)) == (1, 0), "the scrobble comes back"


@pytest.mark.parametrize("order", list(permutations(["connection", "file", "submission"])))
def test_a_listen_that_comes_by_every_way_is_one_play(world: World, order: tuple[str, ...]) -> None:
    world.listenbrainz.people["Mira"] = heard = [Heard(START, ms=180_000), Heard(START + 300, played_s=61)]
    told = [told_by_listenbrainz("Mira", one) for one in heard]
    for way in order:
        if way == "connection":
            world.connect()
            world.fetch()
        elif way == "file":
            path = world.folder / "1.jsonl"
            path.write_bytes(lines_of(*told))
            importing.import_files(world.deps, world.user_id, [path])
        else:
            body = json.dumps({"listen_type": "import", "payload": told}).encode()
            submitting.submit(world.deps, world.visitor, read_submission(body, world.clock.at))
        assert (world.count(), world.count(absorbed_plays)) == (2, 0)


def test_disconnecting_says_what_goes_and_takes_it_with_what_stood_behind(world: World) -> None:
    world.listenbrainz.people["Mira"] = years(3)
    world.connect()
    world.fetch()
    world.imports(track_row("10:03:00", "Tide 0"))
    extent = scrobbles.preview_disconnect(world.deps, world.visitor, LB)
    assert extent.rows == 2
    assert scrobbles.disconnect(world.deps, world.visitor, LB) == 2
    assert (world.count(), world.count(absorbed_plays), world.count(repeated_plays)) == (1, 0, 0)
    assert world.count(scrobble_accounts) == 0
    world.connect()
    assert world.fetch().new == 2, "it can be connected again"


def test_a_name_is_asked_for_first_and_only_one_is_held(world: World) -> None:
    with pytest.raises(NotFound, match="nobody"):
        world.connect(name="jonas")
    world.connect()
    world.connect(name="MIRA")
    with pytest.raises(Conflict, match="as mira"):
        world.connect(name="jonas")
    without = replace(world.deps, listen_sources={})
    with pytest.raises(InvalidInput, match="key"):
        scrobbles.connect(without, world.visitor, FM, "mira")


def test_a_name_that_hides_its_listens_is_refused_at_once(world: World) -> None:
    world.lastfm.hidden.add("mira")
    with pytest.raises(NotFound, match="hidden"):
        world.connect(FM)
    assert world.count(scrobble_accounts) == 0


@pytest.mark.parametrize("name", ["", "  ", "../admin", "a?b", "a#b", "a\0b", "<script>", "x" * 65, "\ud800", 'a"b'])
def test_no_name_leads_anywhere_else(world: World, name: str) -> None:
    with pytest.raises(InvalidInput):
        world.connect(name=name)
    assert world.listenbrainz.asked == []


def test_listens_of_one_second_across_two_pages_are_all_kept(world: World) -> None:
    world.listenbrainz.people["Mira"] = [Heard(START + n // 3, title=f"Tide {n}") for n in range(2_400)]
    world.connect()
    world.fetch()
    assert world.count() == 2_400


def test_killed_between_fetch_and_commit_nothing_is_lost_or_doubled(world: World) -> None:
    world.connect()
    commits = 0

    def die(_: object) -> None:
        nonlocal commits
        with world.deps.engine.connect() as seen:
            held = seen.execute(select(func.count()).select_from(listening_history)).scalar_one()
        commits += held == 1_000
        if commits == 1:
            raise KeyboardInterrupt

    # Kill the run while its second page is being stored, just before that would be seen.
    original = scrobbling._walked

    def walked(*given: Any) -> Any:
        die(None)
        return original(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scrobbling, "_walked", walked)
        with pytest.raises(KeyboardInterrupt):
            world.fetch()
    assert world.count() == 1_000
    world.fetch()
    assert world.count() == 2_500
    assert world.account().state is State.FRESH


def test_a_long_wait_frees_the_worker_and_rests_the_service_for_everybody(world: World) -> None:
    world.connect()
    world.listenbrainz.faults.append(
        Reply(429, {"code": 429}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "900"})
    )
    assert "wait" in world.fetch().stopped
    pause = asking.pause(world.deps, "listenbrainz")
    assert pause is not None
    assert pause.resume_at == world.clock.at + timedelta(seconds=900)
    world.deps.queue.cancel(f"listens-{world.user_id}-listenbrainz")
    assert scrobbling.enqueue_due(world.deps) == 0
    asked = len(world.listenbrainz.asked)
    world.fetch()
    assert len(world.listenbrainz.asked) == asked
    world.clock.advance(seconds=901)
    assert scrobbling.enqueue_due(world.deps) == 1
    assert world.fetch().new == 2_500


@pytest.mark.parametrize(
    "fault",
    [
        Reply(502, b"<html>Bad gateway</html>"),
        Reply(200, b"<html>Sign in to the network</html>"),
        Reply(200, {"payload": {"listens": []}}, cut_at=5),
    ],
)
def test_a_service_in_trouble_is_asked_again_later_by_itself(world: World, fault: Reply) -> None:
    world.connect()
    world.listenbrainz.faults.extend([None, *[fault] * 3])
    assert world.fetch().stopped
    account = world.account()
    assert (account.failures, world.count(), bool(account.message)) == (1, 1_000, True)
    assert asking.pause(world.deps, "listenbrainz") is None, "others are still asked about"
    world.clock.advance(seconds=61)
    world.fetch()
    assert (world.count(), world.account().failures, world.account().message) == (2_500, 0, "")


def test_a_name_that_is_gone_stops_until_its_owner_asks_again(world: World) -> None:
    world.connect()
    kept = world.listenbrainz.people.pop("Mira")
    world.fetch()
    assert world.account().state is State.STOPPED
    world.clock.advance(days=1)
    world.deps.queue.cancel(f"listens-{world.user_id}-listenbrainz")
    assert scrobbling.enqueue_due(world.deps) == 0
    world.listenbrainz.people["Mira"] = kept
    scrobbles.sync_now(world.deps, world.visitor, LB)
    world.fetch()
    assert (world.account().state, world.count()) == (State.FRESH, 2_500)


def test_asking_again_and_again_asks_a_service_no_more_often(world: World) -> None:
    world.connect()
    world.listenbrainz.faults.extend([Reply(502, b"")] * 3)
    world.fetch()
    due_at, kept = world.account().due_at, world.listenbrainz.people.pop("Mira")
    scrobbles.sync_now(world.deps, world.visitor, LB)
    assert world.account().due_at == due_at, "failures rest"
    world.clock.advance(seconds=90)
    world.fetch()
    for _ in range(3):
        scrobbles.sync_now(world.deps, world.visitor, LB)
        world.fetch()
        stopped_at = len(world.listenbrainz.asked)
    scrobbles.sync_now(world.deps, world.visitor, LB)
    assert world.account().state is State.STOPPED
    world.fetch()
    assert len(world.listenbrainz.asked) == stopped_at
    world.clock.advance(seconds=21)
    world.listenbrainz.people["Mira"] = kept
    scrobbles.sync_now(world.deps, world.visitor, LB)
    assert world.fetch().new == 2_500


@pytest.mark.parametrize("how", ["disconnected", "deleted"])
def test_whoever_goes_while_a_page_is_on_its_way_gets_nothing(world: World, how: str) -> None:
    world.connect()
    answer = world.listenbrainz.answer

    def leave_first(asked: Asked) -> Reply:
        if how == "disconnected":
            scrobbles.disconnect(world.deps, world.visitor, LB)
        else:
            accounts.delete_person(world.deps, world.user_id)
        world.answering(answer)
        return answer(asked)

    world.answering(leave_first)
    world.fetch()
    assert (world.count(), world.count(scrobble_accounts)) == (0, 0)


def test_a_late_refusal_of_one_name_stops_no_other(world: World) -> None:
    world.connect()
    answer = world.listenbrainz.answer

    def change_first(asked: Asked) -> Reply:
        world.answering(answer)
        scrobbles.disconnect(world.deps, world.visitor, LB)
        world.clock.advance(seconds=1)
        world.listenbrainz.people = {"jonas": years(3)}
        world.connect(name="jonas")
        return answer(asked)

    world.answering(change_first)
    world.fetch()
    assert (world.account().name, world.account().state, world.account().message) == ("jonas", State.FETCHING, "")


def test_of_two_names_connected_at_once_one_is_refused(world: World) -> None:
    world.listenbrainz.people["jonas"] = years(3)
    answer = world.listenbrainz.answer

    def connect_first(asked: Asked) -> Reply:
        world.answering(answer)
        world.connect(name="jonas")
        return answer(asked)

    world.answering(connect_first)
    with pytest.raises(Conflict, match="just now"):
        world.connect()
    assert world.account().name == "jonas"


def test_names_from_outside_are_cleaned_as_those_of_files_are(world: World) -> None:
    world.listenbrainz.people["Mira"] = [
        Heard(START, title="\0"),
        Heard(START + 1, title="x" * 1_001),
        Heard(START + 2, title=""),
        Heard(1_000, title="Before there was any"),
        Heard(START + 3, title="<script>alert(1)</script>"),
    ]
    world.connect()
    world.fetch()
    assert world.count() == 1
    assert world.account().state is State.FRESH


def test_the_tick_asks_for_what_is_due(world: World) -> None:
    world.connect()
    duty = next(duty for duty in tick.DUTIES if duty.name == "fetch_listens")
    world.deps.queue.cancel(f"listens-{world.user_id}-listenbrainz")
    assert tick.once(world.deps, [duty]) == ["fetch_listens"]
    assert world.deps.queue.has(f"listens-{world.user_id}-listenbrainz")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "has no listens"), (1, ": 1 listen of mira"), (2, ": 2 listens of mira")]
)
def test_the_notice_tells_what_was_fetched(world: World, count: int, words: str) -> None:
    world.connect()
    world.listenbrainz.people["Mira"] = years(count)
    world.fetch()
    with world.deps.engine.connect() as conn:
        bodies = conn.execute(select(notifications.c.body)).scalars().all()
    assert [words in body for body in bodies] == [True], bodies


def test_asking_without_anything_new_becomes_rarer(world: World) -> None:
    world.connect()
    world.fetch()
    for _ in range(9):
        world.clock.advance(hours=7)
        world.fetch()
    assert world.account().interval == timedelta(hours=6)
    assert world.count() == 2_500
    assert json.dumps([asked.params for asked in world.listenbrainz.asked[-1:]]) == '[{"count": "100"}]'
