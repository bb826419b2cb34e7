"""What promoters do and learn: the four interactions, where they happen, engagement, applications, targeting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

#: Fewer people than this are never shown as a group.
FEWEST: Final = 5


class Interaction(IntEnum):
    """What a person did with an event: it was on their screen, they opened it, kept it, went for tickets."""

    IMPRESSION = 1
    VIEW = 2
    SAVE = 3
    CLICK = 4


class Placement(IntEnum):
    """Where somebody came across an event."""

    DIRECT = 0  # by a link, or a search engine
    FOR_YOU = 1
    SPONSORED = 2
    EVERYTHING = 3
    SAVED = 4
    ITEM = 5  # on the page of an artist, an album, a track or a genre


class ApplicationState(StrEnum):
    """How far somebody's wish to become a promoter is."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Targeting:
    """Who sees an event as sponsored: whoever fits each part that isn't empty."""

    countries: frozenset[str] = frozenset()  # ISO 3166 alpha-2
    genres: frozenset[str] = frozenset()  # keys of domain.genres: any of them among the person's genres
    artists: frozenset[str] = frozenset()  # normalised names: any of them played at least `minimum_plays` times
    minimum_plays: int = 1
    roles: frozenset[str] = frozenset()


def engagement(views: int, saves: int, clicks: int) -> int:
    """Return views + 2 x saves + 3 x clicks; the formula is stated wherever the figure is shown."""
    return views + 2 * saves + 3 * clicks
