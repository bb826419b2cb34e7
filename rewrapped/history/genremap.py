"""Which genres each artist of a listener has: one sparse table that every insight on genres is a product with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rewrapped.domain.genres import Weights
from rewrapped.domain.owngenres import OwnGenres
from rewrapped.history.sums import divided

Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Level(StrEnum):
    """How finely music is told apart."""

    FAMILIES = "families"
    GENRES = "genres"


@dataclass(frozen=True, slots=True)
class Label:
    """A genre or a family: its key, what the listener calls it, and the key of its family (a family's is its own)."""

    key: str
    name: str
    family: str


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Artists by labels: row `i` says that the artist of code `artist[i]` gives the part `weight[i]` to `label[i]`.

    The parts of one artist add up to 1; `label` are indexes into `labels`,
    which hold only what an artist of the listener has.
    """

    labels: tuple[Label, ...]
    artist: npt.NDArray[np.int32]
    label: npt.NDArray[np.int32]
    weight: Floats

    def sums(self, of_artist: Int64s) -> Floats:
        """Return a number per artist as one per label, divided among an artist's labels."""
        return divided(self.label, of_artist[self.artist] * self.weight, len(self.labels))

    def place(self, key: str) -> int | None:
        """Return the index of a label, None when no artist of the listener has it."""
        return next((place for place, label in enumerate(self.labels) if label.key == key), None)

    def labels_of(self, code: int) -> tuple[Label, ...]:
        """Return the labels of one artist, the one they are most of first."""
        rows = np.flatnonzero(self.artist == code)
        return tuple(self.labels[int(self.label[row])] for row in rows[np.argsort(-self.weight[rows], kind="stable")])

    def artists_of(self, place: int) -> tuple[npt.NDArray[np.int32], Floats]:
        """Return the codes of the artists that have a label, and which part of them it is."""
        rows = self.label == place
        return self.artist[rows], self.weight[rows]


@dataclass(frozen=True, eq=False)
class GenreMap:
    """The genres of a listener's artists. `is_known` and `is_hidden` have one entry per artist.

    An artist is known when a genre of theirs is shown, hidden when the
    listener left them, or all their genres, out.
    """

    genres: Table
    is_known: npt.NDArray[np.bool_]
    is_hidden: npt.NDArray[np.bool_]
    families: Table

    def at(self, level: Level) -> Table:
        """Return the table of genres or of families."""
        return self.genres if level is Level.GENRES else self.families

    @cached_property
    def known(self) -> npt.NDArray[np.int32]:
        """Return the codes of the artists that are known."""
        return np.flatnonzero(self.is_known).astype(np.int32)


def genre_map(artist_keys: Sequence[str], told: Callable[[int, str], Weights], own: OwnGenres) -> GenreMap:
    """Return the map of artists, given as normalised names in the order of their codes.

    `told(code, key)` says which genres an artist has without the listener's changes.
    """
    artist: list[int] = []
    keys: list[str] = []
    weight: list[float] = []
    hidden = np.zeros(len(artist_keys), dtype=bool)
    for code, key in enumerate(artist_keys):
        otherwise = told(code, key)
        found = own.weights(key, otherwise)
        hidden[code] = own.is_hidden_artist(key) or (not found and own.has_genres(key, otherwise))
        if hidden[code] or not found:
            continue
        whole = sum(part for _, part in found)
        for each, part in found:
            artist.append(code)
            keys.append(each)
            weight.append(part / whole)
    genres = _table(np.array(artist, np.int32), keys, np.array(weight), own)
    known = np.zeros(len(artist_keys), dtype=bool)
    known[genres.artist] = True
    return GenreMap(genres, known, hidden, _families(genres, own))


def _table(artist: npt.NDArray[np.int32], keys: list[str], weight: Floats, own: OwnGenres) -> Table:
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    labels = tuple(Label(key, own.genre_name(key), own.family_of(key)) for key in places)
    return Table(labels, artist, np.array([places[key] for key in keys], np.int32), weight)


def _families(genres: Table, own: OwnGenres) -> Table:
    """Return the table with an artist's genres of one family added up."""
    keys = [key for key in own.families() if key in {label.family for label in genres.labels}]
    place = {key: at for at, key in enumerate(keys)}
    of_genre = np.array([place[label.family] for label in genres.labels], np.int64)
    pairs = genres.artist.astype(np.int64) * max(len(keys), 1) + of_genre[genres.label]
    once, back = np.unique(pairs, return_inverse=True)
    return Table(
        labels=tuple(Label(key, own.family_name(key), key) for key in keys),
        artist=(once // max(len(keys), 1)).astype(np.int32),
        label=(once % max(len(keys), 1)).astype(np.int32),
        weight=divided(back, genres.weight, len(once)),
    )
