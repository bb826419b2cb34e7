"""A made-up listener of any size, the same for the same seed: what the bench and hostile tests run on.

Tracks follow Zipf's law, days have a shape, years drift, one row in twenty is a
podcast, and rows come from several sources, platforms and countries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rewrapped.domain.plays import Flags, Kind, Source
from rewrapped.history.columns import Albums, Artists, Columns, Tracks

_DAY_US = 86_400_000_000
_FIRST_US = 1_420_070_400_000_000  # 2015-01-01
_PLATFORMS = (
    "android",
    "ios",
    "windows",
    "osx",
    "linux",
    "web_player",
    "cast",
    "Partner google cast_tv;Chromecast;;",
    "Android OS 9 API 28 (samsung, SM-G950F)",
    "iOS 13.3 (iPhone11,8)",
    "Windows 10 (10.0.18363; x64; AppX)",
)
_COUNTRIES = ("DE", "FR", "ES", "IN", "US")
_STARTS = ("trackdone", "fwdbtn", "clickrow", "playbtn", "backbtn", "appload")
_ENDS = ("trackdone", "fwdbtn", "endplay", "logout", "unexpected-exit", "backbtn")
_LABELS = ("", *_PLATFORMS, *_COUNTRIES, *dict.fromkeys(_STARTS + _ENDS))
_FLAGS = (Flags.SHUFFLE, Flags.SKIPPED, Flags.OFFLINE)
_KNOWN = Flags.SHUFFLE_KNOWN | Flags.SKIPPED_KNOWN | Flags.OFFLINE_KNOWN | Flags.INCOGNITO_KNOWN


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a made-up listener has."""

    plays: int
    tracks: int = 40_000
    artists: int = 6_000
    years: int = 9


def columns(size: Size, seed: int) -> Columns:
    """Return the columns of a made-up listener, over `size.years` years from 2015-01-01 UTC."""
    random = np.random.default_rng(seed)
    tracks, albums, artists = _catalogue(size, random)
    track = _zipf(size.plays, size.tracks, random)
    source = random.choice(
        [Source.EXTENDED, Source.ACCOUNT, Source.LISTENBRAINZ, Source.SPOTIFY_API],
        size.plays,
        p=[0.9, 0.06, 0.02, 0.02],
    )
    length = tracks.duration_ms[track].astype(np.int64)
    heard = np.where(random.random(size.plays) < 0.7, 1.0, random.random(size.plays))
    ms_played = np.where(source == Source.SPOTIFY_API, 0, length * heard)
    return Columns(
        ended_at=np.sort(_moments(size, random)),
        track=track,
        ms_played=ms_played.astype(np.int32),
        source=source.astype(np.uint8),
        platform=_labelled(_PLATFORMS, size.plays, random),
        country=_labelled(_COUNTRIES, size.plays, random),
        reason_start=_labelled(_STARTS, size.plays, random),
        reason_end=_labelled(_ENDS, size.plays, random),
        flags=_flags(size.plays, random),
        tracks=tracks,
        artists=artists,
        albums=albums,
        labels=_LABELS,
    )


def _catalogue(size: Size, random: np.random.Generator) -> tuple[Tracks, Albums, Artists]:
    artist = _zipf(size.tracks, size.artists, random, power=0.7)
    album_count = max(1, size.tracks // 5)
    album_artist = _zipf(album_count, size.artists, random, power=0.7)
    album = random.integers(0, album_count, size.tracks, dtype=np.int32)
    kind = np.where(random.random(size.tracks) < 0.05, Kind.EPISODE, Kind.TRACK).astype(np.uint8)
    tracks = Tracks(
        id=np.arange(1, size.tracks + 1, dtype=np.int64),
        uri=pa.array([f"spotify:track:{code:022d}" for code in range(size.tracks)], pa.string()),
        title=pa.array([f"Track {code:06d}" for code in range(size.tracks)], pa.string()),
        artist=artist,
        album=album,
        kind=kind,
        duration_ms=random.normal(210_000, 45_000, size.tracks).clip(40_000, 900_000).astype(np.int32),
        name_key=pa.array([code.to_bytes(16, "big") for code in range(1, size.tracks + 1)], pa.binary(16)),
    )
    albums = Albums(
        id=np.arange(1, album_count + 1, dtype=np.int64),
        name=pa.array([f"Album {code:06d}" for code in range(album_count)], pa.string()),
        artist=album_artist,
    )
    artists = Artists(
        id=np.arange(1, size.artists + 1, dtype=np.int64),
        name=pa.array([f"Artist {code:06d}" for code in range(size.artists)], pa.string()),
    )
    return tracks, albums, artists


def _zipf(count: int, choices: int, random: np.random.Generator, power: float = 0.9) -> npt.NDArray[np.int32]:
    """Draw codes below `choices`; popularity falls with a power of the rank, ranks are shuffled over the codes."""
    weights = np.arange(1, choices + 1, dtype=float) ** -power
    edges = np.cumsum(weights / weights.sum())
    drawn = np.searchsorted(edges, random.random(count)).clip(0, choices - 1)
    return random.permutation(choices)[drawn].astype(np.int32)


def _moments(size: Size, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw moments in UTC microseconds: busy mornings and evenings, quiet nights, days with nothing."""
    hours = np.array([2, 1, 1, 1, 1, 2, 5, 9, 10, 6, 5, 5, 6, 6, 6, 6, 8, 11, 11, 10, 9, 8, 6, 4], dtype=float)
    days = np.flatnonzero(random.random(size.years * 365) > 0.06)
    day = random.choice(days if len(days) else np.zeros(1, dtype=np.int64), size.plays)
    hour = random.choice(24, size.plays, p=hours / hours.sum())
    within = random.integers(0, 3600, size.plays)
    return _FIRST_US + day * _DAY_US + (hour * 3600 + within) * 1_000_000


def _labelled(words: tuple[str, ...], count: int, random: np.random.Generator) -> npt.NDArray[np.int16]:
    codes = np.array([_LABELS.index(word) for word in words], dtype=np.int16)
    weights = 1 / np.arange(1, len(words) + 1)
    return random.choice(codes, count, p=weights / weights.sum())


def _flags(count: int, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    flags = np.full(count, int(_KNOWN), dtype=np.uint8)
    for flag, share in zip(_FLAGS, (0.3, 0.15, 0.05), strict=True):
        flags |= np.where(random.random(count) < share, int(flag), 0).astype(np.uint8)
    return flags
