"""What an export holds, counted row by row in plain Python; shares no code with what it checks."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PLAY_MS = 30_000
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass
class Count:
    """Music of an export by the rule of 30 seconds; `week` is by local weekday and hour of a play's end."""

    rows: int = 0
    incognito: int = 0
    plays: int = 0
    ms: int = 0
    artists: set[str] = field(default_factory=set)
    tracks: Counter[tuple[str, str]] = field(default_factory=Counter)
    week: Counter[tuple[str, str]] = field(default_factory=Counter)


def count(rows: Iterable[dict[str, Any]], zone: str) -> Count:
    """Count an export's rows, none of which may stand in it twice."""
    found, here = Count(), ZoneInfo(zone)
    for row in rows:
        found.rows += 1
        if row["incognito_mode"]:
            found.incognito += 1
        elif row["master_metadata_track_name"]:
            _add(found, row, here)
    return found


def _add(found: Count, row: dict[str, Any], zone: ZoneInfo) -> None:
    found.ms += row["ms_played"]
    if row["ms_played"] < PLAY_MS:
        return
    found.plays += 1
    title, artist = row["master_metadata_track_name"], row["master_metadata_album_artist_name"]
    found.artists.add(unicodedata.normalize("NFKC", artist).casefold())
    found.tracks[title, artist] += 1
    local = ended_at(row).astimezone(zone)
    found.week[WEEKDAYS[local.weekday()], f"{local.hour:02d}:00"] += 1


def ended_at(row: dict[str, Any]) -> datetime:
    """Return when a row ended: offline ones are reported later than they were played."""
    reported = datetime.fromisoformat(row["ts"])
    stamp = row["offline_timestamp"]
    if not row["offline"] or not stamp:
        return reported
    began = datetime.fromtimestamp(math.floor(stamp), UTC)
    if not timedelta(minutes=10) <= reported - began <= timedelta(days=400):
        return reported
    return min(began + timedelta(milliseconds=row["ms_played"]), reported)
