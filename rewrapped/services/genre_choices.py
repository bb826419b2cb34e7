"""Which genres a listener's artists have: the seed and what was learned, with what the listener changed on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from rewrapped.deps import Deps
from rewrapped.domain import genres, owngenres
from rewrapped.domain.access import Visitor
from rewrapped.domain.owngenres import CHANGES_MAX, Change, OwnGenres
from rewrapped.domain.plays import normalise
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, genre_map
from rewrapped.history.names import Names
from rewrapped.services import genres as learned_genres
from rewrapped.storage import own_genres as rows
from rewrapped.storage import people
from rewrapped.storage.database import Connection

_LEARNED_ANEW: Final = timedelta(minutes=10)  # the worker learns an artist a second: what is new may wait that long


@dataclass(frozen=True, slots=True)
class _Kept:
    """The last map of a history, the changes it was made with, and when."""

    own: OwnGenres
    made_at: datetime
    genres: GenreMap


#: By the names that a history shares with itself under other play rules.
_maps: WeakKeyDictionary[Names, _Kept] = WeakKeyDictionary()


def own_genres(deps: Deps, visitor: Visitor) -> OwnGenres:
    """Return what the visitor's listener changed about genres.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
    """
    user_id = visitor.listening_to()
    with deps.engine.connect() as conn:
        return rows.find_own_genres(conn, user_id)


def map_of(deps: Deps, history: History, own: OwnGenres) -> GenreMap:
    """Return the genres of a listener's artists: the listener's own words, else the seed, else what was learned.

    Made once for a history, whatever its play rule, and the changes at hand, and anew after ten minutes.

    Raises:
        StoreDown: the database doesn't answer.
    """
    kept, now = _maps.get(history.names), deps.now()
    if kept is not None and kept.own == own and timedelta() <= now - kept.made_at < _LEARNED_ANEW:
        return kept.genres
    ids = history.artists.id.tolist()
    learned = learned_genres.weights_for(deps, ids)
    keys = [normalise(name or "") for name in history.artists.name.to_pylist()]
    found = genre_map(keys, lambda code, key: genres.seeded(key) or learned.get(ids[code], ()), own)
    _maps[history.names] = _Kept(own, now, found)
    return found


def change(deps: Deps, visitor: Visitor, subject: str, said: Change) -> None:
    """Store what the visitor says of a subject, in place of what they said before; an empty change takes it back.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        InvalidInput: there is no such genre or family, or the name can't be one.
        Conflict: there are as many changes as one listener may have.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        own = _held(conn, user_id)
        _store(conn, user_id, subject, owngenres.checked(subject, said, own) if said else said, own)


def add_family(deps: Deps, visitor: Visitor, name: str) -> str:
    """Make a family of the visitor's own; return its subject.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        InvalidInput: the name can't be one, or there is such a family already.
        Conflict: there are as many changes as one listener may have.
    """
    user_id = visitor.writer()
    subject = owngenres.own_family(name)
    with deps.engine.begin() as conn:
        own = _held(conn, user_id)
        if subject in own.changes or normalise(name) in {normalise(own.family_name(key)) for key in own.families()}:
            raise InvalidInput("There is a family of this name already.")
        made = Change(name=name)
        checked = owngenres.checked(subject, made, OwnGenres({**own.changes, subject: made}))
        _store(conn, user_id, subject, checked, own)
    return subject


def remove_family(deps: Deps, visitor: Visitor, subject: str) -> None:
    """Take a family of the visitor's own away; what belonged to it goes back to where it is shipped.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        NotFound: the visitor has no such family.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        own = _held(conn, user_id)
        if not owngenres.is_own_family(subject) or subject not in own.changes:
            raise NotFound("You have no such family.")
        rows.replace_own_genres(conn, user_id, own.without_family(subject))


def reset(deps: Deps, visitor: Visitor) -> None:
    """Take all of the visitor's changes back.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        rows.replace_own_genres(conn, user_id, OwnGenres())


def load_file(deps: Deps, visitor: Visitor, data: bytes) -> int:
    """Store the changes of a file in place of all there were; return how many they are.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        InvalidInput: the file can't be read; nothing was changed.
    """
    user_id = visitor.writer()
    read = owngenres.from_file(data)
    with deps.engine.begin() as conn:
        _held(conn, user_id)
        rows.replace_own_genres(conn, user_id, read)
    return len(read.changes)


def _held(conn: Connection, user_id: int) -> OwnGenres:
    """Return the changes, and keep a second tab of the same person from changing them until the transaction ends."""
    people.hold_person(conn, user_id)
    return rows.find_own_genres(conn, user_id)


def _store(conn: Connection, user_id: int, subject: str, checked: Change, own: OwnGenres) -> None:
    if checked and subject not in own.changes and len(own.changes) >= CHANGES_MAX:
        raise Conflict(f"You have made {CHANGES_MAX:,} changes, which is the most there can be.")
    rows.set_own_genre(conn, user_id, subject, checked)
