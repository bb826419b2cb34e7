"""Listens that outside services keep for people: what they say of one, and how often they are asked for new ones.

A service is walked down from its newest listen to where everything is known
already. A walk goes page by page, and where it stands is stored with each page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from rewrapped.domain.plays import Source
from rewrapped.errors import InvalidInput

NAME_MAX: Final = 64

#: How soon somebody is asked about again: what was new lately decides.
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=6)
#: After a failure of one account alone; doubled with each further one up to LATEST.
AFTER_FAILURE: Final = timedelta(minutes=1)
#: As many listens are looked through at every visit, because some are handed in late.
LOOKED_THROUGH: Final = 100


@dataclass(frozen=True, slots=True)
class Listen:
    """One listen as a service tells it; it is stamped at its start.

    `listened_s` is seconds since 1970 UTC. `ms` is how long it was heard, 0
    while that isn't said. What isn't said is "".
    """

    listened_s: int
    artist: str
    title: str
    album: str = ""
    ms: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One page of somebody's listens, newest first, below a moment; `is_last` says that there are no older ones.

    `row_count` has listens that can't be read among it, and `oldest_s` is of all of them, None for an empty page.
    """

    listens: Sequence[Listen]
    row_count: int
    oldest_s: int | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody as a service lists them: their name as it is written there, and how many listens it has of them."""

    name: str
    total: int


class State(StrEnum):
    """How a connection stands."""

    FETCHING = "fetching"  # the years before are on their way
    FRESH = "fresh"  # everything is here, and new listens are asked for
    STOPPED = "stopped"  # only its owner can help: the name is gone, or hidden


#: Whose listens can be fetched, by the words of addresses.
SERVICES: Final = {"listenbrainz": Source.LISTENBRAINZ, "lastfm": Source.LASTFM}
CALLED: Final = {Source.LISTENBRAINZ: "ListenBrainz", Source.LASTFM: "Last.fm"}


def clean_name(text: str) -> str:
    """Return a user name as it can be asked for.

    Raises:
        InvalidInput: no name of a user looks like that.
    """
    name = text.strip()
    if not name or len(name) > NAME_MAX or re.search(r"[\x00-\x1f\x7f/\\?#%&<>\"]", name) or not _can_be_sent(name):
        raise InvalidInput(
            f"A user name is what stands in your profile's address: up to {NAME_MAX} characters, no slashes."
        )
    return name


def _can_be_sent(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def heard_ms(seconds: float | None) -> int:
    """Return how long something was heard, 0 where that isn't said in a way that can be true.

    A track's length never stands in for it: a listen that comes by several ways is the same by its length too.
    """
    return int(seconds * 1_000) if seconds is not None and 0 < seconds <= 86_400 else 0


def next_interval(before: timedelta, new: int) -> timedelta:
    """Return when to ask again after a visit that brought so many new listens: soon after some, later after none."""
    return SOONEST if new else min(max(before * 2, SOONEST), LATEST)


def after_failures(count: int) -> timedelta:
    """Return when to ask again after so many failures in a row, 1 at least."""
    doublings = min(max(count - 1, 0), 12)
    return min(AFTER_FAILURE * (1 << doublings), LATEST)
