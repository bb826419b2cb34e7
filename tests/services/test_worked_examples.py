"""The worked examples of identity, time, merging and the ledger that concern files, end to end on a real database.

Numbers are those of the design's table. Merging with scrobbles and API plays is
held at the level of rows in tests/unit/history/test_merging.py.
"""

import json
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Filter, Kind, PlayRule, TimeRange
from rewrapped.history import totals
from rewrapped.importers.ledger import Ledger
from rewrapped.services import importing, imports, listening
from rewrapped.storage import people
from rewrapped.storage.tables import listening_history

A = "spotify:track:A"


def extended(ts: str, ms: object, uri: str | None = A, **more: object) -> dict[str, object]:
    names = {
        "master_metadata_track_name": "Tide",
        "master_metadata_album_artist_name": "Xenia",
        "master_metadata_album_album_name": "Shore",
    }
    moment = ts if "T" in ts else f"2024-05-01T{ts}Z"
    return {"ts": moment, "ms_played": ms, "spotify_track_uri": uri, **names, **more}


def account(end: str, ms: int, track: str = "Tide") -> dict[str, object]:
    return {"endTime": f"2024-05-01 {end}", "artistName": "Xenia", "trackName": track, "msPlayed": ms}


NAMELESS = {
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
}


class Listener:
    """One person who imports files, and what they see afterwards."""

    def __init__(self, deps: Deps, folder: Path, zone: str = "UTC") -> None:
        self.deps, self.folder = deps, folder
        with deps.engine.begin() as conn:
            self.id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone=zone)) or 0
        self.visitor = Visitor.person(self.id, Role.REGULAR)

    def imports(self, *rows: dict[str, object], incognito: bool = False) -> Ledger:
        of_account = "endTime" in rows[0]
        name = "StreamingHistory_music_0.json" if of_account else "Streaming_History_Audio_2024_0.json"
        path = self.folder / name
        path.write_text(json.dumps(rows))
        return importing.import_files(self.deps, self.id, [path], include_incognito=incognito)

    def stored(self) -> list[object]:
        query = select(listening_history).where(listening_history.c.user_id == self.id).order_by("reported_at")
        with self.deps.engine.connect() as conn:
            return list(conn.execute(query))

    def totals(self, rule: str = "30s", view: Filter | None = None) -> totals.Totals:
        history = listening.history(self.deps, self.visitor, rule=PlayRule.parse(rule))
        return totals.totals(history.filter(view or Filter()))


@pytest.fixture
def listener(deps: Deps, tmp_path: Path) -> Listener:
    return Listener(deps, tmp_path)


def _counts(ledger: Ledger) -> tuple[int, int, int]:
    return ledger.sum.rows, ledger.kept, ledger.sum.merged


def _dropped(ledger: Ledger) -> dict[str, int]:
    return {str(reason): count for reason, count in ledger.sum.dropped.items()}


def test_1_an_account_row_after_the_extended_row(listener: Listener) -> None:
    listener.imports(extended("10:03:30", 200_000))
    assert _counts(listener.imports(account("10:03", 200_000))) == (1, 0, 1)
    assert [row.source for row in listener.stored()] == [1]
    seen = listener.totals()
    assert (seen.plays, round(seen.minutes, 2)) == (1, 3.33)


def test_2_the_account_row_first(listener: Listener) -> None:
    assert _counts(listener.imports(account("10:03", 200_000))) == (1, 1, 0)
    assert _counts(listener.imports(extended("10:03:30", 200_000))) == (1, 0, 1)
    assert [row.source for row in listener.stored()] == [1]
    assert _counts(listener.imports(account("10:03", 200_000))) == (1, 0, 1)
    assert len(listener.stored()) == 1


def test_3_two_account_rows_of_a_minute_are_two_plays_and_each_is_found(listener: Listener) -> None:
    listener.imports(account("10:03", 200_000), account("10:03", 45_000))
    assert listener.totals().plays == 2
    ledger = listener.imports(extended("10:03:10", 45_000), extended("10:03:58", 200_000))
    assert _counts(ledger) == (2, 0, 2)
    assert [row.source for row in listener.stored()] == [1, 1]
    assert listener.totals().plays == 2


def test_4_two_lengths_of_one_second_are_two_plays(listener: Listener) -> None:
    listener.imports(extended("10:03:30", 200_000), extended("10:03:30", 31_000))
    assert listener.totals().plays == 2


def test_5_the_same_row_twice_in_one_file(listener: Listener) -> None:
    assert _counts(listener.imports(extended("10:03:30", 200_000), extended("10:03:30", 200_000))) == (2, 1, 1)


def test_13_an_offline_row_is_counted_when_it_was_played(listener: Listener) -> None:
    row = extended("2022-03-22T08:00:00Z", 180_000, offline=True, offline_timestamp=1_647_500_000_000)
    ledger = listener.imports(row)
    assert ledger.sum.moved == 1
    [stored] = listener.stored()
    assert stored.reported_at == datetime(2022, 3, 22, 8, tzinfo=UTC)
    assert stored.ended_at == datetime(2022, 3, 17, 6, 56, 20, tzinfo=UTC)
    day = Filter(TimeRange(date(2022, 3, 17), date(2022, 3, 18)))
    assert listener.totals(view=day).plays == 1
    assert _counts(listener.imports({**row, "offline_timestamp": 1_647_500_000})) == (1, 0, 1)


def test_14_incognito_rows_come_only_when_asked_for(listener: Listener) -> None:
    row = extended("10:03:30", 200_000, incognito_mode=True)
    ledger = listener.imports(row)
    assert (ledger.kept, _dropped(ledger)) == (0, {"incognito": 1})
    assert listener.imports(row, incognito=True).kept == 1


def test_15_a_row_of_no_length_is_a_play_under_any_only(listener: Listener) -> None:
    listener.imports(extended("10:03:30", 0))
    assert [listener.totals(rule).plays for rule in ("30s", "half", "finished", "any")] == [0, 0, 0, 1]
    assert listener.totals("any").minutes == 0


def test_16_a_short_row_that_finished(listener: Listener) -> None:
    listener.imports(extended("10:03:30", 28_000, reason_end="trackdone"))
    assert [listener.totals(rule).plays for rule in ("30s", "finished")] == [0, 1]


def test_17_a_uri_without_names_counts_as_a_track_alone(listener: Listener) -> None:
    listener.imports(extended("10:03:30", 200_000, **NAMELESS))
    seen = listener.totals()
    assert (seen.plays, seen.tracks, seen.artists, seen.albums) == (1, 1, 0, 0)


def test_18_a_local_file_is_kept_under_its_names(listener: Listener) -> None:
    listener.imports(extended("10:03:30", 200_000, uri=None))
    seen = listener.totals()
    assert (seen.plays, seen.tracks, seen.artists) == (1, 1, 1)


def test_19_a_row_that_names_nothing_is_dropped(listener: Listener) -> None:
    ledger = listener.imports(extended("10:03:30", 200_000, uri=None, **NAMELESS))
    assert (_counts(ledger), _dropped(ledger)) == ((1, 0, 0), {"no_identity": 1})


def test_20_a_podcast_is_kept_apart_from_music(listener: Listener) -> None:
    row = extended(
        "10:03:30",
        1_800_000,
        uri=None,
        **NAMELESS,
        episode_name="On tides",
        episode_show_name="Waves",
        spotify_episode_uri="spotify:episode:E",
    )
    assert listener.imports(row).kept == 1
    seen = listener.totals()
    assert (seen.plays, seen.minutes) == (0, 0)
    assert listener.totals(view=Filter(kinds=frozenset({Kind.EPISODE}))).plays == 1


def test_21_bad_rows_cost_themselves_only(listener: Listener) -> None:
    bad = [extended("10:03:30", ms) for ms in (-5, "200000", 1e30, True)]
    bad += [extended("0001-01-01T00:00:00Z", 200_000), extended("2099-01-01T00:00:00Z", 200_000)]
    ledger = listener.imports(*bad, extended("11:00:00", 200_000))
    assert (_counts(ledger), _dropped(ledger)) == ((7, 1, 0), {"bad_ms": 4, "bad_time": 2})


def test_22_each_listener_sees_their_own_names(listener: Listener, deps: Deps, tmp_path: Path) -> None:
    forger = Listener(deps, tmp_path)
    listener.imports(extended("10:03:30", 200_000))
    forged = {"master_metadata_track_name": "Hacked", "master_metadata_album_artist_name": "Mallory"}
    forger.imports(extended("10:03:30", 200_000, **forged))
    assert _names(listener) == ("Tide", "Xenia")
    assert _names(forger) == ("Hacked", "Mallory")
    listener.imports(extended("12:03:30", 200_000))
    assert _names(listener) == ("Tide", "Xenia")


def test_a_forger_who_comes_first_renames_nothing_either(listener: Listener, deps: Deps, tmp_path: Path) -> None:
    forger, quiet = Listener(deps, tmp_path), Listener(deps, tmp_path)
    forged = {"master_metadata_track_name": "Hacked", "master_metadata_album_artist_name": "Mallory"}
    forger.imports(extended("10:03:30", 200_000, **forged))
    listener.imports(extended("10:03:30", 200_000))
    quiet.imports(extended("10:03:30", 200_000, **NAMELESS))
    assert _names(listener) == ("Tide", "Xenia")
    assert quiet.totals().artists == 0


def test_own_names_do_not_depend_on_the_order_of_imports(deps: Deps, tmp_path: Path) -> None:
    forger = Listener(deps, tmp_path)
    forged = {"master_metadata_track_name": "Hacked", "master_metadata_album_artist_name": "Mallory"}
    forger.imports(extended("10:03:30", 200_000, **forged))
    old = extended("2020-01-01T10:00:00Z", 200_000, **forged)
    new = extended("2021-01-01T10:00:00Z", 200_000)
    for order in ((old, new), (new, old)):
        someone = Listener(deps, tmp_path)
        for row in order:
            someone.imports(row)
        assert _names(someone) == ("Tide", "Xenia")


def _names(listener: Listener) -> tuple[str, str]:
    with listener.deps.engine.connect() as conn:
        columns = listening.read_columns(conn, listener.id)
    [track] = columns.track.tolist()[:1]
    return columns.tracks.title[track].as_py(), columns.artists.name[int(columns.tracks.artist[track])].as_py()


def test_23_the_last_hour_of_the_year_belongs_to_the_listeners_zone(deps: Deps, tmp_path: Path) -> None:
    listener = Listener(deps, tmp_path, "Europe/Berlin")
    listener.imports(extended("2023-12-31T23:30:00Z", 200_000))
    january = Filter(TimeRange(date(2024, 1, 1), date(2024, 2, 1)))
    assert listener.totals(view=january).plays == 1


def test_24_the_hour_that_comes_twice(deps: Deps, tmp_path: Path) -> None:
    listener = Listener(deps, tmp_path, "Europe/Berlin")
    listener.imports(extended("2024-10-27T00:30:00Z", 200_000), extended("2024-10-27T01:30:00Z", 200_000))
    hour = Filter(TimeRange(date(2024, 10, 27), date(2024, 10, 28)), hours=frozenset({2}))
    assert listener.totals(view=hour).plays == 2


def test_25_removing_an_import_takes_only_what_still_is_its_own(listener: Listener) -> None:
    listener.imports(account("10:03", 200_000), account("11:00", 90_000, track="Other"))
    [first] = imports.list_imports(listener.deps, listener.visitor)
    listener.imports(extended("10:03:30", 200_000))
    assert imports.preview_removal(listener.deps, listener.visitor, first.id).rows == 1
    assert imports.remove(listener.deps, listener.visitor, first.id) == 1
    assert [row.source for row in listener.stored()] == [1]


def test_account_then_extended_then_account_equals_the_reverse(deps: Deps, tmp_path: Path) -> None:
    of_account = [account("10:03", 200_000), account("10:07", 200_000), account("12:00", 45_000, track="Other")]
    of_extended = [extended("10:03:30", 200_000), extended("10:07:01", 200_000), extended("13:00:00", 61_000)]
    seen = []
    for order in ((of_account, of_extended, of_account), (of_extended, of_account, of_extended)):
        listener = Listener(deps, tmp_path)
        ledgers = [listener.imports(*rows) for rows in order]
        assert ledgers[2].kept == 0
        seen.append(listener.totals())
    assert seen[0] == seen[1]
    assert seen[0].plays == 4


def test_two_account_rows_of_two_files_and_one_extended_row_are_two_plays_in_any_order(
    deps: Deps, tmp_path: Path
) -> None:
    rows = (account("10:03", 200_000), account("10:04", 200_000), extended("10:03:30", 200_000))
    for order in permutations(rows):
        listener = Listener(deps, tmp_path)
        ledgers = [listener.imports(row) for row in order]
        seen = listener.totals()
        assert (seen.plays, round(seen.minutes, 2)) == (2, 6.67)
        assert sum(ledger.kept for ledger in ledgers) == 2
        assert [listener.imports(row).kept for row in order] == [0, 0, 0]
        assert listener.totals() == seen


def test_removing_an_import_brings_back_what_it_stood_for(listener: Listener) -> None:
    listener.imports(account("10:03", 200_000), account("11:00", 90_000, track="Other"))
    before = listener.stored()
    listener.imports(extended("10:03:30", 200_000), extended("12:00:00", 61_000))
    newest = imports.list_imports(listener.deps, listener.visitor)[0]
    preview = imports.preview_removal(listener.deps, listener.visitor, newest.id)
    assert (preview.rows, preview.returning) == (2, 1)
    assert imports.remove(listener.deps, listener.visitor, newest.id) == 2
    assert listener.stored() == before


def test_what_was_absorbed_goes_with_its_own_import(listener: Listener) -> None:
    listener.imports(account("10:03", 200_000))
    [first] = imports.list_imports(listener.deps, listener.visitor)
    listener.imports(extended("10:03:30", 200_000))
    preview = imports.preview_removal(listener.deps, listener.visitor, first.id)
    assert (preview.rows, preview.returning) == (0, 0)
    assert imports.remove(listener.deps, listener.visitor, first.id) == 0
    newest = imports.list_imports(listener.deps, listener.visitor)[0]
    assert imports.preview_removal(listener.deps, listener.visitor, newest.id).returning == 0
    assert imports.remove(listener.deps, listener.visitor, newest.id) == 1
    assert listener.stored() == []


def test_a_row_that_comes_back_is_taken_by_another_that_fits(listener: Listener) -> None:
    listener.imports(account("10:03", 200_000))
    listener.imports(extended("10:03:30", 200_000))
    nearest = imports.list_imports(listener.deps, listener.visitor)[0]
    listener.imports(extended("10:02:10", 200_000))  # a play of its own while the account row belongs to the other
    assert listener.totals().plays == 2
    assert imports.preview_removal(listener.deps, listener.visitor, nearest.id).returning == 0
    imports.remove(listener.deps, listener.visitor, nearest.id)
    assert [row.source for row in listener.stored()] == [1]
    assert listener.imports(account("10:03", 200_000)).kept == 0
