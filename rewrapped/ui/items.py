"""Things of a listener's music that have a page of their own: which one is asked for, and the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

import streamlit as st

from rewrapped.domain.plays import Filter
from rewrapped.domain.sitemap import ITEM, own_page
from rewrapped.history import genres
from rewrapped.history.choices import item
from rewrapped.history.filterquery import LONGEST_ID
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Level
from rewrapped.history.tops import Noun, code_of, ids_of
from rewrapped.ui import filters, wording


class Of(StrEnum):
    """What an item is, as its address says it."""

    TRACK = "track"
    ALBUM = "album"
    ARTIST = "artist"
    GENRE = "genre"


_NOUNS = {Of.TRACK: Noun.TRACKS, Of.ALBUM: Noun.ALBUMS, Of.ARTIST: Noun.ARTISTS, Of.GENRE: Noun.ARTISTS}
_OF = {noun: of for of, noun in _NOUNS.items() if of is not Of.GENRE}


@dataclass(frozen=True, slots=True)
class About:
    """What a page is about.

    `key` is a genre's key, else the catalogue's id. `ids` are those of `noun`:
    the item itself, for a genre the artists who are of it, also in part.
    `artist` is empty where nobody stands behind it.
    """

    of: Of
    key: str
    name: str
    artist: str
    artist_id: int | None
    noun: Noun
    ids: frozenset[int]

    @property
    def filter(self) -> Filter:
        """Return what leaves the item's own rows, of any kind."""
        ids = self.ids or frozenset({0})
        if self.noun is Noun.TRACKS:
            return Filter(kinds=frozenset(), tracks=ids)
        if self.noun is Noun.ALBUMS:
            return Filter(kinds=frozenset(), albums=ids)
        return Filter(kinds=frozenset(), artists=ids)

    @property
    def full_name(self) -> str:
        """Return "Tide by Xenia", or the name alone where nobody stands behind it."""
        return f"{self.name} by {self.artist}" if self.artist else self.name


def address(of: Of | Noun, key: int | str | None) -> str:
    """Return the address of an item's page with the bar's filter; "" where there is no item."""
    if key is None:
        return ""
    query = urlencode({"of": _OF[of] if isinstance(of, Noun) else of, "id": key})
    chosen = filters.address()
    return f"/{ITEM}?{query}&{chosen}" if chosen else f"/{ITEM}?{query}"


def follow(page: str) -> None:
    """Go to a page of ours that was pressed; "" goes nowhere."""
    if page:
        name, query = own_page(page.removeprefix("/"))
        st.switch_page(f"pages/{name}.py", query_params=query)


def asked(query: Mapping[str, str], whole: History, known: GenreMap) -> About | None:
    """Return what an address asks for, None where this listener has no such thing.

    A track that is one with another for this listener is that other one.
    """
    word, key = query.get("of", ""), query.get("id", "")
    if word == Of.GENRE:
        return _genre(key, whole, known)
    is_id = key.isascii() and key.isdigit() and len(key) <= LONGEST_ID
    if word not in set(Of) or not is_id:
        return None
    noun = _NOUNS[Of(word)]
    if int(key) not in ids_of(whole, noun):
        return None
    return _item(whole, noun, int(key))


def _item(whole: History, noun: Noun, item_id: int) -> About:
    code = code_of(whole, noun, item_id)
    if noun is Noun.TRACKS:
        rows = whole.filter(Filter(kinds=frozenset(), tracks=frozenset({item_id})))
        code = int(rows.track[0]) if len(rows) else code
    found = item(whole, noun, code)
    artists = {Noun.TRACKS: whole.tracks.artist, Noun.ALBUMS: whole.albums.artist}.get(noun)
    by = -1 if artists is None else int(artists[code])
    return About(
        of=_OF[noun],
        key=str(found.id),
        name=wording.called(found.name),
        artist=found.sub,
        artist_id=int(whole.artists.id[by]) if by >= 0 else None,
        noun=noun,
        ids=frozenset({found.id}),
    )


def _genre(key: str, whole: History, known: GenreMap) -> About | None:
    place = known.genres.place(key)
    if place is None:
        return None
    ids = genres.artist_ids(whole, known, Level.GENRES, key)
    return About(Of.GENRE, key, known.genres.labels[place].name, "", None, Noun.ARTISTS, ids)
