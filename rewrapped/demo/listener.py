"""Writes the sample listener's years in the very form of Spotify's extended streaming history."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from rewrapped.demo.life import days
from rewrapped.demo.player import Player, Stream
from rewrapped.demo.spoken import Chapter, Episode
from rewrapped.demo.taste import Taste
from rewrapped.demo.works import Track

ZONE: Final = ZoneInfo("Europe/Berlin")
YEARS = 6
SEED = 20_411
ROWS_PER_FILE = 16_000


class Row(msgspec.Struct, frozen=True):
    """One entry of the export, in the order of its fields; what a kind of item doesn't have is null."""

    ts: str
    platform: str
    ms_played: int
    conn_country: str
    ip_addr: str | None
    master_metadata_track_name: str | None
    master_metadata_album_artist_name: str | None
    master_metadata_album_album_name: str | None
    spotify_track_uri: str | None
    episode_name: str | None
    episode_show_name: str | None
    spotify_episode_uri: str | None
    audiobook_title: str | None
    audiobook_uri: str | None
    audiobook_chapter_uri: str | None
    audiobook_chapter_title: str | None
    reason_start: str
    reason_end: str
    shuffle: bool
    skipped: bool | None
    offline: bool
    offline_timestamp: int | None
    incognito_mode: bool


def sample_export(folder: Path, today: date, seed: int = SEED, until: datetime | None = None) -> list[Path]:
    """Write the sample listener's export into `folder`; return the files in order of time.

    About 60,000 rows over the six years up to `today`, the listener's local day
    (Europe/Berlin). With `until` (an aware moment) nothing later is written, so
    that no play lies in the future. The same arguments always give the same bytes.
    """
    rows = _streams(today, seed)
    if until is not None:
        end_s = int(until.timestamp())
        rows = [stream for stream in rows if stream.end_s <= end_s]
    return list(_write(folder, rows))


def _streams(today: date, seed: int) -> list[Stream]:
    """Return everything that is reported up to the end of `today`, in order of time."""
    rng = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    first_on = _years_before(today, YEARS)
    taste = Taste(rng, first_on, (today - first_on).days // 7 + 1)
    player = Player(rng, taste, ZONE)
    found = [stream for day in list(days(rng, first_on, today)) for stream in player.play(day)]
    return sorted(found, key=lambda stream: stream.end_s)


def _years_before(day: date, years: int) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap_day else day.day)


def _write(folder: Path, streams: Sequence[Stream]) -> Iterator[Path]:
    """Write one file per year, or more where a year has more than 16,000 rows."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for year, found in groupby(map(_row, streams), key=lambda row: row.ts[:4]):
        rows = list(found)
        for start in range(0, len(rows), ROWS_PER_FILE):
            path = folder / f"Streaming_History_Audio_{year}_{number}.json"
            path.write_bytes(msgspec.json.encode(rows[start : start + ROWS_PER_FILE]))
            number += 1
            yield path


def _row(stream: Stream) -> Row:
    item = stream.item
    track = item if isinstance(item, Track) else None
    episode = item if isinstance(item, Episode) else None
    chapter = item if isinstance(item, Chapter) else None
    return Row(
        ts=_stamp(stream.end_s),
        platform=stream.platform,
        ms_played=stream.ms,
        conn_country=stream.country,
        ip_addr=None,
        master_metadata_track_name=track.title if track else None,
        master_metadata_album_artist_name=track.artist if track else None,
        master_metadata_album_album_name=track.album if track else None,
        spotify_track_uri=track.uri if track else None,
        episode_name=episode.title if episode else None,
        episode_show_name=episode.show if episode else None,
        spotify_episode_uri=episode.uri if episode else None,
        audiobook_title=chapter.book if chapter else None,
        audiobook_uri=chapter.book_uri if chapter else None,
        audiobook_chapter_uri=chapter.uri if chapter else None,
        audiobook_chapter_title=chapter.title if chapter else None,
        reason_start=stream.reasons[0],
        reason_end=stream.reasons[1],
        shuffle=stream.shuffle,
        skipped=_skipped(stream),
        offline=stream.offline,
        offline_timestamp=_began(stream),
        incognito_mode=False,
    )


def _skipped(stream: Stream) -> bool | None:
    """Return whether a stream was skipped; the first months don't say, as in older exports."""
    return None if stream.share < 0.1 else stream.reasons[1] in ("fwdbtn", "clickrow")


def _began(stream: Stream) -> int | None:
    """Return when the device began: first in milliseconds and only offline, in later years in seconds."""
    if stream.share < 0.35:
        return stream.start_s * 1_000 if stream.offline else None
    return stream.start_s


def _stamp(seconds: int) -> str:
    """Return a moment (seconds since 1970) as an export writes it: UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
