"""The log of questions to outside services: what budgets are counted from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from rewrapped.storage.tables import api_integration_logs


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One question; `endpoint` is a template, and status None means that no answer came."""

    service: str
    endpoint: str
    status: int | None
    ms: int
    is_cached: bool
    retry_after_s: int | None
    at: datetime


def add_call(conn: Connection, call: LoggedCall) -> None:
    """Log one question."""
    conn.execute(insert(api_integration_logs).values(**asdict(call)))


def count_since(conn: Connection, service: str, moment: datetime, *, is_cached: bool = False) -> int:
    """Return how many questions a service was asked since a moment, answered or not; or how many the cache answered."""
    log = api_integration_logs.c
    query = select(func.count()).where(log.service == service, log.at >= moment, log.is_cached == is_cached)
    return conn.execute(query).scalar_one()


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """How one service answered in a period; times are of what was asked of it, not of what the cache answered."""

    service: str
    calls: int
    cached: int
    errors: int  # no answer, or a status of 400 and above
    p50_ms: float | None
    p95_ms: float | None
    last_at: datetime


def summarise(conn: Connection, since: datetime) -> list[ServiceFigures]:
    """Return how each service answered since a moment, by name."""
    log = api_integration_logs.c
    asked = ~log.is_cached
    failed = asked & (log.status.is_(None) | (log.status >= 400))
    percentiles = [func.percentile_cont(share).within_group(log.ms).filter(asked) for share in (0.5, 0.95)]
    counts = [func.count().filter(condition) for condition in (asked, log.is_cached, failed)]
    columns = (log.service, *counts, *percentiles, func.max(log.at))
    rows = conn.execute(select(*columns).where(log.at >= since).group_by(log.service).order_by(log.service))
    return [ServiceFigures(*row) for row in rows]


def delete_before(conn: Connection, moment: datetime) -> int:
    """Prune the log; return how many rows went."""
    return conn.execute(delete(api_integration_logs).where(api_integration_logs.c.at < moment)).rowcount
