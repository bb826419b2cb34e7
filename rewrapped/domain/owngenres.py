"""What a listener changes about genres: where an artist or a genre belongs, what is called what, what is left out.

A subject is `artist:` and a normalised name, `genre:` and a key of the
taxonomy, or `family:` and a key, shipped or made up by the listener. What a
subject belongs to: an artist to genres or families, the most fitting first, a
genre to one family. A change is kept apart from what is shipped, so taking it
away brings the shipped answer back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from rewrapped.domain import genres
from rewrapped.domain.events import clean_text
from rewrapped.domain.genres import Weights
from rewrapped.domain.plays import normalise
from rewrapped.errors import InvalidInput

GENRES_AN_ARTIST: Final = 3
CHANGES_MAX: Final = 5_000
FILE_BYTES_MAX: Final = 2 * 1024**2
NAME_MAX: Final = 60  # characters
_ARTIST_MAX: Final = 1_000  # characters; as long as the importer lets a name be
_FORMAT: Final = "music-rewrapped-genres"
_OWN: Final = "own-"


class Noun(StrEnum):
    """What a subject is."""

    ARTIST = "artist"
    GENRE = "genre"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Change:
    """What a listener says of one subject; what is empty stays as it is shipped."""

    belongs: tuple[str, ...] = ()
    name: str = ""
    is_hidden: bool = False

    def __bool__(self) -> bool:
        return bool(self.belongs or self.name or self.is_hidden)


@dataclass(frozen=True, slots=True)
class OwnGenres:
    """A listener's changes by subject, over the shipped taxonomy."""

    changes: Mapping[str, Change] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, subject: str) -> Change:
        """Return what was changed of a subject."""
        return self.changes.get(subject, Change())

    def weights(self, artist_key: str, otherwise: Weights) -> Weights:
        """Return an artist's genres and families as bare genre keys and `family:` subjects, hidden ones left out.

        `artist_key` is the normalised name; `otherwise` is what holds without a change.
        """
        own = self.of(subject(Noun.ARTIST, artist_key)).belongs
        told = _ranked(own) if own else otherwise
        return tuple((key, weight) for key, weight in told if not self.is_hidden_genre(key)) if self.changes else told

    def has_genres(self, artist_key: str, otherwise: Weights) -> bool:
        """Return whether an artist has genres at all, left out or not."""
        return bool(otherwise or self.of(subject(Noun.ARTIST, artist_key)).belongs)

    def is_hidden_artist(self, artist_key: str) -> bool:
        """Return whether the listener left this artist out."""
        return self.of(subject(Noun.ARTIST, artist_key)).is_hidden

    def is_hidden_genre(self, key: str) -> bool:
        """Return whether a genre, or the family it belongs to, is left out."""
        return self.of(_genre_subject(key)).is_hidden or self.of(subject(Noun.FAMILY, self.family_of(key))).is_hidden

    def family_of(self, key: str) -> str:
        """Return the family key of a genre's key, or of a `family:` subject itself."""
        noun, bare = split(_genre_subject(key))
        if noun is Noun.FAMILY:
            return bare
        own = self.of(subject(Noun.GENRE, bare)).belongs
        return split(own[0])[1] if own else (genres.family_of(bare) or "")

    def genre_name(self, key: str) -> str:
        """Return what a genre is called; a family that artists were put in directly goes by its own name."""
        noun, bare = split(_genre_subject(key))
        if noun is Noun.FAMILY:
            return self.family_name(bare)
        return self.of(subject(Noun.GENRE, bare)).name or genres.genre(bare).name

    def family_name(self, key: str) -> str:
        """Return what a family is called."""
        return self.of(subject(Noun.FAMILY, key)).name or _shipped_families().get(key, key)

    def without_family(self, of: str) -> OwnGenres:
        """Return the changes without a family, and without what was put in it."""
        left = {
            each: Change(tuple(one for one in change.belongs if one != of), change.name, change.is_hidden)
            for each, change in self.changes.items()
            if each != of
        }
        return OwnGenres({each: change for each, change in left.items() if change})

    def families(self) -> tuple[str, ...]:
        """Return the keys of all families, the listener's own last, in the order of their names."""
        own = (split(each)[1] for each in self.changes if is_own_family(each))
        return (*_shipped_families(), *sorted(own, key=lambda key: self.family_name(key).casefold()))


def subject(noun: Noun, key: str) -> str:
    """Return the subject of a key."""
    return f"{noun}:{key}"


def artist_subject(name: str) -> str:
    """Return the subject of an artist, however the name is spelled."""
    return subject(Noun.ARTIST, normalise(name))


def split(of: str) -> tuple[Noun, str]:
    """Return what a subject is, and its key."""
    noun, _, key = of.partition(":")
    return Noun(noun), key


def is_own_family(of: str) -> bool:
    """Return whether a subject is a family of the listener's making."""
    return of.startswith(f"{Noun.FAMILY}:{_OWN}")


def own_family(name: str) -> str:
    """Return the subject of a family to be made under this name: the same name gives the same one.

    Raises:
        InvalidInput: the name has no letter or digit to make a key of.
    """
    words = re.sub(r"[^\w]+", "-", normalise(name)).strip("-_")[:NAME_MAX]
    if not words:
        raise InvalidInput("A family needs a name with a letter or a digit in it.")
    return subject(Noun.FAMILY, _OWN + words)


def checked(of: str, change: Change, own: OwnGenres) -> Change:
    """Return a change as it may be stored, over what the listener has.

    Raises:
        InvalidInput: there is no such genre, family or form of name; the text says which.
    """
    noun, key = _known_subject(of, own)
    if is_own_family(of) and not change.name:
        raise InvalidInput("A family of your own needs a name.")
    if noun is Noun.ARTIST and change.name:
        raise InvalidInput("An artist goes by the name that stands in your history.")
    most = {Noun.ARTIST: GENRES_AN_ARTIST, Noun.GENRE: 1, Noun.FAMILY: 0}[noun]
    belongs = tuple(dict.fromkeys(change.belongs))
    if len(belongs) > most:
        raise InvalidInput(
            f"An artist has up to {GENRES_AN_ARTIST} genres." if noun is Noun.ARTIST else f"{key} has one family."
        )
    for each in belongs:
        if _known_subject(each, own)[0] not in ({Noun.FAMILY} if noun is Noun.GENRE else {Noun.GENRE, Noun.FAMILY}):
            raise InvalidInput("An artist belongs to genres or families, a genre to a family.")
    return Change(belongs, _clean_name(change.name), change.is_hidden)


def to_file(own: OwnGenres) -> str:
    """Return all changes as JSON, in the order of their subjects."""
    changes = [_entry(of, own.changes[of]) for of in sorted(own.changes)]
    return json.dumps({"format": _FORMAT, "version": 1, "changes": changes}, ensure_ascii=False, indent=1)


def from_file(data: bytes) -> OwnGenres:
    """Read what `to_file` wrote, from this site or another one.

    Raises:
        InvalidInput: it is something else, or names what isn't there; the text says what, nothing is half read.
    """
    if len(data) > FILE_BYTES_MAX:
        raise InvalidInput("This file is too large to be a list of genres: 2 MB is the most.")
    try:
        read = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidInput("This isn't a file of genres: it should be JSON as this page writes it.") from error
    entries = read.get("changes") if isinstance(read, dict) and read.get("format") == _FORMAT else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise InvalidInput("This isn't a file of genres: it should be one that this page wrote.")
    if len(entries) > CHANGES_MAX:
        raise InvalidInput(f"A file of genres holds up to {CHANGES_MAX:,} changes.")
    told = {_text(each, "subject"): _change(each) for each in entries}
    families = OwnGenres({of: change for of, change in told.items() if is_own_family(of)})
    return OwnGenres({of: found for of, change in told.items() if (found := checked(of, change, families))})


def _entry(of: str, change: Change) -> dict[str, Any]:
    parts = {"belongs": list(change.belongs), "name": change.name, "hidden": change.is_hidden}
    return {"subject": of, **{key: value for key, value in parts.items() if value}}


def _change(entry: Mapping[str, Any]) -> Change:
    belongs, hidden = entry.get("belongs", []), entry.get("hidden", False)
    if not isinstance(belongs, list) or not all(isinstance(each, str) for each in belongs):
        raise InvalidInput('In this file a "belongs" isn\'t a list of texts.')
    if not isinstance(hidden, bool):
        raise InvalidInput('In this file a "hidden" is neither true nor false.')
    return Change(tuple(belongs), _text(entry, "name", ""), hidden)


def _text(entry: Mapping[str, Any], key: str, otherwise: str | None = None) -> str:
    found = entry.get(key, otherwise)
    if not isinstance(found, str):
        raise InvalidInput(f'In this file a "{key}" is missing, or isn\'t a text.')
    return found


def _clean_name(name: str) -> str:
    clean = clean_text(name, NAME_MAX + 1)
    if name and not 0 < len(clean) <= NAME_MAX:
        raise InvalidInput(f"A name has 1 to {NAME_MAX} characters.")
    return clean


def _known_subject(of: str, own: OwnGenres) -> tuple[Noun, str]:
    noun, _, key = of.partition(":")
    if noun == Noun.ARTIST:
        if not 0 < len(key) <= _ARTIST_MAX or "\0" in key or normalise(key) != key:
            raise InvalidInput("An artist's name isn't in the form this site keeps it in.")
    elif noun == Noun.GENRE:
        if genres.family_of(key) is None:
            raise InvalidInput(f"There is no genre {key[:NAME_MAX]!r}.")
    elif noun != Noun.FAMILY or (key not in _shipped_families() and not _is_there(of, own)):
        raise InvalidInput(f"There is no family {key[:NAME_MAX]!r}.")
    return Noun(noun), key


def _is_there(of: str, own: OwnGenres) -> bool:
    return is_own_family(of) and of in own.changes and own_family(split(of)[1].removeprefix(_OWN)) == of


def _shipped_families() -> Mapping[str, str]:
    return {family.key: family.name for family in genres.families()}


def _genre_subject(key: str) -> str:
    return key if key.startswith(f"{Noun.FAMILY}:") else subject(Noun.GENRE, key)


def _ranked(subjects: Iterable[str]) -> Weights:
    """Return what an artist was put in as weights: 1, 1/2, 1/3."""
    return tuple((of.removeprefix(f"{Noun.GENRE}:"), 1.0 / place) for place, of in enumerate(subjects, start=1))
