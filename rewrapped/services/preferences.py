"""What somebody chose of this site: interests, what they are told of, what may choose sponsored events for them.

Artists and venues are followed with `services.keeping`, a place is told with
`services.whereabouts`; all else is here. Every change holds at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from rewrapped.deps import Deps
from rewrapped.domain import genres
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import clean_text
from rewrapped.domain.following import Follow, Followed
from rewrapped.domain.interests import MOST_TAGS, clean_families, clean_tag
from rewrapped.domain.notices import CAN_BE_MUTED, Kind
from rewrapped.domain.peers import COMPARABLE
from rewrapped.domain.plays import Source
from rewrapped.domain.targeting import SHAREABLE
from rewrapped.errors import InvalidInput
from rewrapped.services import keeping, listening, recaps, whereabouts
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import absorbed, aggregates, announcements, venues
from rewrapped.storage import preferences as rows
from rewrapped.storage.preferences import Stored
from rewrapped.storage.venues import VenueName

_VENUES_FOUND, _WORD_MAX = 8, 100


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody chose.

    `genres` are keys of families, in the taxonomy's order. `told` says of each
    kind of message that can be switched off whether they get it, `shared` of
    each source whether its plays may choose sponsored events for them, and
    `compared` whether they are compared with those of others here: none unless
    they opted in.
    """

    genres: tuple[str, ...]
    artists: tuple[Follow, ...]
    venues: tuple[Follow, ...]
    tags: tuple[str, ...]
    here: Whereabouts
    told: Mapping[Kind, bool]
    shared: Mapping[Source, bool]
    compared: Mapping[Source, bool]


@dataclass(frozen=True, slots=True)
class SourceRows:
    """How many stored rows came from a source.

    Those of `own` stand for plays, however short; those of `behind` don't
    count, because a better source tells the same play.
    """

    own: int = 0
    behind: int = 0


def preferences(deps: Deps, visitor: Visitor) -> Preferences:
    """Return what the visitor chose.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.connect() as conn:
        stored = rows.find_preferences(conn, user_id)
    followed = keeping.list_follows(deps, visitor)
    return Preferences(
        genres=tuple(family.key for family in genres.families() if family.key in stored.genres),
        artists=tuple(one for one in followed if one.kind is Followed.ARTIST),
        venues=tuple(one for one in followed if one.kind is Followed.VENUE),
        tags=tuple(sorted(stored.tags)),
        here=whereabouts.whereabouts(deps, visitor),
        told={kind: kind not in stored.muted for kind in CAN_BE_MUTED},
        shared={source: source in stored.shared_sources for source in SHAREABLE},
        compared={source: source in stored.compared_sources for source in COMPARABLE},
    )


# Interests ----------------------------------------------------------------------------------------


def set_genres(deps: Deps, visitor: Visitor, keys: Iterable[str]) -> None:
    """Store which families of genres the visitor likes, in place of those before.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: one of them isn't known; nothing was stored.
    """
    chosen = frozenset(clean_families(keys))
    _change(deps, visitor, lambda stored: replace(stored, genres=chosen))


def add_tag(deps: Deps, visitor: Visitor, text: str) -> str:
    """Add a tag to the visitor's interests; return it as it is stored.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: it is no tag, or there are too many already.
    """
    tag = clean_tag(text)

    def added(stored: Stored) -> Stored:
        if tag not in stored.tags and len(stored.tags) >= MOST_TAGS:
            raise InvalidInput(f"At most {MOST_TAGS} tags fit here. Take one off first.")
        return replace(stored, tags=stored.tags | {tag})

    _change(deps, visitor, added)
    return tag


def remove_tag(deps: Deps, visitor: Visitor, tag: str) -> None:
    """Take a tag out of the visitor's interests.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: it is no tag.
    """
    gone = clean_tag(tag)
    _change(deps, visitor, lambda stored: replace(stored, tags=stored.tags - {gone}))


def find_venues(deps: Deps, text: str) -> tuple[VenueName, ...]:
    """Return venues of the shows that are on whose name or city holds a text, to be followed."""
    words = clean_text(text, _WORD_MAX)
    if not words:
        return ()
    with deps.engine.connect() as conn:
        return tuple(venues.list_venues(conn, words, _VENUES_FOUND))


# Switches -----------------------------------------------------------------------------------------


def set_told(deps: Deps, visitor: Visitor, kind: Kind, *, is_told: bool) -> None:
    """Switch a kind of message on or off. What happened while it was off isn't told later.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: this kind can't be switched off.
    """
    if kind not in CAN_BE_MUTED:
        raise InvalidInput("This kind of message can't be switched off.")
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        stored = rows.hold_preferences(conn, user_id, deps.now())
        if is_told and kind is Kind.FOR_YOU and kind in stored.muted:
            announcements.look_from(conn, user_id, deps.now())
        if is_told and kind is Kind.RECAP and kind in stored.muted:
            recaps.skip_due(deps, conn, user_id)
        muted = stored.muted - {kind} if is_told else stored.muted | {kind}
        rows.set_preferences(conn, user_id, replace(stored, muted=muted), deps.now())


def set_shared(deps: Deps, visitor: Visitor, source: Source, *, is_shared: bool) -> None:
    """Let plays of a source choose sponsored events for the visitor, or no longer.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: plays of this source are never used for that.
    """
    if source not in SHAREABLE:
        raise InvalidInput("Plays that came through an API are never used to choose sponsored events.")

    def switched(stored: Stored) -> Stored:
        shared = stored.shared_sources
        return replace(stored, shared_sources=shared | {source} if is_shared else shared - {source})

    _change(deps, visitor, switched)


def set_compared(deps: Deps, visitor: Visitor, source: Source, *, is_compared: bool) -> None:
    """Let plays of a source be compared with those of others here, or no longer: what was counted of it goes at once.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: plays of this source are never used for that.
    """
    if source not in COMPARABLE:
        raise InvalidInput("Plays that came through an API are never compared with those of others.")
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        stored = rows.hold_preferences(conn, user_id, deps.now())
        compared = stored.compared_sources | {source} if is_compared else stored.compared_sources - {source}
        rows.set_preferences(conn, user_id, replace(stored, compared_sources=compared), deps.now())
        if (is_compared and compared != stored.compared_sources) or not compared:
            aggregates.forget(conn, user_id)  # so that it is counted anew at once, if there is anything to count
        else:
            aggregates.forget_source(conn, user_id, source)


def count_rows(deps: Deps, visitor: Visitor) -> dict[Source, SourceRows]:
    """Return how many rows of the visitor's history came from each source that has any.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    own = np.bincount(listening.history(deps, visitor).source, minlength=max(Source) + 1)
    with deps.engine.connect() as conn:
        behind = absorbed.count_absorbed(conn, user_id)
    counted = {source: SourceRows(int(own[source]), behind.get(source, 0)) for source in Source}
    return {source: rows for source, rows in counted.items() if rows.own or rows.behind}


def _change(deps: Deps, visitor: Visitor, change: Callable[[Stored], Stored]) -> None:
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        stored = rows.hold_preferences(conn, user_id, deps.now())
        rows.set_preferences(conn, user_id, change(stored), deps.now())
