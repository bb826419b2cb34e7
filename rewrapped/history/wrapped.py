"""What a time was like: the facts a story of it is told from, each there only where the plays bear it.

A fact that a few more plays would turn is left out. Nothing is compared with
other people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.history import absences, coverage, discoveries, genres, insistence, streaks, tops
from rewrapped.history.choices import Item, item
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap, Level
from rewrapped.history.genres import Part
from rewrapped.history.habits import hours
from rewrapped.history.insistence import Repeat
from rewrapped.history.localtime import day_of
from rewrapped.history.streaks import Streak
from rewrapped.history.timeline import Bucket, timeline
from rewrapped.history.tops import Noun, Top
from rewrapped.history.totals import Totals, with_previous

#: With fewer plays there is nothing but totals and tops, and no message about a week or month.
ENOUGH_PLAYS = 30

_TOP = 5
_ENOUGH_OF_ONE = 5
_ENOUGH_MONTHS = 4
_UNUSUAL = 1.4  # times the mean of the other months
_ENOUGH_STREAK = 4  # days
_CLEAR_HOUR = 1.8  # times the mean hour
_ENOUGH_COVERED = 0.5
_RETURNS = 10  # looked at; who was played most since stands first among them
_LATE_DAYS = 3  # a day or two without a play at the end are no missing data
_NOTABLE_PART = 0.05


@dataclass(frozen=True, slots=True)
class Unusual:
    """A local month with far more time than the others: its minutes, and the mean of the others'."""

    start_on: date
    minutes: float
    others_minutes: float


@dataclass(frozen=True, slots=True)
class FullDay:
    """The local day with the most plays."""

    on: date
    plays: int


@dataclass(frozen=True, slots=True)
class Discovery:
    """Artists first played ever within the time: how many; the one most played in it, its plays and its first day."""

    count: int
    artist: Item
    plays: int
    first_on: date


@dataclass(frozen=True, slots=True)
class Return:
    """An artist who came back within the time, so many known days after the play before; plays in it since then."""

    artist: Item
    away_days: int
    back_on: date
    plays: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The hour (0 to 23, local) with the most plays, and its share of all, 0 to 1."""

    hour: int
    share: float


@dataclass(frozen=True, slots=True)
class Taste:
    """The largest families or genres, and the part of the time that is covered, 0 to 1."""

    parts: tuple[Part, ...]
    covered: float


@dataclass(frozen=True, slots=True)
class Wrapped:
    """All facts of a time; what can't be said is None or empty."""

    totals: Totals
    before: Totals | None
    tracks: tuple[Top, ...]
    albums: tuple[Top, ...]
    artists: tuple[Top, ...]
    month: Unusual | None
    day: FullDay | None
    discovery: Discovery | None
    comeback: Return | None
    streak: Streak | None
    clock: Clock | None
    taste: Taste | None
    repeat: Repeat | None


def wrapped(whole: History, view: History, chosen: Filter, known: GenreMap) -> Wrapped:
    """Return the facts of a view of the whole history; `chosen` made the view, and isn't told back as a finding."""
    now, before = with_previous(view)
    is_enough = now.plays >= ENOUGH_PLAYS
    return Wrapped(
        totals=now,
        before=before if is_enough and _is_whole(whole, chosen) and before and before.plays >= ENOUGH_PLAYS else None,
        tracks=tops.tracks(view, _TOP),
        albums=tops.albums(view, _TOP),
        artists=tops.artists(view, _TOP),
        month=_month(whole, view) if is_enough and not chosen.months else None,
        day=_day(view) if is_enough else None,
        discovery=_discovery(whole, view) if is_enough and not chosen.artists else None,
        comeback=_comeback(whole, view) if is_enough else None,
        streak=_streak(view) if is_enough and not chosen.weekdays else None,
        clock=_clock(view) if is_enough and not chosen.hours else None,
        taste=_taste(view, known) if is_enough and not chosen.artists else None,
        repeat=_repeat(view) if is_enough else None,
    )


def _is_whole(whole: History, chosen: Filter) -> bool:
    """Return whether the history goes on to the end of the time: a part of it can't be set against a whole one."""
    end_on = chosen.time_range.end_on
    return end_on is None or day_of(whole.span.stop + _LATE_DAYS) >= end_on


def _month(whole: History, view: History) -> Unusual | None:
    """Months that the view or the history cuts, and those that nothing is known of, are no measure of the others."""
    bars = timeline(view, Bucket.MONTH)
    minutes, starts = bars["heard_minutes"].to_numpy(), [start.date() for start in bars["start_on"]]
    if np.count_nonzero(minutes) < _ENOUGH_MONTHS:
        return None
    missing = set(coverage.holes(whole))
    is_full = np.array([start not in missing for start in starts])
    is_full[0] &= starts[0] >= day_of(view.span.start)
    is_full[-1] &= _next_month(starts[-1]) <= day_of(view.span.stop)
    best = int(np.argmax(minutes))
    is_full[best] = False
    if np.count_nonzero(is_full) < _ENOUGH_MONTHS - 1:
        return None
    others = float(minutes[is_full].mean())
    if minutes[best] < _UNUSUAL * others:
        return None
    return Unusual(bars["start_on"].iloc[best].date(), float(minutes[best]), others)


def _next_month(start_on: date) -> date:
    return date(start_on.year + start_on.month // 12, start_on.month % 12 + 1, 1)


def _day(view: History) -> FullDay | None:
    plays = view.by_day.plays
    if np.count_nonzero(plays) < _ENOUGH_STREAK or np.count_nonzero(plays == plays.max()) > 1:
        return None
    best = int(np.argmax(plays))
    return FullDay(day_of(view.span.start + best), int(plays[best]))


def _discovery(whole: History, view: History) -> Discovery | None:
    found = discoveries.found(whole, view, Noun.ARTISTS)
    new = np.flatnonzero(~found.is_early)
    if not len(new):
        return None
    plays = tops.sums_of(view, Noun.ARTISTS).plays[found.code[new]]
    best = new[int(np.argmax(plays))]
    if plays.max() < _ENOUGH_OF_ONE:
        return None
    artist = item(whole, "artists", int(found.code[best]))
    return Discovery(len(new), artist, int(plays.max()), day_of(int(found.first_day[best])))


def _comeback(whole: History, view: History) -> Return | None:
    """Of those that came back, the one most played in the view since then."""
    found = [(_plays_since(view, whole, one), one) for one in absences.comebacks(whole, view, Noun.ARTISTS, _RETURNS)]
    plays, best = max(found, key=lambda pair: pair[0], default=(0, None))
    if best is None or plays < _ENOUGH_OF_ONE:
        return None
    return Return(item(whole, "artists", best.code), best.away_days, best.back_on, plays)


def _plays_since(view: History, whole: History, back: absences.Comeback) -> int:
    artist = frozenset({int(whole.artists.id[back.code])})
    since = Filter(time_range=TimeRange(back.back_on, None), artists=artist, kinds=frozenset())
    return len(view.filter(since).plays)


def _streak(view: History) -> Streak | None:
    if not streaks.days_open(view).all():  # of weekends alone, two days is the most there can be
        return None
    found = streaks.longest(view)
    return found if found.days >= _ENOUGH_STREAK else None


def _clock(view: History) -> Clock | None:
    plays = hours(view)["plays"].to_numpy()
    best = int(np.argmax(plays))
    if plays[best] < _CLEAR_HOUR * plays.mean() or np.count_nonzero(plays == plays[best]) > 1:
        return None
    return Clock(best, float(plays[best] / plays.sum()))


def _taste(view: History, known: GenreMap) -> Taste | None:
    covered = genres.coverage(view, known, 0).share
    if covered < _ENOUGH_COVERED:
        return None
    parts = tuple(part for part in genres.parts(view, known, Level.FAMILIES)[:_TOP] if part.share >= _NOTABLE_PART)
    return Taste(parts, covered) if parts else None


def _repeat(view: History) -> Repeat | None:
    found = insistence.most_in_a_day(view)
    return found if found is not None and found.plays >= _ENOUGH_OF_ONE and found.track.name else None
