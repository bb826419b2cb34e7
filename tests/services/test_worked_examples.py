"""The worked examples of identity, time, merging and the ledger that concern files, end to end on a real database.

Numbers are those of the design's table. Rows of the API and of scrobblers, which
no file brings, are handed to what settles them as a client would.
"""

import json
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Filter, Kind, PlayRule, Source, TimeRange
from rewrapped.history import totals
from rewrapped.importers.ledger import Ledger
from rewrapped.services import importing, imports, listening, settling
from rewrapped.storage import catalogue, people, plays
from rewrapped.storage.tables import listening_history, tracks

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


def moment(clock: str) -> int:
    """Return a time of the first of May in microseconds since 1970."""
    return int(np.datetime64(f"2024-05-01T{clock}", "us").astype(np.int64))


class Clients:
    """What API clients and scrobbles bring to a listener: tracks with lengths, and rows."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        name_key = catalogue.name_key(Kind.TRACK, "Xenia", "Tide")
        named = [(A, "Tide", name_key), ("spotify:track:B", "Ebb", catalogue.name_key(Kind.TRACK, "Xenia", "Ebb"))]
        rows = [
            catalogue.TrackRow(catalogue.track_key(0, uri, None, None), 0, uri, t, None, None, n) for uri, t, n in named
        ]
        rows.append(catalogue.TrackRow(name_key, 0, None, "Tide", None, None, name_key))
        with listener.deps.engine.begin() as conn:
            ids, _ = catalogue.add_tracks(conn, rows)
            conn.execute(update(tracks).where(tracks.c.uri.is_not(None)).values(duration_ms=210_000))
        self.a, self.b, self.names = ids.tolist()

    def bring(self, source: Source, clock: str, track_id: int) -> bool:
        """Store one row; return whether it was a new play."""
        row = np.zeros(1, plays.PLAY)
        row["reported_at"] = row["ended_at"] = moment(clock)
        row["track_id"], row["source"] = track_id, source
        with self.listener.deps.engine.begin() as conn:
            settled = settling.add(conn, (self.listener.id, None), row)
            plays.raise_history_version(conn, self.listener.id)
        return bool(settled.new[0])


@pytest.fixture
def clients(listener: Listener) -> Clients:
    return Clients(listener)


def _sources(listener: Listener) -> list[Source]:
    return [Source(row.source) for row in listener.stored()]


def test_6_an_estimated_play_of_the_api_becomes_an_exact_one(listener: Listener, clients: Clients) -> None:
    clients.bring(Source.SPOTIFY_API, "10:03:31.120", clients.a)
    seen = listener.totals()
    assert (seen.plays, seen.minutes, seen.estimated_minutes) == (1, 0, 3.5)
    assert _counts(listener.imports(extended("10:03:30", 200_000))) == (1, 0, 1)
    seen = listener.totals()
    assert (seen.plays, round(seen.minutes, 2), seen.estimated_minutes) == (1, 3.33, 0)
    assert _sources(listener) == [Source.EXTENDED]


def test_7_a_play_of_the_api_may_be_stamped_at_its_start(listener: Listener, clients: Clients) -> None:
    clients.bring(Source.SPOTIFY_API, "10:00:12", clients.a)
    listener.imports(extended("10:03:30", 200_000))
    assert _sources(listener) == [Source.EXTENDED]


def test_8_real_repeats_stay(listener: Listener, clients: Clients) -> None:
    listener.imports(extended("10:03:30", 200_000), extended("10:06:50", 200_000))
    stamps = ("10:03:31", "10:06:51", "10:10:20")
    assert [clients.bring(Source.SPOTIFY_API, stamp, clients.a) for stamp in stamps] == [False, False, True]
    assert listener.totals().plays == 3


def test_9_a_relinked_track_of_one_moment_is_one_play_and_the_first_stays(listener: Listener, clients: Clients) -> None:
    assert clients.bring(Source.SPOTIFY_API, "10:03:31.120", clients.a)
    assert not clients.bring(Source.SPOTIFY_API, "10:03:31.120", clients.b)
    assert [row.track_id for row in listener.stored()] == [clients.a]


def test_10_a_late_play_of_the_api_is_stored(listener: Listener, clients: Clients) -> None:
    assert clients.bring(Source.SPOTIFY_API, "11:00:00", clients.a)
    assert clients.bring(Source.SPOTIFY_API, "10:20:00", clients.b)
    assert len(listener.stored()) == 2


def test_11_a_scrobble_at_the_start_makes_way(listener: Listener, clients: Clients) -> None:
    clients.bring(Source.LISTENBRAINZ, "10:00:10", clients.names)
    assert _counts(listener.imports(extended("10:03:30", 200_000))) == (1, 0, 1)
    assert _sources(listener) == [Source.EXTENDED]


@pytest.mark.parametrize("scrobbles_first", [True, False])
def test_11_a_scrobble_out_of_a_table_makes_way_in_either_order(
    listener: Listener, tmp_path: Path, scrobbles_first: bool
) -> None:
    table = tmp_path / "scrobbles.csv"
    table.write_text("uts,artist,track\n1714557610,Xenia,Tide\n1714557910,Xenia,Tide\n")  # 10:00:10 and 10:05:10

    def scrobbles() -> Ledger:
        return importing.import_files(listener.deps, listener.id, [table])

    if scrobbles_first:
        assert _counts(scrobbles()) == (2, 2, 0)
    assert _counts(listener.imports(extended("10:03:30", 200_000))) == (1, int(not scrobbles_first), scrobbles_first)
    assert _counts(scrobbles()) == ((2, 0, 2) if scrobbles_first else (2, 1, 1))
    assert _sources(listener) == [Source.EXTENDED, Source.LASTFM]
    assert _counts(scrobbles()) == (2, 0, 2)


def test_12_a_scrobble_and_a_play_of_the_api_are_one(listener: Listener, clients: Clients) -> None:
    clients.bring(Source.LISTENBRAINZ, "10:00:10", clients.names)
    assert not clients.bring(Source.SPOTIFY_API, "10:03:31", clients.a)
    assert _sources(listener) == [Source.LISTENBRAINZ]


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


def test_of_two_names_that_one_row_had_the_same_is_shown_in_any_order(deps: Deps, tmp_path: Path) -> None:
    for number, order in enumerate(permutations(("Tide", "Tide - Remastered", "Ebb"))):
        someone = Listener(deps, tmp_path)
        for title in order:
            renamed = {"master_metadata_track_name": title}
            someone.imports(extended("10:03:30", 200_000, f"spotify:track:{number}", **renamed))
        assert _names(someone) == ("Tide - Remastered", "Xenia")


def test_a_row_without_names_takes_none_away_in_any_order(deps: Deps, tmp_path: Path) -> None:
    for number, order in enumerate((("10:03:30", "12:00:00"), ("12:00:00", "10:03:30"))):
        someone = Listener(deps, tmp_path)
        for clock in order:
            named = NAMELESS if clock == "12:00:00" else {}
            someone.imports(extended(clock, 200_000, f"spotify:track:{number}", **named))
        assert _names(someone) == ("Tide", "Xenia")


def test_a_track_that_is_named_otherwise_later_meets_its_twins_then(deps: Deps, tmp_path: Path) -> None:
    misnamed = {"master_metadata_track_name": "Hacked", "master_metadata_album_artist_name": "Mallory"}
    for number, order in enumerate(permutations(range(3))):
        uri = f"spotify:track:{number}"
        told = (
            account("10:03", 200_000),
            extended("10:03:30", 200_000, uri, **misnamed),
            extended("2025-05-01T10:00:00Z", 200_000, uri),
        )
        someone = Listener(deps, tmp_path)
        for which in order:
            someone.imports(told[which])
        assert [row.source for row in someone.stored()] == [Source.EXTENDED, Source.EXTENDED]


_told = st.tuples(
    st.sampled_from([Source.EXTENDED, Source.ACCOUNT]),
    st.integers(0, 3),  # minute
    st.sampled_from([45_000, 200_000]),
    st.sampled_from(["Tide", "Ebb"]),
    st.sampled_from("AB"),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_told, min_size=1, max_size=4), min_size=2, max_size=3))
def test_files_in_any_order_leave_the_same_rows_under_the_same_names(
    deps: Deps, tmp_path: Path, files: list[list[tuple[Source, int, int, str, str]]]
) -> None:
    seen = []
    for order in permutations(range(len(files))):
        someone = Listener(deps, tmp_path)
        mark = f" {someone.id}"  # a catalogue that knows nothing yet
        for number in (*order, order[0]):
            for of_account in (True, False):
                told = [_row_of(one, mark) for one in files[number] if (one[0] is Source.ACCOUNT) == of_account]
                if told:
                    someone.imports(*told)
        seen.append(_named_rows(someone, mark))
    assert all(one == seen[0] for one in seen)


def _row_of(told: tuple[Source, int, int, str, str], mark: str) -> dict[str, object]:
    source, minute, ms, title, letter = told
    if source is Source.ACCOUNT:
        return account(f"10:{minute:02d}", ms, title + mark)
    named = {"master_metadata_track_name": title + mark}
    return extended(f"10:{minute:02d}:30", ms, f"spotify:track:{letter}{mark.strip()}", **named)


def _named_rows(listener: Listener, mark: str) -> list[tuple[object, ...]]:
    rows = listener.stored()
    with listener.deps.engine.connect() as conn:
        named = catalogue.list_tracks(conn, listener.id, np.unique([row.track_id for row in rows]))
    titles = dict(zip(named.tracks["id"].tolist(), named.track_text["title"].to_pylist(), strict=True))
    return sorted((row.reported_at, row.ms_played, row.source, titles[row.track_id].removesuffix(mark)) for row in rows)


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
