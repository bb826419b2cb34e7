"""Exports as Spotify sends them, for everybody's tests: rows, files and ZIPs, seeded and made up.

`extended_row(ts=..., ms_played=...)` and its sisters give one realistic row with
what you change; `listening(count, seed)` gives years of them; `zip_of` packs
files by name. The private fields of real exports are there, with SECRETS in
them, so a test can look for what must never come through.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]

#: Values of private fields; none may ever be stored, shown or logged.
SECRETS = ("secret-listener-name", "203.0.113.77", "SecretAgent/9.1", "Secretville", "secret-region")

EXTENDED_FOLDER = "Spotify Extended Streaming History"
ACCOUNT_FOLDER = "Spotify Account Data"

_FIRST = (
    "Velvet",
    "Paper",
    "Electric",
    "Quiet",
    "Ünder",
    "Nørdic",
    "Тихий",
    "夜の",
    "Golden",
    "Fjörd",
    "Café",
    "Hollow",
)
_SECOND = ("Harbour", "Foxes", "Machine", "Orchard", "Öcean", "Sœurs", "Ветер", "電車", "Lanterns", "Mañana", "Static")
_PLATFORMS = ("ios", "android", "windows", "Android OS 4.2.2 API 17 (samsung, GT-I9195)", "web_player", "osx", "linux")
_ENDINGS = ("trackdone", "trackdone", "trackdone", "fwdbtn", "fwdbtn", "endplay", "logout", "unexpected-exit")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def extended_row(**changes: Any) -> Row:
    """Return a row of the extended history as written since 2023: a track heard to its end."""
    row = {
        "ts": "2023-05-01T10:03:30Z",
        "platform": "ios",
        "ms_played": 200_000,
        "conn_country": "DE",
        "ip_addr": SECRETS[1],
        "master_metadata_track_name": "Tide",
        "master_metadata_album_artist_name": "Xenia",
        "master_metadata_album_album_name": "Shore",
        "spotify_track_uri": "spotify:track:A",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": 1_682_935_210,
        "incognito_mode": False,
    }
    return row | changes


_NO_TRACK: Row = {
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
    "spotify_track_uri": None,
}


def podcast_row(**changes: Any) -> Row:
    """Return an extended row of a podcast episode."""
    episode = {"episode_name": "On Tides", "episode_show_name": "Sea Talk", "spotify_episode_uri": "spotify:episode:E"}
    return extended_row(**(_NO_TRACK | {"ms_played": 1_800_000} | episode | changes))


def chapter_row(**changes: Any) -> Row:
    """Return an extended row of an audiobook chapter."""
    chapter = {
        "audiobook_title": "The Long Shore",
        "audiobook_uri": "spotify:audiobook:B",
        "audiobook_chapter_uri": "spotify:chapter:C",
        "audiobook_chapter_title": "Chapter 1",
    }
    return extended_row(**(_NO_TRACK | {"ms_played": 900_000} | chapter | changes))


def endsong_row(**changes: Any) -> Row:
    """Return an extended row as written until 2022: more private fields, milliseconds, no audiobooks."""
    row = {key: value for key, value in extended_row().items() if not key.startswith("audiobook") and key != "ip_addr"}
    private = {"username": SECRETS[0], "ip_addr_decrypted": SECRETS[1], "user_agent_decrypted": SECRETS[2]}
    old = {"city": SECRETS[3], "region": SECRETS[4], "skipped": None, "offline_timestamp": 1_682_935_210_123}
    return private | row | old | changes


def account_music_row(**changes: Any) -> Row:
    """Return a row of `StreamingHistory_music_N.json`."""
    return {"endTime": "2023-05-01 10:03", "artistName": "Xenia", "trackName": "Tide", "msPlayed": 200_000} | changes


def account_podcast_row(**changes: Any) -> Row:
    """Return a row of `StreamingHistory_podcast_N.json`."""
    row = {"endTime": "2023-05-01 11:00", "podcastName": "Sea Talk", "episodeName": "On Tides", "msPlayed": 1_800_000}
    return row | changes


def account_audiobook_row(**changes: Any) -> Row:
    """Return a row of `StreamingHistory_audiobook_N.json`."""
    row = {"endTime": "2023-05-01 12:00", "audiobookName": "The Long Shore", "authorName": "Ada Quill"}
    return row | {"chapter": "Chapter 1", "msPlayed": 900_000} | changes


def listening(count: int, seed: int = 1, *, start: datetime = datetime(2016, 1, 1, tzinfo=UTC)) -> list[Row]:
    """Return plausible extended rows in order of time, over 8 years at most: favourites, skips, podcasts, holes."""
    return list(iter_listening(count, seed, start=start))


def iter_listening(
    count: int,
    seed: int = 1,
    *,
    start: datetime = datetime(2016, 1, 1, tzinfo=UTC),
    years: float = 8,
    broken: float = 0.0,
) -> Iterator[Row]:
    """Yield the rows of `listening` one by one; `broken` is the share that carries a defect."""
    chance = random.Random(seed)
    tracks = [_track(chance) for _ in range(max(count // 12, 20))]
    pause_s = min(3_000.0, years * 365 * 86_400 / max(count, 1))
    moment = start
    for _ in range(count):
        moment += timedelta(seconds=1 + chance.expovariate(1 / pause_s))
        row = _heard(chance, tracks, moment)
        yield _defect(chance, row) if chance.random() < broken else row


def _heard(chance: random.Random, tracks: Sequence[Row], moment: datetime) -> Row:
    ending = chance.choice(_ENDINGS)
    ms = chance.randint(90_000, 360_000) if ending == "trackdone" else chance.randint(0, 120_000)
    offline = chance.random() < 0.04
    behind = chance.randint(3_600, 900_000) if offline else ms // 1_000
    facts = {
        "ts": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ms_played": ms,
        "platform": chance.choice(_PLATFORMS),
        "conn_country": chance.choice(("DE", "DE", "DE", "FR", "ZZ", "")),
        "reason_end": ending,
        "reason_start": chance.choice(("trackdone", "clickrow", "fwdbtn", "playbtn", None)),
        "shuffle": chance.random() < 0.4,
        "skipped": chance.choice((True, False, None)),
        "offline": offline,
        "offline_timestamp": int(moment.timestamp()) - behind,
        "incognito_mode": chance.random() < 0.01,
    }
    if chance.random() < 0.05:
        number = chance.randint(1, 400)
        return podcast_row(**facts, episode_name=f"Folge {number}", spotify_episode_uri=f"spotify:episode:ep{number}")
    favourite = int(len(tracks) * chance.random() ** 2.5)
    return extended_row(**facts, **tracks[favourite])


def _track(chance: random.Random) -> Row:
    artist = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {chance.randint(1, 30)}"
    title = f"{chance.choice(_SECOND)} {chance.choice(_FIRST)} {chance.randint(1, 10_000)}"
    local = chance.random() < 0.01
    return {
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": f"{chance.choice(_FIRST)} {chance.randint(1, 8)}",
        "spotify_track_uri": None if local else "spotify:track:" + "".join(chance.choices(_BASE62, k=22)),
    }


def _defect(chance: random.Random, row: Row) -> Row:
    changes: tuple[Row, ...] = (
        {"ms_played": -5},
        {"ms_played": "200000"},
        {"ts": "0001-01-01T00:00:00Z"},
        {"ts": row["ts"].removesuffix("Z")},
        _NO_TRACK | {"episode_name": None, "episode_show_name": None, "spotify_episode_uri": None},
        {"master_metadata_track_name": "x" * 1_001},
    )
    return row | chance.choice(changes)


def to_json(rows: Sequence[object]) -> bytes:
    """Return rows as the bytes of an export file."""
    return json.dumps(rows, ensure_ascii=False, indent=2).encode()


def extended_files(rows: Sequence[Row], *, rows_a_file: int = 16_000) -> dict[str, bytes]:
    """Return rows as the files of an extended export, by their path in its ZIP."""
    pieces = [rows[at : at + rows_a_file] for at in range(0, len(rows), rows_a_file)]
    return {
        f"{EXTENDED_FOLDER}/Streaming_History_Audio_{piece[0]['ts'][:4]}-{piece[-1]['ts'][:4]}_{number}.json": to_json(
            piece
        )
        for number, piece in enumerate(pieces)
    }


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a ZIP with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def write_export(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as the ZIP of an extended export, with the read-me it comes with."""
    readme = {f"{EXTENDED_FOLDER}/ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.7 made up"}
    path.write_bytes(zip_of(extended_files(rows) | readme))
    return path


def write_account_export(path: Path, music: Sequence[Row], podcasts: Sequence[Row] = ()) -> Path:
    """Write rows as the ZIP of an Account data package, private files included."""
    files = {
        f"{ACCOUNT_FOLDER}/StreamingHistory_music_0.json": to_json(music),
        f"{ACCOUNT_FOLDER}/StreamingHistory_podcast_0.json": to_json(podcasts),
        f"{ACCOUNT_FOLDER}/Userdata.json": to_json([{"username": SECRETS[0], "city": SECRETS[3]}]),
        f"{ACCOUNT_FOLDER}/SearchQueries.json": to_json([{"searchQuery": SECRETS[3]}]),
    }
    path.write_bytes(zip_of(files))
    return path


def listen_row(**changes: Any) -> Row:
    """Return a listen as ListenBrainz exports it, with what its client said beside it."""
    metadata = {
        "artist_name": "Xenia",
        "track_name": "Tide",
        "release_name": "Shore",
        "additional_info": {"submission_client": "a scrobbler", "duration_ms": 210_000, "recording_msid": "f0e1"},
    }
    return {"inserted_at": 1_577_968_700, "listened_at": 1_577_968_440, "track_metadata": metadata} | changes


def lines_of(*rows: object) -> bytes:
    """Return rows as a file with one a line."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
