"""What a listener can follow without having played anything."""

from __future__ import annotations

from enum import StrEnum


class Followed(StrEnum):
    """What can be followed."""

    ARTIST = "artist"
    VENUE = "venue"
