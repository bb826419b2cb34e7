"""Which listings are the same show, told by several sources or twice by one.

Ids that sources share come first, and are believed. Else two are the same show
when day, venue and at least one performer agree. The result doesn't depend on
the order in which the listings come.

Anybody whom we let promote can type any day, venue and performer. So two
listings of different promoters of ours are never the same show, not even where
another source's listing is like both: the older one is its twin then.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import combinations
from typing import Any

from rewrapped.domain.plays import normalise

NEAR_M = 300
APART_MINUTES = 120  # a matinee and the evening are two shows

_EARTH_M = 6_371_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Show:
    """What of a stored listing tells whether it is another's twin; `names` are the performers'.

    `owner` stands for whoever of this site lists it, "" where another source
    does. One that `is_apart` is nobody's twin.
    """

    id: int
    source: str
    ids: frozenset[tuple[str, str]]  # (source, id): its own, and those it says it has elsewhere
    start_on: date
    start_time: time | None
    venue_name: str
    city: str
    latitude: float | None
    longitude: float | None
    names: frozenset[str]
    owner: str = ""
    is_apart: bool = False


def tie(shows: Iterable[Show]) -> dict[int, int]:
    """Return for each show's id the lowest id of those that are the same show."""
    known = {show.id: show for show in shows}
    groups = _Groups({number: show for number, show in known.items() if not show.is_apart})
    for one, other in _bridged(groups.shows):
        groups.join(one, other)
    for *_, one, other in sorted(_alike(groups.shows)):
        if not groups.are_apart(one, other):
            groups.join(one, other)
    tied = {member: min(group) for member, group in groups.of.items()}
    return {number: tied.get(number, number) for number in known}


class _Groups:
    """Shows in groups, each alone at first."""

    def __init__(self, shows: Mapping[int, Show]) -> None:
        self.shows = shows
        self.of = {number: {number} for number in sorted(shows)}

    def join(self, one: int, other: int) -> None:
        """Make one group of two, unless it would hold listings of two promoters."""
        joined = self.of[one] | self.of[other]
        owners = {self.shows[member].owner for member in joined} - {""}
        if self.of[one] is not self.of[other] and len(owners) < 2:
            for member in joined:
                self.of[member] = joined

    def are_apart(self, one: int, other: int) -> bool:
        """Return whether something in one group is known to be another show than something in the other."""
        if self.of[one] is self.of[other]:
            return False
        return any(_are_two(a, b) for a in self._at_one_with(one) for b in self._at_one_with(other))

    def _at_one_with(self, number: int) -> list[Show]:
        """Return a show's group without those that only a shared id keeps in it: their day may be out of date."""
        show = self.shows[number]
        return [self.shows[member] for member in self.of[number] if not _are_two(self.shows[member], show)]


def _bridged(shows: Mapping[int, Show]) -> Iterator[tuple[int, int]]:
    """Yield pairs that share an id."""
    first: dict[tuple[str, str], int] = {}
    for number in sorted(shows):
        for known in shows[number].ids:
            yield first.setdefault(known, number), number


def _alike(shows: Mapping[int, Show]) -> Iterator[tuple[Any, ...]]:
    """Yield pairs that agree in day, venue and a performer, after what says which are joined first: the nearest.

    Between equally near ones their sources' words decide, so that our ids, which
    go by who came first, have no say. With promoters of ours they have: what they
    list comes after all others, the older first, so that nobody takes the place
    of another by typing a nearer time.
    """
    billed: dict[tuple[str, date], list[int]] = defaultdict(list)
    for number in sorted(shows):
        for name in {_folded(name) for name in shows[number].names}:
            billed[name, shows[number].start_on].append(number)
    seen = set()
    for (name, on), numbers in billed.items():
        next_day = [(one, other) for one in numbers for other in billed.get((name, on + _DAY), ())]
        for one, other in (*combinations(numbers, 2), *next_day):
            pair = min(one, other), max(one, other)
            if pair not in seen:
                seen.add(pair)
                a, b = shows[pair[0]], shows[pair[1]]
                if not _are_two(a, b) and _same_place(a, b):
                    yield _newest_own(a, b), *_distance(a, b), *sorted((_words(a), _words(b))), *pair


def _are_two(a: Show, b: Show) -> bool:
    """Return whether these can't be one show, by their days and times."""
    if a.start_on != b.start_on:
        # A source that lists two days means two shows; only between sources can a day be off by one.
        is_unsure = (a.start_time is None or b.start_time is None) and a.source != b.source
        return not is_unsure or abs(a.start_on - b.start_on) > _DAY
    minutes = _minutes_apart(a, b)
    return minutes is not None and minutes >= APART_MINUTES


def _newest_own(a: Show, b: Show) -> int:
    return max(show.id if show.owner else 0 for show in (a, b))


def _distance(a: Show, b: Show) -> tuple[int, int, int]:
    minutes = _minutes_apart(a, b)
    return abs((a.start_on - b.start_on).days), minutes is None, minutes or 0


def _words(show: Show) -> tuple[Any, ...]:
    """Return what a show is ordered by."""
    return show.start_on, show.start_time or time.max, show.source, sorted(show.ids)


def _minutes_apart(a: Show, b: Show) -> int | None:
    if a.start_time is None or b.start_time is None:
        return None
    return abs(_minute(a.start_time) - _minute(b.start_time))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _same_place(a: Show, b: Show) -> bool:
    metres = _metres(a, b)
    if metres is not None and metres <= NEAR_M:
        return True
    city = _folded(a.city)
    return bool(city) and city == _folded(b.city) and _venue(a.venue_name) == _venue(b.venue_name)


def _metres(a: Show, b: Show) -> float | None:
    """Return how far apart two venues are, None where a place is unknown."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    return metres_between((a.latitude, a.longitude), (b.latitude, b.longitude))


def metres_between(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the way over ground between two places, given as (latitude, longitude) in degrees."""
    (lat1, lon1), (lat2, lon2) = map(math.radians, one), map(math.radians, other)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half)))


def _venue(name: str) -> str:
    return re.sub(r"^the (?=\w)", "", _folded(name))


@lru_cache(maxsize=1 << 14)
def _folded(name: str) -> str:
    """Return a name without accents and signs, as sources differ in them; one made of signs alone stays."""
    plain = normalise(name)
    letters = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", letters.replace("&", " and "))) or plain
