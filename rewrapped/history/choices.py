"""What a listener's filters can be set to: only what their own rows hold."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rewrapped.domain.plays import Kind, Source
from rewrapped.history.frame import History
from rewrapped.history.names import Names, plain
from rewrapped.history.platforms import FAMILIES, family
from rewrapped.history.timeline import years

_SHORTEST = 2  # letters to search for; one would find nearly everything


@dataclass(frozen=True, slots=True)
class Choices:
    """What occurs in a history, each in the order a menu shows it."""

    years: tuple[int, ...]
    platforms: tuple[str, ...]
    countries: tuple[str, ...]
    sources: tuple[Source, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something of the catalogue a filter can name: `noun` is artists, albums or tracks, `id` the catalogue's.

    `name` is empty for a track that only a link is known of.
    """

    noun: str
    id: int
    name: str
    sub: str = ""


def choices(history: History) -> Choices:
    """Return what the filters of this whole history can be set to; looked through once, whatever the play rule."""
    found = _found.get(history.names)
    if found is None:
        found = _found[history.names] = _look_through(history)
    return found


def _look_through(history: History) -> Choices:
    platforms = {family(label) for label in _labels(history, history.platform)}
    countries = {label.upper() for label in _labels(history, history.country) if len(label) == 2 and label.isalpha()}
    return Choices(
        years=tuple(reversed(years(history))),
        platforms=tuple(name for name in FAMILIES if name in platforms),
        countries=tuple(sorted(countries)),
        sources=tuple(Source(int(code)) for code in _used(history.source) if code),
        kinds=tuple(Kind(int(code)) for code in np.unique(history.tracks.kind[_used(history.track)])),
    )


#: What was found, for as long as somebody holds the history under some play rule: all of them share their names.
_found: WeakKeyDictionary[Names, Choices] = WeakKeyDictionary()


def search(history: History, text: str, limit: int) -> tuple[Item, ...]:
    """Return artists, then albums, then tracks whose name holds the text, whatever its case and accents.

    The shortest names come first.

    At most `limit` of each; less than two letters find nothing.
    """
    wanted = " ".join(text.split())
    if len(wanted) < _SHORTEST:
        return ()
    artists = [item(history, "artists", code) for code in _matching(history.artists.name, wanted, limit)]
    albums = [item(history, "albums", code) for code in _matching(history.albums.name, wanted, limit)]
    tracks = [item(history, "tracks", code) for code in _matching(history.tracks.title, wanted, limit)]
    return (*artists, *albums, *tracks)


def named(history: History, noun: str, wanted: int) -> Item | None:
    """Return the item with this catalogue id; None where the listener has no such thing."""
    ids = {"artists": history.artists.id, "albums": history.albums.id, "tracks": history.tracks.id}[noun]
    found = np.flatnonzero(ids == wanted)
    return item(history, noun, int(found[0])) if len(found) else None


def item(history: History, noun: str, code: int) -> Item:
    """Return what stands under a code."""
    if noun == "artists":
        return Item(noun, int(history.artists.id[code]), history.artists.name[code].as_py())
    if noun == "albums":
        artist = _artist(history, int(history.albums.artist[code]))
        return Item(noun, int(history.albums.id[code]), history.albums.name[code].as_py(), artist)
    title = history.tracks.title[code].as_py() or ""
    return Item(noun, int(history.tracks.id[code]), title, _artist(history, int(history.tracks.artist[code])))


def _artist(history: History, code: int) -> str:
    return str(history.artists.name[code].as_py()) if code >= 0 else ""


def _matching(names: pa.StringArray, wanted: str, limit: int) -> list[int]:
    sought = plain(pa.array([wanted]))[0].as_py()
    hits = pc.fill_null(pc.match_substring(plain(names), sought, ignore_case=True), False)
    codes = np.flatnonzero(hits.to_numpy(zero_copy_only=False))
    lengths = pc.utf8_length(names.take(pa.array(codes))).to_numpy(zero_copy_only=False)
    return [int(code) for code in codes[np.argsort(lengths, kind="stable")][:limit]]


def _labels(history: History, codes: npt.NDArray[np.int16]) -> list[str]:
    return [history.labels[int(code)] for code in _used(codes) if code]


def _used(codes: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    return np.flatnonzero(np.bincount(codes)) if len(codes) else np.empty(0, np.int64)
