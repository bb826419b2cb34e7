"""Reading JSON that may have any shape: what isn't as expected is empty, never an error."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rewrapped.domain.events import NAME_MAX, Listing, clean_id, clean_text
from rewrapped.domain.sweeping import Found
from rewrapped.errors import InvalidInput

T = TypeVar("T")


def at(node: Any, *path: str) -> Any:
    """Return what stands under a path of keys, None where there is nothing."""
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def words(node: Any, *path: str, limit: int = NAME_MAX) -> str:
    """Return a clean text, "" where there is none."""
    return clean_text(at(node, *path), limit)


def number(node: Any, *path: str) -> float | None:
    """Return a finite number, also one written as text."""
    found = at(node, *path)
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return None
    try:
        value = float(found)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def objects(node: Any, *path: str, most: int = 1000) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    found = at(node, *path)
    return [one for one in found[:most] if isinstance(one, dict)] if isinstance(found, list) else []


def day(text: object) -> date | None:
    """Return the day at the start of `2026-12-01` or `2026-12-01T20:00:00`."""
    return _parsed(date.fromisoformat, text[:10]) if isinstance(text, str) else None


def clock_time(text: object) -> time | None:
    """Return the time of `20:00:00`, without any zone it claims to be in."""
    found = _parsed(time.fromisoformat, text) if isinstance(text, str) else None
    return None if found is None else found.replace(tzinfo=None, microsecond=0, second=0)


def local(text: object, zone: str) -> tuple[date | None, time | None]:
    """Return day and time in a zone; a text without offset is local already, one without time has none."""
    if not isinstance(text, str) or "T" not in text:
        return day(text), None
    found = _parsed(datetime.fromisoformat, text)
    if found is None:
        return day(text), None
    if found.tzinfo is not None:
        found = found.astimezone(UTC).astimezone(ZoneInfo(zone))
    return found.date(), found.time().replace(second=0, microsecond=0)


def _parsed(parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except (ValueError, OverflowError):
        return None


def read_rows(rows: Sequence[Any], read: Callable[[dict[str, Any]], Listing | None], id_key: str) -> Found:
    """Return what a list of rows holds; `read` gives None for what is no show, and raises InvalidInput."""
    listings, unread, dropped = [], [], 0
    for row in rows:
        try:
            listing = read(row if isinstance(row, dict) else {})
        except InvalidInput:
            unread.append(clean_id(at(row, id_key)))
            continue
        if listing is None:
            dropped += 1
        else:
            listings.append(listing)
    return Found(tuple(listings), tuple(unread), dropped)
