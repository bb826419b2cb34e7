"""Which track a row without a URI belongs to: joining is done after loading, so that no stored key depends on it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rewrapped.history.columns import Tracks

_COUNTED_MS = 30_000

Codes = npt.NDArray[np.int32]


def joined_codes(tracks: Tracks, track: Codes, ms_played: npt.NDArray[np.int32]) -> Codes | None:
    """Return the code that every track's rows count under; None when each keeps its own.

    A name track (no URI) takes the code of the URI track with an equal
    `name_key` that the listener played most: by rows of at least 30 s, then by
    time over all rows, then the lowest URI. `track` and `ms_played` are the
    listener's rows.
    """
    has_key = ~_mask(pc.is_null(tracks.name_key))
    has_uri = ~_mask(pc.is_null(tracks.uri))
    nameless = np.flatnonzero(has_key & ~has_uri)
    if not len(nameless) or not has_uri.any():
        return None
    keys = _key_numbers(tracks, has_key)
    candidates = np.flatnonzero(has_key & has_uri)
    candidates = candidates[np.isin(keys[candidates], keys[nameless])]
    best = _best_per_key(tracks, candidates, keys, track, ms_played)
    return _assigned(len(tracks), nameless, keys, best)


def _best_per_key(
    tracks: Tracks,
    candidates: npt.NDArray[np.int64],
    keys: npt.NDArray[np.int64],
    track: Codes,
    ms_played: npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:
    """Return one code per key, in the order of keys: the candidate played most."""
    long_rows = np.bincount(track[ms_played >= _COUNTED_MS], minlength=len(tracks))
    ms = np.bincount(track, weights=ms_played, minlength=len(tracks))
    uris = np.array(tracks.uri.take(pa.array(candidates)).to_pylist(), dtype=np.str_)
    order = np.lexsort((uris, -ms[candidates], -long_rows[candidates], keys[candidates]))
    ordered = candidates[order]
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = keys[ordered[1:]] != keys[ordered[:-1]]
    return ordered[first]


def _assigned(
    count: int, nameless: npt.NDArray[np.int64], keys: npt.NDArray[np.int64], best: npt.NDArray[np.int64]
) -> Codes | None:
    if not len(best):
        return None
    place = np.searchsorted(keys[best], keys[nameless]).clip(max=len(best) - 1)
    found = keys[best[place]] == keys[nameless]
    codes = np.arange(count, dtype=np.int32)
    codes[nameless[found]] = best[place[found]]
    return codes


def _key_numbers(tracks: Tracks, has_key: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return a number per track, equal where the keys are; -1 where there is none."""
    numbers = np.full(len(tracks), -1, dtype=np.int64)
    encoded = tracks.name_key.filter(pa.array(has_key)).dictionary_encode()
    numbers[has_key] = encoded.indices.to_numpy()
    return numbers


def _mask(array: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = array.to_numpy(zero_copy_only=False)
    return mask
