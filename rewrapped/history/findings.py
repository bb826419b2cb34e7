"""What stands out in a view, as a sentence; None while there is too little to say, or nothing clear.

A finding names what is true of the rows at hand, so each rule asks for enough
plays and for a clear lead: a title that a few more plays would turn is worse
than a plain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history.frame import History
from rewrapped.history.habits import hour_by_weekday, hours
from rewrapped.history.shares import Groups
from rewrapped.history.sittings import Sittings
from rewrapped.history.streaks import Streaks
from rewrapped.history.timeline import Bucket, timeline
from rewrapped.history.tops import Measure, Noun, Top, top

_ENOUGH_PLAYS = 100
_ENOUGH_PLAYS_OF_ONE = 10
_ENOUGH_DAYS = 14
_ENOUGH_BARS = 4
_ENOUGH_WEEKS = 4
_ENOUGH_MINUTES = 300
_ENOUGH_SITTINGS = 30
_ENOUGH_IN_A_ROW = 7
_CLEAR_PEAK = 1.5  # times the mean
_CLEAR_LEAD = 1.25  # times the second
_NOTABLE_SHARE = 0.05
_BEYOND_CHANCE = 2  # standard deviations
_PARTS = {
    "mornings": frozenset(range(5, 11)),
    "afternoons": frozenset(range(11, 17)),
    "evenings": frozenset(range(17, 23)),
    "nights": frozenset({23, 0, 1, 2, 3, 4}),
}


def headline(history: History, chosen: Filter, whose: str = "Your") -> str | None:
    """Return what a view is about: who leads it, or when it happens.

    `chosen` made the view; what it was narrowed to is no finding about it.
    `whose` begins what is said of the listener's day.
    """
    by_item = chosen.artists or chosen.albums or chosen.tracks
    by_hour = chosen.hours
    found = None
    if not by_item and not by_hour:
        found = part_of_day_artist(history, whose)
    if found is None and not by_item:
        found = leading_artist(history)
    return found if found or by_hour else part_of_day(history, whose)


def part_of_day_artist(history: History, whose: str) -> str | None:
    """Say that the busiest part of the day belongs to one artist, where one clearly leads it."""
    part = _busiest_part(history)
    if part is None:
        return None
    leader = _leader(history.filter(Filter(hours=_PARTS[part], kinds=frozenset())))
    return f"{whose} {part} belong to {leader[0]}" if leader else None


def leading_artist(history: History) -> str | None:
    """Say which artist leads, with the share of plays."""
    leader = _leader(history)
    return f"{leader[0]} leads, with {leader[1]:.0%} of the plays" if leader else None


def part_of_day(history: History, whose: str) -> str | None:
    """Say in which part of the day most plays happen."""
    part = _busiest_part(history)
    return f"{whose} {part} are {whose.lower()} busiest time" if part else None


def leading_item(best: Sequence[Top], noun: Noun, by: Measure) -> str | None:
    """Say which item leads a ranking, where one clearly does; `best` holds the first two at least."""
    if len(best) < 2 or best[0].plays < _ENOUGH_PLAYS_OF_ONE or not best[0].name:
        return None
    if best[0].value(by) < _CLEAR_LEAD * best[1].value(by):
        return None
    return f"{best[0].name} is your top {noun.removesuffix('s')}"


def busiest_hour(history: History, chosen: Filter, said: str = "are your busiest hour") -> str | None:
    """Say which hour of the week has the most plays; nothing where `chosen` narrowed hours or weekdays.

    One Friday doesn't tell what Fridays are like: it takes four weeks.
    """
    if chosen.hours or chosen.weekdays or len(history.span) < _ENOUGH_WEEKS * 7:
        return None
    week = hour_by_weekday(history)
    plays = week["plays"].to_numpy()
    if plays.sum() < _ENOUGH_PLAYS:
        return None
    best = int(np.argmax(plays))
    if plays[best] < 2 * plays.mean() or np.count_nonzero(plays == plays[best]) > 1:
        return None
    return f"{days.WEEKDAYS[best // 24]}s at {best % 24:02d}:00 {said}"


def busiest_day(history: History) -> str | None:
    """Say which day had the most plays."""
    bars = timeline(history, Bucket.DAY)
    plays = bars["plays"].to_numpy()
    if np.count_nonzero(plays) < _ENOUGH_DAYS or np.count_nonzero(plays == plays.max()) > 1:
        return None
    on = bars["start_on"].iloc[int(np.argmax(plays))].date()
    return f"{days.day(on)} was your busiest day, with {int(plays.max()):,} plays"


def fullest(history: History, bucket: Bucket, chosen: Filter) -> str | None:
    """Say which day, week or month held the most time, estimated time included; `chosen` made the view."""
    bars = timeline(history, bucket)
    minutes = bars["heard_minutes"].to_numpy()
    if np.count_nonzero(minutes) < _ENOUGH_BARS or minutes.sum() < _ENOUGH_MINUTES:
        return None
    at = int(np.argmax(minutes))
    if np.count_nonzero(minutes == minutes[at]) > 1:
        return None
    when = _said(bars["start_on"].iloc[at].date(), bucket)
    return f"{when} held the most {chosen.subject}, {minutes[at] / 60:,.1f} hours"


def most_plays(history: History, bucket: Bucket) -> str | None:
    """Say which day, week or month had the most plays, where it clearly had."""
    bars = timeline(history, bucket)
    plays = bars["plays"].to_numpy()
    if np.count_nonzero(plays) < _ENOUGH_BARS or plays.max() < _ENOUGH_PLAYS_OF_ONE:
        return None
    best, second = np.sort(plays)[:-3:-1]
    if best < _CLEAR_LEAD * second:
        return None
    return f"{_said(bars['start_on'].iloc[int(np.argmax(plays))].date(), bucket)} had the most plays, {int(best):,}"


def _said(on: date, bucket: Bucket) -> str:
    """Return a stretch of time that begins on a day as the beginning of a sentence."""
    if bucket is Bucket.MONTH:
        return days.month(on)
    return days.day(on) if bucket is Bucket.DAY else f"The week from {days.day(on)}"


def busiest_time_of_day(history: History, chosen: Filter) -> str | None:
    """Say which hour of the day has the most plays; nothing where `chosen` narrowed hours."""
    hour = None if chosen.hours else peak(hours(history)["plays"].to_numpy(), _ENOUGH_PLAYS)
    return None if hour is None else f"{hour:02d}:00 is your busiest hour of the day"


def fullest_season(months: pd.DataFrame) -> str | None:
    """Say which calendar month holds the most time in a mean year; `months` are those of `trends.months_of_years`.

    Every month has to be known twice at least, or a season would be one event.
    """
    known = months[months["known"]].groupby("month")["heard_minutes"]
    hours_of = known.mean() / 60
    if len(hours_of) < 12 or known.size().min() < 2 or hours_of.sum() * 60 < _ENOUGH_MINUTES:
        return None
    best = int(np.argmax(hours_of))
    if hours_of.iloc[best] < _CLEAR_LEAD * hours_of.mean():
        return None
    return f"{days.MONTHS[best]} is your fullest month: {hours_of.iloc[best]:,.0f} hours in a mean year"


def typical_sitting(found: Sittings) -> str | None:
    """Say how long half of the sittings are; people call them sessions."""
    if len(found) < _ENOUGH_SITTINGS:
        return None
    minutes = found.typical_minutes
    said = f"{minutes:.0f} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"
    return f"Half of your sessions last {said} or longer" if minutes >= 2 else None


def usual_beginning(by_hour: npt.NDArray[np.int64]) -> str | None:
    """Say in which hour of the day the most sittings begin; `by_hour` are those of `sittings.beginnings`."""
    hour = usual_hour(by_hour)
    return (
        None
        if hour is None
        else f"More sessions begin from {hour:02d}:00 to {(hour + 1) % 24:02d}:00 than in any other hour"
    )


def usual_hour(by_hour: npt.NDArray[np.int64]) -> int | None:
    """Return the hour in which the most sittings begin; None where chance alone could have put it ahead."""
    hour = peak(by_hour, _ENOUGH_SITTINGS)
    second, best = np.sort(by_hour)[-2:]
    by_chance = np.sqrt(best + second)  # the standard deviation of the difference of two counts
    return hour if best - second >= _BEYOND_CHANCE * by_chance else None


def longest_streak(found: Streaks) -> str | None:
    """Say how long the longest streak is, and whether it goes on."""
    longest = found.longest
    if longest.days < _ENOUGH_IN_A_ROW:
        return None
    if found.current == longest:
        return f"{longest.days:,} days in a row, and it goes on"
    return f"Your longest streak: {longest.days:,} days in a row"


def skipping(answers: pd.DataFrame) -> str | None:
    """Say how often rows are skipped, and how that changed since the first year; `answers` are those of `shares`."""
    yes, known = answers["skipped"].sum(), answers["skipped_known"].sum()
    if known < _ENOUGH_PLAYS:
        return None
    by_year = answers.groupby(answers["start_on"].dt.year)[["skipped", "skipped_known"]].sum()
    by_year = by_year[by_year["skipped_known"] >= _ENOUGH_PLAYS]
    shares = by_year["skipped"] / by_year["skipped_known"]
    if len(shares) > 1 and abs(shares.iloc[-1] - shares.iloc[0]) >= _NOTABLE_SHARE:
        more = "more" if shares.iloc[-1] > shares.iloc[0] else "less"
        first, last = (f"{share:.0%} in {year}" for year, share in shares.iloc[[0, -1]].items())
        return f"You skip {more} than you did: {first}, {last}"
    return f"You skip {yes / known:.0%} of what you start" if yes else None


def leading_group(found: Groups) -> tuple[str, float] | None:
    """Return which device or country clearly leads, and its share, 0 to 1, of the rows that name one."""
    sums = found.rows.sum(axis=0)
    if sums.sum() < _ENOUGH_PLAYS or (len(sums) > 1 and sums[0] < _CLEAR_LEAD * sums[1]):
        return None
    return found.names[0], float(sums[0] / sums.sum())


def peak(counts: npt.NDArray[np.int64], enough: int) -> int | None:
    """Return where counts are clearly highest: at one place, half again the mean, of enough in all; else None."""
    if counts.sum() < enough:
        return None
    best = int(np.argmax(counts))
    is_clear = counts[best] >= _CLEAR_PEAK * counts.mean() and np.count_nonzero(counts == counts[best]) == 1
    return best if is_clear else None


def _leader(history: History) -> tuple[str, float] | None:
    """Return the name and share of an artist who clearly leads a view with enough plays."""
    if len(history.plays) < _ENOUGH_PLAYS:
        return None
    best = top(history, Noun.ARTISTS, 2)
    if not best or not best[0].name or best[0].share < _NOTABLE_SHARE:
        return None
    if len(best) == 2 and best[0].plays < _CLEAR_LEAD * best[1].plays:
        return None
    return best[0].name, best[0].share


def _busiest_part(history: History) -> str | None:
    """Return the part of the day with at least a quarter more plays an hour than the next one."""
    if len(history.plays) < _ENOUGH_PLAYS:
        return None
    by_hour = np.bincount(history.plays.hour, minlength=24)
    paces = sorted((by_hour[sorted(part)].mean(), name) for name, part in _PARTS.items())
    (second, _), (best, name) = paces[-2:]
    return name if best >= _CLEAR_LEAD * second else None
