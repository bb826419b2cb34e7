"""Genres of artists as they were learned from outside services; the seed and a listener's own choices stand above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rewrapped.deps import Deps
from rewrapped.domain.genres import Weights
from rewrapped.domain.learning import TAGGERS
from rewrapped.storage import artist_genres


def weights_for(deps: Deps, artist_ids: Sequence[int]) -> Mapping[int, Weights]:
    """Return the genres of those artists about whom anything was learned, by id, heaviest first, the first 1.0.

    What MusicBrainz and ListenBrainz say stands; Last.fm is heard where they say nothing.

    Raises:
        StoreDown: the database doesn't answer.
    """
    with deps.engine.connect() as conn:
        table = artist_genres.list_for(conn, artist_ids)
    told: dict[str, dict[int, list[tuple[str, float]]]] = {source: {} for source in TAGGERS}
    columns = (table[name].to_pylist() for name in ("source", "artist_id", "genre", "weight"))
    for source, artist_id, genre, weight in zip(*columns, strict=True):
        told[source].setdefault(artist_id, []).append((genre, weight))
    first, second = (told[source] for source in TAGGERS)
    return {artist_id: tuple(weights) for artist_id, weights in (second | first).items()}
