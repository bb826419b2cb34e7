"""Genres and their families: the shipped taxonomy, and how the words of others map onto it.

The taxonomy and the seed are files beside this module; keys in them never
change. A genre belongs to one family. `Weights` are genre keys with numbers
above 0, heaviest first, the first 1.0; none at all where nothing is known.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from rewrapped.domain.outside_genres import JAMBASE, NO_GENRE, TICKETMASTER, TICKETMASTER_PAIRS
from rewrapped.domain.plays import normalise
from rewrapped.errors import NotFound

MAX_WORD: Final = 100  # characters; a longer text is no word for a genre
MOST_OF_TAGS: Final = 5  # genres that are taken from an artist's tags
FAINTEST_OF_TAGS: Final = 0.1  # of the strongest one's weight

Weights = tuple[tuple[str, float], ...]

_LEAVES: Final = MappingProxyType({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"})
_TRAILING: Final = ("music", "musik", "musique", "genre")


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre: its key for storing, its name for people, other words for it, and its family's key."""

    key: str
    name: str
    aliases: tuple[str, ...]
    family: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family of genres, with one sentence about what it holds."""

    key: str
    name: str
    about: str
    genres: tuple[Genre, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One version of all families, in the order they are shown in."""

    version: int
    families: tuple[Family, ...]
    qualifiers: frozenset[str]

    def genres(self) -> Iterator[Genre]:
        """Return every genre, family by family."""
        return (genre for family in self.families for genre in family.genres)


@cache
def taxonomy() -> Taxonomy:
    """Return the shipped taxonomy, read once a process."""
    read = _read("taxonomy.toml")
    families = tuple(_family(key, entry) for key, entry in read["families"].items())
    return Taxonomy(read["version"], families, frozenset(_squeezed(word) for word in read["qualifiers"]))


def families() -> tuple[Family, ...]:
    """Return all families in their order."""
    return taxonomy().families


def family(key: str) -> Family:
    """Return the shipped family of a key.

    Raises:
        NotFound: there is none.
    """
    found = next((family for family in families() if family.key == key), None)
    if found is None:
        raise NotFound("There is no such family of genres.")
    return found


def genre(key: str) -> Genre:
    """Return the genre of a stored key.

    Raises:
        NotFound: there is none.
    """
    found = _by_key().get(key)
    if found is None:
        raise NotFound("There is no such genre.")
    return found


def find(word: str) -> Genre | None:
    """Return the genre somebody's word stands for, None when we know none.

    Case, accents, spaces, hyphens, slashes, "&", "'n'" and a closing "music"
    make no difference. Where the whole isn't known, words of origin and age in
    front of it are left out ("swedish indie pop").
    """
    if len(word) > MAX_WORD:
        return None
    words = _words(word)
    for start in range(len(words)):
        if start and not _is_qualifier(words[:start]):
            continue
        if found := _lookup(words[start:]):
            return found
    return None


def from_words(words: Iterable[str]) -> Weights:
    """Return the genres of a promoter's or tagger's words, the one said most first.

    Words that say the same add up; words we don't know say nothing.
    """
    return _summed((word, 1.0) for word in words)


def from_tags(tags: Mapping[str, float]) -> Weights:
    """Return the genres of an artist's tags, each with how much is said for it: the strongest few.

    Tags that say the same add up; tags we don't know say nothing.
    """
    found = _summed(tags.items())
    return tuple(one for one in found if one[1] >= FAINTEST_OF_TAGS)[:MOST_OF_TAGS]


def from_ticketmaster(genre_name: str | None, sub_genre_name: str | None = None) -> Weights:
    """Return the genres of a Ticketmaster classification: the sub-genre first, its genre at half the weight.

    "Undefined", "Other" and names we don't know say nothing.
    """
    broad, narrow = _squeezed(genre_name or ""), _squeezed(sub_genre_name or "")
    pair = TICKETMASTER_PAIRS.get((broad, narrow))
    keys = (pair,) if pair else (_ticketmaster(sub_genre_name or ""), _ticketmaster(genre_name or ""))
    return _ranked(keys)


def from_jambase(slug: str) -> Weights:
    """Return the genres of one of JamBase's slugs; none for a slug we don't know."""
    key = JAMBASE.get(slug.strip().lower())
    return ((key, 1.0),) if key else from_words([slug])


def seeded(artist_name: str) -> Weights:
    """Return the genres of a widely played artist, none for whoever isn't in the seed; names are normalised."""
    return _ranked(_seed()[1].get(normalise(artist_name), "").split())


def seeded_names() -> Iterable[str]:
    """Return the normalised names of all artists of the seed."""
    return _seed()[1].keys()


def seed_version() -> int:
    """Return the version of the shipped seed of artists."""
    return _seed()[0]


def family_of(genre_key: str, own: Mapping[str, str] | None = None) -> str | None:
    """Return the family key of a genre; `own` (genre key -> family key) is a listener's and goes first.

    None for a genre that neither knows. A listener's family need not be one of ours.
    """
    if own and genre_key in own:
        return own[genre_key]
    known = _by_key().get(genre_key)
    return known.family if known else None


def family_shares(
    weights: Iterable[tuple[str, float]], own: Mapping[str, str] | None = None
) -> tuple[tuple[str, float], ...]:
    """Return each family's share of some weights, largest first; they add up to 1, or there are none."""
    sums: dict[str, float] = {}
    for key, weight in weights:
        found = family_of(key, own)
        if found is not None and weight > 0:
            sums[found] = sums.get(found, 0.0) + weight
    whole = sum(sums.values())
    return _weights({key: weight / whole for key, weight in sums.items()})


def _summed(said: Iterable[tuple[str, float]]) -> Weights:
    """Return the genres of words that each have a number, added up; the first 1.0."""
    sums: dict[str, float] = {}
    for word, number in said:
        if found := find(word):
            sums[found.key] = sums.get(found.key, 0.0) + number
    most = max(sums.values(), default=1.0)
    return _weights({key: number / most for key, number in sums.items()})


def _ticketmaster(name: str) -> str | None:
    squeezed = _squeezed(name)
    if squeezed in NO_GENRE:
        return None
    if squeezed in TICKETMASTER:
        return TICKETMASTER[squeezed]
    found = find(name)
    return found.key if found else None


def _ranked(keys: Iterable[str | None]) -> Weights:
    """Return each key once, in order: 1, then 1/2, 1/3 ..."""
    once = dict.fromkeys(key for key in keys if key)
    return tuple((key, 1.0 / place) for place, key in enumerate(once, start=1))


def _weights(found: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Return the heaviest first; equal ones in the order of their keys."""
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _lookup(words: list[str]) -> Genre | None:
    known = _by_word()
    found = known.get("".join(words))
    if found is None and len(words) > 1 and words[-1] in _TRAILING:
        return known.get("".join(words[:-1]))
    return found


def _is_qualifier(words: list[str]) -> bool:
    """Tell whether a run of words is qualifiers alone; one may be of two words ("south african")."""
    known = taxonomy().qualifiers
    if not words:
        return True
    return any("".join(words[:size]) in known and _is_qualifier(words[size:]) for size in (1, 2) if size <= len(words))


@cache
def _by_key() -> Mapping[str, Genre]:
    return MappingProxyType({genre.key: genre for genre in taxonomy().genres()})


@cache
def _by_word() -> Mapping[str, Genre]:
    """Return squeezed word -> genre; a test holds that no two genres claim one word."""
    words = {_squeezed(word): genre for genre in taxonomy().genres() for word in (genre.name, *genre.aliases)}
    return MappingProxyType({_squeezed(genre.key): genre for genre in taxonomy().genres()} | words)


@cache
def _seed() -> tuple[int, Mapping[str, str]]:
    """Return the version and normalised name -> keys with spaces between, which are split when asked for."""
    # lines, as thousands of them in TOML take over a tenth of a second
    first, *lines = (line for line in _text("seed.tsv").splitlines() if line and not line.startswith("#"))
    artists = (line.split("\t") for line in lines)
    return int(first.split("\t")[1]), MappingProxyType({normalise(name): keys for name, keys in artists})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return files("rewrapped.domain").joinpath(name).read_text("utf-8")


def _family(key: str, entry: Mapping[str, Any]) -> Family:
    genres = (Genre(word, names[0], tuple(names[1:]), key) for word, names in entry["genres"].items())
    return Family(key, entry["name"], entry["about"], tuple(genres))


def _squeezed(text: str) -> str:
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    """Return the plain words of a text: no accents, no signs, "&" and "'n'" as "and"."""
    plain = unicodedata.normalize("NFKD", normalise(text[: 2 * MAX_WORD])).replace("&", " and ")
    bare = "".join(_LEAVES.get(c, c) for c in plain if not unicodedata.combining(c))
    apart = re.sub(r"\W'?n'?\W", " and ", bare)
    return re.findall(r"[^\W_]+", apart.replace("'", "").replace("’", ""))
