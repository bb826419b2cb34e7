"""What promoters learn of their own events, counted exactly, and never of fewer people than may be told apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain import attention
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.attention import Attention, Day, Effect, Figures, Life, Period, Standing
from rewrapped.domain.plays import TimeRange
from rewrapped.services import promoting
from rewrapped.storage import metrics, people, promotions
from rewrapped.storage.database import Connection
from rewrapped.storage.promotions import OwnEvent

_LIVE = timedelta(hours=36)  # how far back the days reach that may still be counted, wherever a venue is
_AHEAD = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Line:
    """One event of an overview: what it got in the period, and how it does beside earlier ones (of all its time)."""

    own: OwnEvent
    attention: Attention
    tags: int
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Events in a period. `before` is the same length before it, None where there is none."""

    period: Period
    days: TimeRange
    today: date  # the promoter's
    lines: tuple[Line, ...]
    whole: Attention
    before: Attention | None
    series: tuple[tuple[date, Figures], ...]  # every day of the period, in order; from the first with traffic for ALL
    effects: tuple[Effect, ...]  # over all time


def overview(deps: Deps, visitor: Visitor, period: Period, event_id: int | None = None) -> Overview:
    """Return the figures of all of the visitor's events, or of one.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
        NotFound: the one event isn't theirs.
    """
    if event_id is None:
        shown = promoting.list_events(deps, visitor)
        promoter_id: int | None = visitor.allowed(Permission.PROMOTE)
    else:
        shown = [promoting.find_event(deps, visitor, event_id)]
        promoter_id = shown[0].promoter_id
    with deps.engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn:
        today = _today(deps, conn, visitor)
        family = promotions.list_own(conn, promoter_id) if event_id is not None else shown
        return _overview(deps, conn, period, today, shown, family)


def rebuild_day(deps: Deps, day: date) -> int:
    """Count a day of the log anew from the interactions; return how many figures it has."""
    with deps.engine.begin() as conn:
        return metrics.rebuild_day(conn, day)


def rebuild_recent(deps: Deps) -> int:
    """Count the days anew that may have changed, and those that were missed; return how many figures. For the tick."""
    now = deps.now()
    first_on, last_on = (now - _LIVE).date(), (now + _AHEAD).date()
    with deps.engine.connect() as conn:
        missed_on = metrics.first_unlogged(conn)
    first_on = min(first_on, missed_on) if missed_on else first_on
    return sum(rebuild_day(deps, first_on + timedelta(days=past)) for past in range((last_on - first_on).days + 1))


def _today(deps: Deps, conn: Connection, visitor: Visitor) -> date:
    person = people.find_person(conn, visitor.signed_in())
    return deps.now().astimezone(ZoneInfo(person.zone if person else "UTC")).date()


def _overview(
    deps: Deps, conn: Connection, period: Period, today: date, shown: Sequence[OwnEvent], family: Sequence[OwnEvent]
) -> Overview:
    ids, days = [own.id for own in shown], period.days(today)
    live_from = (deps.now() - _LIVE).date()
    every_day = metrics.list_days(conn, {own.id for own in (*shown, *family)}, TimeRange(), live_from)
    lives = [_life(own, every_day) for own in family]
    within = [day for day in every_day if day.event_id in set(ids) and _is_in(day.on, days)]
    people_of = metrics.count_people(conn, ids, days)
    tags = metrics.count_tags(conn, ids)
    return Overview(
        period=period,
        days=days,
        today=today,
        lines=tuple(
            Line(
                own=own,
                attention=Attention(
                    attention.summed(day for day in within if day.event_id == own.id),
                    people_of.get(own.id, Figures()),
                ),
                tags=tags.get(own.id, 0),
                standing=attention.standing(_life(own, every_day), lives, today),
            )
            for own in shown
        ),
        whole=Attention(attention.summed(within), people_of[None]),
        before=_before(conn, ids, days, every_day),
        series=_series(within, days, today),
        effects=attention.effects({own.id: _parts(own) for own in shown}, metrics.list_sides(conn, ids)),
    )


def _before(conn: Connection, ids: Collection[int], days: TimeRange, every_day: Sequence[Day]) -> Attention | None:
    earlier = days.previous()
    if earlier is None:
        return None
    total = attention.summed(day for day in every_day if day.event_id in set(ids) and _is_in(day.on, earlier))
    return Attention(total, metrics.count_people(conn, ids, earlier)[None])


def _series(within: Sequence[Day], days: TimeRange, today: date) -> tuple[tuple[date, Figures], ...]:
    by_day: dict[date, Figures] = {}
    for day in within:
        by_day[day.on] = by_day.get(day.on, Figures()) + day.total
    if not by_day:
        return ()
    first_on = days.start_on or min(by_day)
    last_on = max(today, *by_day)
    return tuple(
        (on, by_day.get(on, Figures()))
        for on in (first_on + timedelta(days=past) for past in range((last_on - first_on).days + 1))
    )


def _life(own: OwnEvent, every_day: Sequence[Day]) -> Life:
    listing = own.event.listing
    return Life(
        event_id=own.id,
        published_on=own.published_at.astimezone(ZoneInfo(listing.zone)).date(),
        start_on=listing.start_on,
        days=tuple((day.on, day.total.engagement) for day in every_day if day.event_id == own.id),
    )


def _parts(own: OwnEvent) -> dict[str, frozenset[str]]:
    aimed = own.promotion.targeting
    return {"country": aimed.countries, "genre": aimed.genres, "artist": aimed.artists}


def _is_in(on: date, days: TimeRange) -> bool:
    return (days.start_on is None or on >= days.start_on) and (days.end_on is None or on < days.end_on)
