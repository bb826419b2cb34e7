"""ZIPs: what is opened, what is refused, and what stays closed."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from rewrapped.errors import TooLarge, UnreadableFile
from rewrapped.importers import UploadReader, archive
from tests.exports import (
    EXTENDED_FOLDER,
    SECRETS,
    account_music_row,
    endsong_row,
    extended_files,
    extended_row,
    listening,
    to_json,
    write_account_export,
    write_export,
    zip_of,
)
from tests.unit.importers.reading import NOW, upload_zip

SOUND = "Streaming_History_Audio_2023_1.json"
ROWS = to_json([extended_row()])


def read(path: Path) -> UploadReader:
    return UploadReader([path], include_incognito=True, now=NOW)


def entry(name: str, *, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = mode << 16
    return info


def write_zip(path: Path, *entries: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for info, content in entries:
            packed.writestr(info, content)
    return path


def test_an_export_as_it_is_sent_is_read_file_by_file(tmp_path: Path) -> None:
    rows = listening(1_000)
    files = extended_files(rows, rows_a_file=400)
    reader = upload_zip(tmp_path, files)

    readings = []
    for reading in reader:
        readings.append(reading)
        assert 0 < reader.bytes_done <= reader.total_bytes

    assert [reading.rows for reading in readings] == [400, 400, 200]
    assert [f"{EXTENDED_FOLDER}/{reading.name}" for reading in readings] == list(files)
    assert reader.bytes_done == reader.total_bytes == sum(map(len, files.values()))
    assert not reader.problems


def nameless(mode: int = 0) -> zipfile.ZipInfo:
    info = entry("x", mode=mode)
    info.filename = ""  # only an entry made by hand has none
    return info


@pytest.mark.parametrize("mode", [0, 0o100644, 0o040755])
def test_an_entry_without_a_name_is_left_out_and_the_rest_is_read(tmp_path: Path, mode: int) -> None:
    path = write_zip(tmp_path / "odd.zip", (nameless(mode), b"hi"), (entry(SOUND), ROWS), (entry("folder/"), b""))
    assert [each.filename for each in archive.list_entries(path)] == [SOUND]
    assert [reading.name for reading in read(path)] == [SOUND]


def test_a_zip_of_nameless_entries_alone_holds_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        list(read(write_zip(tmp_path / "odd.zip", (nameless(), ROWS))))


def test_private_files_of_an_export_are_never_opened(tmp_path: Path) -> None:
    path = write_account_export(tmp_path / "my_spotify_data.zip", [account_music_row()])
    content = path.read_bytes().replace(b"Userdata.json", b"Usardata.json", 1)  # opening it would now fail
    path.write_bytes(content)

    reader = read(path)

    assert [reading.name for reading in reader] == ["StreamingHistory_music_0.json", "StreamingHistory_podcast_0.json"]
    assert not reader.problems


def test_nothing_private_of_a_row_comes_through(tmp_path: Path) -> None:
    broken = endsong_row(ms_played="x")
    unparsable = to_json([endsong_row()]).replace(b'"ms_played": 200000', b'"ms_played": NaN')
    files = {"endsong_0.json": to_json([endsong_row(), broken]), "endsong_1.json": unparsable}

    reader = upload_zip(tmp_path, files)
    everything = "".join(str(reading) + str(reading.data.tolist()) for reading in reader)
    everything += str(reader.identities) + str(reader.labels) + str(reader.problems)

    assert [secret for secret in SECRETS if secret in everything] == []
    assert "Tide" in everything


@pytest.mark.parametrize(
    "name",
    [
        "../Streaming_History_Audio_2.json",
        "a/../../Streaming_History_Audio_2.json",
        "/etc/Streaming_History_Audio_2.json",
        "C:\\Streaming_History_Audio_2.json",
        "..\\Streaming_History_Audio_2.json",
        "\\\\host\\Streaming_History_Audio_2.json",
    ],
)
def test_an_entry_that_leads_outside_is_refused_by_name(name: str, tmp_path: Path) -> None:
    reader = read(write_zip(tmp_path / "x.zip", (entry(name), ROWS), (entry(SOUND), ROWS)))

    assert [reading.name for reading in reader] == [SOUND]
    [problem] = reader.problems
    assert problem.name == "Streaming_History_Audio_2.json"
    assert problem.sentence == "The entry's name leads outside of the ZIP."
    assert list(tmp_path.iterdir()) == [tmp_path / "x.zip"]


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o010666])
def test_links_and_devices_are_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="link or a device"):
        read(write_zip(tmp_path / "x.zip", (entry(SOUND, mode=mode), b"/etc/passwd")))


def test_encrypted_entries_are_refused_with_advice(tmp_path: Path) -> None:
    content = bytearray(zip_of({SOUND: ROWS}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(UnreadableFile, match="password") as refused:
        read(tmp_path / "x.zip")
    assert str(refused.value).count(SOUND) == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as packed:
        packed.writestr(SOUND, ROWS)

    with pytest.raises(UnreadableFile, match="deflate"):
        read(tmp_path / "x.zip")


def test_a_bomb_that_says_so_is_refused_unopened(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.zip", (entry(SOUND), b"[" + b" " * (archive.RATIO_FREE_BYTES * 2) + b"]"))

    with pytest.raises(TooLarge, match=f"{SOUND}.*200 times"):
        read(path)


def test_a_bomb_that_lies_about_its_size_stays_within_what_it_said(tmp_path: Path) -> None:
    bomb = b"[" + b" " * (archive.RATIO_FREE_BYTES * 2) + b"]"
    content = bytearray(zip_of({SOUND: bomb, "endsong_0.json": ROWS}))
    directory = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, directory + 24, 1_000)
    struct.pack_into("<L", content, 22, 1_000)
    (tmp_path / "x.zip").write_bytes(content)

    reader = read(tmp_path / "x.zip")

    assert [reading.name for reading in reader] == ["endsong_0.json"]
    assert [problem.name for problem in reader.problems] == [SOUND]
    assert reader.bytes_done <= 1_000 + len(ROWS)


def test_a_bomb_whose_directory_claims_more_packed_bytes_is_caught_while_reading(tmp_path: Path) -> None:
    spaces = b"[" + b" " * (archive.RATIO_FREE_BYTES * 2) + b"]"
    unpacking = archive.Unpacking(SOUND, io.BytesIO(spaces), archive.Allowance(), packed=10_000)

    with pytest.raises(TooLarge, match="200 times"):
        list(iter(lambda: unpacking.read(1 << 16), b""))

    assert unpacking.done <= archive.RATIO_FREE_BYTES + (1 << 16)


def test_all_files_of_an_upload_share_one_allowance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [write_export(tmp_path / f"{number}.zip", listening(300, number)) for number in range(3)]
    reader = UploadReader(paths, include_incognito=False, now=NOW)
    total = reader.total_bytes
    reader = UploadReader(paths, include_incognito=False, now=NOW, allowance=archive.Allowance(total - 1))

    with pytest.raises(TooLarge, match="unpacks to more"):
        list(reader)


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 20)

    with pytest.raises(TooLarge, match="more than 20 entries"):
        upload_zip(tmp_path, {SOUND: ROWS} | {f"{number}.txt": b"" for number in range(20)})


def test_a_directory_too_long_to_read_is_refused_before_it_is_read(tmp_path: Path) -> None:
    content = bytearray(zip_of({SOUND: ROWS}))
    struct.pack_into("<L", content, content.rindex(b"PK\x05\x06") + 12, archive.MAX_DIRECTORY_BYTES + 1)
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(TooLarge, match="entries"):
        read(tmp_path / "x.zip")


@pytest.mark.parametrize("after", [b"", b"a comment's end"])
def test_a_decoy_before_the_record_of_the_directory_hides_nothing(after: bytes, tmp_path: Path) -> None:
    content = zip_of({SOUND: ROWS})
    at = content.rindex(b"PK\x05\x06")
    too_long = bytearray(content[at:])
    struct.pack_into("<L", too_long, 12, archive.MAX_DIRECTORY_BYTES + 1)
    struct.pack_into("<H", too_long, 20, len(after))
    decoy = bytearray(content[at:])
    struct.pack_into("<H", decoy, 20, len(too_long) + len(after))  # the other record is its comment
    (tmp_path / "x.zip").write_bytes(content[:at] + decoy + too_long + after)

    with pytest.raises(TooLarge, match="entries"):
        read(tmp_path / "x.zip")


def test_a_name_that_is_no_text_where_the_entry_begins_costs_that_entry(tmp_path: Path) -> None:
    content = bytearray(zip_of({f"Écoutes/{SOUND}": ROWS, "endsong_0.json": ROWS}))
    content[30] = 0xFF  # the name's first byte, in front of the entry; the directory has it whole
    (tmp_path / "x.zip").write_bytes(content)

    reader = read(tmp_path / "x.zip")

    assert [reading.name for reading in reader] == ["endsong_0.json"]
    assert [(problem.name, problem.sentence) for problem in reader.problems] == [
        (SOUND, "The entry is damaged in the ZIP; download the ZIP again.")
    ]


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    content = bytearray(zip_of({SOUND: ROWS, "Streaming_History_Audio_2.json": ROWS}))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, second + 42, 0)
    (tmp_path / "x.zip").write_bytes(content)

    with pytest.raises(UnreadableFile, match="lies over another"):
        read(tmp_path / "x.zip")


def test_an_archive_in_an_archive_is_left_alone(tmp_path: Path) -> None:
    nested = zip_of({SOUND: ROWS})

    with pytest.raises(UnreadableFile, match="another ZIP inside"):
        upload_zip(tmp_path, {"inner.zip": nested})

    assert len(list(upload_zip(tmp_path, {"inner.zip": nested, SOUND: ROWS}))) == 1
    with pytest.raises(UnreadableFile, match="isn't a list"):
        list(upload_zip(tmp_path, {SOUND: nested}))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_zip_that_breaks_off_is_called_incomplete(share: float, tmp_path: Path) -> None:
    content = write_export(tmp_path / "x.zip", listening(500)).read_bytes()
    (tmp_path / "x.zip").write_bytes(content[: int(len(content) * share)])

    with pytest.raises(UnreadableFile, match="isn't a complete ZIP"):
        read(tmp_path / "x.zip")


def test_an_entry_damaged_inside_costs_itself_or_its_end(tmp_path: Path) -> None:
    rows = listening(3_000)
    content = bytearray(zip_of(extended_files(rows, rows_a_file=1_500)))
    at = len(content) // 4
    content[at : at + 50] = bytes(50)
    (tmp_path / "x.zip").write_bytes(content)

    reader = read(tmp_path / "x.zip")
    readings = list(reader)

    assert readings[-1].rows == 1_500
    assert sum(reading.rows for reading in readings) < 3_000
    assert len(reader.problems) == 1
    assert all(reading.truncated for reading in readings[:-1])


def test_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    content = bytearray(zip_of({SOUND: to_json(listening(2_000)), "endsong_0.json": ROWS}))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 16, 7)
    struct.pack_into("<L", content, 14, 7)
    (tmp_path / "x.zip").write_bytes(content)

    reader = read(tmp_path / "x.zip")
    readings = {reading.name: reading for reading in reader}

    assert readings["endsong_0.json"].rows == 1
    assert readings[SOUND].truncated
    assert [problem.name for problem in reader.problems] == [SOUND]


def test_a_zip_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_bytes(zip_of({SOUND: ROWS}))

    assert len(list(read(tmp_path / "history.json"))) == 1


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="can't be opened"):
        read(tmp_path / "nothing.zip")


def test_an_empty_zip_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="This ZIP is empty"):
        upload_zip(tmp_path, {})
