"""Files of ListenBrainz and Last.fm: what is read of them, and what becomes of odd rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Kind, Source
from rewrapped.errors import TooLarge, UnreadableFile
from rewrapped.importers import FileReading, UploadReader
from rewrapped.importers.rows import Format, Identity, Reason
from tests.exports import lines_of, listen_row
from tests.unit.importers.reading import at, read_bytes, upload, upload_zip

GHAN = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
SCROBBLE = '"1577968440","02 Jan 2020, 12:34","Xenia","","Shore","","Tide",""\n'
TIDE = Identity(int(Kind.TRACK), None, "Tide", "Xenia", "Shore")
START = at("2020-01-02T12:34:00+00:00")


def read_listens(folder: Path, *rows: Any, name: str = "1.jsonl") -> tuple[FileReading, UploadReader]:
    """Return the reading of a file with one row a line."""
    return read_bytes(folder, lines_of(*rows), name)


def test_an_export_of_listenbrainz_is_read_month_by_month_and_nothing_else_of_it(tmp_path: Path) -> None:
    files = {
        "user.json": b'{"user_id": 1, "username": "secret"}',
        "feedback.jsonl": b'{"track_metadata": {"track_name": "never read"}, "listened_at": 1}\n',
        "listens/2020/1.jsonl": lines_of(listen_row()),
        "listens/2020/12.jsonl": lines_of(listen_row(listened_at=1_606_824_000), listen_row(listened_at=1_606_824_300)),
        "pinned_recording.jsonl": b"{}\n",
    }
    reader = upload_zip(tmp_path, files)
    readings = list(reader)
    assert [(one.name, one.format, one.source, one.rows) for one in readings] == [
        ("1.jsonl", Format.LISTENBRAINZ, Source.LISTENBRAINZ, 1),
        ("12.jsonl", Format.LISTENBRAINZ, Source.LISTENBRAINZ, 2),
    ]
    assert reader.identities == [TIDE]
    assert readings[0].data["reported_at"].tolist() == readings[0].data["ended_at"].tolist() == [START]
    assert readings[0].data["ms_played"].tolist() == [0]


def test_a_list_of_listens_under_any_name_is_known_by_its_rows(tmp_path: Path) -> None:
    reading, reader = read_bytes(tmp_path, json.dumps([listen_row()]).encode(), "mine.json")
    assert (reading.source, len(reading.data), reader.identities) == (Source.LISTENBRAINZ, 1, [TIDE])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (listen_row(listened_at=None), Reason.BAD_TIME),
        (listen_row(listened_at=0), Reason.BAD_TIME),
        (listen_row(listened_at=1 << 70), Reason.BAD_TIME),
        (listen_row(listened_at=4_000_000_000), Reason.BAD_TIME),
        (listen_row(track_metadata=None), Reason.NO_IDENTITY),
        (listen_row(track_metadata={"artist_name": "Xenia"}), Reason.NO_IDENTITY),
        (listen_row(track_metadata={"artist_name": "X\0", "track_name": "Tide"}), Reason.BAD_TEXT),
        (listen_row(track_metadata={"artist_name": "X", "track_name": "T" * 1_001}), Reason.BAD_TEXT),
        ("a text", Reason.NOT_AN_OBJECT),
        (17, Reason.NOT_AN_OBJECT),
        ([], Reason.NOT_AN_OBJECT),
        (listen_row(listened_at="1577968440"), None),
        (listen_row(listened_at=1577968440.0), None),
        (listen_row(track_metadata={"artist_name": ["Xenia"], "track_name": "Tide"}), None),
        (listen_row(track_metadata={"track_name": "Tide", "additional_info": "none"}), None),
    ],
)
def test_an_odd_listen_is_counted_and_costs_no_other(tmp_path: Path, row: object, reason: Reason | None) -> None:
    reading, _ = read_listens(tmp_path, listen_row(listened_at=1_577_900_000), row)
    assert reading.rows == 2
    assert next(iter(reading.dropped), None) is reason


@pytest.mark.parametrize(
    ("played", "ms"), [(31, 31_000), (12.5, 12_500), (-1, 0), (1e300, 0), ("31", 0), (True, 0), (None, 0)]
)
def test_a_listen_is_as_long_as_its_client_says_where_that_can_be(tmp_path: Path, played: object, ms: int) -> None:
    metadata = {"track_name": "Tide", "artist_name": "Xenia", "additional_info": {"duration_played": played}}
    reading, _ = read_listens(tmp_path, listen_row(track_metadata=metadata))
    assert reading.data["ms_played"].tolist() == [ms]


def test_a_file_of_lines_that_breaks_off_keeps_its_whole_rows(tmp_path: Path) -> None:
    content = lines_of(listen_row(), listen_row(listened_at=1_577_900_000))
    whole, _ = read_bytes(tmp_path, content.rstrip(b"\n"), "1.jsonl")
    assert (len(whole.data), whole.truncated) == (2, False)
    cut, reader = read_bytes(tmp_path, content[:-40], "1.jsonl")
    assert (cut.rows, len(cut.data), cut.truncated) == (1, 1, True)
    assert "breaks off" in reader.problems[0].sentence


def test_broken_lines_lose_only_themselves(tmp_path: Path) -> None:
    good = lines_of(listen_row())
    content = (
        good + b'{"listened_at": 1,\n' + b"\n  \r\n" + b"\xff\xfe\n" + b'{"a": "' + b"x" * (3 << 20) + b"\n" + good
    )
    reading, _ = read_bytes(tmp_path, content, "1.jsonl")
    assert (reading.rows, len(reading.data), reading.dropped) == (5, 2, {Reason.NOT_AN_OBJECT: 3})


def test_endless_broken_lines_are_given_up(tmp_path: Path) -> None:
    reading, reader = read_bytes(tmp_path, lines_of(listen_row()) + b"{}\n" * 400_000, "1.jsonl")
    assert reading.truncated
    assert "Too much" in reader.problems[0].sentence


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("recenttracks-xenia-1577968440.csv", GHAN + SCROBBLE, 1),
        ("recenttracks.csv", GHAN.replace("\n", "\r\n") + SCROBBLE, 1),
        ("xenia.csv", 'Xenia,Shore,Tide,"02 Jan 2020 12:34"\n', 1),
        ("xenia.csv", 'Now,Playing,This,\nXenia,Shore,Tide,"02 Jan 2020 12:34"\n', 2),
        ("renamed.txt", GHAN + SCROBBLE, 1),
        ("lastfmstats.csv", 'Artist;Album;AlbumId;Track;Date#xenia\n"Xenia";"Shore";"9";"Tide";"1577968440000"\n', 1),
        ("table.tsv", "Artist Name\tAlbum\tTrack Name\tTimestamp\nXenia\tShore\tTide\t2020-01-02 12:34:00\n", 1),
        ("zoned.csv", "artist,album,track,date\nXenia,Shore,Tide,2020-01-02T13:34:00+01:00\n", 1),
        ("bom.csv", "\ufeff" + GHAN + SCROBBLE, 1),
    ],
)
def test_tables_of_the_common_exporters_are_read(tmp_path: Path, name: str, content: str, rows: int) -> None:
    reading, reader = read_bytes(tmp_path, content.encode(), name)
    assert (reading.format, reading.source, reading.rows) == (Format.LASTFM, Source.LASTFM, rows)
    assert reader.identities == [TIDE]
    assert reading.data["reported_at"].tolist() == [START]
    assert sum(reading.dropped.values()) == reading.dropped.get(Reason.BAD_TIME, 0) == rows - 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('"","","Xenia","","Shore","","Tide",""', Reason.BAD_TIME),
        ('"0","01 Jan 1970, 00:00","Xenia","","Shore","","Tide",""', Reason.BAD_TIME),
        ('"99999999999999","","Xenia","","Shore","","Tide",""', Reason.BAD_TIME),
        ('"1577968440","","Xenia","","Shore","","",""', Reason.NO_IDENTITY),
        ('"1577968440","","X\0","","Shore","","Tide",""', Reason.BAD_TEXT),
        ("one,two", Reason.NOT_AN_OBJECT),
        ('"1577968441","","Xe, ""nia""","","","","Ti\nde",""', None),
    ],
)
def test_an_odd_scrobble_is_counted_and_costs_no_other(tmp_path: Path, row: str, reason: Reason | None) -> None:
    reading, _ = read_bytes(tmp_path, (GHAN + row + "\n" + SCROBBLE).encode(), "recenttracks.csv")
    assert reading.rows == 2
    assert next(iter(reading.dropped), None) is reason


def test_letters_that_are_no_utf8_lose_only_their_row(tmp_path: Path) -> None:
    content = (GHAN + SCROBBLE).encode() + SCROBBLE.replace("Tide", "Caf").encode().replace(b"Caf", b"Caf\xe9")
    reading, _ = read_bytes(tmp_path, content, "recenttracks.csv")
    assert (len(reading.data), reading.dropped) == (1, {Reason.BAD_TEXT: 1})


def test_a_table_that_breaks_off_keeps_its_whole_rows(tmp_path: Path) -> None:
    reading, _ = read_bytes(tmp_path, (GHAN + SCROBBLE + SCROBBLE[:40]).encode(), "recenttracks.csv")
    assert (reading.rows, len(reading.data), reading.truncated) == (1, 1, True)


def test_a_lone_quotation_mark_doesnt_take_the_rest_of_a_large_table(tmp_path: Path) -> None:
    content = GHAN + '1577968440,,"Xenia,,Shore,,Tide,\n' + "1577968440,,Xenia,,Shore,,Tide,\n" * 20_000
    reading, _ = read_bytes(tmp_path, content.encode(), "recenttracks.csv")
    assert len(reading.data) > 15_000


def test_another_table_says_what_is_missing(tmp_path: Path) -> None:
    reader = upload(tmp_path, {"scrobbles.csv": b"plays,artist\n3,Xenia\n"})
    with pytest.raises(UnreadableFile, match="artist, track and time are needed"):
        list(reader)


def test_a_table_in_a_zip_keeps_to_the_limits_of_archives(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="200 times"):
        list(upload_zip(tmp_path, {"scrobbles.csv": (GHAN + " " * (8 << 20)).encode()}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), kind=st.booleans())
def test_whatever_follows_a_good_row_the_ledger_balances(tmp_path: Path, content: bytes, kind: bool) -> None:
    name, start = ("1.jsonl", lines_of(listen_row())) if kind else ("scrobbles.csv", (GHAN + SCROBBLE).encode())
    reading, reader = read_bytes(tmp_path, start + content, name)
    assert len(reading.data) >= 1
    assert reader.identities[reading.data["identity"][0]] == TIDE
