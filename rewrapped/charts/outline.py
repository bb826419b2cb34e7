"""The outline of the lands, for maps that ask no tile server: countries of the world, and finer ones of Europe.

`outline.json` is made by `tests/outline.py`. Shapes go out as GeoJSON features
with the rings' turn that Vega's projections want: outer rings clockwise.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

#: Steps a degree in the file: 0.01 degrees are about a kilometre.
STEPS: Final = 100

#: Longitude and latitude in degrees; a ring ends where it starts.
Point = tuple[float, float]
Ring = list[Point]

_KM_PER_DEGREE: Final = 111.195
_MAX_LATITUDE: Final = 85.0  # Mercator has no poles
_ALONG_DEGREES: Final = 1.0  # a parallel is drawn by points this far apart, else it would bend towards its pole


@dataclass(frozen=True, slots=True)
class Box:
    """A frame in degrees. `west` may be below -180 and `east` above 180 where the frame spans that meridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, latitude: float, longitude: float, radius_km: float) -> Box:
        """Return the frame that holds a circle, cut off near the poles."""
        high = radius_km / _KM_PER_DEGREE
        widest = min(abs(latitude) + high, _MAX_LATITUDE)
        wide = min(high / math.cos(math.radians(widest)), 180.0)
        south, north = max(latitude - high, -_MAX_LATITUDE), min(latitude + high, _MAX_LATITUDE)
        return cls(longitude - wide, south, longitude + wide, north)

    def grown(self, share: float) -> Box:
        """Return the frame with this share of its size added on every side, cut off near the poles."""
        wide, high = (self.east - self.west) * share, (self.north - self.south) * share
        south, north = max(self.south - high, -_MAX_LATITUDE), min(self.north + high, _MAX_LATITUDE)
        return Box(self.west - wide, south, self.east + wide, north)

    def widened(self, ratio: float) -> Box:
        """Return the frame made wide enough for a picture of a ratio of width to height; never narrower."""
        wide = math.degrees(_mercator(self.north) - _mercator(self.south)) * ratio
        missing = max(0.0, min(wide, 360.0) - (self.east - self.west)) / 2
        return replace(self, west=self.west - missing, east=self.east + missing)

    def holds(self, other: Box) -> bool:
        """Tell whether another frame lies in this one."""
        across = self.west <= other.west and other.east <= self.east
        return across and self.south <= other.south and other.north <= self.north


#: What the finer layer covers.
EUROPE: Final = Box(-32.0, 26.0, 52.0, 75.0)

#: How much more than the frame is drawn, so that the edges of clipping lie outside the picture.
MARGIN: Final = 0.15


@dataclass(frozen=True, slots=True)
class Land:
    """A country's polygons, each an outer ring and its holes; `country` is ISO 3166 alpha-2, "" where there is none."""

    country: str
    polygons: tuple[tuple[Ring, ...], ...]


@cache
def world() -> tuple[Land, ...]:
    """Return every country at 1:110m, without Antarctica."""
    return _layer("world")


@cache
def europe() -> tuple[Land, ...]:
    """Return the countries in and around Europe at 1:50m, cut off at `EUROPE`."""
    return _layer("europe")


def projection(frame: Box) -> dict[str, Any]:
    """Return the Mercator projection that shows a frame whole in the middle of a chart of any size."""
    south, north = _mercator(frame.south), _mercator(frame.north)
    middle = math.degrees(math.atan(math.sinh((south + north) / 2)))
    return {
        "type": "mercator",
        "center": [0, middle],
        "rotate": [-(frame.west + frame.east) / 2, 0],
        "scale": {"expr": _scale(frame)},
        "translate": {"expr": "[width / 2, height / 2]"},
    }


def from_left(frame: Box, longitude: str) -> str:
    """Return the expression of how many pixels from the left `projection(frame)` draws a longitude."""
    middle = (frame.west + frame.east) / 2
    return f"(width / 2 + ({longitude} - {middle:.6f}) * {math.pi / 180:.9f} * {_scale(frame)})"


def _scale(frame: Box) -> str:
    wide = math.radians(frame.east - frame.west)
    high = _mercator(frame.north) - _mercator(frame.south)
    return f"min(width / {wide:.6f}, height / {high:.6f})"


def features(frame: Box, margin: float = MARGIN) -> list[dict[str, Any]]:
    """Return the lands of a frame as GeoJSON features for `mark_geoshape`, clipped a little outside it.

    The picture's own frame must cut (a `clip`ped mark under `projection(frame)`):
    then no edge of the clipping shows. A picture wider than the frame needs the
    shapes of `frame.widened(ratio)`, of the widest it may become. Europe is finer.
    """
    box = frame.grown(margin)
    lands = europe() if EUROPE.holds(frame) else world()
    return [_feature(land.country, polygons) for land in lands if (polygons := list(_within(land, box)))]


def clipped(ring: Ring, box: Box) -> Ring:
    """Return the part of a ring inside a box, closed; empty where there is none (Sutherland and Hodgman).

    Parts that only meet outside are joined along the box's edge.
    """
    inside = ring[:-1]
    for axis, limit, sign in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        inside = _cut(inside, axis, limit, sign)
        if not inside:
            return []
    return _along([*inside, inside[0]], box)


def area(ring: Ring) -> float:
    """Return the area of a ring in square degrees, below 0 where it turns clockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring)) / 2


def _mercator(latitude: float) -> float:
    """Return how far from the equator a latitude is drawn, in radians."""
    return math.asinh(math.tan(math.radians(latitude)))


def _within(land: Land, box: Box) -> Iterator[list[Ring]]:
    """Return the polygons of a land in a box, also those a turn further round the Earth."""
    for turn in (-360.0, 0.0, 360.0):
        turned = replace(box, west=box.west - turn, east=box.east - turn)
        for polygon in land.polygons:
            if _meet(polygon[0], turned):
                rings = [ring for ring in (clipped(ring, turned) for ring in polygon) if len(ring) >= 4]
                if rings and area(rings[0]):
                    yield [[(x + turn, y) for x, y in ring] for ring in rings]


def _meet(ring: Ring, box: Box) -> bool:
    across, up = [x for x, _ in ring], [y for _, y in ring]
    return min(across) < box.east and max(across) > box.west and min(up) < box.north and max(up) > box.south


def _cut(points: Sequence[Point], axis: int, limit: float, sign: int) -> list[Point]:
    """Return what of an open ring lies on the right side of one line."""
    kept: list[Point] = []
    for at, point in enumerate(points):
        before = points[at - 1]
        is_in, was_in = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
        if is_in != was_in:
            kept.append(_crossing(before, point, axis, limit))
        if is_in:
            kept.append(point)
    return kept


def _crossing(start: Point, end: Point, axis: int, limit: float) -> Point:
    share = (limit - start[axis]) / (end[axis] - start[axis])
    other = start[1 - axis] + share * (end[1 - axis] - start[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)


def _along(ring: Ring, box: Box) -> Ring:
    """Return the ring with points set along the box's northern and southern edge."""
    points = [ring[0]]
    for (ax, ay), (bx, by) in pairwise(ring):
        if ay == by and ay in (box.south, box.north):
            pieces = math.ceil(abs(bx - ax) / _ALONG_DEGREES)
            points += [(ax + (bx - ax) * piece / pieces, ay) for piece in range(1, pieces)]
        points.append((bx, by))
    return points


def _feature(country: str, polygons: list[list[Ring]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"country": country},
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
    }


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("rewrapped.charts").joinpath("outline.json").read_text("utf-8"))
    return found


def _layer(name: str) -> tuple[Land, ...]:
    return tuple(
        Land(country, tuple(tuple(_unpacked(ring) for ring in polygon) for polygon in polygons))
        for country, polygons in _read()[name]
    )


def _unpacked(packed: list[int]) -> Ring:
    x = y = 0
    ring: Ring = []
    for right, up in zip(packed[::2], packed[1::2], strict=True):
        x, y = x + right, y + up
        ring.append((x / STEPS, y / STEPS))
    return ring
