"""Which genres a listener's artists have: the shipped seed, with what the listener changed on top."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from rewrapped.deps import Deps
from rewrapped.domain import genres, owngenres
from rewrapped.domain.access import Visitor
from rewrapped.domain.genres import Weights
from rewrapped.domain.owngenres import CHANGES_MAX, Change, OwnGenres
from rewrapped.domain.plays import normalise
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, genre_map
from rewrapped.storage import own_genres as rows
from rewrapped.storage import people
from rewrapped.storage.database import Connection

#: The last map of each history, and the changes it was made with.
_maps: WeakKeyDictionary[History, tuple[OwnGenres, GenreMap]] = WeakKeyDictionary()


def own_genres(deps: Deps, visitor: Visitor) -> OwnGenres:
    """Return what the visitor's listener changed about genres.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
    """
    user_id = visitor.listening_to()
    with deps.engine.connect() as conn:
        return rows.find_own_genres(conn, user_id)


def map_of(history: History, own: OwnGenres) -> GenreMap:
    """Return the genres of a listener's artists; made once for a history and the changes at hand."""
    kept = _maps.get(history)
    if kept is not None and kept[0] == own:
        return kept[1]
    keys = [normalise(name or "") for name in history.artists.name.to_pylist()]
    found = genre_map(keys, _told, own)
    _maps[history] = (own, found)
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
        if normalise(name) in {normalise(own.family_name(key)) for key in own.families()}:
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


def _told(_code: int, key: str) -> Weights:
    return genres.seeded(key)
