"""The filter and the play rule as a query string: words, whole numbers and dates of fixed forms, nothing else.

What doesn't parse is left out, so a broken or forged address narrows less and
never fails. `read(write(picked)) == picked` for everything the bar can make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from rewrapped.domain.plays import Filter, Kind, PlayRule, Source, TimeRange, preset_range
from rewrapped.errors import InvalidInput
from rewrapped.history.platforms import FAMILIES

#: What the bar offers as one press; years come from the listener's own history.
PRESETS = {
    "4w": "4 weeks",
    "3m": "3 months",
    "6m": "6 months",
    "12m": "12 months",
    "this_year": "This year",
    "all": "All time",
}
#: Presets that mean other days when they are opened later.
RELATIVE = frozenset(PRESETS) - {"all"}
#: Query parameters that narrow, besides the time range.
NARROWING = (
    *("weekdays", "hours", "months", "platforms", "countries", "sources", "kinds"),
    *("artists", "albums", "tracks", "skipped", "shuffle", "offline"),
)
#: Query parameters this module owns.
KEYS = ("range", "from", "to", *NARROWING, "rule")
#: Values of one parameter that are read.
MOST_VALUES = 50
#: Digits of an id in an address; fits the database's bigint.
LONGEST_ID = 18

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Picked:
    """What the bar is set to: a preset's word, or `custom` with both days (the last one included), and the rest.

    `rule` is what counts as a play, None the listener's own rule.
    """

    word: str
    first_on: date | None = None
    last_on: date | None = None
    rest: Filter = field(default_factory=Filter)
    rule: PlayRule | None = None

    def filter(self, today: date) -> Filter:
        """Return the filter; `today` is the listener's local day."""
        return self.rest.within(self.time_range(today))

    def time_range(self, today: date) -> TimeRange:
        """Return the days it covers."""
        if self.word == "custom" and self.first_on and self.last_on:
            return TimeRange(self.first_on, date.fromordinal(self.last_on.toordinal() + 1))
        return preset_range(self.word, today)


def read(query: Mapping[str, str], default: str) -> Picked:
    """Return what an address asks for; `default` is the preset used when it names none."""
    return replace(_range(query, default, _rest(query)), rule=read_rule(query.get("rule", "")))


def write(picked: Picked) -> dict[str, str]:
    """Return the query parameters for what is picked, without empty ones."""
    rest = picked.rest
    found = {"range": picked.word}
    if picked.word == "custom" and picked.first_on and picked.last_on:
        found |= {"from": picked.first_on.isoformat(), "to": picked.last_on.isoformat()}
    for key in ("weekdays", "hours", "months", "artists", "albums", "tracks", "platforms", "countries"):
        found[key] = _joined(getattr(rest, key))
    found["sources"] = _joined(source.word for source in rest.sources)
    found["kinds"] = "" if rest.kinds == Filter().kinds else _joined(kind.name.lower() for kind in rest.kinds)
    for key in ("skipped", "shuffle", "offline"):
        answer = getattr(rest, key)
        found[key] = "" if answer is None else "yes" if answer else "no"
    found["rule"] = "" if picked.rule is None else str(picked.rule)
    return {key: value for key, value in found.items() if value}


def active_count(rest: Filter) -> int:
    """Return how many filters besides the time range are on."""
    plain = Filter()
    return sum(getattr(rest, name) != getattr(plain, name) for name in NARROWING)


def fixed(picked: Picked, today: date) -> Picked:
    """Return the same with the days that a relative preset means today in its place."""
    days = picked.time_range(today)
    if picked.word not in RELATIVE or days.start_on is None or days.end_on is None:
        return picked
    return replace(picked, word="custom", first_on=days.start_on, last_on=days.end_on - timedelta(days=1))


def read_rule(text: str) -> PlayRule | None:
    """Return a play rule in exactly the form it is written in, None for anything else."""
    try:
        rule = PlayRule.parse(text)
    except InvalidInput:
        return None
    return rule if str(rule) == text else None


def without(picked: Picked, name: str) -> Picked:
    """Return the same without one filter."""
    return replace(picked, rest=replace(picked.rest, **{name: getattr(Filter(), name)}))


def _range(query: Mapping[str, str], default: str, rest: Filter) -> Picked:
    word = query.get("range", default)
    if word == "custom":
        first, last = read_day(query.get("from", "")), read_day(query.get("to", ""))
        if first and last and first <= last:
            return Picked("custom", first, last, rest)
        return Picked(default, rest=rest)
    try:
        preset_range(word, date(2020, 1, 1))  # any day will do to see whether the word is known
    except InvalidInput:
        return Picked(default, rest=rest)
    return Picked(word, rest=rest)


def _rest(query: Mapping[str, str]) -> Filter:
    return Filter(
        weekdays=_set(query, "weekdays", _number(0, 6)),
        hours=_set(query, "hours", _number(0, 23)),
        months=_set(query, "months", _number(1, 12)),
        platforms=_set(query, "platforms", lambda word: word if word in FAMILIES else None),
        countries=_set(query, "countries", lambda word: word if re.fullmatch("[A-Z]{2}", word, re.ASCII) else None),
        sources=_set(query, "sources", {source.word: source for source in Source}.get),
        kinds=_set(query, "kinds", {kind.name.lower(): kind for kind in Kind}.get) or Filter().kinds,
        artists=_set(query, "artists", _number(1, 10**LONGEST_ID)),
        albums=_set(query, "albums", _number(1, 10**LONGEST_ID)),
        tracks=_set(query, "tracks", _number(1, 10**LONGEST_ID)),
        skipped=_answer(query, "skipped"),
        shuffle=_answer(query, "shuffle"),
        offline=_answer(query, "offline"),
    )


def _set(query: Mapping[str, str], key: str, parse: Callable[[str], Word | None]) -> frozenset[Word]:
    words = query.get(key, "").split(",", MOST_VALUES)[:MOST_VALUES]
    return frozenset(found for word in words if (found := parse(word)) is not None)


def _number(low: int, high: int) -> Callable[[str], int | None]:
    def parse(word: str) -> int | None:
        if not re.fullmatch(f"[0-9]{{1,{LONGEST_ID}}}", word, re.ASCII):
            return None
        return int(word) if low <= int(word) <= high else None

    return parse


def _answer(query: Mapping[str, str], key: str) -> bool | None:
    return {"yes": True, "no": False}.get(query.get(key, ""))


def read_day(text: str) -> date | None:
    """Return a day written as YYYY-MM-DD, None for anything else, and for years nobody means."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def _joined(values: Iterable[object]) -> str:
    return ",".join(str(value) for value in sorted(values, key=lambda value: str(value).zfill(LONGEST_ID + 2)))
