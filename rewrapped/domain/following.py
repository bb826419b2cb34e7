"""Whom and where somebody follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Followed(StrEnum):
    """What can be followed."""

    ARTIST = "artist"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody or somewhere that a person follows."""

    kind: Followed
    key: UUID
    name: str
