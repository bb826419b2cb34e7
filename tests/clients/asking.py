"""Clients that ask simulators, with everything they tell kept in lists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from rewrapped.clients import jambase, ticketmaster
from rewrapped.clients.http import Call, Surroundings
from rewrapped.clients.jambase import JamBase
from rewrapped.clients.ticketmaster import Ticketmaster
from rewrapped.domain.events import Listing
from rewrapped.domain.sweeping import Area, Found, Query, Window
from tests.simulators.server import Simulator

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DECEMBER = Window(date(2026, 12, 1), date(2027, 1, 1))
GERMANY = Query(Area("DE"), DECEMBER)


@dataclass
class Memory:
    """A cache that forgets nothing."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def put(self, key: str, answer: bytes, keep_s: int) -> None:
        self.kept[key] = answer


@contextmanager
def a_ticketmaster(
    simulator: Simulator, calls: list[Call], *, key: str | None = None, cache: Memory | None = None
) -> Iterator[Ticketmaster]:
    """Hand over a client of a simulator."""
    service = ticketmaster.v2(key or simulator.key, f"{simulator.url}/discovery/v2", pause_s=0)
    client = Ticketmaster(service, Surroundings(calls.append, lambda: NOW, cache))
    try:
        yield client
    finally:
        client.close()


@contextmanager
def a_jambase(
    simulator: Simulator, calls: list[Call], *, key: str | None = None, version: str = "v3", cache: Memory | None = None
) -> Iterator[JamBase]:
    """Hand over a client of a simulator, of either version."""
    key = key or simulator.key
    if version == "v1":
        service = jambase.v1(key, f"{simulator.url}/jb-api/v1", pause_s=0)
    else:
        service = jambase.v3(key, f"{simulator.url}/v3", pause_s=0)
    client = JamBase(service, Surroundings(calls.append, lambda: NOW, cache))
    try:
        yield client
    finally:
        client.close()


def whole(client: Ticketmaster | JamBase, query: Query = GERMANY) -> Found:
    """Return everything a search brings, as if it were one answer."""
    parts = list(client.search(query))
    listings: dict[str, Listing] = {one.source_id: one for part in parts for one in part.listings}
    return Found(
        tuple(listings.values()),
        tuple(found for part in parts for found in part.unread),
        sum(part.dropped for part in parts),
        all(part.is_whole for part in parts),
    )
