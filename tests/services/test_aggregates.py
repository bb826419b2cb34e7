"""`aggregated_stats`: in step with histories, of what was opted in alone, and gone at once when it is taken back."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.aggregates import RULE, ZONE, Aggregate, Part
from rewrapped.domain.genres import seeded
from rewrapped.domain.plays import Filter, Source
from rewrapped.history.aggregates import aggregates as counted
from rewrapped.services import accounts, aggregates, importing, imports, listening, preferences, profiles
from rewrapped.services.profiles import Profile
from rewrapped.storage import plays
from rewrapped.storage.tables import aggregated_listeners, aggregated_stats, listening_history, users
from tests.conftest import Clock
from tests.exports import extended_row, to_json
from tests.gigs import a_person
from workers import jobs, tick

JANUARY = (2026 - 1970) * 12
NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # in Berlin it is January


def played(deps: Deps, visitor: Visitor, folder: Path, plays: Iterable[tuple[str, datetime]], **more: object) -> None:
    made = [
        extended_row(
            ts=f"{at:%Y-%m-%dT%H:%M:%SZ}",
            spotify_track_uri="spotify:track:" + sha256(artist.encode()).hexdigest()[:22],
            master_metadata_album_artist_name=artist,
            **more,
        )
        for artist, at in plays
    ]
    path = folder / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json(made))
    importing.import_files(deps, visitor.signed_in(), [path])


def account_data(deps: Deps, visitor: Visitor, folder: Path) -> None:
    """Let somebody have played Tide by Xenia in February, told by names alone."""
    row = {"endTime": "2026-02-03 10:00", "artistName": "Xenia", "trackName": "Tide", "msPlayed": 200_000}
    path = folder / "StreamingHistory_music_0.json"
    path.write_bytes(to_json([row]))
    importing.import_files(deps, visitor.signed_in(), [path])


@pytest.fixture
def fan(deps: Deps, tmp_path: Path) -> Visitor:
    """Somebody with plays of the extended history and of account data, who compares the first."""
    visitor = a_person(deps)
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    played(deps, visitor, tmp_path, [("Xenia", at), ("Xenia", at + timedelta(hours=1)), ("Björk", NEW_YEAR)])
    account_data(deps, visitor, tmp_path)
    preferences.set_compared(deps, visitor, Source.EXTENDED, is_compared=True)
    return visitor


def stored(deps: Deps, visitor: Visitor) -> set[Aggregate]:
    kept = aggregated_stats.c
    query = select(kept.source, kept.month, kept.part, kept.entity_id, kept.plays, kept.ms)
    with deps.engine.connect() as conn:
        found = [
            Aggregate(source, (month.year - 1970) * 12 + month.month - 1, Part(part), entity_id, plays, ms)
            for source, month, part, entity_id, plays, ms in conn.execute(query.where(kept.user_id == visitor.user_id))
        ]
    assert len(found) == len(set(found))
    return set(found)


def from_history(deps: Deps, visitor: Visitor, *sources: Source) -> set[Aggregate]:
    history = listening.history(deps, visitor, rule=RULE, zone=ZONE)
    return set(counted(history.filter(Filter(sources=frozenset(sources))), seeded))


def of(found: set[Aggregate], part: Part) -> list[tuple[int, int, int]]:
    """Return source, month and plays of one part."""
    return sorted((one.source, one.month, one.plays) for one in found if one.part is part)


# What is counted ----------------------------------------------------------------------------------


def test_a_run_counts_what_was_opted_in_by_months_of_utc(deps: Deps, fan: Visitor) -> None:
    assert aggregates.refresh(deps) == 1
    found = stored(deps, fan)
    assert of(found, Part.ALL) == [(Source.EXTENDED, JANUARY - 1, 1), (Source.EXTENDED, JANUARY, 2)]
    assert of(found, Part.ARTIST) == of(found, Part.ALL)
    assert sum(one.ms for one in found if one.part is Part.ALL) == 600_000
    assert found == from_history(deps, fan, Source.EXTENDED)
    keys = {key for key, _ in seeded("Björk")}
    assert keys
    assert {one.entity_id for one in found if one.part is Part.GENRE} == keys


def test_names_count_under_the_link_they_are_joined_to(deps: Deps, fan: Visitor) -> None:
    preferences.set_compared(deps, fan, Source.ACCOUNT, is_compared=True)
    aggregates.refresh(deps)
    tracks = {one.entity_id for one in stored(deps, fan) if one.part is Part.TRACK}
    assert len(tracks) == 2  # the account's Tide is the extended history's
    assert stored(deps, fan) == from_history(deps, fan, Source.EXTENDED, Source.ACCOUNT)


def test_a_play_is_thirty_seconds_whatever_the_listeners_own_rule_and_zone(
    deps: Deps, fan: Visitor, tmp_path: Path
) -> None:
    profiles.change_profile(deps, fan, Profile("Fan", "Pacific/Kiritimati", "", "any"))
    played(deps, fan, tmp_path, [("Xenia", datetime(2026, 1, 7, 12, tzinfo=UTC))], ms_played=4_000)
    aggregates.refresh(deps)
    assert of(stored(deps, fan), Part.ALL)[-1] == (Source.EXTENDED, JANUARY, 2)


def test_plays_of_an_api_never_count_whatever_is_stored_as_chosen(deps: Deps, fan: Visitor) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(listening_history).values(source=Source.SPOTIFY_API))
        conn.execute(text("UPDATE user_preferences SET compared_sources = '[1, 2, 5]'"))
    aggregates.refresh(deps)
    assert stored(deps, fan) == set()


def test_the_sample_listener_is_never_counted(deps: Deps, fan: Visitor) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(is_demo=True))
    assert aggregates.enqueue_due(deps) == 0
    assert aggregates.refresh(deps) == 0
    assert stored(deps, fan) == set()


def test_counting_anew_leads_to_the_same_from_whatever_stood_there(deps: Deps, fan: Visitor, clock: Clock) -> None:
    aggregates.refresh(deps)
    right = stored(deps, fan)
    with deps.engine.begin() as conn:
        conn.execute(delete(aggregated_stats).where(aggregated_stats.c.part == Part.ALL))
        conn.execute(update(aggregated_stats).values(plays=77))
        conn.execute(
            text("INSERT INTO aggregated_stats SELECT user_id, 2, month, part, entity_id, 1, 1 FROM aggregated_stats")
        )
    assert stored(deps, fan) != right
    assert aggregates.rebuild(deps, fan)
    assert stored(deps, fan) == right


def test_what_is_equal_is_not_written_again(deps: Deps, fan: Visitor, tmp_path: Path, clock: Clock) -> None:
    aggregates.refresh(deps)
    before = versions(deps)
    played(deps, fan, tmp_path, [("Xenia", datetime(2026, 3, 1, 12, tzinfo=UTC))])
    clock.advance(minutes=11)
    assert aggregates.refresh(deps) == 1
    after = versions(deps)
    assert before.items() <= after.items()
    assert {month.month for month, *_ in after.keys() - before.keys()} == {3}


def versions(deps: Deps) -> dict[tuple[object, ...], str]:
    """Return which transaction wrote each row."""
    with deps.engine.connect() as conn:
        query = text("SELECT month, source, part, entity_id, xmin::text FROM aggregated_stats")
        return {tuple(row[:4]): row[4] for row in conn.execute(query)}


# When ---------------------------------------------------------------------------------------------


def test_a_changed_history_is_due_again_after_a_rest(deps: Deps, fan: Visitor, tmp_path: Path, clock: Clock) -> None:
    assert aggregates.refresh(deps) == 1
    assert aggregates.enqueue_due(deps) == 0
    played(deps, fan, tmp_path, [("Xenia", datetime(2026, 3, 1, 12, tzinfo=UTC))])
    assert aggregates.enqueue_due(deps) == 0
    clock.advance(minutes=11)
    assert aggregates.enqueue_due(deps) == 1
    aggregates.refresh(deps)
    assert stored(deps, fan) == from_history(deps, fan, Source.EXTENDED)
    deps.redis.flushall()
    assert aggregates.enqueue_due(deps) == 0


def test_nobody_is_counted_who_did_not_choose_it(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    played(deps, visitor, tmp_path, [("Xenia", NEW_YEAR)])
    preferences.set_shared(deps, visitor, Source.EXTENDED, is_shared=True)  # that is another question
    assert aggregates.enqueue_due(deps) == 0
    assert aggregates.refresh(deps) == 0
    assert stored(deps, visitor) == set()


def test_the_tick_queues_a_run_and_the_worker_does_it(
    deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    [duty] = [duty for duty in tick.DUTIES if duty.name == "aggregate"]
    assert duty.act(deps) == 1
    assert duty.act(deps) == 0
    monkeypatch.setattr(jobs, "deps", lambda: deps)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: jobs.aggregate(), range(3)))
    assert stored(deps, fan) == from_history(deps, fan, Source.EXTENDED)


# Taking it back -----------------------------------------------------------------------------------


def test_opting_out_takes_the_rows_out_at_once_and_leaves_those_of_other_sources(deps: Deps, fan: Visitor) -> None:
    preferences.set_compared(deps, fan, Source.ACCOUNT, is_compared=True)
    aggregates.refresh(deps)
    preferences.set_compared(deps, fan, Source.EXTENDED, is_compared=False)
    assert {one.source for one in stored(deps, fan)} == {Source.ACCOUNT}
    assert aggregates.refresh(deps) == 0  # what stands is right
    preferences.set_compared(deps, fan, Source.ACCOUNT, is_compared=False)
    assert stored(deps, fan) == set()
    assert aggregates.refresh(deps) == 0
    with deps.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(aggregated_listeners)) == 0


def test_opting_in_again_is_counted_without_waiting(deps: Deps, fan: Visitor) -> None:
    aggregates.refresh(deps)
    preferences.set_compared(deps, fan, Source.EXTENDED, is_compared=False)
    preferences.set_compared(deps, fan, Source.EXTENDED, is_compared=True)
    assert stored(deps, fan) == set()
    assert aggregates.refresh(deps) == 1
    assert stored(deps, fan) == from_history(deps, fan, Source.EXTENDED)


def test_removing_an_import_takes_its_rows_out_at_once(deps: Deps, fan: Visitor) -> None:
    preferences.set_compared(deps, fan, Source.ACCOUNT, is_compared=True)
    aggregates.refresh(deps)
    *_, extended = imports.list_imports(deps, fan)
    imports.remove(deps, fan, extended.id)
    assert stored(deps, fan) == set()
    assert aggregates.refresh(deps) == 1
    assert {one.source for one in stored(deps, fan)} == {Source.ACCOUNT}


def test_a_run_that_counted_while_somebody_opted_out_stores_nothing(
    deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = listening.history

    def then_out(deps: Deps, visitor: Visitor, **more):
        found = real(deps, visitor, **more)
        preferences.set_compared(deps, visitor, Source.EXTENDED, is_compared=False)
        return found

    monkeypatch.setattr(listening, "history", then_out)
    assert aggregates.refresh(deps) == 0
    assert stored(deps, fan) == set()


def test_a_run_that_counted_an_older_history_stores_nothing(
    deps: Deps, fan: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = listening.history

    def then_changed(deps: Deps, visitor: Visitor, **more):
        found = real(deps, visitor, **more)
        with deps.engine.begin() as conn:
            plays.raise_history_version(conn, visitor.signed_in())
        return found

    monkeypatch.setattr(listening, "history", then_changed)
    assert aggregates.refresh(deps) == 0
    monkeypatch.setattr(listening, "history", real)
    assert aggregates.refresh(deps) == 1


def test_rows_go_with_the_account(deps: Deps, fan: Visitor) -> None:
    aggregates.refresh(deps)
    accounts.delete_person(deps, fan.signed_in())
    with deps.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(aggregated_stats)) == 0
