"""Listens that a service handed out -> columns, cleaned as rows of a file are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from rewrapped.domain.plays import Kind, Source
from rewrapped.domain.scrobbling import Listen
from rewrapped.importers.names import Described, IdentityCodes, Names
from rewrapped.importers.rows import Identity, Rows
from rewrapped.importers.sieve import Candidates, Sieve, blank

_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Scrobbles:
    """Rows of one service; `identity` in `data` indexes `identities`. What can't be stored isn't among them."""

    source: Source
    data: Rows
    identities: Sequence[Identity]


def read(source: Source, listens: Sequence[Listen], now: datetime) -> Scrobbles:
    """Return the listens that can be stored as rows, in their order: dated, and of a title."""
    names = Names()
    sieve = Sieve(IdentityCodes(names, _describe), now)
    reported = np.array([one.listened_s for one in listens], np.int64) * _SECOND_US
    ms = np.array([one.ms for one in listens], np.int64)
    keys = [(one.title, one.artist, one.album) for one in listens]
    kept, codes = sieve.sift(Candidates(reported, ms, np.zeros(len(listens), np.bool_), keys))
    data = blank(len(codes))
    data["reported_at"] = data["ended_at"] = reported[kept]
    data["ms_played"], data["identity"] = ms[kept], codes
    return Scrobbles(source, data, names.identities)


def _describe(*key: str | None) -> Described:
    """Return what was heard: names alone, whatever else a service knows, so that it doesn't depend on the service."""
    title, artist, album = key
    return (int(Kind.TRACK), None, title, artist, album)
