"""Which files are taken for listening history, and what is said when there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewrapped.domain.plays import Source
from rewrapped.errors import UnreadableFile
from rewrapped.importers.detect import format_by_name
from rewrapped.importers.rows import Format
from tests.exports import (
    SECRETS,
    account_audiobook_row,
    account_music_row,
    account_podcast_row,
    endsong_row,
    extended_row,
    to_json,
)
from tests.unit.importers.reading import ACCOUNT_NAME, upload, upload_zip


@pytest.mark.parametrize(
    ("path", "format_"),
    [
        ("Spotify Extended Streaming History/Streaming_History_Audio_2014-2016_0.json", Format.EXTENDED),
        ("Streaming_History_Video_2020.json", Format.EXTENDED),
        ("STREAMING_HISTORY_AUDIO_2020_1.JSON", Format.EXTENDED),
        ("a/b/c/Streaming_History_Audio_2020_1.json.json", Format.EXTENDED),
        ("Erweiterter Verlauf\\Streaming_History_Audio_2020_1.json", Format.EXTENDED),
        ("Streaming_History_Audio_2020_1 (1).json", Format.EXTENDED),
        ("Copy of Streaming_History_Audio_2020.json", Format.EXTENDED),
        ("Streaming History Audio 2020.json", Format.EXTENDED),
        ("MyData/endsong_0.json", Format.ENDSONG),
        ("endvideo.json", Format.ENDSONG),
        ("Spotify Account Data/StreamingHistory_music_0.json", Format.ACCOUNT_MUSIC),
        ("StreamingHistory3.json", Format.ACCOUNT_MUSIC),
        ("streaminghistory.json", Format.ACCOUNT_MUSIC),
        ("StreamingHistory_podcast_1.json", Format.ACCOUNT_PODCAST),
        ("StreamingHistory_audiobook_0.json", Format.ACCOUNT_AUDIOBOOK),
        ("Streaming_History_Audio_2020.json/Userdata.json", None),
        ("Userdata.json", None),
        ("SearchQueries.json", None),
        ("Playlist1.json", None),
        ("Identity.json", None),
        ("YourSoundCapsule.json", None),
        ("weekendsong.json", None),
        ("ReadMeFirst_ExtendedStreamingHistory.pdf", None),
        ("Streaming_History_Audio_2020_1.json.zip", None),
        ("Streaming_History_Audio_2020_1.txt", None),
        ("__MACOSX/Spotify/._Streaming_History_Audio_2020.json", None),
        ("._endsong_0.json", None),
        ("", None),
        ("/", None),
    ],
)
def test_a_name_decides_what_is_opened(path: str, format_: Format | None) -> None:
    assert format_by_name(path) is format_


@pytest.mark.parametrize(
    ("row", "format_", "source"),
    [
        (extended_row(), Format.EXTENDED, Source.EXTENDED),
        (endsong_row(), Format.EXTENDED, Source.EXTENDED),
        (account_music_row(), Format.ACCOUNT_MUSIC, Source.ACCOUNT),
        (account_podcast_row(), Format.ACCOUNT_PODCAST, Source.ACCOUNT),
        (account_audiobook_row(), Format.ACCOUNT_AUDIOBOOK, Source.ACCOUNT),
    ],
)
def test_a_renamed_file_is_known_by_its_rows(row: object, format_: Format, source: Source, tmp_path: Path) -> None:
    [reading] = upload(tmp_path, {"my music.txt": to_json([5, row, {}])})

    assert (reading.format, reading.source, len(reading.data)) == (format_, source, 1)


def test_rows_decide_when_the_name_says_otherwise(tmp_path: Path) -> None:
    [extended, account] = upload_zip(
        tmp_path,
        {"StreamingHistory0.json": to_json([extended_row()]), "endsong_0.json": to_json([account_music_row()])},
    )

    assert (extended.format, len(extended.data)) == (Format.EXTENDED, 1)
    assert (account.format, len(account.data)) == (Format.ACCOUNT_MUSIC, 1)


def test_formats_mix_in_one_upload_and_share_their_numbers(tmp_path: Path) -> None:
    reader = upload(
        tmp_path,
        {
            "StreamingHistory0.json": to_json([account_music_row()]),
            "StreamingHistory_music_0.json": to_json([account_music_row(trackName=" Tide")]),
            "Streaming_History_Audio_1.json": to_json([extended_row(spotify_track_uri=None)]),
        },
    )

    codes = [reading.data["identity"].tolist() for reading in reader]

    assert codes == [[0], [0], [1]]
    assert [one.album for one in reader.identities] == [None, "Shore"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"Spotify Technical Log Information/AddedToCollection.json": b"[]"}, "Technical log"),
        ({"Takeout/YouTube und YouTube Music/Verlauf/watch-history.json": b"[]"}, "Takeout"),
        ({"Spotify Account Data/Userdata.json": b"{}"}, "its listening history is missing"),
        ({"holiday.jpg": b"x"}, "^There is no listening history in this upload"),
        ({"Holiday/photo.txt": b"x"}, "^There is no listening history in this upload"),
        ({"my_spotify_data.zip": b"x"}, "^There is another ZIP inside this one"),
        ({}, "^This ZIP is empty"),
    ],
)
def test_an_upload_without_history_is_told_what_it_is_and_what_to_do(
    files: dict[str, bytes], words: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile, match=words) as caught:
        upload_zip(tmp_path, files)

    assert "Upload the ZIP as Spotify sent it" in str(caught.value)


def test_account_data_whose_one_history_file_is_broken_is_told_of_that_file(tmp_path: Path) -> None:
    files = {"Spotify Account Data/Userdata.json": b"{}", f"Spotify Account Data/{ACCOUNT_NAME}": b"no JSON"}
    with pytest.raises(UnreadableFile, match=f"^{ACCOUNT_NAME}: ") as caught:
        list(upload_zip(tmp_path, files))

    assert "missing" not in str(caught.value)


def test_a_private_file_given_by_mistake_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    for content in ([{"username": SECRETS[0]}], {"username": SECRETS[0]}):
        with pytest.raises(UnreadableFile) as caught:
            list(upload(tmp_path, {"Userdata.json": to_json(content)}))

        assert SECRETS[0] not in str(caught.value)


def test_names_shown_to_people_hold_no_folders_and_no_control_characters(tmp_path: Path) -> None:
    reader = upload(tmp_path, {"/home/me/\x1b[31m/endsong\x07_0.json": to_json([extended_row()])})

    assert [reading.name for reading in reader] == ["endsong�_0.json"]


def test_a_name_that_no_file_system_has_is_not_looked_at() -> None:
    assert format_by_name("endsong_0" + ".json" * 49) is Format.ENDSONG
    assert format_by_name(".json" * 13_000 + "x") is None  # matching it would take a minute
