"""Files that are cut, damaged, oddly written or hostile: a bad row or file costs itself only."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from rewrapped.errors import Cancelled, TooLarge, UnreadableFile
from rewrapped.importers import account, json_rows, names, reader
from rewrapped.importers.rows import Reason
from tests.exports import account_music_row, extended_row, listening, to_json
from tests.unit.importers.reading import ACCOUNT_NAME, EXTENDED_NAME, read_bytes, read_rows, upload, upload_zip

ROWS = [extended_row(ts=f"2023-05-01T10:{minute:02}:00Z") for minute in range(5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    rows = [extended_row(master_metadata_track_name="夜の Tide 🌊")] * 1_000
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    reading, seen = read_bytes(tmp_path, mark + to_json(rows).decode().encode(encoding))

    assert len(reading.data) == 1_000
    assert seen.identities[0].title == "夜の Tide 🌊"


def test_bytes_of_another_encoding_cost_their_row(tmp_path: Path) -> None:
    text = to_json([*ROWS, extended_row(master_metadata_track_name="Café")]).decode()

    reading, _ = read_bytes(tmp_path, text.encode("latin-1"))

    assert reading.dropped == {Reason.BAD_TEXT: 1}
    assert len(reading.data) == 5


@pytest.mark.parametrize("indent", [None, 0, 2, 8])
def test_every_layout_is_read(indent: int | None, tmp_path: Path) -> None:
    rows = listening(3_000)

    reading, _ = read_bytes(tmp_path, json.dumps(rows, indent=indent).encode(), include_incognito=True)

    assert len(reading.data) == 3_000


def test_a_file_cut_anywhere_keeps_its_complete_rows_and_is_marked(tmp_path: Path) -> None:
    whole = to_json(ROWS)
    row_ends = [at + 1 for at in range(len(whole)) if whole[at : at + 1] == b"}"]
    chance = random.Random(5)
    for cut in [1, 2, *row_ends, *chance.sample(range(2, len(whole) - 1), 200)]:
        seen = upload(tmp_path, {EXTENDED_NAME: whole[:cut]})

        [reading] = seen

        complete = sum(end <= cut for end in row_ends)
        assert (reading.rows, len(reading.data), reading.truncated) == (complete, complete, True), cut
        assert "breaks off" in seen.problems[0].sentence


def test_a_long_file_cut_in_the_middle_keeps_its_complete_rows(tmp_path: Path) -> None:
    rows = listening(2_000)
    whole = to_json(rows)
    cut = len(whole) * 2 // 3

    reading, _ = read_bytes(tmp_path, whole[:cut], include_incognito=True)

    assert len(whole) > 3 * json_rows.PIECE
    assert reading.rows == len(reading.data) == whole[:cut].count(b"\n  }")
    assert reading.truncated


@pytest.mark.parametrize(
    "garbage",
    [
        b"{garbage}",
        b'{"ts": }',
        b'{"ts": "2023-05-01T10:00:00Z" "x": 1}',
        b"nonsense",
        b'{"ms_played": +5}',
        b'{"ts": "\\x"}',
        b'{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"a": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
    ],
)
def test_what_is_not_json_between_rows_costs_itself(garbage: bytes, tmp_path: Path) -> None:
    row = to_json([extended_row()])[1:-1]

    reading, _ = read_bytes(tmp_path, b"[" + row + b"," + garbage + b"," + row + b"]")

    assert len(reading.data) == 2
    assert reading.dropped == {Reason.NOT_AN_OBJECT: 1}
    assert not reading.truncated


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000, "-" + "9" * 400 + ".5"])
def test_numbers_beyond_json_are_bad_lengths_and_cost_their_row(word: str, tmp_path: Path) -> None:
    row = to_json([extended_row(ms_played=0)]).replace(b'"ms_played": 0', f'"ms_played": {word}'.encode())

    reading, _ = read_bytes(tmp_path, to_json(ROWS)[:-1] + b"," + row[1:])

    assert reading.dropped == {Reason.BAD_MS: 1}
    assert len(reading.data) == 5


@pytest.mark.parametrize("word", ["NaN", "Infinity", '"\\ud800"', '"\t"', "9" * 5_000])
def test_a_defect_in_a_field_nobody_reads_costs_nothing(word: str, tmp_path: Path) -> None:
    row = to_json([extended_row(ip_addr=0)]).replace(b'"ip_addr": 0', f'"ip_addr": {word}'.encode())

    reading, _ = read_bytes(tmp_path, row)

    assert len(reading.data) == 1


def test_the_last_of_equal_keys_counts(tmp_path: Path) -> None:
    row = to_json([extended_row()])[1:-1].rstrip()[:-1]

    once, _ = read_bytes(tmp_path, b"[" + row + b', "ms_played": 7}]')
    with_defect, _ = read_bytes(tmp_path, b"[" + row + b', "ms_played": "x", "ms_played": 7}]')

    assert once.data["ms_played"].tolist() == with_defect.data["ms_played"].tolist() == [7]


def test_names_that_look_like_the_end_of_a_row_stay_names(tmp_path: Path) -> None:
    names = ['a"},{"b', "},{", '"}, {"ts": "', "\\", '\\"},\n  {', "]", "[{"]
    rows = [
        extended_row(master_metadata_track_name=f"{names[number % len(names)]} {number}") for number in range(3_000)
    ]

    for indent in (None, 2):
        reading, seen = read_bytes(tmp_path, json.dumps(rows, indent=indent).encode())

        assert len(reading.data) == 3_000
        assert [one.title for one in seen.identities] == [row["master_metadata_track_name"] for row in rows]


def test_a_row_longer_than_a_piece_is_read_and_one_without_end_is_given_up(tmp_path: Path) -> None:
    long_row = extended_row(ip_addr="x" * (2 * json_rows.PIECE))
    endless = extended_row(ip_addr="x" * (2 * json_rows.MAX_ROW))

    reading, _ = read_rows(tmp_path, *ROWS, long_row, *ROWS)
    costly, _ = read_rows(tmp_path, *ROWS, endless, *ROWS)

    assert len(reading.data) == 11
    assert len(costly.data) == 10
    assert costly.dropped == {Reason.NOT_AN_OBJECT: 1}


def test_a_missing_quote_costs_the_rows_around_it(tmp_path: Path) -> None:
    rows = listening(2_000)
    text = json.dumps(rows, indent=2).encode()
    at = text.index(b'"platform"', len(text) // 2)

    reading, _ = read_bytes(tmp_path, text[:at] + text[at + 1 :], include_incognito=True)

    assert 1_990 <= len(reading.data) < 2_000
    assert sum(reading.dropped.values()) >= 1


def test_an_empty_list_is_a_file_without_rows(tmp_path: Path) -> None:
    for content in (b"[]", b" [ ] ", b"\xef\xbb\xbf[\n]\n"):
        reading, _ = read_bytes(tmp_path, content)

        assert (reading.rows, reading.truncated) == (0, False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"{}", "isn't a list"),
        (b'{"ts": 1, "ms_played": 2}', "isn't a list"),
        (b"null", "isn't a list"),
        (b'"text"', "isn't a list"),
        (b"\xff\xfe\x00", "empty"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "a gzip"),
        (b"\x00" * 100, "isn't a list"),
    ],
)
def test_a_file_that_is_something_else_is_told_what_it_is(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=words):
        list(upload(tmp_path, {EXTENDED_NAME: content}))


def test_a_bad_file_costs_itself_only(tmp_path: Path) -> None:
    seen = upload(tmp_path, {EXTENDED_NAME: b"{}", "endsong_0.json": to_json(ROWS), "picture.png": b"\x89PNG"})

    [reading] = seen

    assert (reading.name, len(reading.data)) == ("endsong_0.json", 5)
    assert {problem.name for problem in seen.problems} == {EXTENDED_NAME, "picture.png"}


def test_something_after_the_list_is_said(tmp_path: Path) -> None:
    reading, seen = read_bytes(tmp_path, to_json(ROWS) + to_json(ROWS))

    assert len(reading.data) == 5
    assert "follows" in seen.problems[0].sentence


def test_padding_after_the_list_is_nothing(tmp_path: Path) -> None:
    reading, seen = read_bytes(tmp_path, to_json(ROWS) + b"\n\0\0\0")

    assert len(reading.data) == 5
    assert not seen.problems


@pytest.mark.parametrize(
    "piece", [b"{},", b"[[[[", b'{"a":[{},', b'{"', b'{"a', b"1,", b"1", b"\\", b'"', b"},{", b"}"]
)
def test_endless_nonsense_ends(piece: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_WASTE", 1 << 20)

    reading, _ = read_bytes(tmp_path, b"[" + piece * (600_000 // len(piece)))

    assert len(reading.data) == 0


def test_a_file_damaged_everywhere_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_WASTE", 50_000)
    bad = to_json([extended_row()])[1:-3] + b"!},"

    reading, seen = read_bytes(tmp_path, to_json(ROWS)[:-1] + b"," + bad * 1_000 + b"{}]")

    assert reading.truncated
    assert len(reading.data) == 5
    assert seen.problems


class _Counting(json.JSONDecoder):
    """Counts how often a row is tried, and the characters whose lines an error counts."""

    def __init__(self) -> None:
        super().__init__(strict=False)
        self.tries = self.behind = 0

    def raw_decode(self, s: str, idx: int = 0) -> tuple[object, int]:
        self.tries += 1
        try:
            return super().raw_decode(s, idx)
        except json.JSONDecodeError as error:
            self.behind += error.pos
            raise


@pytest.mark.parametrize("piece", [b"{x},", b"{x\n},", b"{},", b'{"a},', b'{"a":1,,},', b"1,", b'{"ts":1},'])
def test_short_rows_cost_little_however_many_there_are(
    piece: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = _Counting()
    monkeypatch.setattr(json_rows, "_JSON", counting)
    monkeypatch.setattr(json_rows, "MAX_WASTE", 1 << 20)

    reading, seen = read_bytes(tmp_path, to_json(ROWS)[:-1] + b"," + piece * (2_000_000 // len(piece)) + b"{}]")

    assert len(reading.data) == 5
    assert reading.truncated
    assert "Too much of it is broken" in seen.problems[0].sentence
    assert counting.tries <= 300_000  # what the first pieces hold; the file holds up to a million
    assert counting.behind <= 2_000 * (1 << 14)


def test_broken_rows_cost_the_whole_upload_once_and_spare_its_sound_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = _Counting()
    monkeypatch.setattr(json_rows, "_JSON", counting)
    monkeypatch.setattr(json_rows, "MAX_WASTE", 1 << 20)
    hostile = {f"endsong_{number}.json": b"[" + b"{x}," * 20_000 + b"{}]" for number in range(20)}

    seen = upload_zip(tmp_path, {**hostile, "endsong_99.json": to_json(ROWS)})
    readings = list(seen)

    assert counting.tries <= (1 << 20) // json_rows.BROKEN_WASTE + 100
    assert [reading.truncated for reading in readings] == [True] * 20 + [False]
    assert len(readings[-1].data) == 5


def test_a_file_with_some_thousand_broken_rows_is_read_to_its_end(tmp_path: Path) -> None:
    row, bad = to_json([extended_row()])[1:-1], b'{"ts": },'

    reading, _ = read_bytes(tmp_path, b"[" + (bad * 40 + row + b",") * 500 + row + b"]")

    assert (len(reading.data), reading.dropped) == (501, {Reason.NOT_AN_OBJECT: 20_000})
    assert not reading.truncated


def test_more_rows_than_a_person_can_have_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_ROWS", 4)

    with pytest.raises(TooLarge, match="rows"):
        list(upload(tmp_path, {EXTENDED_NAME: to_json(ROWS)}))


def test_more_names_than_a_person_can_have_heard_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rewrapped.importers.names.MAX_IDENTITIES", 3)
    rows = [account_music_row(trackName=f"Track {number}") for number in range(4)]

    with pytest.raises(TooLarge, match="different things"):
        list(upload(tmp_path, {ACCOUNT_NAME: to_json(rows)}))


@pytest.mark.parametrize("rows", [listening(4_000), ["x" * 1_000] * 4_000])
def test_whoever_watches_hears_of_every_piece_and_may_stop_within_a_file(rows: list[object], tmp_path: Path) -> None:
    content = to_json(rows)
    seen = upload(tmp_path, {EXTENDED_NAME: content})
    heard: list[int] = []
    [_] = seen.readings(lambda: heard.append(seen.bytes_done))

    assert len(heard) >= len(content) // json_rows.PIECE > 3
    assert heard == sorted(set(heard[:-1])) + heard[-1:]

    def stop() -> None:
        if stopped.bytes_done > json_rows.PIECE:
            raise Cancelled

    stopped = upload(tmp_path, {EXTENDED_NAME: content})
    with pytest.raises(Cancelled):
        list(stopped.readings(stop))
    assert stopped.bytes_done < 3 * json_rows.PIECE


def test_names_that_differ_in_their_spaces_alone_are_not_all_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MAX_REMEMBERED", 100_000)
    found = names.Names()
    codes = names.IdentityCodes(found, account.describe)

    seen, most = set(), 0
    for left in range(50):
        for right in range(50):
            seen.add(codes[("Band", " " * left + "Song" + " " * right, None, None, None, None, None)])
            most = max(most, len(codes))

    assert seen == {0}
    assert len(found.identities) == 1
    assert 100 < most < 400
