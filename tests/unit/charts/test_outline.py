"""The outline of the lands: whole, turned as Vega wants it, and clipped outside the frame only."""

from __future__ import annotations

import json
import math
import re
from importlib.resources import files
from itertools import pairwise
from typing import Any

import altair as alt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewrapped.charts import outline
from rewrapped.charts.outline import EUROPE, Box, Land, Ring
from rewrapped.clients.gazetteer import countries

BERLIN = Box.around(52.52, 13.405, 300)


def rings(lands: tuple[Land, ...]) -> list[Ring]:
    return [ring for land in lands for polygon in land.polygons for ring in polygon]


def drawn(features: list[dict[str, Any]]) -> list[Ring]:
    return [ring for feature in features for polygon in feature["geometry"]["coordinates"] for ring in polygon]


def is_land(features: list[dict[str, Any]], longitude: float, latitude: float) -> bool:
    """Tell whether a point is inside an odd number of rings."""
    crossings = 0
    for ring in drawn(features):
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > latitude) != (by > latitude) and longitude < ax + (latitude - ay) / (by - ay) * (bx - ax):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize("lands", [outline.world(), outline.europe()])
def test_every_ring_is_closed_and_turns_as_vega_wants_it(lands: tuple[Land, ...]) -> None:
    for land in lands:
        for outer, *holes in land.polygons:
            assert outer[0] == outer[-1]
            assert len(outer) >= 4
            assert outline.area(outer) < 0, land.country
            assert all(outline.area(hole) > 0 for hole in holes)


def test_countries_are_named_by_the_codes_we_use() -> None:
    for lands in (outline.world(), outline.europe()):
        codes = [land.country for land in lands]
        named = [code for code in codes if code]
        assert set(named) <= set(countries())
        assert len(set(named)) == len(named)
        assert {"DE", "FR", "PL", "XK"} <= set(named)
        assert len(codes) - len(named) <= 5
    assert {"US", "BR", "NG", "JP", "NZ"} <= {land.country for land in outline.world()}


def test_no_ring_leaps_round_the_earth() -> None:
    for ring in rings(outline.world()) + rings(outline.europe()):
        assert all(abs(bx - ax) < 90 for (ax, _), (bx, _) in pairwise(ring))


def test_the_file_is_small() -> None:
    assert len(files("rewrapped.charts").joinpath("outline.json").read_bytes()) < 160_000


def test_a_map_of_three_hundred_kilometres_is_not_the_world() -> None:
    features = outline.features(BERLIN)

    assert {"DE", "PL"} <= {feature["properties"]["country"] for feature in features}
    assert not {"US", "ES", "IT"} & {feature["properties"]["country"] for feature in features}
    assert sum(map(len, drawn(features))) < 2_000
    assert len(json.dumps(features)) < 30_000


@pytest.mark.parametrize(
    ("frame", "points"),
    [
        (BERLIN, {(13.4, 52.52): True, (14.2, 54.6): False, (21.0, 50.0): False}),
        (Box.around(-18.0, 178.0, 500), {(178.0, -17.8): True, (181.5, -18.0): False}),  # Viti Levu
        (Box(-180, -60, 180, 80), {(-100, 40): True, (-40, 30): False, (100, 60): True, (28.2, -29.5): True}),
        (Box.around(66.0, -179.0, 400), {(-174.0, 66.3): True, (-186.0, 67.5): True}),  # Chukotka, on both sides
        (Box(-12, 36, 32, 65), {(2.3, 48.8): True, (3.0, 56.0): False, (18.0, 43.0): True}),
    ],
)
def test_land_is_land_and_sea_is_sea(frame: Box, points: dict[tuple[float, float], bool]) -> None:
    features = outline.features(frame)
    assert {point: is_land(features, *point) for point in points} == points


@settings(max_examples=60, deadline=None)
@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(20, 3_000))
def test_no_edge_of_the_clipping_lies_inside_the_frame(latitude: float, longitude: float, radius_km: float) -> None:
    frame = Box.around(latitude, longitude, radius_km)
    box = frame.grown(outline.MARGIN)

    for ring in drawn(outline.features(frame)):
        assert ring[0] == ring[-1]
        for x, y in ring:
            assert box.west - 1e-6 <= x <= box.east + 1e-6
            assert box.south - 1e-6 <= y <= box.north + 1e-6
    assert box.west < frame.west < frame.east < box.east


@settings(max_examples=60, deadline=None)
@given(st.floats(-30, 50), st.floats(28, 74), st.floats(1, 20), st.floats(1, 15))
def test_clipping_leaves_every_point_inside_as_it_was(west: float, south: float, wide: float, high: float) -> None:
    box = Box(west, south, west + wide, south + high)
    for ring in rings(outline.europe())[::7]:
        inside = {(x, y) for x, y in ring if box.west < x < box.east and box.south < y < box.north}
        assert inside <= set(outline.clipped(ring, box))


def test_an_edge_along_a_parallel_has_points_on_it_so_that_it_stays_one() -> None:
    square = [(0.0, 0.0), (0.0, 60.0), (40.0, 60.0), (40.0, 0.0), (0.0, 0.0)]

    top = [x for x, y in outline.clipped(square, Box(5.0, 10.0, 35.0, 50.0)) if y == 50.0]

    assert len(top) >= 31
    assert outline.clipped(square, Box(50.0, 0.0, 60.0, 10.0)) == []


def test_a_frame_near_a_pole_is_cut_off_before_it() -> None:
    frame = Box.around(89.0, 0.0, 500)

    assert frame.north <= 85.0
    assert frame.east - frame.west <= 360.0
    outline.features(frame)


def test_europe_is_drawn_finer_than_the_world() -> None:
    finer = [land for land in outline.europe() if land.country == "GB"]
    coarse = [land for land in outline.world() if land.country == "GB"]

    assert sum(map(len, rings(tuple(finer)))) > 3 * sum(map(len, rings(tuple(coarse))))
    assert EUROPE.holds(BERLIN)


def test_altair_takes_the_features_as_shapes_under_our_projection() -> None:
    shapes = outline.features(BERLIN.widened(3))
    spec = alt.Chart(alt.Data(values=shapes), projection=outline.projection(BERLIN)).mark_geoshape(clip=True).to_dict()

    assert spec["data"]["values"][0]["geometry"]["type"] == "MultiPolygon"
    assert spec["projection"]["type"] == "mercator"


@given(st.floats(-70, 70), st.floats(-180, 180), st.floats(50, 1_500), st.floats(0.2, 4))
def test_a_widened_frame_holds_the_frame_and_fills_the_picture(
    latitude: float, longitude: float, radius_km: float, ratio: float
) -> None:
    frame = Box.around(latitude, longitude, radius_km)
    wide = frame.widened(ratio)
    height = outline._mercator(wide.north) - outline._mercator(wide.south)

    assert wide.holds(frame)
    assert math.radians(wide.east - wide.west) >= min(height * ratio, 2 * math.pi) - 1e-9


def test_the_middle_of_a_projection_lies_in_the_middle_of_its_frame() -> None:
    found = outline.projection(Box(-10.0, 40.0, 30.0, 60.0))
    middle = outline._mercator(found["center"][1])

    assert found["rotate"] == [-10.0, 0]
    assert middle - outline._mercator(40.0) == pytest.approx(outline._mercator(60.0) - middle)
    width, height = re.findall(r"/ ([0-9.]+)", found["scale"]["expr"])
    assert float(width) == pytest.approx(math.radians(40.0), abs=1e-6)
    assert float(height) == pytest.approx(outline._mercator(60.0) - outline._mercator(40.0), abs=1e-6)
