"""What is asked of the events page as a query string; what doesn't parse is left out, and never fails.

`read(write(asked)) == asked` for everything the page can ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rewrapped.domain.days import day
from rewrapped.domain.events import clean_text
from rewrapped.history.filterquery import read_day
from rewrapped.services.whereabouts import FARTHEST_KM, NEAREST_KM

PRESETS: Final = {"weekend": "This weekend", "7d": "7 days", "30d": "30 days", "3m": "3 months"}
DEFAULT: Final = "30d"
ANYWHERE: Final = 0  # the place of somebody who looks everywhere, whatever place they told us
KEYS: Final = ("range", "from", "to", "q", "artist", "country", "place", "radius")
TEXT_MAX: Final = 100
_LENGTHS: Final = {"7d": 7, "30d": 30, "3m": 91}
_SAID: Final = {
    "weekend": "this weekend",
    "7d": "in the next 7 days",
    "30d": "in the next 30 days",
    "3m": "in the next 3 months",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is set to: a preset's word, or `custom` with both days (the last one included), and where.

    `place_id` is a GeoNames id, ANYWHERE, or None for the place the listener told us.
    """

    word: str = DEFAULT
    first_on: date | None = None
    last_on: date | None = None
    text: str = ""
    artist: str = ""
    country: str = ""
    place_id: int | None = None
    radius_km: int | None = None

    def days(self, today: date) -> tuple[date, date]:
        """Return the first day, and the day after the last."""
        if self.word == "custom" and self.first_on and self.last_on:
            return self.first_on, self.last_on + timedelta(days=1)
        if self.word == "weekend":
            monday = today - timedelta(days=today.weekday())
            return max(today, monday + timedelta(days=4)), monday + timedelta(days=7)
        return today, today + timedelta(days=_LENGTHS[self.word])

    def further(self, today: date) -> date | None:
        """Return the day after the last one that the longest preset reaches, None where the days are one's own."""
        return None if self.word == "custom" else today + timedelta(days=_LENGTHS["3m"])

    @property
    def said(self) -> str:
        """Return the days as they follow a finding: "in the next 30 days", "from 5 to 9 March 2026"."""
        if self.word != "custom" or not self.first_on or not self.last_on:
            return _SAID.get(self.word, _SAID[DEFAULT])
        if self.first_on == self.last_on:
            return f"on {day(self.first_on)}"
        return f"from {day(self.first_on)} to {day(self.last_on)}"


def read(query: Mapping[str, str]) -> Asked:
    """Return what an address asks for."""
    word, first, last = query.get("range", DEFAULT), read_day(query.get("from", "")), read_day(query.get("to", ""))
    is_custom = word == "custom" and first is not None and last is not None and first <= last
    word = "custom" if is_custom else word if word in PRESETS else DEFAULT
    country = query.get("country", "")
    place = query.get("place", "")
    return Asked(
        word=word,
        first_on=first if is_custom else None,
        last_on=last if is_custom else None,
        text=clean_text(query.get("q", ""), TEXT_MAX),
        artist=clean_text(query.get("artist", ""), TEXT_MAX),
        country=country if re.fullmatch("[A-Z]{2}", country, re.ASCII) else "",
        place_id=ANYWHERE if place == "any" else _number(place, 1, 10**12),
        radius_km=_number(query.get("radius", ""), NEAREST_KM, FARTHEST_KM),
    )


def write(asked: Asked) -> dict[str, str]:
    """Return the query parameters for what is asked, without what goes without saying."""
    place = "" if asked.place_id is None else "any" if asked.place_id == ANYWHERE else str(asked.place_id)
    found = {
        "range": "" if asked.word == DEFAULT else asked.word,
        "from": asked.first_on.isoformat() if asked.first_on else "",
        "to": asked.last_on.isoformat() if asked.last_on else "",
        "q": asked.text,
        "artist": asked.artist,
        "country": asked.country,
        "place": place,
        "radius": str(asked.radius_km or ""),
    }
    return {key: value for key, value in found.items() if value}


def _number(word: str, low: int, high: int) -> int | None:
    if not re.fullmatch("[0-9]{1,12}", word, re.ASCII):
        return None
    return int(word) if low <= int(word) <= high else None
