"""Your week and your month: told once, when it is time where somebody is, and of what was played indeed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.notices import Kind
from rewrapped.domain.plays import TimeRange
from rewrapped.domain.recaps import Period, Recap
from rewrapped.domain.sitemap import own_page
from rewrapped.errors import Conflict
from rewrapped.history import filterquery
from rewrapped.history.recap import Recapped
from rewrapped.services import accounts, importing, listening, notices, preferences, recaps
from rewrapped.storage import people
from rewrapped.storage import recaps as rows
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import recaps as looked
from rewrapped.storage.tables import users
from tests.conftest import Clock
from tests.exports import extended_row, to_json
from workers import jobs, tick

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # eight in Berlin
WEEK = Recap(Period.WEEK, date(2026, 11, 16), date(2026, 11, 23))
MONTH = Recap(Period.MONTH, date(2026, 10, 1), date(2026, 11, 1))
TUESDAY = datetime(2026, 11, 17, 12, tzinfo=UTC)
_numbers = iter(range(1, 10_000))


@pytest.fixture(autouse=True)
def it_is_monday(clock: Clock) -> None:
    clock.at = MONDAY


def somebody(deps: Deps, zone: str = "Europe/Berlin", *, is_demo: bool = False) -> Visitor:
    new = NewPerson(f"week{next(_numbers)}@example.org", Role.REGULAR, zone, is_demo=is_demo)
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, new)
    assert user_id is not None
    return Visitor.person(user_id, Role.REGULAR)


def played(deps: Deps, visitor: Visitor, folder: Path, artists: Iterable[str], begun_at: datetime = TUESDAY) -> None:
    """Let somebody have played artists one after the other, four minutes each."""
    made = [
        extended_row(
            ts=f"{begun_at + timedelta(minutes=4 * number):%Y-%m-%dT%H:%M:%SZ}",
            spotify_track_uri="spotify:track:" + sha256(artist.encode()).hexdigest()[:22],
            master_metadata_album_artist_name=artist,
        )
        for number, artist in enumerate(artists)
    ]
    path = folder / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json(made))
    importing.import_files(deps, visitor.signed_in(), [path])


def told(deps: Deps, visitor: Visitor) -> list[str]:
    messages = notices.list_messages(deps, visitor)
    return [message.body for message in reversed(messages) if message.kind == Kind.RECAP]


@pytest.fixture
def fan(deps: Deps, tmp_path: Path) -> Visitor:
    """Somebody in Berlin with 40 plays of last week, 25 of them of Tide."""
    visitor = somebody(deps)
    played(deps, visitor, tmp_path, ["Tide"] * 25 + ["Ebb", "Flow", "Moon"] * 5)
    return visitor


# What is told -------------------------------------------------------------------------------------


def test_a_week_is_told_with_the_way_to_its_story(deps: Deps, fan: Visitor) -> None:
    assert recaps.tell(deps) == 1
    message = notices.list_messages(deps, fan)[0]
    assert message.body == "Your week from 16 November: 40 plays, most of them of Tide."
    name, query = own_page(message.link or "")
    assert name == "wrapped"
    picked = filterquery.read(query, "all")
    assert picked.time_range(date(2026, 11, 29)) == WEEK.time_range == TimeRange(date(2026, 11, 16), date(2026, 11, 23))
    assert [one.id for one in notices.take_messages(deps, fan) if one.kind == Kind.RECAP] == [message.id]


def test_a_month_is_told_on_the_first(deps: Deps, tmp_path: Path, clock: Clock) -> None:
    visitor = somebody(deps)
    played(deps, visitor, tmp_path, ["Tide"] * 60, datetime(2026, 10, 30, 12, tzinfo=UTC))
    clock.at = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert recaps.tell(deps) == 1
    assert told(deps, visitor) == ["Your October: 60 plays, all of Tide."]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Recapped(30, 1, "Tide", 30), "30 plays, all of Tide"),
        (Recapped(31, 2, "Tide", 30), "31 plays, most of them of Tide"),
        (Recapped(31, 1, "Tide", 15), "31 plays of 1 artist, 15 of Tide alone"),  # the others have no names
        (Recapped(1_312, 41, "Tide", 480), "1,312 plays of 41 artists, 480 of Tide alone"),
        (Recapped(312, 41, "Tide", 156), "312 plays of 41 artists, 156 of Tide alone"),  # a half isn't most
        (Recapped(30, 27, "Tide", 4), "30 plays of 27 artists"),  # four plays lead nothing
        (Recapped(30, 2), "30 plays of 2 artists"),
        (Recapped(30, 0), "30 plays"),
        (Recapped(30, 1, "N" * 500, 30), f"30 plays, all of {'N' * 79}…"),
    ],
)
def test_the_words_hold_of_the_figures(found: Recapped, said: str) -> None:
    assert recaps.notice(WEEK, found).body == f"Your week from 16 November: {said}."
    assert recaps.notice(MONTH, found).body == f"Your October: {said}."


def test_a_name_from_outside_stays_text(deps: Deps, tmp_path: Path) -> None:
    visitor = somebody(deps)
    played(deps, visitor, tmp_path, ["<b>[x](javascript:1)</b> :material/home:"] * 30)
    recaps.tell(deps)
    message = notices.list_messages(deps, visitor)[0]
    assert message.body.endswith("all of <b>[x](javascript:1)</b> :material/home:.")  # the pages show it as plain text
    assert message.link == "wrapped?range=custom&from=2026-11-16&to=2026-11-22"


# Who is told --------------------------------------------------------------------------------------


def test_too_few_plays_and_none_are_no_week(deps: Deps, tmp_path: Path) -> None:
    few, none, elsewhen = somebody(deps), somebody(deps), somebody(deps)
    played(deps, few, tmp_path, ["Tide"] * 29)
    played(deps, elsewhen, tmp_path, ["Tide"] * 40, datetime(2026, 11, 9, tzinfo=UTC))
    assert recaps.tell(deps) == 0
    assert [told(deps, visitor) for visitor in (few, none, elsewhen)] == [[], [], []]


def test_the_sample_listener_and_sample_promoters_are_told_nothing(deps: Deps, fan: Visitor) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(is_demo=True))
    assert recaps.enqueue_due(deps) == 0
    assert recaps.tell(deps) == 0
    assert told(deps, fan) == []


def test_only_the_histories_of_those_it_may_concern_are_read(
    deps: Deps, fan: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, earlier, silent = somebody(deps, "America/New_York"), somebody(deps), somebody(deps)
    played(deps, elsewhere, tmp_path, ["Tide"] * 40)
    played(deps, earlier, tmp_path, ["Tide"] * 40, datetime(2026, 11, 2, tzinfo=UTC))
    preferences.set_told(deps, silent, Kind.RECAP, is_told=False)
    read, real = [], listening.history
    monkeypatch.setattr(
        listening, "history", lambda deps, visitor, **more: read.append(visitor) or real(deps, visitor, **more)
    )
    recaps.tell(deps)
    recaps.tell(deps)
    assert read == [fan]


def test_each_is_told_when_it_is_eight_where_they_are(deps: Deps, tmp_path: Path, clock: Clock) -> None:
    zones = ("Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago")
    everybody = {zone: somebody(deps, zone) for zone in zones}
    for visitor in everybody.values():
        played(deps, visitor, tmp_path, ["Tide"] * 40)
    clock.at, at_hour = datetime(2026, 11, 22, 0, tzinfo=UTC), {}
    for _ in range(60):
        recaps.tell(deps)
        for zone, visitor in everybody.items():
            if told(deps, visitor):
                at_hour.setdefault(zone, clock.at)
        clock.advance(hours=1)
    local = {zone: at.astimezone(deps_zone(deps, everybody[zone])) for zone, at in at_hour.items()}
    assert {zone: (one.weekday(), one.hour) for zone, one in local.items()} == dict.fromkeys(zones, (0, 8))
    assert [len(told(deps, visitor)) for visitor in everybody.values()] == [1] * 5


def deps_zone(deps: Deps, visitor: Visitor):
    return listening.history(deps, visitor).zone


@pytest.mark.parametrize(
    ("monday", "eight"),
    [
        (date(2026, 10, 26), datetime(2026, 10, 26, 7, tzinfo=UTC)),  # the clocks went back on Sunday
        (date(2026, 3, 30), datetime(2026, 3, 30, 6, tzinfo=UTC)),  # and forward
    ],
)
def test_a_week_with_a_changed_clock_has_all_its_hours(
    deps: Deps, tmp_path: Path, clock: Clock, monday: date, eight: datetime
) -> None:
    visitor = somebody(deps)
    clock.at = eight
    begin, end = (
        datetime(on.year, on.month, on.day, tzinfo=deps_zone(deps, visitor)).astimezone(UTC)
        for on in (monday - timedelta(days=7), monday)
    )
    inside, outside = ["Tide"] * 15, ["Ebb"] * 15
    ends = [
        (begin - timedelta(hours=1), outside),
        (begin, inside),
        (end - timedelta(hours=1), inside),
        (end, outside),
    ]
    for at, artists in ends:
        played(deps, visitor, tmp_path, artists, at)
    clock.at = eight - timedelta(minutes=1)
    assert recaps.tell(deps) == 0
    clock.at = eight
    assert recaps.tell(deps) == 1
    [body] = told(deps, visitor)
    assert body.endswith(": 30 plays, all of Tide.")


# Once ---------------------------------------------------------------------------------------------


def test_a_run_that_is_repeated_tells_nothing_twice(deps: Deps, fan: Visitor, tmp_path: Path, clock: Clock) -> None:
    assert recaps.tell(deps) == 1
    for _ in range(3):
        clock.advance(hours=12)
        played(deps, fan, tmp_path, ["Moon"], TUESDAY + timedelta(days=1))
        assert recaps.tell(deps) == 0
    clock.at = MONDAY + timedelta(days=7)
    played(deps, fan, tmp_path, ["Moon"] * 30, TUESDAY + timedelta(days=7))
    assert recaps.tell(deps) == 1
    assert [body.split(":")[0] for body in told(deps, fan)] == [
        "Your week from 16 November",
        "Your week from 23 November",
    ]


def test_who_travels_is_told_of_a_week_once(deps: Deps, fan: Visitor, clock: Clock) -> None:
    assert recaps.tell(deps) == 1
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(zone="Pacific/Pago_Pago"))
    clock.advance(hours=24)
    assert recaps.tell(deps) == 0
    assert len(told(deps, fan)) == 1


def test_runs_beside_each_other_tell_everybody_once(deps: Deps, tmp_path: Path) -> None:
    fans = [somebody(deps) for _ in range(6)]
    for visitor in fans:
        played(deps, visitor, tmp_path, ["Tide"] * 30)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: recaps.tell(deps), range(4)))
    assert sum(counts) == 6
    assert [len(told(deps, visitor)) for visitor in fans] == [1] * 6


def test_late_is_told_and_too_late_is_not(deps: Deps, fan: Visitor, clock: Clock) -> None:
    clock.at = MONDAY + timedelta(days=3)
    assert recaps.enqueue_due(deps) == 0
    assert recaps.tell(deps) == 0
    clock.at = MONDAY + timedelta(days=3, seconds=-1)
    assert recaps.enqueue_due(deps) == 1
    assert recaps.tell(deps) == 1


def test_an_import_that_brings_the_week_on_tuesday_is_told_then(deps: Deps, tmp_path: Path, clock: Clock) -> None:
    visitor = somebody(deps)
    assert recaps.tell(deps) == 0
    clock.advance(days=1)
    played(deps, visitor, tmp_path, ["Tide"] * 40)
    assert recaps.tell(deps) == 1


def test_a_stopped_run_goes_on_with_the_others(
    deps: Deps, fan: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = somebody(deps)
    played(deps, other, tmp_path, ["Tide"] * 40)
    real = recaps.notifications.add_notification
    stopped: list[int] = []

    def stop_once(conn, user_id, *rest):
        if not stopped:
            stopped.append(user_id)
            raise KeyboardInterrupt
        return real(conn, user_id, *rest)

    monkeypatch.setattr(recaps.notifications, "add_notification", stop_once)
    with pytest.raises(KeyboardInterrupt):
        recaps.tell(deps)
    assert recaps.tell(deps) == 2  # nothing was noted of the one it was stopped at
    assert [len(told(deps, visitor)) for visitor in (fan, other)] == [1, 1]


def test_somebody_whose_history_cant_be_read_keeps_nobody_waiting(
    deps: Deps, fan: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = somebody(deps)
    played(deps, broken, tmp_path, ["Tide"] * 40)
    real = listening.history

    def read(deps: Deps, visitor: Visitor, **more):
        if visitor == broken:
            raise Conflict("A defect of theirs.")
        return real(deps, visitor, **more)

    monkeypatch.setattr(listening, "history", read)
    with caplog.at_level(logging.WARNING):
        assert recaps.tell(deps) == 1
    assert "A defect of theirs." in caplog.text
    monkeypatch.setattr(listening, "history", real)
    assert recaps.tell(deps) == 1
    assert [len(told(deps, visitor)) for visitor in (fan, broken)] == [1, 1]


def test_a_long_run_ends_in_time_and_the_next_one_does_the_rest(deps: Deps, fan: Visitor, tmp_path: Path) -> None:
    for _ in range(3):
        played(deps, somebody(deps), tmp_path, ["Tide"] * 30)
    moments = iter([MONDAY] * 5 + [MONDAY + recaps.RUN] * 100)
    slow = replace(deps, clock=lambda: next(moments))
    first = recaps.tell(slow)
    assert 0 < first < 4
    assert first + recaps.tell(deps) == 4


def test_an_account_that_goes_meanwhile_is_no_harm(deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    due = recaps.rows.list_due

    def then_gone(*asked):
        found = due(*asked)
        accounts.delete_person(deps, fan.signed_in())
        return found

    monkeypatch.setattr(recaps.rows, "list_due", then_gone)
    assert recaps.tell(deps) == 0
    with deps.engine.begin() as conn:
        assert not rows.set_looked(conn, fan.signed_in(), WEEK)
        assert conn.scalar(select(func.count()).select_from(looked)) == 0


# As they asked for --------------------------------------------------------------------------------


def test_who_switched_it_off_is_told_nothing_then_or_later(
    deps: Deps, fan: Visitor, tmp_path: Path, clock: Clock
) -> None:
    preferences.set_told(deps, fan, Kind.RECAP, is_told=False)
    assert recaps.enqueue_due(deps) == 0
    assert recaps.tell(deps) == 0
    preferences.set_told(deps, fan, Kind.RECAP, is_told=True)
    assert recaps.tell(deps) == 0
    clock.at = MONDAY + timedelta(days=7)
    played(deps, fan, tmp_path, ["Moon"] * 30, TUESDAY + timedelta(days=7))
    assert recaps.tell(deps) == 1
    assert len(told(deps, fan)) == 1


def test_the_switch_holds_from_the_moment_it_is_pressed(
    deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = listening.history

    def then_off(deps: Deps, visitor: Visitor, **more):
        preferences.set_told(deps, visitor, Kind.RECAP, is_told=False)
        return real(deps, visitor, **more)

    monkeypatch.setattr(listening, "history", then_off)
    assert recaps.tell(deps) == 0
    assert told(deps, fan) == []


# Work ---------------------------------------------------------------------------------------------


def test_the_tick_queues_a_run_while_somebody_may_be_told_and_the_worker_does_it(
    deps: Deps, fan: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    [duty] = [duty for duty in tick.DUTIES if duty.name == "tell_recaps"]
    clock.at = MONDAY - timedelta(minutes=1)
    assert duty.act(deps) == 0
    clock.at = MONDAY
    assert duty.act(deps) == 1
    assert duty.act(deps) == 0  # it waits already
    monkeypatch.setattr(jobs, "deps", lambda: deps)
    jobs.tell_recaps()
    jobs.tell_recaps()
    assert len(told(deps, fan)) == 1
    deps.redis.flushall()  # the queue is empty: what isn't due isn't queued again
    assert duty.act(deps) == 0


def test_two_schedulers_that_race_queue_one_run_and_tell_once(
    deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    duties = [duty for duty in tick.DUTIES if duty.name == "tell_recaps"]
    with ThreadPoolExecutor(4) as pool:
        acted = list(pool.map(lambda _: tick.once(deps, duties), range(4)))
    assert sorted(acted) == [[], [], [], ["tell_recaps"]]
    assert sum(one.waiting for one in deps.queue.figures()) == 1
    monkeypatch.setattr(jobs, "deps", lambda: deps)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: jobs.tell_recaps(), range(2)))
    assert len(told(deps, fan)) == 1
