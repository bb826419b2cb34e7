"""Names of a listener's catalogue in the forms that searching and sorting need, made when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rewrapped.domain.plays import normalise
from rewrapped.history.columns import Columns, texts

Ranks = npt.NDArray[np.int64]


class Names:
    """What titles, artists and albums are called, per track; kept as long as the history is."""

    def __init__(self, columns: Columns) -> None:
        self._tracks, self._artists, self._albums = columns.tracks, columns.artists, columns.albums

    def matching(self, search: str) -> npt.NDArray[np.bool_]:
        """Return which tracks hold every word of a search in their title, artist or album, whatever its accents."""
        found = np.ones(len(self._tracks), dtype=bool)
        for word in plain(pa.array([normalise(search)]))[0].as_py().split():
            found &= pc.match_substring(self._searchable, word).to_numpy(zero_copy_only=False)
        return found

    @cached_property
    def title_ranks(self) -> Ranks:
        """Return the place of each track's title among all, casefolded; equal titles share one, none comes last."""
        return _ranks(self._tracks.title.to_pylist())

    @cached_property
    def artist_ranks(self) -> Ranks:
        """Return the same of each track's artist."""
        return _per_track(_ranks([*self._artists.name.to_pylist(), None]), self._tracks.artist)

    @cached_property
    def album_ranks(self) -> Ranks:
        """Return the same of each track's album."""
        return _per_track(_ranks([*self._albums.name.to_pylist(), None]), self._tracks.album)

    @cached_property
    def _searchable(self) -> pa.StringArray:
        """Return one text per track; a line break keeps a word from running over two names."""
        artists = [normalise(name) for name in self._artists.name.to_pylist()]
        albums = [normalise(name) for name in self._albums.name.to_pylist()]
        titles = [normalise(title or "") for title in self._tracks.title.to_pylist()]
        named = zip(
            titles,
            texts(pa.array(artists, pa.string()), self._tracks.artist),
            texts(pa.array(albums, pa.string()), self._tracks.album),
            strict=True,
        )
        lines = ["\n".join((title, artist or "", album or "")) for title, artist, album in named]
        return plain(pa.array(lines, pa.string()))


def plain(names: pa.StringArray) -> pa.StringArray:
    """Return names without accents, as people type them in a search: "Sigur Rós" is found by "sigur ros"."""
    return pc.replace_substring_regex(pc.utf8_normalize(names, "NFKD"), r"\p{Mn}", "")


def _ranks(names: list[str | None]) -> Ranks:
    folded: Any = pa.array([None if name is None else name.casefold() for name in names], pa.string())
    # Nulls are put at the end.
    ranks = pc.rank(folded, sort_keys="ascending", tiebreaker="dense")
    found: Ranks = ranks.to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _per_track(ranks: Ranks, codes: npt.NDArray[np.int32]) -> Ranks:
    """Return each track's rank; the last rank is that of a track without one (code -1)."""
    found: Ranks = np.take(ranks, codes)
    return found
