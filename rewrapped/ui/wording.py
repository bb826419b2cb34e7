"""How filters, moments and figures are said on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from rewrapped.domain.days import MONTHS, WEEKDAYS, day, day_short
from rewrapped.domain.plays import Filter, Kind, PlayRule, RuleKind, Source
from rewrapped.history.choices import named
from rewrapped.history.filterquery import Picked
from rewrapped.history.frame import History
from rewrapped.history.listing import Row
from rewrapped.history.sums import Timed

KINDS = {Kind.TRACK: "Music", Kind.EPISODE: "Podcasts", Kind.CHAPTER: "Audiobooks"}
#: Whom or what the catalogue holds as the artist of each kind, and what it holds as its tracks.
_MAKERS = {Kind.TRACK: "artists", Kind.EPISODE: "podcasts", Kind.CHAPTER: "audiobooks"}
_TITLES = {Kind.TRACK: "track", Kind.EPISODE: "episode", Kind.CHAPTER: "chapter"}
SOURCES = {
    Source.EXTENDED: "Spotify, extended history",
    Source.ACCOUNT: "Spotify, account data",
    Source.LISTENBRAINZ: "ListenBrainz",
    Source.LASTFM: "Last.fm",
    Source.SPOTIFY_API: "Spotify, live",
}
PLATFORMS = {
    "android": "Android",
    "ios": "iPhone and iPad",
    "windows": "Windows",
    "macos": "Mac",
    "linux": "Linux",
    "web": "Web player",
    "speaker": "Speaker",
    "tv": "Television",
    "cast": "Cast",
    "console": "Console",
    "car": "Car",
    "watch": "Watch",
    "other": "Other",
}
#: Each preset as it stands alone, after "played", and as what a range is compared with.
_PERIODS = {
    "4w": ("the last 4 weeks", " in the last 4 weeks", "the 4 weeks before"),
    "3m": ("the last 3 months", " in the last 3 months", "the 3 months before"),
    "6m": ("the last 6 months", " in the last 6 months", "the 6 months before"),
    "12m": ("the last 12 months", " in the last 12 months", "the 12 months before"),
    "this_year": ("this year", " this year", "the same days of last year"),
    "all": ("all time", "", ""),
}
_ANSWERS = {
    "skipped": ("Skipped", "Not skipped"),
    "shuffle": ("Shuffle on", "Shuffle off"),
    "offline": ("Offline", "Online"),
}


_MARKS = re.compile(r"([\\\\`*_{}\[\]()#+\-.!|~$:<>&])")
_ESCAPED = re.compile(r"\\" + _MARKS.pattern)


def plain(text: str) -> str:
    """Return outside text so that Streamlit's Markdown shows it as it is, without links, styles or icons."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def unplain(text: str) -> str:
    """Return the text that `plain` made fit for Markdown."""
    return _ESCAPED.sub(r"\1", text)


def listed(parts: Sequence[str]) -> str:
    """Return "a", "a and b", or "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def period(picked: Picked) -> str:
    """Return the time range by itself: "the last 4 weeks", "all time", "2024"."""
    if picked.word == "custom" and picked.first_on and picked.last_on:
        first, last = day(picked.first_on), day(picked.last_on)
        return first if first == last else f"{first} to {last}"
    return _PERIODS[picked.word][0] if picked.word in _PERIODS else picked.word


def short_period(picked: Picked) -> str:
    """Return the time range where there is little room: "1 Dec 2025 to 30 Nov 2026"."""
    if picked.word == "custom" and picked.first_on and picked.last_on:
        first, last = day_short(picked.first_on), day_short(picked.last_on)
        return first if first == last else f"{first} to {last}"
    return period(picked)


def within(picked: Picked) -> str:
    """Return what follows a verb: " in the last 4 weeks", " this year", " on 5 March 2026"; empty for all time."""
    if picked.word == "custom" and picked.first_on and picked.last_on:
        return f" {'on' if picked.first_on == picked.last_on else 'from'} {period(picked)}"
    return _PERIODS[picked.word][1] if picked.word in _PERIODS else f" in {picked.word}"


def period_before(picked: Picked, today: date) -> str:
    """Return what the range is compared with: "the 4 weeks before", "2018"; empty when there is nothing."""
    if picked.word == "custom" and picked.first_on and picked.last_on:
        days = (picked.last_on - picked.first_on).days + 1
        return f"the {days:,} days before" if days > 1 else "the day before"
    if picked.word == str(today.year):
        return _PERIODS["this_year"][2]
    return _PERIODS[picked.word][2] if picked.word in _PERIODS else str(int(picked.word) - 1)


def moment(at: datetime, today: date) -> str:
    """Return a local moment as a person says it: "today, 18:04", "Tuesday, 7:30", "5 March 2026"."""
    on, clock = at.date(), f"{at.hour}:{at.minute:02d}"
    if on == today:
        return f"today, {clock}"
    if on == today - timedelta(days=1):
        return f"yesterday, {clock}"
    if timedelta() < today - on < timedelta(days=7):
        return f"{WEEKDAYS[on.weekday()]}, {clock}"
    return day(on)


def moment_in(zone: str, at: datetime, now: datetime) -> str:
    """Return a moment by the clock of a zone, told from now."""
    local = ZoneInfo(zone)
    return moment(at.astimezone(local), now.astimezone(local).date())


def days_in(zone: str, first_at: datetime, last_at: datetime) -> str:
    """Return from when to when two moments reach by the clock of a zone: "4 March 2019 to 9 March 2026"."""
    local = ZoneInfo(zone)
    return f"{day(first_at.astimezone(local).date())} to {day(last_at.astimezone(local).date())}"


_MORNING = 5  # o'clock


def greeting(now: datetime, name: str) -> str:
    """Return "Good evening, Mira." for a local moment, "Hello, Mira." at night; without a name the greeting alone."""
    part = "morning" if now.hour < 12 else "afternoon" if now.hour < 18 else "evening"
    said = f"Good {part}" if now.hour >= _MORNING else "Hello"
    return f"{said}, {plain(name)}." if name.strip() else f"{said}."


def hour(number: int) -> str:
    """Return "18:00"."""
    return f"{number:02d}:00"


def length(minutes: float) -> str:
    """Return a time as short as it can be read: "42 min", "1.5 h", "1,204 h"."""
    if minutes < 60:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:,.1f} h" if minutes < 600 else f"{minutes / 60:,.0f} h"


def time_of(timed: Timed) -> str:
    """Return the time of something; a tilde marks one with an estimate in it."""
    return f"{'~' if timed.estimated_minutes else ''}{length(timed.heard_minutes)}"


def with_estimate(text: str, estimated_minutes: float, of: str = "the time") -> str:
    """Return a text about time with how much of that is an estimate, where any is; `of` says of whose time."""
    if not estimated_minutes:
        return text
    end = "" if not text or text.endswith((".", "!", "?")) else "."
    much = length(estimated_minutes) if estimated_minutes >= 1 else "Less than a minute"
    return f"{text}{end} {much} of {of} is estimated: its source doesn't say how long it was played.".lstrip()


def called(known: str | None) -> str:
    """Return a name as it is known, or what stands for it: some tracks are known by their link alone."""
    return known or "A track without a name"


def plays(count: int) -> str:
    """Return "1 play" or "1,295 plays"."""
    return f"{count:,} {'play' if count == 1 else 'plays'}"


def makers(chosen: Filter) -> str:
    """Return what a filter's artists are: "artists" for music, "artists and podcasts" with those too."""
    return listed([word for kind, word in _MAKERS.items() if kind in (chosen.kinds or _MAKERS)])


def titles(chosen: Filter, count: int) -> str:
    """Return how many different things a filter leaves: "1 track", "453 episodes", "9 titles" of several kinds."""
    one = _TITLES[next(iter(chosen.kinds))] if len(chosen.kinds) == 1 else "title"
    return f"{count:,} {one if count == 1 else one + 's'}"


def listens(count: int) -> str:
    """Return "1 listen" or "15,242 listens"."""
    return f"{count:,} {'listen' if count == 1 else 'listens'}"


def rows(count: int) -> str:
    """Return "1 row" or "15,242 rows"."""
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def rule(found: PlayRule) -> str:
    """Return what a play rule asks of a row: "30 seconds or more", "at least half of the track"."""
    match found.kind:
        case RuleKind.SECONDS:
            return f"{_seconds(found.seconds)} or more"
        case RuleKind.HALF:
            return "at least half of the track"
        case RuleKind.FINISHED:
            return "played to its end"
        case RuleKind.ANY:
            return "every row, skips too"
        case kind:
            assert_never(kind)


def counted_by(found: PlayRule) -> str:
    """Return what counts as a play under a rule, as a sentence."""
    match found.kind:
        case RuleKind.SECONDS:
            return f"A play is a row of your history of {_seconds(found.seconds)} or more."
        case RuleKind.HALF:
            return (
                "A play is a row of your history that holds at least half of its track, or 30 seconds where the "
                "track's length isn't known."
            )
        case RuleKind.FINISHED:
            return (
                "A play is a row of your history that was played to its end, or for 30 seconds where its source "
                "doesn't say how it ended."
            )
        case RuleKind.ANY:
            return "Every row of your history counts as a play here, however short it is."
        case kind:
            assert_never(kind)


def _seconds(count: int) -> str:
    return f"{count:,} second{'' if count == 1 else 's'}"


def first_play(row: Row) -> str:
    """Return when something was played for the first time, and what: "First play 4 March 2019: Tide by Xenia"."""
    by = f" by {plain(row.artist)}" if row.artist else ""
    return f"First play {day(row.ended_at.date())}: {plain(called(row.title))}{by}"


def chip(name: str, rest: Filter, history: History) -> str:
    """Return one active filter in words; long lists are cut."""
    if name in _ANSWERS:
        return _ANSWERS[name][0 if getattr(rest, name) else 1]
    values = sorted(getattr(rest, name))
    said = [_value(name, value, history) for value in values[:3]]
    return ", ".join(said) + (f" and {len(values) - 3} more" if len(values) > 3 else "")


def _value(name: str, value: object, history: History) -> str:
    if name in ("artists", "albums", "tracks"):
        found = named(history, name, int(str(value)))
        return called(found.name) if found else "something not in your history"
    words = {"kinds": KINDS, "sources": SOURCES, "platforms": PLATFORMS}.get(name)
    if words is not None:
        return str(words.get(value, value))  # type: ignore[attr-defined]  # three dicts with keys of their own kind
    if name == "weekdays":
        return WEEKDAYS[int(str(value))]
    if name == "months":
        return MONTHS[int(str(value)) - 1]
    return hour(int(str(value))) if name == "hours" else str(value)
