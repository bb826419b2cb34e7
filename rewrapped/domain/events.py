"""What a source says of one show, in one normal form; and how outside text, addresses and prices are cleaned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rewrapped.domain.accounts import zones
from rewrapped.domain.plays import normalise
from rewrapped.errors import InvalidInput

TITLE_MAX, NAME_MAX, URL_MAX = 300, 200, 2000
PERFORMERS_MAX = 300

_DEAREST = 1_000_000  # of whatever currency; a price above says nothing
# They turn the text around them about, or hide it: a title could look like another one.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_UNSEEN = frozenset({"Cf", "Zs"})  # alone they are no text, within one they join and part
_BLANKED = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})


class EventSource(StrEnum):
    """Who says that a show takes place."""

    TICKETMASTER = "ticketmaster"
    JAMBASE = "jambase"
    INTERNAL = "internal"  # our own promoters
    DEMO = "demo"

    @property
    def number(self) -> int:
        """Return what stands for the source where only ids go, in jobs."""
        return list(EventSource).index(self) + 1

    @classmethod
    def numbered(cls, number: int) -> EventSource:
        """Return the source with this number.

        Raises:
            InvalidInput: there is none.
        """
        if not 1 <= number <= len(cls):
            raise InvalidInput(f"There is no source of events with the number {number}.")
        return list(cls)[number - 1]


class EventStatus(StrEnum):
    """Whether a show takes place; whether tickets are on sale is another question."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    RESCHEDULED = "rescheduled"


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a show is. Latitude and longitude are degrees, both known or both None."""

    name: str
    city: str
    country: str  # ISO 3166 alpha-2
    region: str = ""
    source_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def __post_init__(self) -> None:
        if not self.name or not re.fullmatch("[A-Z]{2}", self.country, re.ASCII):
            raise InvalidInput("A venue needs a name, and a country of two letters.")


@dataclass(frozen=True, slots=True)
class Performer:
    """Who plays; `ids` by service (spotify, musicbrainz, ticketmaster, jambase)."""

    name: str
    is_headliner: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def normal_name(self) -> str:
        """Return the form names are compared in, as the catalogue's artists are, cut to what an index holds."""
        return normal_name(self.name)


@dataclass(frozen=True, slots=True)
class Offer:
    """Where tickets are sold. Prices are hundredths of the currency's unit, None where the source doesn't say."""

    seller: str
    url: str  # http or https
    min_cents: int | None = None
    max_cents: int | None = None
    currency: str | None = None  # ISO 4217
    is_primary: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """One show as one source tells it. Days and times are the venue's own, in `zone`."""

    source: EventSource
    source_id: str
    title: str
    start_on: date
    zone: str  # IANA
    venue: Venue
    fetched_at: datetime  # when the source said so
    expires_at: datetime  # when that is too old to be shown
    status: EventStatus = EventStatus.SCHEDULED
    is_on_sale: bool | None = None
    start_time: time | None = None  # None: unknown, or to be announced
    doors_time: time | None = None
    end_on: date | None = None  # the last day
    performers: tuple[Performer, ...] = ()  # in the source's order
    offers: tuple[Offer, ...] = ()
    genres: tuple[str, ...] = ()  # the source's own words
    image_url: str | None = None
    url: str | None = None
    is_festival: bool = False
    attribution: str = ""
    bridges: tuple[tuple[str, str], ...] = ()  # (source, id): the same show elsewhere, as the source says

    def __post_init__(self) -> None:
        if not self.source_id or not self.title:
            raise InvalidInput("A show needs an id and a title.")
        if self.zone not in zones():
            raise InvalidInput("A show needs the time zone of its venue.")
        if self.end_on is not None and self.end_on < self.start_on:
            raise InvalidInput("A show can't end before it starts.")

    @property
    def start_at(self) -> datetime | None:
        """Return the moment it starts, in UTC; None while the time is unknown."""
        return None if self.start_time is None else moment(self.start_on, self.start_time, self.zone)


def moment(on: date, at: time, zone: str) -> datetime:
    """Return a venue's local day and time as UTC.

    Of an hour that the clocks pass twice, it is the first; a time that they
    leap over is as much later as they leap.
    """
    return datetime.combine(on, at.replace(tzinfo=None, fold=0), ZoneInfo(zone)).astimezone(UTC)


def normal_name(name: str) -> str:
    """Return a performer's name in the catalogue's normal form, at most NAME_MAX characters of it."""
    return normalise(name)[:NAME_MAX]


def clean_text(text: object, limit: int = NAME_MAX) -> str:
    """Return one line of outside text: no control or direction characters, single spaces, at most `limit` long."""
    if not isinstance(text, str):
        return ""
    read = text[: 4 * limit]  # nobody means 100 KB to be read
    kept = "".join(" " if unicodedata.category(c) in _BLANKED else c for c in read if c not in _BIDI)
    line = " ".join(unicodedata.normalize("NFC", kept).split())[:limit].rstrip()
    return line if any(unicodedata.category(c) not in _UNSEEN for c in line) else ""


def clean_url(text: object) -> str | None:
    """Return a web address that a browser may be sent to, None for anything else."""
    if not isinstance(text, str) or len(text) > URL_MAX or not text.isascii() or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        has_odd_host = not parts.hostname or "@" in parts.netloc or "\\" in text or parts.port == 0
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and not has_odd_host else None


def clean_id(text: object) -> str:
    """Return an id of another service, "" where it can't be one."""
    found = str(text) if isinstance(text, (str, int)) and not isinstance(text, bool) else ""
    return found if re.fullmatch(r"[A-Za-z0-9:._~+/=-]{1,200}", found, re.ASCII) else ""


def clean_currency(text: object) -> str | None:
    """Return an ISO 4217 code in capitals, None where it isn't one."""
    code = text.strip().upper() if isinstance(text, str) else ""
    return code if re.fullmatch("[A-Z]{3}", code, re.ASCII) else None


def cents(amount: float | None) -> int | None:
    """Return an amount in hundredths, None where it can't be a price."""
    if amount is None or not 0 <= amount <= _DEAREST:
        return None
    return int((Decimal(str(amount)) * 100).to_integral_value())


def coordinates(latitude: float | None, longitude: float | None) -> tuple[float | None, float | None]:
    """Return a place in degrees, (None, None) where it isn't one; 0, 0 is what sources say for "unknown"."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (None, None)
