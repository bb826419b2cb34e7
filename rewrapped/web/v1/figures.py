"""`/promoter/analytics`, `/promoter/series`, `/promoter/export.*`: what a promoter learns of their events."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import fastapi
from fastapi import APIRouter, Response
from pydantic import Field

from rewrapped import running
from rewrapped.domain import attention as rules
from rewrapped.domain.access import Visitor
from rewrapped.domain.attention import FORMULA, Effect, Period
from rewrapped.domain.attention import Attention as Counted
from rewrapped.services import attention
from rewrapped.services.attention import Line, Overview
from rewrapped.ui import promoting_tables as tables
from rewrapped.ui import sheet
from rewrapped.web.v1.asking import Promoting, Query, Read, zone_of

router = APIRouter(prefix="/promoter", tags=["promoter"])


class Bucket(StrEnum):
    """How long a stretch of a series is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"


class Figures(Read):
    """Counts of interactions, or of people; engagement is views + 2 x saves + 3 x clicks."""

    impressions: int
    views: int
    saves: int
    clicks: int
    engagement: int


class Attention(Read):
    """`total` of interactions, `people` each once; `save_rate` is people who saved / people who viewed."""

    total: Figures
    people: Figures
    save_rate: float | None


class EventFigures(Read):
    """One event's figures; `verdict` is null with fewer than three earlier events to compare it with."""

    id: int
    title: str
    status: str
    start_on: date
    attention: Attention
    tags: int
    verdict: str | None


class Side(Read):
    """Those who fit a targeting, or those who don't."""

    people: int
    total: Figures
    save_rate: float | None
    average_engagement: float | None


class Aim(Read):
    """One value that events are aimed by. Both sides are null where either holds fewer than five people."""

    part: str
    value: str
    events: int
    matched: Side | None
    others: Side | None


class Analytics(Read):
    """Figures of a period; `before` is the same length before it, null for all time."""

    period: Period
    start_on: date | None
    end_on: date | None
    formula: str
    whole: Attention
    before: Attention | None
    events: list[EventFigures]
    targeting: list[Aim]
    zone: str


class SeriesPoint(Read):
    """A day, or a week from Monday, and its totals."""

    start_on: date
    total: Figures


class Series(Read):
    """Every stretch of a period, in order; days are the venues'."""

    period: Period
    bucket: Bucket
    items: list[SeriesPoint]
    zone: str


class AnalyticsAsked(Query):
    """Of which time, and of one event or of all."""

    period: Period = Period.FOUR_WEEKS
    event_id: Annotated[int | None, Field(ge=1, lt=2**63)] = None


class SeriesAsked(AnalyticsAsked):
    """By which stretch."""

    bucket: Bucket = Bucket.DAY


Asked = Annotated[AnalyticsAsked, fastapi.Query()]


@router.get("/analytics")
def analytics(visitor: Promoting, asked: Asked) -> Analytics:
    """Return the figures of your events, or of one, with what targeting did."""
    found = _overview(visitor, asked)
    return Analytics(
        period=found.period,
        start_on=found.days.start_on,
        end_on=found.days.end_on,
        formula=FORMULA,
        whole=_attention(found.whole),
        before=None if found.before is None else _attention(found.before),
        events=[_event(line) for line in found.lines],
        targeting=[_aim(effect) for effect in found.effects],
        zone=zone_of(visitor),
    )


@router.get("/series")
def series(visitor: Promoting, asked: Annotated[SeriesAsked, fastapi.Query()]) -> Series:
    """Return totals by day or week, of your events or of one."""
    found = _overview(visitor, asked)
    stretches = found.series if asked.bucket is Bucket.DAY else rules.by_week(found.series).items()
    items = [SeriesPoint(start_on=on, total=Figures.model_validate(total)) for on, total in stretches]
    return Series(period=asked.period, bucket=asked.bucket, items=items, zone=zone_of(visitor))


@router.get(
    "/export.csv", response_class=Response, responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
)
def export_csv(visitor: Promoting, asked: Asked) -> Response:
    """Return the events' figures as CSV, of which no text becomes a spreadsheet's formula."""
    content = sheet.csv(tables.events_table(_overview(visitor, asked)))
    return Response(content, media_type="text/csv; charset=utf-8", headers=_attached("csv"))


@router.get("/export.json", response_class=Response, responses={200: {"content": {"application/json": {"schema": {}}}}})
def export_json(visitor: Promoting, asked: Asked) -> Response:
    """Return the promoter page's JSON file: events, days and targeting, as a person reads them."""
    content = tables.as_json(_overview(visitor, asked))
    return Response(content, media_type="application/json", headers=_attached("json"))


def _overview(visitor: Visitor, asked: AnalyticsAsked) -> Overview:
    return attention.overview(running.deps(), visitor, asked.period, asked.event_id)


def _attached(ending: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="events.{ending}"'}


def _attention(found: Counted) -> Attention:
    return Attention.model_validate(found)


def _event(line: Line) -> EventFigures:
    listing = line.own.event.listing
    return EventFigures(
        id=line.own.id,
        title=listing.title,
        status=listing.status,
        start_on=listing.start_on,
        attention=_attention(line.attention),
        tags=line.tags,
        verdict=None if line.standing is None else line.standing.verdict,
    )


def _aim(effect: Effect) -> Aim:
    matched = Side.model_validate(effect.matched) if effect.is_shown else None
    others = Side.model_validate(effect.others) if effect.is_shown else None
    return Aim(part=effect.part, value=effect.value, events=effect.events, matched=matched, others=others)
