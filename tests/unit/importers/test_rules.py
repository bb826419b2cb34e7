"""What a row must be to be kept, and what is kept of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rewrapped.domain.plays import Flags, Kind
from rewrapped.importers.rows import Identity, Reason
from tests.exports import (
    account_audiobook_row,
    account_music_row,
    account_podcast_row,
    chapter_row,
    endsong_row,
    extended_row,
    podcast_row,
)
from tests.unit.importers.reading import ACCOUNT_NAME, at, identities_of, read_bytes, read_rows, reason_of

NOTHING = {
    "spotify_track_uri": None,
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
}


def test_an_extended_row_becomes_columns(tmp_path: Path) -> None:
    reading, reader = read_rows(tmp_path, extended_row(shuffle=True, skipped=None))

    [row] = reading.data
    assert row["reported_at"] == row["ended_at"] == at("2023-05-01T10:03:30+00:00")
    assert row["ms_played"] == 200_000
    assert reader.identities[row["identity"]] == Identity(Kind.TRACK, "spotify:track:A", "Tide", "Xenia", "Shore")
    words = [reader.labels[row[name]] for name in ("platform", "country", "reason_start", "reason_end")]
    assert words == ["ios", "DE", "trackdone", "trackdone"]
    known = Flags.SHUFFLE_KNOWN | Flags.OFFLINE_KNOWN | Flags.INCOGNITO_KNOWN
    assert Flags(int(row["flags"])) == Flags.SHUFFLE | known


def test_account_rows_end_in_their_minute_and_say_nothing_else(tmp_path: Path) -> None:
    reading, reader = read_rows(tmp_path, account_music_row(), name=ACCOUNT_NAME)

    [row] = reading.data
    assert row["reported_at"] == row["ended_at"] == at("2023-05-01T10:03:00+00:00")
    assert reader.identities[row["identity"]] == Identity(Kind.TRACK, None, "Tide", "Xenia", None)
    assert row["flags"] == row["platform"] == row["country"] == row["reason_end"] == 0


@pytest.mark.parametrize(
    ("name", "row", "identity"),
    [
        ("e", podcast_row(), Identity(Kind.EPISODE, "spotify:episode:E", "On Tides", "Sea Talk", None)),
        (
            "e",
            chapter_row(),
            Identity(Kind.CHAPTER, "spotify:chapter:C", "Chapter 1", "The Long Shore", "The Long Shore"),
        ),
        (
            "e",
            chapter_row(audiobook_chapter_uri=None, audiobook_chapter_title=None),
            Identity(Kind.CHAPTER, "spotify:audiobook:B", "The Long Shore", "The Long Shore", "The Long Shore"),
        ),
        ("e", endsong_row(), Identity(Kind.TRACK, "spotify:track:A", "Tide", "Xenia", "Shore")),
        ("a", account_podcast_row(), Identity(Kind.EPISODE, None, "On Tides", "Sea Talk", None)),
        (
            "a",
            account_audiobook_row(),
            Identity(Kind.CHAPTER, None, "Chapter 1", "The Long Shore", "The Long Shore"),
        ),
    ],
)
def test_each_kind_is_named_by_its_own_fields(
    name: str, row: dict[str, Any], identity: Identity, tmp_path: Path
) -> None:
    file = {"e": "Streaming_History_Audio_1.json", "a": "StreamingHistory_podcast_0.json"}[name]

    assert identities_of(tmp_path, row, name=file) == [identity]


def test_a_uri_without_names_and_names_without_a_uri_are_both_kept(tmp_path: Path) -> None:
    bare = extended_row(**(NOTHING | {"spotify_track_uri": "spotify:track:A"}))
    local = extended_row(spotify_track_uri="spotify:local:Xenia:Shore:Tide:210")

    assert identities_of(tmp_path, bare, local) == [
        Identity(Kind.TRACK, "spotify:track:A", None, None, None),
        Identity(Kind.TRACK, None, "Tide", "Xenia", "Shore"),
    ]


@pytest.mark.parametrize(
    ("written", "uri"),
    [
        ("spotify:track:4uLU6hMCjMI75M1A2tKUQC", "spotify:track:4uLU6hMCjMI75M1A2tKUQC"),
        (" spotify:track:A ", "spotify:track:A"),
        ("https://open.spotify.com/track/A?si=1", "spotify:track:A"),
        ("https://open.spotify.com/intl-de/track/A", "spotify:track:A"),
        ("spotify:track:", None),
        ("spotify:track:" + "A" * 65, None),
        ("spotify:track:A:B", None),
        ("spotify:track:Ä", None),
        ("spotify:episode:A", None),
        ("https://example.com/track/A", None),
        ("spotify:track:A\n", "spotify:track:A"),
        ("spotify:track:A\0", None),
        (5, None),
    ],
)
def test_only_a_whole_address_counts_as_a_uri(written: object, uri: str | None, tmp_path: Path) -> None:
    [identity] = identities_of(tmp_path, extended_row(spotify_track_uri=written))

    assert identity == Identity(Kind.TRACK, uri, "Tide", "Xenia", "Shore")


def test_names_are_trimmed_and_otherwise_as_written(tmp_path: Path) -> None:
    row = extended_row(
        master_metadata_track_name="  Ti  de\t",
        master_metadata_album_artist_name="夜の X",
        master_metadata_album_album_name=" ",
    )

    assert identities_of(tmp_path, row) == [Identity(Kind.TRACK, "spotify:track:A", "Ti  de", "夜の X", None)]


def test_the_same_thing_has_one_number_over_all_files(tmp_path: Path) -> None:
    reading, reader = read_rows(
        tmp_path,
        extended_row(),
        extended_row(ts="2023-05-02T10:00:00Z"),
        extended_row(master_metadata_track_name="Tide "),
    )

    assert set(reading.data["identity"]) == {0}
    assert len(reader.identities) == 1


@pytest.mark.parametrize("row", [[], "text", 5, None, True, ["nested"]])
def test_what_is_not_an_object_is_dropped(row: object, tmp_path: Path) -> None:
    assert reason_of(tmp_path, row) is Reason.NOT_AN_OBJECT


@pytest.mark.parametrize(
    "row",
    [
        {},
        extended_row(**NOTHING),
        extended_row(**(NOTHING | {"master_metadata_album_artist_name": "Xenia"})),
        extended_row(**(NOTHING | {"master_metadata_track_name": " ", "spotify_track_uri": ""})),
        extended_row(**(NOTHING | {"master_metadata_track_name": 1979})),
        extended_row(**NOTHING, ts="never", ms_played=-1, incognito_mode=True),
    ],
)
def test_a_row_that_names_nothing_has_no_identity(row: object, tmp_path: Path) -> None:
    assert reason_of(tmp_path, row) is Reason.NO_IDENTITY


@pytest.mark.parametrize(
    "stamp",
    [
        "2023-05-01T10:03:30",
        "2023-05-01",
        "2006-09-30T23:59:59Z",
        "2026-11-23T12:00:01Z",
        "2099-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "12023-05-01T10:03:30Z",
        "2023-02-29T10:03:30Z",
        "2023-13-01T10:03:30Z",
        "2023-00-01T10:03:30Z",
        "2023-05-00T10:03:30Z",
        "2023-05-01T24:00:00Z",
        "2023-05-01T10:60:00Z",
        "2023-05-01T10:03:60Z",
        "2023-05-01T10:03:3٣Z",
        "2023-05-01T10:03:30+99:00",
        "9999-12-31T23:59:59-23:00",
        "",
        " ",
        "yesterday, 10:03:30Z",
        "2023-05-01T10:03:30ZZ",
        1_682_935_410,
        None,
        True,
        [],
    ],
)
def test_a_moment_that_cannot_be_is_a_bad_time(stamp: object, tmp_path: Path) -> None:
    assert reason_of(tmp_path, extended_row(ts=stamp)) is Reason.BAD_TIME


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2006-10-01T00:00:00Z", "2006-10-01T00:00:00+00:00"),
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00+00:00"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00"),
        ("2023-05-01T12:03:30+02:00", "2023-05-01T10:03:30+00:00"),
        ("2023-05-01T10:03Z", "2023-05-01T10:03:00+00:00"),
        (" 2023-05-01 10:03:30 UTC", "2023-05-01T10:03:30+00:00"),
    ],
)
def test_moments_are_read_as_utc(stamp: str, moment: str, tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, extended_row(ts=stamp))

    assert reading.data["reported_at"].tolist() == [at(moment)]


def test_fractions_of_a_second_are_kept(tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, extended_row(ts="2023-05-01T10:03:30.120Z"))

    assert reading.data["reported_at"].tolist() == [at("2023-05-01T10:03:30+00:00") + 120_000]


@pytest.mark.parametrize(
    "ms", [-5, "200000", 1e30, True, False, None, [], {}, 0.5, 604_800_001, 2**31, 2**63, -(2**70), 10**400, "", "NaN"]
)
def test_a_length_that_cannot_be_is_a_bad_length(ms: object, tmp_path: Path) -> None:
    assert reason_of(tmp_path, extended_row(ms_played=ms)) is Reason.BAD_MS
    assert reason_of(tmp_path, account_music_row(msPlayed=ms), ACCOUNT_NAME) is Reason.BAD_MS


@pytest.mark.parametrize("ms", [0, 1, 604_800_000, 200_000.0, -0.0])
def test_every_whole_length_up_to_a_week_is_kept(ms: float, tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, extended_row(ms_played=ms))

    assert reading.data["ms_played"].tolist() == [int(ms)]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 1_001])
@pytest.mark.parametrize(
    "field", ["master_metadata_track_name", "master_metadata_album_artist_name", "master_metadata_album_album_name"]
)
def test_a_name_that_cannot_be_stored_is_bad_text(field: str, text: str, tmp_path: Path) -> None:
    row = extended_row(**{field: text})

    reading, reader = read_bytes(tmp_path, json.dumps([row, extended_row()]).encode())
    assert reading.dropped == {Reason.BAD_TEXT: 1}
    assert len(reader.identities) == 1


def test_a_name_of_a_thousand_characters_is_kept(tmp_path: Path) -> None:
    [identity] = identities_of(tmp_path, extended_row(master_metadata_track_name=" " + "x" * 1_000))

    assert identity.title == "x" * 1_000


def test_incognito_rows_are_dropped_and_leave_no_name_behind(tmp_path: Path) -> None:
    row = extended_row(incognito_mode=True, master_metadata_track_name="Hidden", platform="secret device")

    reading, reader = read_rows(tmp_path, row, extended_row(incognito_mode=None))

    assert reading.dropped == {Reason.INCOGNITO: 1}
    assert "Hidden" not in str(reader.identities)
    assert "secret device" not in reader.labels


def test_incognito_rows_are_kept_when_that_is_ticked(tmp_path: Path) -> None:
    reading, _ = read_rows(tmp_path, extended_row(incognito_mode=True), include_incognito=True)

    assert int(reading.data["flags"][0]) & Flags.INCOGNITO


@pytest.mark.parametrize(
    ("written", "hidden"), [("true", True), (1, True), ("false", False), (0, False), (None, False)]
)
def test_incognito_is_understood_in_other_spellings(written: object, hidden: bool, tmp_path: Path) -> None:
    assert (reason_of(tmp_path, extended_row(incognito_mode=written)) is Reason.INCOGNITO) is hidden


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (extended_row(incognito_mode=True, ts="never", ms_played=-1), Reason.INCOGNITO),
        (extended_row(ts="never", ms_played=-1, master_metadata_track_name="\0"), Reason.BAD_TIME),
        (extended_row(ms_played=-1, master_metadata_track_name="\0"), Reason.BAD_MS),
    ],
)
def test_a_row_with_several_defects_counts_under_the_first(row: object, reason: Reason, tmp_path: Path) -> None:
    assert reason_of(tmp_path, row) is reason


def test_labels_are_cleaned_and_never_cost_a_row(tmp_path: Path) -> None:
    reading, reader = read_rows(
        tmp_path,
        extended_row(platform=" " + "p" * 500, conn_country="de", reason_start="a\0b", reason_end=7),
        extended_row(platform="", conn_country="ZZ", reason_start=None, reason_end="none"),
        extended_row(conn_country="DEU"),
        extended_row(conn_country="ß"),
    )

    words = [
        [reader.labels[row[name]] for name in ("platform", "country", "reason_start", "reason_end")]
        for row in reading.data
    ]
    assert words[:2] == [["p" * 200, "DE", "", ""], ["", "", "", "none"]]
    assert [word[1] for word in words[2:]] == ["", ""]


def test_labels_beyond_what_can_be_numbered_are_not_said(tmp_path: Path) -> None:
    rows = [extended_row(platform=f"device {number}") for number in range(32_100)]

    reading, reader = read_rows(tmp_path, *rows)

    assert len(reader.labels) == 32_001
    assert reading.data["platform"].max() == 32_000
    assert (reading.data["platform"] == 0).sum() > 0
    assert reader.labels[reading.data["platform"][0]] == "device 0"


def test_the_worked_example_of_broken_rows(tmp_path: Path) -> None:
    broken = [
        extended_row(ms_played=-5),
        extended_row(ms_played="200000"),
        extended_row(ms_played=1e30),
        extended_row(ms_played=True),
        extended_row(ts="0001-01-01T00:00:00Z"),
        extended_row(ts="2099-01-01T00:00:00Z"),
    ]

    reading, _ = read_rows(tmp_path, *broken, extended_row())

    assert reading.dropped == {Reason.BAD_TIME: 2, Reason.BAD_MS: 4}
    assert len(reading.data) == 1
    assert datetime.fromtimestamp(reading.data["reported_at"][0] / 1e6, UTC).year == 2023
