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


def delete_before(conn: Connection, moment: datetime) -> int:
    """Prune the log; return how many rows went."""
    return conn.execute(delete(api_integration_logs).where(api_integration_logs.c.at < moment)).rowcount
