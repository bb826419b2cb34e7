"""Whatever stands in a file: nothing escapes, the ledger balances, and all ways of reading agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.domain.plays import Flags
from rewrapped.importers import UploadReader, account, clock, extended
from rewrapped.importers.json_rows import JsonRows, Patience, Shape
from rewrapped.importers.names import Names
from rewrapped.importers.rows import Identity, Reason
from rewrapped.importers.sieve import Sieve, blank
from tests.exports import account_music_row, chapter_row, endsong_row, extended_row, podcast_row, zip_of
from tests.unit.importers.reading import NOW

numbers = st.one_of(
    st.integers(-10, 10**6), st.integers(-(2**80), 2**80), st.floats(allow_nan=True), st.integers(1, 20).map(float)
)
texts = st.text(max_size=12) | st.sampled_from(["", " ", "a\0", "\ud800", "x" * 1_001, "true", "NaN", '"},{"'])
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
stamps = st.datetimes(datetime(2005, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001  # written with a Z below
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")
)
samples = st.sampled_from([extended_row(), podcast_row(), chapter_row(), endsong_row(), account_music_row(), {}])


def changed(row: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return strategies of a row with any values in some of its fields."""
    fields = st.sampled_from(sorted(row) or ["ts"])
    return st.dictionaries(fields, values, max_size=4).map(lambda changes: row | changes)


rows_of_any_kind = st.lists(samples.flatmap(changed) | values, max_size=12)
sound_stamps = st.fixed_dictionaries({"ts": stamps, "incognito_mode": st.sampled_from([True, False, None])})
extended_rows = st.lists(
    st.tuples(samples.flatmap(changed), sound_stamps).map(lambda pair: pair[0] | pair[1]) | values, max_size=12
)


def read_list(content: bytes, *, gear: str, account_data: bool = False) -> tuple[Any, ...]:
    """Return everything a gear makes of a list: rows, identities, labels, reasons."""
    names = Names()
    columns: Any = (
        account.AccountColumns(names) if account_data else extended.ExtendedColumns(names, include_incognito=False)
    )
    sieve = Sieve(columns.identities, NOW)
    kinds = {"typed": JsonRows, "single": _Single, "patient": _Patient}
    stream = kinds[gear](content, lambda _: b"", columns.shape, Patience())
    data = np.concatenate([columns.fill(rows, sieve) for rows in stream] or [blank(0)])
    return data.tolist(), names.identities, names.labels, +sieve.dropped, stream.strays, stream.truncated


class _Single(JsonRows[Any]):
    def _parse(self, piece: bytes) -> list[Any]:
        shape: Shape[Any] = Shape(extended.ExtendedRow, self._shape.loosen)
        shape.one, shape.many = self._shape.one, _Refusing()
        self._shape = shape
        return super()._parse(piece)


class _Refusing:
    def decode(self, piece: bytes) -> list[Any]:
        raise msgspec.ValidationError


class _Patient(JsonRows[Any]):
    def _parse(self, piece: bytes) -> list[Any]:
        raise ValueError


@given(rows_of_any_kind, st.booleans())
@settings(max_examples=150)
def test_all_gears_agree(rows: list[Any], account_data: bool) -> None:
    content = json.dumps(rows).encode()

    typed, single, patient = (
        read_list(content, gear=gear, account_data=account_data) for gear in ("typed", "single", "patient")
    )

    assert typed == single == patient
    assert len(typed[0]) + sum(typed[3].values()) + typed[4] == len(rows)


@given(extended_rows)
@settings(max_examples=150)
def test_rows_are_what_a_slow_reading_of_the_rules_makes_of_them(rows: list[Any]) -> None:
    data, identities, _, dropped, strays, _ = read_list(json.dumps(rows).encode(), gear="typed")

    expected = [slow_row(row) for row in json.loads(json.dumps(rows))]

    assert Counter({Reason.NOT_AN_OBJECT: strays}) + dropped == Counter(
        one for one in expected if isinstance(one, Reason)
    )
    found = [(reported, ended, ms, identities[code], flags) for reported, ended, ms, code, *_, flags in data]
    assert found == [one for one in expected if not isinstance(one, Reason)]


@given(st.binary(max_size=300) | rows_of_any_kind.map(lambda rows: json.dumps(rows).encode()), st.data())
@settings(max_examples=150)
def test_no_bytes_make_a_reader_fail(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(content)))
    damaged = b"[" + content[:cut] + data.draw(st.binary(max_size=4)) + content[cut:]

    for account_data in (False, True):
        rows, *_, dropped, strays, _ = read_list(damaged, gear="typed", account_data=account_data)

        assert len(rows) + sum(dropped.values()) + strays >= 0


@given(st.lists(st.tuples(rows_of_any_kind, st.sampled_from(["endsong_0.json", "StreamingHistory0.json"])), max_size=4))
@settings(max_examples=40)
def test_the_ledger_of_any_upload_balances(tmp_path_factory: Any, files: list[tuple[list[Any], str]]) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.zip"
    sound = {"Streaming_History_Audio_1.json": json.dumps([extended_row()]).encode()}
    packed = {f"{number}/{name}": json.dumps(rows).encode() for number, (rows, name) in enumerate(files)}
    path.write_bytes(zip_of(sound | packed))
    reader = UploadReader([path], include_incognito=True, now=NOW)

    readings = list(reader)

    assert [reading.rows for reading in readings] == [1, *(len(rows) for rows, _ in files)]
    for reading in readings:
        assert reading.rows == len(reading.data) + sum(reading.dropped.values())
        assert reading.data["identity"].max(initial=0) < len(reader.identities)
    assert len(set(reader.identities)) == len(reader.identities)
    json.dumps([reader.identities, reader.labels], ensure_ascii=False).encode()  # all of it can be stored


@given(st.lists(stamps | st.text("0123456789-T:Z", min_size=18, max_size=21) | texts, max_size=30))
@settings(max_examples=150)
def test_stamps_read_together_are_stamps_read_alone(written: list[str]) -> None:
    for layout in (clock.EXTENDED, clock.ACCOUNT):
        alone = [clock.read_stamp(stamp, zone_needed=layout.zone_needed) for stamp in written]

        assert [
            slow if quick < 0 else quick
            for quick, slow in zip(clock.read_stamps(written, layout).tolist(), alone, strict=True)
        ] == alone


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001  # made aware below
def test_stamps_are_what_the_calendar_says(moment: datetime) -> None:
    second = moment.replace(microsecond=0, tzinfo=UTC)
    [extended_at] = clock.read_stamps([second.strftime("%Y-%m-%dT%H:%M:%SZ")], clock.EXTENDED).tolist()
    [account_at] = clock.read_stamps([second.strftime("%Y-%m-%d %H:%M")], clock.ACCOUNT).tolist()

    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=extended_at) == second
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=account_at) == second.replace(second=0)


# The rules once more, slowly -------------------------------------------------------------------------


def slow_row(row: Any) -> Reason | tuple[int, int, int, Identity, int]:
    """Return what becomes of one extended row, by the words of the design."""
    if not isinstance(row, dict):
        return Reason.NOT_AN_OBJECT
    identity = slow_identity(row)
    reported = slow_moment(row.get("ts"))
    ms = row.get("ms_played")
    if identity is None:
        return Reason.NO_IDENTITY
    if truth(row.get("incognito_mode")):
        return Reason.INCOGNITO
    if reported is None:
        return Reason.BAD_TIME
    if isinstance(ms, bool) or not isinstance(ms, int | float) or ms != ms // 1 or not 0 <= ms <= 7 * 86_400_000:
        return Reason.BAD_MS
    if any(len(name) > 1_000 or "\0" in name or "\ud800" in name for name in identity[2:] if name):
        return Reason.BAD_TEXT
    micros = (reported - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return micros, slow_end(row, micros, int(ms)), int(ms), identity, sum(slow_flags(row))


def slow_moment(stamp: Any) -> datetime | None:
    try:
        moment = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
    return moment if datetime(2006, 10, 1, tzinfo=UTC) <= moment <= NOW + timedelta(hours=24) else None


def slow_identity(row: dict[str, Any]) -> Identity | None:
    def name(field: str) -> str | None:
        value = row.get(field)
        return (value.strip() or None) if isinstance(value, str) else None

    def uri(kind: str, *fields: str) -> str | None:
        first = next((name(field) for field in fields if name(field)), "")
        prefix, _, ident = (first or "").partition(f"spotify:{kind}:")
        return first if not prefix and ident.isascii() and ident.isalnum() and len(ident) <= 64 else None

    book = name("audiobook_title")
    chapter = name("audiobook_chapter_title")
    uris = ("audiobook_chapter_uri", "audiobook_uri")
    show, episode = name("episode_show_name"), name("episode_name")
    if book or chapter or name(uris[0]) or name(uris[1]):
        address = uri("chapter", *uris) or uri("audiobook", *uris)
        found = Identity(2, address, chapter or book, book, book)
    elif show or episode or name("spotify_episode_uri"):
        found = Identity(1, uri("episode", "spotify_episode_uri"), episode or show, show, None)
    else:
        master = [name(f"master_metadata_{field}") for field in ("track_name", "album_artist_name", "album_album_name")]
        found = Identity(0, uri("track", "spotify_track_uri"), *master)
    return found if found.uri or found.title else None


def slow_end(row: dict[str, Any], reported: int, ms: int) -> int:
    stamp = row.get("offline_timestamp")
    if not truth(row.get("offline")) or isinstance(stamp, bool) or not isinstance(stamp, int | float):
        return reported
    if stamp != stamp or not 0 < stamp < 10**15:
        return reported
    start = int(stamp // 1_000 if stamp >= 10**11 else stamp // 1) * 1_000_000
    near, far = reported - 600 * 1_000_000, reported - 400 * 86_400 * 1_000_000
    return min(start + ms * 1_000, reported) if far <= start <= near else reported


def slow_flags(row: dict[str, Any]) -> Iterator[int]:
    for bit, field in ((1, "shuffle"), (4, "skipped"), (16, "offline"), (64, "incognito_mode")):
        value = truth(row.get(field))
        if value is not None:
            yield bit * 2 + bit * value
    assert Flags.INCOGNITO == 64


def truth(value: Any) -> bool | None:
    if value is True or value in ("true", "True", "TRUE", "1") or (type(value) is int and value == 1):
        return True
    if value is False or value in ("false", "0") or (type(value) is int and value == 0):
        return False
    return None
