"""`/listening`: what somebody played, by the same functions as the pages, over the same filters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import fastapi
from fastapi import APIRouter
from pydantic import Field

from rewrapped import running
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Source
from rewrapped.errors import InvalidInput
from rewrapped.history import habits, listing, streaks, timeline, tops, totals
from rewrapped.history.frame import History
from rewrapped.history.listing import Row
from rewrapped.history.localtime import microseconds_of, moment_of
from rewrapped.history.timeline import Bucket
from rewrapped.history.tops import Measure, Noun
from rewrapped.services import listening
from rewrapped.web.v1.asking import Listening, Moment, Read
from rewrapped.web.v1.narrowing import Narrowing
from rewrapped.web.v1.paging import Cursor, Page, Shelf

router = APIRouter(prefix="/listening", tags=["listening"])

_MOST_BUCKETS = 4_000

Narrowed = Annotated[Narrowing, fastapi.Query()]


class Play(Read):
    """One play. `heard_ms` counts for its time; an estimated one is the track's length, not what was heard."""

    ended_at: Moment
    track_id: int
    title: str | None
    artist_id: int | None
    artist: str | None
    album_id: int | None
    album: str | None
    uri: str | None
    kind: str
    source: str
    heard_ms: int
    is_estimated: bool
    platform: str
    country: str
    skipped: bool | None


class Top(Read):
    """One rank. `share`, 0 to 1, is its part of the plays or the time; `previous_rank` is of the range before."""

    rank: int
    id: int
    name: str | None
    artist: str | None
    uri: str | None
    plays: int
    minutes: float
    estimated_minutes: float
    share: float
    previous_rank: int | None
    is_new: bool


class Tops(Read):
    """A ranking, best first."""

    items: list[Top]
    zone: str


class Totals(Read):
    """The figures that sum a range up. Minutes of sources that don't tell them are apart, as estimates."""

    plays: int
    minutes: float
    estimated_minutes: float
    unknown_length_count: int
    tracks: int
    artists: int
    albums: int
    days: int
    longest_streak_days: int
    first_play_at: Moment | None
    last_play_at: Moment | None
    skipped_share: float | None
    skip_known_count: int


class TotalsThenAndNow(Read):
    """The totals of a range, and of the one it is compared with; null where they can't be compared."""

    now: Totals
    before: Totals | None
    zone: str


class Stretch(Read):
    """A day, a week from Monday, or a month: its first day, plays and minutes."""

    start_on: date
    plays: int
    minutes: float
    estimated_minutes: float


class Trend(Read):
    """Every stretch of a range in order, empty ones too."""

    items: list[Stretch]
    bucket: Bucket
    zone: str


class WeekHour(Read):
    """One of the 168 hours of a week; weekday 0 is Monday."""

    weekday: int
    hour: int
    plays: int
    minutes: float
    estimated_minutes: float


class HeatMap(Read):
    """The week, hour by hour, by the listener's clock."""

    items: list[WeekHour]
    zone: str


class Streak(Read):
    """Consecutive days with a play, both ends part of it; null while it has no days."""

    days: int
    start_on: date | None
    last_on: date | None


class Streaks(Read):
    """The streak that goes on, the longest, and the days without a play between the first and the last."""

    current: Streak
    longest: Streak
    days_off: int
    zone: str


class Earliest(Read):
    """The first play, and its local day; null before there is one."""

    on: date | None
    play: Play | None
    zone: str


class Refreshed(Read):
    """How many rows a history holds."""

    row_count: int
    zone: str


class RecentAsked(Narrowing):
    """Which plays, and how many at once."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor = None


class TopAsked(Narrowing):
    """Which plays, ranked by what, and how many ranks."""

    by: Measure = Measure.PLAYS
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class TrendAsked(Narrowing):
    """Which plays, by which stretch."""

    bucket: Bucket = Bucket.MONTH


@dataclass(frozen=True, slots=True)
class _View:
    """A history narrowed, the listener's day, and their zone's name."""

    history: History
    today: date
    zone: str


@router.get("/recent")
def recent(visitor: Listening, asked: Annotated[RecentAsked, fastapi.Query()]) -> Page[Play]:
    """Return plays, the newest first. New plays don't shift the pages that follow."""
    view = _view(visitor, asked)
    shelf = Shelf(running.deps().site, visitor, "recent")
    mark = shelf.numbers(asked.cursor)
    since = moment_of(mark[0]) if mark else None
    passed = mark[1] if mark else 0
    rows = listing.below(view.history, asked.limit + 1, since, passed)
    shown = rows[: asked.limit]
    after = None if len(rows) <= asked.limit else shelf.cursor(*_mark(shown, since, passed))
    return Page(items=[_play(row) for row in shown], next_cursor=after, zone=view.zone)


@router.get("/top/{noun}")
def top(visitor: Listening, noun: Noun, asked: Annotated[TopAsked, fastapi.Query()]) -> Tops:
    """Return the top tracks, albums or artists, by plays or by time."""
    view = _view(visitor, asked)
    best = tops.top(view.history, noun, asked.limit, asked.by)
    return Tops(items=[Top.model_validate(one) for one in best], zone=view.zone)


@router.get("/totals")
def sum_up(visitor: Listening, asked: Narrowed) -> TotalsThenAndNow:
    """Return plays, minutes and the rest of a range, beside those of the range before."""
    view = _view(visitor, asked)
    now, before = totals.with_previous(view.history)
    earlier = None if before is None else Totals.model_validate(before)
    return TotalsThenAndNow(now=Totals.model_validate(now), before=earlier, zone=view.zone)


@router.get("/trends")
def trends(visitor: Listening, asked: Annotated[TrendAsked, fastapi.Query()]) -> Trend:
    """Return plays and minutes by day, week or month."""
    view = _view(visitor, asked)
    table = timeline.timeline(view.history, asked.bucket)
    if len(table) > _MOST_BUCKETS:
        raise InvalidInput(f"That are over {_MOST_BUCKETS:,} stretches: ask for fewer days, or for weeks or months.")
    items = [
        Stretch(start_on=at.date(), plays=plays, minutes=minutes, estimated_minutes=estimated)
        for at, plays, minutes, estimated in zip(
            table["start_on"], table["plays"], table["minutes"], table["estimated_minutes"], strict=True
        )
    ]
    return Trend(items=items, bucket=asked.bucket, zone=view.zone)


@router.get("/heatmap")
def heat_map(visitor: Listening, asked: Narrowed) -> HeatMap:
    """Return plays and minutes by weekday and hour."""
    view = _view(visitor, asked)
    cells = habits.hour_by_weekday(view.history).to_dict("records")
    return HeatMap(items=[WeekHour.model_validate(cell) for cell in cells], zone=view.zone)


@router.get("/streaks")
def runs(visitor: Listening, asked: Narrowed) -> Streaks:
    """Return the current streak of days with a play, and the longest."""
    view = _view(visitor, asked)
    found = streaks.streaks(view.history, view.today)
    both = {"current": Streak.model_validate(found.current), "longest": Streak.model_validate(found.longest)}
    return Streaks(**both, days_off=found.days_off, zone=view.zone)


@router.get("/earliest")
def earliest(visitor: Listening, asked: Narrowed) -> Earliest:
    """Return the first play of a range."""
    view = _view(visitor, asked)
    rows = listing.earliest(view.history, 1)
    if not rows:
        return Earliest(on=None, play=None, zone=view.zone)
    return Earliest(on=rows[0].ended_at.date(), play=_play(rows[0]), zone=view.zone)


@router.post("/refresh")
def refresh(visitor: Listening) -> Refreshed:
    """Read the whole history anew from the database. Figures are never stale; this is for whoever doubts it."""
    history = listening.refresh(running.deps(), visitor)
    return Refreshed(row_count=len(history), zone=history.zone.key)


def _view(visitor: Visitor, asked: Narrowing) -> _View:
    deps = running.deps()
    whole = listening.history(deps, visitor, rule=asked.play_rule)
    today = deps.now().astimezone(whole.zone).date()
    return _View(whole.filter(asked.filter(today)), today, whole.zone.key)


def _mark(shown: tuple[Row, ...], since: datetime | None, passed: int) -> tuple[int, int]:
    """Return the last row's moment in microseconds, and how many of that moment were handed out by now."""
    last = shown[-1].ended_at
    seen = sum(row.ended_at == last for row in shown)
    return microseconds_of(last), seen + (passed if last == since else 0)


def _play(row: Row) -> Play:
    said = {name: getattr(row, name) for name in Play.model_fields if name not in ("kind", "source")}
    return Play(**said, kind=row.kind.name.lower(), source=Source(row.source).word)
