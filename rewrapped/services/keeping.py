"""What a listener keeps of events: saves, their own tags, and whom and where they follow."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import NAME_MAX, clean_text
from rewrapped.domain.following import Follow, Followed
from rewrapped.domain.interests import clean_tag
from rewrapped.domain.promoting import FEWEST
from rewrapped.errors import InvalidInput, NotFound
from rewrapped.services import browsers
from rewrapped.storage import follows as follow_rows
from rewrapped.storage import saves, shows
from rewrapped.storage.catalogue import artist_key, venue_key
from rewrapped.storage.database import Connection

TAGS_MAX = 10  # of one person on one show
_FOLLOWS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Tags:
    """A show's tags: the listener's own, and how many people gave each that at least five did."""

    own: tuple[str, ...]
    shared: Mapping[str, int]


# Saves --------------------------------------------------------------------------------------------


def save(deps: Deps, visitor: Visitor, event_id: int) -> bool:
    """Save a show for the visitor; return whether it wasn't yet. Saving twice is saving once.

    The listing that was asked for is kept in mind: its promoter can tell of changes to those alone who saved theirs.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't keep events.
        NotFound: there is no such event.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        _refuse_unknown(conn, event_id)
        return saves.add_save(conn, user_id, event_id, deps.now())


def unsave(deps: Deps, visitor: Visitor, event_id: int) -> bool:
    """Take a show out of what the visitor saved; return whether it was there.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't keep events.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        return saves.delete_save(conn, user_id, event_id)


def finish_save(deps: Deps, visitor: Visitor, event_id: int, visit: str | None, ticket: str) -> bool:
    """Save what somebody pressed Save on before they signed in, if the ticket is this browser's; return whether it is.

    Raises:
        NotFound: there is no such event.
    """
    if not visitor.may(Permission.KEEP_EVENTS):
        return False
    if not browsers.is_save_ticket(deps.site, visit, event_id, deps.now(), ticket):
        return False
    save(deps, visitor, event_id)
    return True


# Tags ---------------------------------------------------------------------------------------------


def tags(deps: Deps, visitor: Visitor, event_id: int) -> Tags:
    """Return a show's tags as the visitor may see them."""
    with deps.engine.connect() as conn:
        own = [] if visitor.user_id is None else saves.list_own_tags(conn, visitor.user_id, event_id)
        return Tags(tuple(own), saves.count_tags(conn, event_id, FEWEST))


def add_tag(deps: Deps, visitor: Visitor, event_id: int, text: str) -> str:
    """Tag a show; return the tag as it is stored, in lower case.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't keep events.
        InvalidInput: it is no tag, or there are too many already.
        NotFound: there is no such event.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    tag = clean_tag(text)
    with deps.engine.begin() as conn:
        _refuse_unknown(conn, event_id)
        own = saves.list_own_tags(conn, user_id, event_id)
        if tag not in own and len(own) >= TAGS_MAX:
            raise InvalidInput(f"A show takes at most {TAGS_MAX} tags of yours. Take one off first.")
        saves.add_tag(conn, user_id, event_id, tag, deps.now())
    return tag


def remove_tag(deps: Deps, visitor: Visitor, event_id: int, tag: str) -> None:
    """Take a tag of the visitor's own off a show.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't keep events.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        saves.delete_tag(conn, user_id, event_id, clean_tag(tag))


def _refuse_unknown(conn: Connection, event_id: int) -> None:
    if shows.find_group(conn, event_id) is None:
        raise NotFound("There is no such event.")


# Following ----------------------------------------------------------------------------------------


def follow_artist(deps: Deps, visitor: Visitor, name: str) -> bool:
    """Follow an artist by name, with or without plays of them; return whether the visitor didn't yet.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't follow.
        InvalidInput: there is no name, or too much is followed already.
    """
    return _follow(deps, visitor, Follow(Followed.ARTIST, artist_id(name), clean_text(name, NAME_MAX)))


def follow_venue(deps: Deps, visitor: Visitor, city: str, name: str) -> bool:
    """Follow a venue; return whether the visitor didn't yet.

    Raises:
        SignInNeeded, AccessDenied, InvalidInput: as above.
    """
    shown = ", ".join(part for part in (clean_text(name, NAME_MAX), clean_text(city, NAME_MAX)) if part)
    return _follow(deps, visitor, Follow(Followed.VENUE, venue_id(city, name), shown))


def unfollow(deps: Deps, visitor: Visitor, kind: Followed, key: uuid.UUID) -> bool:
    """Follow an artist or a venue no longer; return whether the visitor did.

    Raises:
        SignInNeeded, AccessDenied: this visitor can't follow.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    with deps.engine.begin() as conn:
        return follow_rows.delete_follow(conn, user_id, kind, key)


def list_follows(deps: Deps, visitor: Visitor) -> list[Follow]:
    """Return all that the visitor follows, by name; nothing for somebody who isn't signed in."""
    if visitor.user_id is None:
        return []
    with deps.engine.connect() as conn:
        return follow_rows.list_follows(conn, visitor.user_id)


def artist_id(name: str) -> uuid.UUID:
    """Return the key an artist is followed by."""
    return uuid.UUID(bytes=artist_key(name))


def venue_id(city: str, name: str) -> uuid.UUID:
    """Return the key a venue is followed by."""
    return uuid.UUID(bytes=venue_key(city, name))


def _follow(deps: Deps, visitor: Visitor, follow: Follow) -> bool:
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    if not follow.name:
        raise InvalidInput("There is no name to follow.")
    with deps.engine.begin() as conn:
        if len(follow_rows.list_follows(conn, user_id)) >= _FOLLOWS_MAX:
            raise InvalidInput(f"More than {_FOLLOWS_MAX:,} can't be followed.")
        return follow_rows.add_follow(conn, user_id, follow, deps.now())
