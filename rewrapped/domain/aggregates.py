"""What listeners are set beside each other by: plays and time by month, of one fixed definition for everybody.

Months in UTC, plays of 30 seconds or more (scrobbles always), music alone.
Time is that of every row, a track's length standing in where a scrobble
doesn't say.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rewrapped.domain.plays import PlayRule

#: What a history has to be built with for that.
ZONE: Final = "UTC"
RULE: Final = PlayRule()


class Part(StrEnum):
    """What is counted: everything together, or what it is made of."""

    ALL = "all"
    TRACK = "track"
    ALBUM = "album"
    ARTIST = "artist"
    GENRE = "genre"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Plays and time of one thing within one month, from one source.

    `month` counts from January 1970, UTC. `entity_id` is the catalogue's id, a
    genre's key, or "" of everything together.
    """

    source: int
    month: int
    part: Part
    entity_id: str
    plays: int
    ms: int
