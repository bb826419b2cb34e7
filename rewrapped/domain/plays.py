"""What a row of listening history is, which rows count as plays, and how a view is narrowed.

Words and rules are the design's: a *play* is a row that passes the play rule;
time ranges are half-open, in the listener's zone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import IntEnum, IntFlag, StrEnum

from rewrapped.errors import InvalidInput


class Source(IntEnum):
    """Where a row came from; a smaller number is richer, and replaces a poorer one of the same play."""

    EXTENDED = 1
    ACCOUNT = 2
    LISTENBRAINZ = 3
    LASTFM = 4
    SPOTIFY_API = 5

    @property
    def precedence(self) -> int:
        """Return the rank in merging: extended > account > scrobble (ListenBrainz > Last.fm) > API."""
        return self.value

    @property
    def word(self) -> str:
        """Return the name used in URLs and JSON."""
        return self.name.lower()


#: Rows of these sources are plays under every rule, and their minutes are estimated.
ALWAYS_PLAYS = frozenset({Source.LISTENBRAINZ, Source.LASTFM, Source.SPOTIFY_API})


class Kind(IntEnum):
    """What was played. Music is every TRACK row, from video files too."""

    TRACK = 0
    EPISODE = 1
    CHAPTER = 2


class Flags(IntFlag):
    """What a row says of itself; X_KNOWN tells "false" from "the source doesn't say"."""

    NONE = 0
    SHUFFLE = 1
    SHUFFLE_KNOWN = 2
    SKIPPED = 4
    SKIPPED_KNOWN = 8
    OFFLINE = 16
    OFFLINE_KNOWN = 32
    INCOGNITO = 64
    INCOGNITO_KNOWN = 128


class RuleKind(StrEnum):
    """The families of play rules."""

    SECONDS = "seconds"
    HALF = "half"
    FINISHED = "finished"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class PlayRule:
    """Which rows count as plays.

    SECONDS: at least `seconds` were played. HALF: at least half the track's
    length, or 30 s when the length is unknown. FINISHED: the row ended with
    `trackdone`, or 30 s where the source has no reasons. ANY: every row.
    API and scrobble rows are plays under every rule.
    """

    kind: RuleKind = RuleKind.SECONDS
    seconds: int = 30

    @classmethod
    def parse(cls, text: str) -> PlayRule:
        """Read `30s`, any `Ns` up to 86400s, `half`, `finished` or `any`.

        Raises:
            InvalidInput: the text is none of these.
        """
        word = text.strip().lower()
        if word in ("half", "finished", "any"):
            return cls(RuleKind(word), 30)
        match = re.fullmatch(r"([0-9]{1,5})s", word, re.ASCII)
        if match and int(match[1]) <= 86_400:
            return cls(RuleKind.SECONDS, int(match[1]))
        raise InvalidInput("A play rule is 30s (or another number of seconds), half, finished or any.")

    def __str__(self) -> str:
        return f"{self.seconds}s" if self.kind is RuleKind.SECONDS else str(self.kind)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Local days from `start_on` up to, not including, `end_on`; None is open on that side.

    `before` is what it is compared with, where that isn't as many days before it. One that `is_so_far` ends with
    today and is compared with the same days of the year before.
    """

    start_on: date | None = None
    end_on: date | None = None
    before: TimeRange | None = None
    is_so_far: bool = False

    def __post_init__(self) -> None:
        if self.start_on and self.end_on and self.end_on < self.start_on:
            raise InvalidInput("The time range ends before it starts.")

    def __contains__(self, day: date) -> bool:
        return (self.start_on is None or day >= self.start_on) and (self.end_on is None or day < self.end_on)

    @property
    def days(self) -> int | None:
        """Return the length in days, None while a side is open."""
        if self.start_on is None or self.end_on is None:
            return None
        return (self.end_on - self.start_on).days

    def previous(self, known_until: date | None = None) -> TimeRange | None:
        """Return the range this one is compared with: `before`, else as many days up to its start.

        `known_until` is the day after the last one that is known: a year so far
        is compared with no day whose counterpart isn't. None while a side is open.
        """
        is_cut = self.start_on and self.end_on and known_until and self.start_on < known_until < self.end_on
        if self.is_so_far and is_cut:
            return TimeRange(self.start_on, known_until).year_earlier()
        if self.before is not None:
            return self.before
        if self.start_on is None or self.end_on is None:
            return None
        length = self.end_on - self.start_on
        if self.start_on - date.min < length:
            return None
        return TimeRange(self.start_on - length, self.start_on)

    def year_earlier(self) -> TimeRange | None:
        """Return the same days of the year before, 29 February being the 28th there; None while a side is open."""
        if self.start_on is None or self.end_on is None or self.start_on.year == date.min.year:
            return None
        start = _months_before(self.start_on, 12)
        if self.start_on == self.end_on:
            return TimeRange(start, start)
        last = self.end_on - timedelta(days=1)
        return TimeRange(start, _months_before(last, 12) + timedelta(days=1))


_MONTHS = {"3m": 3, "6m": 6, "12m": 12}


def preset_range(word: str, today: date) -> TimeRange:
    """Return the range a preset stands for: `4w`, `3m`, `6m`, `12m`, `this_year`, a year such as `2019`, `all`.

    `today` is the listener's local day and is part of the first five; the year it
    lies in ends with it too. Months are calendar months back from tomorrow,
    clipped to the month's last day. Each is compared with what a calendar calls
    the one before: months with as many months, a year with the year before, this
    year so far with the same days of last year (29 February with the 28th).

    Raises:
        InvalidInput: there is no such preset.
    """
    tomorrow = today + timedelta(days=1)
    if word == "all":
        return TimeRange()
    if word == "4w":
        return TimeRange(tomorrow - timedelta(weeks=4), tomorrow)
    if word in _MONTHS:
        start = _months_before(tomorrow, _MONTHS[word])
        return TimeRange(start, tomorrow, before=TimeRange(_months_before(start, _MONTHS[word]), start))
    if word in ("this_year", str(today.year)):
        last_year = TimeRange(date(today.year - 1, 1, 1), _months_before(today, 12) + timedelta(days=1))
        return TimeRange(date(today.year, 1, 1), tomorrow, before=last_year, is_so_far=True)
    if re.fullmatch(r"20[0-9]{2}", word, re.ASCII):
        start = date(int(word), 1, 1)
        return TimeRange(start, date(int(word) + 1, 1, 1), before=TimeRange(_months_before(start, 12), start))
    raise InvalidInput("That time range isn't known.")


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows a view looks at. An empty set and None stand for "no narrowing".

    Weekdays are 0 (Monday) to 6, hours 0 to 23, months 1 to 12, all local.
    `platforms` are families (`history.platforms`), `countries` ISO codes.
    `artists`, `albums`, `tracks` are catalogue ids. `kinds` is music alone by
    default. For `skipped`, `shuffle`, `offline` a row that doesn't say matches
    neither True nor False.
    """

    time_range: TimeRange = field(default_factory=TimeRange)
    weekdays: frozenset[int] = frozenset()
    hours: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    platforms: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    sources: frozenset[Source] = frozenset()
    kinds: frozenset[Kind] = frozenset({Kind.TRACK})
    artists: frozenset[int] = frozenset()
    albums: frozenset[int] = frozenset()
    tracks: frozenset[int] = frozenset()
    skipped: bool | None = None
    shuffle: bool | None = None
    offline: bool | None = None

    @property
    def subject(self) -> str:
        """Return what its kinds are called together: "music", "podcasts", "audiobooks", or "listening" for several."""
        words = {Kind.TRACK: "music", Kind.EPISODE: "podcasts", Kind.CHAPTER: "audiobooks"}
        return words[next(iter(self.kinds))] if len(self.kinds) == 1 else "listening"

    def within(self, time_range: TimeRange) -> Filter:
        """Return the same filter over another time range."""
        return replace(self, time_range=time_range)


def normalise(name: str) -> str:
    """Return the form under which names are equal: NFKC, casefold, spaces collapsed.

    Casefolding can leave NFKC form, so NFKC is applied again: equal names stay equal
    when normalised twice.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())
