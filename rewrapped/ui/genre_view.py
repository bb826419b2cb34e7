"""What the Genres page looks at: how finely, shares or minutes, and which genre, family or artist was pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import streamlit as st

from rewrapped.charts.palettes import Tokens
from rewrapped.domain.owngenres import Noun, OwnGenres
from rewrapped.domain.plays import Filter
from rewrapped.history import genres
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Level
from rewrapped.history.genres import Part
from rewrapped.history.timeline import Bucket
from rewrapped.services import genre_choices
from rewrapped.ui import session, wording
from rewrapped.ui.explain import explain_errors

SHOWN = 9  # bands and lines with a colour; what is left is one grey band
_KEY = "in"


class Section(StrEnum):
    """A part of the page; while one is shown, the others are neither worked out nor drawn."""

    TIME = "time"
    TIES = "ties"
    EACH = "each"


SECTIONS: Final[Mapping[Section, str]] = {
    Section.TIME: "Over time",
    Section.TIES: "What goes together",
    Section.EACH: "One by one",
}


class Unit(StrEnum):
    """What the bands of the stream say."""

    SHARE = "share"
    TIME = "time"


class Ring(StrEnum):
    """What is tied to what."""

    GENRES = "genres"
    ARTISTS = "artists"


@dataclass(frozen=True, slots=True)
class Picked:
    """A genre or family the page was narrowed to."""

    level: Level
    key: str
    name: str


def open_genres(whole: History) -> tuple[OwnGenres, GenreMap]:
    """Return what the listener changed about genres, and the genres of their artists; else end the page, saying why."""
    deps, found = session.deps(), None
    with explain_errors():
        own = genre_choices.own_genres(deps, session.require_listener())
        found = own, genre_choices.map_of(deps, whole, own)
    if found is None:
        st.stop()
    return found


def picked(known: GenreMap) -> Picked | None:
    """Return what the address names, None when it is nothing the listener has."""
    noun, _, key = st.query_params.get(_KEY, "").partition(":")
    level = {Noun.GENRE: Level.GENRES, Noun.FAMILY: Level.FAMILIES}.get(Noun(noun)) if noun in set(Noun) else None
    if level is None:
        return None
    table = known.at(level)
    place = table.place(key)
    return None if place is None else Picked(level, key, table.labels[place].name)


def follow(*pressed: tuple[Level, str | None]) -> None:
    """Narrow the page to the genre or family that was pressed in this run, if one was, and draw it anew."""
    for level, key in pressed:
        if key:
            st.query_params[_KEY] = f"{Noun.GENRE if level is Level.GENRES else Noun.FAMILY}:{key}"
            st.rerun()


def leave() -> None:
    """Take the narrowing off."""
    st.query_params.pop(_KEY, None)


def way_back(chosen: Picked) -> None:
    """Show what the page is narrowed to, and the way back."""
    with st.container(horizontal=True, key="filter_chips_genre"):
        said = wording.plain(chosen.name)
        st.button(said, key="genre_picked", icon=":material/close:", help="Show all genres again", on_click=leave)


def narrowed(chosen: Filter, history: History, known: GenreMap, only: Picked) -> Filter:
    """Return a filter narrowed to the artists of a genre or family; those it names already stay the bound."""
    ids = genres.artist_ids(history, known, only.level, only.key)
    return replace(chosen, artists=(ids & chosen.artists if chosen.artists else ids) or frozenset({0}))


def bucket_for(history: History) -> Bucket:
    """Return how long a moment of the stream is: a month, or less where that would leave only a few."""
    length = len(history.span)
    return Bucket.DAY if length <= 35 else Bucket.WEEK if length <= 200 else Bucket.MONTH


def shown_parts(parts: Sequence[Part], only: Picked | None) -> tuple[Part, ...]:
    """Return what the stream has a band for: within a family, its own genres alone."""
    if only is not None and only.level is Level.FAMILIES:
        return tuple(part for part in parts if part.label.family == only.key)
    return tuple(parts)


def colours(shown: Sequence[Part], whole: Sequence[Part], tokens: Tokens) -> Mapping[str, str]:
    """Return a colour for each of the largest shown parts.

    Those that are among the largest of the whole history keep theirs whatever is filtered; the others share what
    is left.
    """
    own = {part.label.key: colour for part, colour in zip(whole[:SHOWN], tokens.categorical, strict=False)}
    keys = [part.label.key for part in shown[:SHOWN]]
    free = iter([colour for colour in tokens.categorical if colour not in {own.get(key) for key in keys}])
    return {key: own.get(key) or next(free) for key in keys}
