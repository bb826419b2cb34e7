"""Where a listener stands among those of this site who chose to be compared; nothing where they are few.

Only those count who opted a source in and have enough plays from such sources
in the last full year, by `aggregated_stats`. Whoever isn't one of them is told
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.peers import FEWEST_OF_ARTIST, FEWEST_OTHERS, NEEDED_PLAYS, tier
from rewrapped.storage import aggregates, preferences
from rewrapped.storage.aggregates import Standing


@dataclass(frozen=True, slots=True)
class Peers:
    """Where somebody stood in a year (UTC) among so many listeners, they counted: tiers in percent of all.

    `overall` is None in the lower half. `artists` has the ids of those asked
    for with a tier, in the order asked for.
    """

    year: int
    listeners: int
    overall: int | None
    artists: tuple[tuple[int, int], ...]


def among(deps: Deps, visitor: Visitor, artist_ids: Sequence[int]) -> Peers | None:
    """Return where the visitor stands, in all and with some artists; None where nothing can be said.

    Raises:
        StoreDown: the database doesn't answer.
    """
    if visitor.user_id is None or visitor.read_only:
        return None
    user_id, year = visitor.user_id, deps.now().year - 1
    span = date(year, 1, 1), date(year + 1, 1, 1), NEEDED_PLAYS
    with deps.engine.connect() as conn:
        if not preferences.find_preferences(conn, user_id).compared_sources:
            return None
        standing = aggregates.find_standing(conn, user_id, *span)
        if standing is None or standing.others < FEWEST_OTHERS:
            return None
        by_artist = aggregates.list_artist_standings(conn, user_id, artist_ids, *span)
    everybody = standing.others + 1
    found = ((one, _tier_of(by_artist.get(one), everybody)) for one in artist_ids)
    said = tuple((one, reached) for one, reached in found if reached is not None)
    return Peers(year, everybody, tier(standing.ahead, everybody), said)


def _tier_of(standing: Standing | None, everybody: int) -> int | None:
    """Return somebody's tier with an artist, None where they or enough others didn't play them."""
    if standing is None or standing.others < FEWEST_OF_ARTIST:
        return None
    return tier(standing.ahead, everybody)
