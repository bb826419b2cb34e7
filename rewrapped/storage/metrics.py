"""What people did with promoters' events, counted: a daily log derived from the interactions, and how many they were.

Nobody is named here: people are counted by the keys that stand for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, literal, select, tuple_, union_all

from rewrapped.domain.attention import Day, Figures, Side
from rewrapped.domain.plays import TimeRange
from rewrapped.domain.promoting import Interaction
from rewrapped.storage.tables import event_interactions, event_metrics_log, events, promotions, user_tags, users

#: What each kind of interaction is called in the log.
METRICS = {kind: f"{kind.name.lower()}s" for kind in Interaction}

_KINDS = {word: kind for kind, word in METRICS.items()}
_REBUILDING = 0x6D657472  # whoever rebuilds a day of the log holds this advisory lock
_i, _log = event_interactions.c, event_metrics_log.c


def rebuild_day(conn: Connection, day: date) -> int:
    """Count a day of all promoters' events anew from the interactions; return how many figures it has."""
    conn.execute(select(func.pg_advisory_xact_lock(_REBUILDING)))
    promoted = select(promotions.c.event_id)
    query = (
        select(_i.event_id, _i.kind, func.count())
        .where(_i.event_id.in_(promoted), _i.day == day)
        .group_by(_i.event_id, _i.kind)
    )
    rows = [
        {"event_id": event_id, "day": day, "metric": METRICS[Interaction(kind)], "total": total}
        for event_id, kind, total in conn.execute(query)
    ]
    conn.execute(delete(event_metrics_log).where(_log.event_id.in_(promoted), _log.day == day))
    if rows:
        conn.execute(insert(event_metrics_log), rows)
    return len(rows)


def first_unlogged(conn: Connection) -> date | None:
    """Return the day from which the log may lack something: its last one, or else that of the first interaction."""
    last: date | None = conn.scalar(select(func.max(_log.day)))
    if last is not None:
        return last
    first: date | None = conn.scalar(select(func.min(_i.day)).where(_i.event_id.in_(select(promotions.c.event_id))))
    return first


def list_days(conn: Connection, event_ids: Collection[int], days: TimeRange, live_from: date) -> list[Day]:
    """Return the totals of events by day: from the log, and from `live_from` on, where it may lag, as they are now."""
    logged = select(_log.event_id, _log.day, _log.metric, _log.total).where(
        _log.event_id.in_(event_ids), _log.day < live_from, *_within(_log.day, days)
    )
    live = (
        select(_i.event_id, _i.day, _i.kind, func.count())
        .where(_i.event_id.in_(event_ids), _i.day >= live_from, *_within(_i.day, days))
        .group_by(_i.event_id, _i.day, _i.kind)
    )
    found: dict[tuple[int, date], dict[Interaction, int]] = {}
    for event_id, day, metric, total in conn.execute(logged):
        found.setdefault((event_id, day), {})[_KINDS[metric]] = total
    for event_id, day, kind, total in conn.execute(live):
        found.setdefault((event_id, day), {})[Interaction(kind)] = total
    return [Day(event_id, day, Figures.of(found[event_id, day])) for event_id, day in sorted(found)]


def count_people(conn: Connection, event_ids: Collection[int], days: TimeRange) -> dict[int | None, Figures]:
    """Return how many people did what, each once: by event, and under None over all of them together."""
    condition = [_i.event_id.in_(event_ids), *_within(_i.day, days)]
    each = select(_i.event_id, _i.kind, func.count(_i.person_key.distinct())).where(*condition)
    whole = select(literal(None), _i.kind, func.count(_i.person_key.distinct())).where(*condition)
    rows = conn.execute(union_all(each.group_by(_i.event_id, _i.kind), whole.group_by(_i.kind)))
    found: dict[int | None, dict[Interaction, int]] = {None: {}}
    for event_id, kind, people in rows:
        found.setdefault(event_id, {})[Interaction(kind)] = people
    return {event_id: Figures.of(counts) for event_id, counts in found.items()}


def count_tags(conn: Connection, event_ids: Collection[int]) -> dict[int, int]:
    """Return how many tags listeners gave each event's show; a person's tag counts once, samples' never."""
    own = events.alias()
    query = (
        select(own.c.id, func.count(tuple_(user_tags.c.user_id, user_tags.c.tag).distinct()).label("tags"))
        .join(events, events.c.twin_of == own.c.twin_of)
        .join(user_tags, user_tags.c.event_id == events.c.id)
        .join(users, users.c.id == user_tags.c.user_id)
        .where(own.c.id.in_(event_ids), ~users.c.is_demo)
        .group_by(own.c.id)
    )
    return {row.id: row.tags for row in conn.execute(query)}


def list_sides(conn: Connection, event_ids: Collection[int]) -> dict[int, tuple[Side, Side]]:
    """Return by event what those did who fitted its targeting, and what the others did, over all its days.

    Whoever fitted once is among the first. Seeing an event among others doesn't count.
    """
    done = (Interaction.VIEW, Interaction.SAVE, Interaction.CLICK)
    times = {kind: func.count().filter(_i.kind == kind) for kind in done}
    person = (
        select(
            _i.event_id,
            func.bool_or(_i.is_matched).label("is_matched"),
            *(count.label(METRICS[kind]) for kind, count in times.items()),
        )
        .where(_i.event_id.in_(event_ids), _i.kind.in_(done))
        .group_by(_i.event_id, _i.person_key)
        .subquery()
    )
    p = person.c
    query = select(
        *(p.event_id, p.is_matched, func.count().label("people")),
        func.count().filter(p.views > 0).label("viewers"),
        func.count().filter(p.saves > 0).label("savers"),
        *(func.sum(p[METRICS[kind]]).label(METRICS[kind]) for kind in done),
    ).group_by(p.event_id, p.is_matched)
    found: dict[int, dict[bool, Side]] = {}
    for row in conn.execute(query):
        found.setdefault(row.event_id, {})[row.is_matched] = _side(row)
    return {event_id: (by.get(True, Side()), by.get(False, Side())) for event_id, by in found.items()}


def _side(row: Row[Any]) -> Side:
    return Side(row.people, row.viewers, row.savers, Figures(0, int(row.views), int(row.saves), int(row.clicks)))


def _within(day: ColumnElement[date], days: TimeRange) -> Iterable[ColumnElement[bool]]:
    if days.start_on is not None:
        yield day >= days.start_on
    if days.end_on is not None:
        yield day < days.end_on
