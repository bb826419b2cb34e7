"""Turns the sample listener's days into what their devices report: one entry per stream."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from rewrapped.demo.catalogue import HOME_RECORDINGS
from rewrapped.demo.devices import device, phone
from rewrapped.demo.life import Day, Slot
from rewrapped.demo.spoken import Chapter, Episode, Podcasts, chapters
from rewrapped.demo.taste import Mood, Taste
from rewrapped.demo.works import Track

_BOOKS_AT: Final = ((0.28, 0.33), (0.7, 0.75))  # shares of the years in which an audiobook is heard
_AT_ONCE_S = 2


class Mode(StrEnum):
    """How the next track is found."""

    ALBUM = "album"
    ARTIST = "artist"
    MIX = "mix"
    ROTATION = "rotation"
    DISCOVER = "discover"


_SKIPPED: Final = MappingProxyType(
    {Mode.ALBUM: 0.05, Mode.ARTIST: 0.15, Mode.MIX: 0.22, Mode.ROTATION: 0.17, Mode.DISCOVER: 0.46}
)
_MODES: Final = MappingProxyType(  # weights in the order of Mode
    {
        Mood.COMMUTE: (18, 18, 22, 42, 0),
        Mood.DESK: (36, 12, 38, 4, 10),
        Mood.EVENING: (38, 16, 24, 14, 8),
        Mood.PARTY: (0, 12, 62, 26, 0),
        Mood.NIGHT: (55, 20, 25, 0, 0),
    }
)


@dataclass(frozen=True, slots=True)
class Stream:
    """One entry. `end_s` is when it was reported; `start_s` when the device began it (seconds since 1970, UTC)."""

    end_s: int
    start_s: int
    item: Track | Episode | Chapter
    ms: int
    reasons: tuple[str, str]
    shuffle: bool
    platform: str
    country: str
    share: float  # of the listener's years that lie behind, 0 to 1
    offline: bool = False


class Player:
    """Plays day after day; a later day never begins before the last one ended."""

    def __init__(self, rng: random.Random, taste: Taste, zone: ZoneInfo) -> None:
        self._rng = rng
        self._taste = taste
        self._zone = zone
        self._podcasts = Podcasts(rng)
        self._chapters = [iter(part) for part in _books()]
        self._busy_until_s = 0
        self._craze: Track | None = None
        self._craze_changes_on: date | None = None

    def play(self, day: Day) -> list[Stream]:
        """Return what is reported of a day, in order of time."""
        self._change_craze(day)
        if day.flight_minutes:
            return self._flight(day)
        streams = list(chain.from_iterable(self._slot(day, slot) for slot in day.slots))
        return streams + self._chapter(day)

    def _slot(self, day: Day, slot: Slot) -> list[Stream]:
        start_s = self._free_at(day, slot.start_min)
        spoken = {Mood.COMMUTE: 0.37, Mood.DESK: 0.1, Mood.EVENING: 0.06}.get(slot.mood, 0.0)
        streams: list[Stream] = []
        if self._rng.random() < spoken:
            streams += self._podcast(day, replace(slot, minutes=slot.minutes * 0.7), start_s)
            start_s, slot = (
                streams[-1].end_s + 15,
                replace(slot, minutes=max(slot.minutes * 0.3, 7)),
            )  # then a few songs
        streams += self._music(day, slot, start_s)
        self._busy_until_s = streams[-1].end_s
        return streams

    def _free_at(self, day: Day, start_min: float) -> int:
        """Return the moment a slot begins, after whatever still plays (seconds since 1970)."""
        moment = datetime.combine(day.on, time(), self._zone) + timedelta(minutes=start_min)
        return max(int(moment.timestamp()), self._busy_until_s + 60 * self._rng.randint(2, 9))

    def _music(self, day: Day, slot: Slot, start_s: int) -> Iterator[Stream]:
        """Yield a session's tracks; the last one is often left before its end."""
        mode = self._rng.choices(list(Mode), weights=_MODES[slot.mood])[0]
        platform = device(self._rng, slot.mood, day.share)
        shuffle = mode in (Mode.MIX, Mode.ROTATION) or (mode is Mode.ARTIST and self._rng.random() < 0.6)
        began, now_s, until_s = self._beginning(), start_s, start_s + slot.minutes * 60
        for track in self._queue(mode, slot.mood, day.week):
            ms, ended = self._heard(track, mode, until_s - now_s)
            end_s = now_s + ms // 1000 + 1
            yield Stream(end_s, now_s, track, ms, (began, ended), shuffle, platform, day.country, day.share)
            if end_s >= until_s:
                return
            began = ended if ended in ("trackdone", "fwdbtn") else "clickrow"
            now_s = end_s + (
                self._rng.randint(60, 420) if self._rng.random() < 0.015 else self._rng.randrange(_AT_ONCE_S)
            )

    def _heard(self, track: Track, mode: Mode, left_s: float) -> tuple[int, str]:
        """Return how much of a track is heard, in ms, and why it ended."""
        rng = self._rng
        chance = _SKIPPED[mode] * (0.1 if track is self._craze else 1.0)
        if rng.random() < chance:
            ms = rng.randint(30_000, 95_000) if rng.random() < 0.16 else int(min(rng.expovariate(1 / 7_000), 29_000))
            return min(ms + 400, track.duration_ms - 1_000), "fwdbtn" if rng.random() < 0.93 else "clickrow"
        if track.duration_ms > left_s * 1_000 and rng.random() < 0.55:
            return max(int(left_s * 1_000), 1_000), rng.choice(("endplay", "logout", "unexpected-exit-while-paused"))
        return (0, "trackerror") if rng.random() < 0.001 else (track.duration_ms, "trackdone")

    def _beginning(self) -> str:
        return self._rng.choices(("clickrow", "playbtn", "appload", "remote"), weights=(5, 3, 2, 1))[0]

    def _queue(self, mode: Mode, mood: Mood, week: int) -> Iterator[Track]:
        """Yield tracks without end."""
        taste, rng = self._taste, self._rng
        if mode is Mode.ALBUM:
            yield from taste.album(week, mood).tracks
        liked = taste.artist(week, mood)
        while True:
            chance = rng.random()
            if self._craze and chance < 0.07 and mood not in (Mood.DESK, Mood.NIGHT):
                yield self._craze
            elif mood is Mood.EVENING and chance > 0.9965:
                yield _home_recording(rng)
            elif mode is Mode.ARTIST:
                yield taste.song(liked, week)
            elif mode is Mode.ROTATION or (mode is Mode.MIX and chance > 0.72 and mood is not Mood.DESK):
                yield _early(rng, taste.rotation(week))
            else:
                yield taste.song(taste.artist(week, mood), week)

    def _podcast(self, day: Day, slot: Slot, start_s: int) -> Iterator[Stream]:
        """Yield a podcast session: an episode goes on where it was left, in pieces."""
        platform, now_s = device(self._rng, slot.mood, day.share), start_s
        until_s = start_s + slot.minutes * 60
        began = self._beginning()
        while now_s < until_s - 120:
            episode, left_ms = self._podcasts.next(day.week)
            ms = min(left_ms, self._rng.randint(4, 19) * 60_000 + self._rng.randrange(60_000))
            self._podcasts.hear(ms)
            ended = "trackdone" if ms == left_ms else "endplay"
            end_s = now_s + ms // 1000 + 1
            yield Stream(end_s, now_s, episode, ms, (began, ended), False, platform, day.country, day.share)
            began, now_s = "clickrow" if ended == "endplay" else "trackdone", end_s + self._rng.randint(2, 40)

    def _chapter(self, day: Day) -> list[Stream]:
        """Return the chapter of an audiobook that ends some days of a few weeks."""
        book = next((n for n, (start, end) in enumerate(_BOOKS_AT) if start <= day.share < end), None)
        if book is None or not day.slots or self._rng.random() > 0.4:
            return []
        chapter = next(self._chapters[book], None)
        if chapter is None:
            return []
        start_s = self._free_at(day, 22 * 60 + 40)
        self._busy_until_s = end_s = start_s + chapter.duration_ms // 1000 + 1
        reasons = ("clickrow", "trackdone")
        platform = phone(day.share)
        return [Stream(end_s, start_s, chapter, chapter.duration_ms, reasons, False, platform, day.country, day.share)]

    def _flight(self, day: Day) -> list[Stream]:
        """Return what was heard in the air: reported together, once the phone is online again."""
        start_s = self._free_at(day, self._rng.gauss(11 * 60, 50))
        heard = list(self._music(day, Slot(Mood.COMMUTE, 0, day.flight_minutes * 0.8), start_s))
        online_s = max(start_s + day.flight_minutes * 60, heard[-1].end_s) + 40 * 60
        self._busy_until_s = online_s + len(heard)
        return [
            replace(stream, end_s=online_s + number, platform=phone(day.share), offline=True)
            for number, stream in enumerate(heard)
        ]

    def _change_craze(self, day: Day) -> None:
        """Fall for one track for a few weeks, then for none for a while."""
        if self._craze_changes_on and day.on < self._craze_changes_on:
            return
        fresh = self._craze is None
        days = self._rng.randint(9, 26) if fresh else self._rng.randint(5, 34)
        self._craze_changes_on = day.on + timedelta(days=days)
        self._craze = self._taste.song(self._taste.artist(day.week, Mood.EVENING), day.week) if fresh else None


def _early(rng: random.Random, tracks: list[Track]) -> Track:
    """Return one of the tracks, the first ones more often."""
    return tracks[int(len(tracks) * rng.random() ** 1.7)]


def _home_recording(rng: random.Random) -> Track:
    title, artist = rng.choice(HOME_RECORDINGS)
    return Track(None, title, artist, "Home recordings", 150_000 + len(title) * 1_000)


def _books() -> list[list[Chapter]]:
    heard = chapters()
    titles = list(dict.fromkeys(chapter.book for chapter in heard))
    return [[chapter for chapter in heard if chapter.book == title] for title in titles]
