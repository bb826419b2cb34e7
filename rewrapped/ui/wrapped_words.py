"""The story of a time in words: a chapter for each fact there is, right in singular and plural."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.history.tops import Top
from rewrapped.history.wrapped import Wrapped
from rewrapped.services.wrapped_cards import amount, count
from rewrapped.ui import wording
from rewrapped.ui.filters import View

_FULL_DAYS = 48.0  # hours from which they are told as days too
_BARELY = 0.02  # a change of less is none


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: its key, a small line above, what it says, sentences, and a list of names with what is said of them.

    Texts hold names as they are; whoever shows them takes care of markup.
    """

    key: str
    eyebrow: str
    headline: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


def chapters(facts: Wrapped, view: View, saved_count: int = 0) -> tuple[Chapter, ...]:
    """Return the chapters that the facts bear, in the order they are told; none without plays."""
    if not facts.totals.plays:
        return ()
    told = (
        _totals(facts, view),
        _top("artists", "The artist you played most", facts.artists),
        _top("tracks", "The track you played most", facts.tracks),
        _top("albums", "The album you played most", facts.albums),
        _taste(facts),
        _month(facts),
        _day(facts),
        _repeat(facts),
        _clock(facts),
        _streak(facts),
        _discovery(facts),
        _comeback(facts),
        _saved(saved_count),
        _change(facts, view),
    )
    return tuple(chapter for part in told for chapter in part)


def _totals(facts: Wrapped, view: View) -> Iterator[Chapter]:
    now = facts.totals
    figure, unit = amount(now.heard_minutes)
    hours = now.heard_minutes / 60
    lines = [f"That is {count(round(hours) // 24, 'full day')}."] if hours >= _FULL_DAYS else []
    is_music = view.filter.kinds == Filter().kinds  # what a podcast has is no artist
    by = f" by {count(now.artists, 'artist')}" if now.artists and is_music else ""
    lines.append(f"{count(now.plays, 'play')} of {wording.titles(view.filter, now.tracks)}{by}.")
    if now.estimated_minutes:
        lines.append(wording.with_estimate("", now.estimated_minutes))
    yield Chapter("totals", _first_up(view.said), f"{figure} {unit} of {view.filter.subject}", tuple(lines))


def _top(key: str, eyebrow: str, best: Sequence[Top]) -> Iterator[Chapter]:
    named = [each for each in best if each.name]
    if not named:
        return
    first = named[0]
    by = f"by {first.artist}. " if first.artist else ""
    share = f", {first.share * 100:.1f}\u00a0% of all" if first.share >= 0.001 else ""
    lines = (_first_up(f"{by}{count(first.plays, 'play')}{share}."),)
    rows = tuple((each.name or "", count(each.plays, "play")) for each in named) if len(named) > 1 else ()
    yield Chapter(key, eyebrow, first.name or "", lines, rows)


def _taste(facts: Wrapped) -> Iterator[Chapter]:
    if facts.taste is None:
        return
    parts = facts.taste.parts
    rows = tuple((part.label.name, f"{part.share:.0%}") for part in parts) if len(parts) > 1 else ()
    lines = (f"{parts[0].share:.0%} of the time whose genre is known, which is {facts.taste.covered:.0%} of it all.",)
    yield Chapter("taste", "It sounded most of", parts[0].label.name, lines, rows)


def _month(facts: Wrapped) -> Iterator[Chapter]:
    if facts.month is None:
        return
    held, others = wording.length(facts.month.minutes), wording.length(facts.month.others_minutes)
    lines = (f"It held {held}. The other months held {others} on average.",)
    yield Chapter("month", "The most unusual month", days.month(facts.month.start_on), lines)


def _day(facts: Wrapped) -> Iterator[Chapter]:
    if facts.day is not None:
        on = days.weekday_and_day(facts.day.on)
        yield Chapter("day", "The fullest day", on, (f"{count(facts.day.plays, 'play')}, from midnight to midnight.",))


def _repeat(facts: Wrapped) -> Iterator[Chapter]:
    if facts.repeat is None:
        return
    track = facts.repeat.track
    by = f" by {track.sub}" if track.sub else ""
    line = f"You played it{by} {facts.repeat.plays:,} times on {days.day(facts.repeat.last_on)}."
    yield Chapter("repeat", "On repeat for a day", track.name, (line,))


def _clock(facts: Wrapped) -> Iterator[Chapter]:
    if facts.clock is None:
        return
    begin, end = facts.clock.hour, (facts.clock.hour + 1) % 24
    line = f"{facts.clock.share:.0%} of your plays ended between {wording.hour(begin)} and {wording.hour(end)}."
    yield Chapter("clock", "Your hour", wording.hour(begin), (line,))


def _streak(facts: Wrapped) -> Iterator[Chapter]:
    run = facts.streak
    if run is None or run.start_on is None or run.last_on is None:
        return
    line = f"Every day from {days.day(run.start_on)} to {days.day(run.last_on)}."
    yield Chapter("streak", "The longest run", f"{count(run.days, 'day')} in a row", (line,))


def _discovery(facts: Wrapped) -> Iterator[Chapter]:
    found = facts.discovery
    if found is None:
        return
    line = f"First played on {days.day(found.first_on)}, {count(found.plays, 'time')} in this time."
    more = (f"{count(found.count, 'artist was', 'artists were')} new to you.",)
    yield Chapter("discovery", "The discovery", found.artist.name, (line, *more))


def _comeback(facts: Wrapped) -> Iterator[Chapter]:
    back = facts.comeback
    if back is not None:
        line = f"Back on {days.day(back.back_on)}, {count(back.away_days, 'day')} after the play before."
        yield Chapter(
            "comeback",
            "Welcome back",
            back.artist.name,
            (line, f"{count(back.plays, 'play')} in this time since then."),
        )


def _saved(number: int) -> Iterator[Chapter]:
    if number:
        line = "They are on your page Saved."
        yield Chapter("saved", "And then there is the real thing", f"{count(number, 'concert')} saved", (line,))


def _change(facts: Wrapped, view: View) -> Iterator[Chapter]:
    if facts.before is None or not view.before_said or facts.before.heard_minutes <= 0:
        return
    now, before = facts.totals.heard_minutes, facts.before.heard_minutes
    change = (now - before) / before
    both = f"{wording.length(now)}, against {wording.length(before)} in {view.before_said}."
    if abs(change) < _BARELY:
        yield Chapter("change", "You against you", "Just as much", (both,))
    else:
        word = "more" if change > 0 else "less"
        yield Chapter("change", "You against you", f"{abs(change) * 100:,.0f}\u00a0% {word}", (both,))


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
