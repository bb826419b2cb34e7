"""What Spotify tells of a person: their account there, what they allowed us, and what they played last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

#: What each feature needs to be allowed; nothing is asked for that no feature uses.
SCOPES: Mapping[str, str] = MappingProxyType({"fresh plays": "user-read-recently-played"})

#: How long Spotify lets us in after somebody agreed, however often we renew in between; and when we say so before.
LASTS: Final = timedelta(days=182)
WARNINGS: Final = (timedelta(days=7), timedelta(days=30))  # the nearer first

#: How often a listener's plays are fetched, and how many Spotify keeps for us at most.
EVERY: Final = timedelta(minutes=20)
REACH: Final = 50


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Spotify hands over after somebody agreed, or when it is renewed. `refresh` None: the former one stays."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime  # of the access token, UTC
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account at Spotify; `name` is "" where they have none."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ApiPlay:
    """One play as Spotify's Web API tells it: when it was, of what, and how long the track is (0: unknown).

    How long it was heard isn't told. `uri` is of a track; local files have one of their own kind.
    """

    played_at: datetime  # UTC
    uri: str
    title: str
    artist: str
    album: str | None
    duration_ms: int


def ends_at(authorized_at: datetime) -> datetime:
    """Return when Spotify stops letting us in."""
    return authorized_at + LASTS
