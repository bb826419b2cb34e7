"""Reading made-up files the way an upload is read, for the tests beside this."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rewrapped.importers import FileReading, Identity, UploadReader
from rewrapped.importers.rows import Reason
from tests.exports import to_json, zip_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXTENDED_NAME = "Streaming_History_Audio_2023_1.json"
ACCOUNT_NAME = "StreamingHistory_music_0.json"


def upload(folder: Path, files: dict[str, bytes], *, include_incognito: bool = False) -> UploadReader:
    """Return a reader of files given directly."""
    paths = [folder / f"{number}.part" for number in range(len(files))]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    return UploadReader(paths, names=list(files), include_incognito=include_incognito, now=NOW)


def upload_zip(folder: Path, files: dict[str, bytes]) -> UploadReader:
    """Return a reader of a ZIP with these files."""
    path = folder / "my_spotify_data.zip"
    path.write_bytes(zip_of(files))
    return UploadReader([path], include_incognito=False, now=NOW)


def read_bytes(folder: Path, content: bytes, name: str = EXTENDED_NAME, **how: Any) -> tuple[FileReading, UploadReader]:
    """Return the reading of one file, and its reader."""
    reader = upload(folder, {name: content}, **how)
    [reading] = reader
    assert reading.rows == len(reading.data) + sum(reading.dropped.values())
    return reading, reader


def read_rows(folder: Path, *rows: object, name: str = EXTENDED_NAME, **how: Any) -> tuple[FileReading, UploadReader]:
    """Return the reading of one file with these rows, and its reader."""
    return read_bytes(folder, to_json(rows), name, **how)


def identities_of(folder: Path, *rows: object, name: str = EXTENDED_NAME) -> list[Identity]:
    """Return what each kept row played."""
    reading, reader = read_rows(folder, *rows, name=name)
    return [reader.identities[code] for code in reading.data["identity"]]


def reason_of(folder: Path, row: object, name: str = EXTENDED_NAME) -> Reason | None:
    """Return why a row is dropped, None when it is kept; a sound row beside it always is kept."""
    sound = {"ts": "2023-05-01T00:00:00Z", "ms_played": 1, "spotify_track_uri": "spotify:track:Sound"}
    if name == ACCOUNT_NAME:
        sound = {"endTime": "2023-05-01 00:00", "msPlayed": 1, "trackName": "Sound", "artistName": "Sound"}
    reading, _ = read_rows(folder, sound, row, name=name)
    assert reading.rows == 2
    return next(iter(reading.dropped), None)


def at(text: str) -> int:
    """Return an ISO moment as the microseconds of a row."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000
