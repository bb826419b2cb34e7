"""Distances on the Earth."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.places import EARTH_RADIUS_KM, distance_km, is_point

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
POINTS = st.tuples(LATITUDES, LONGITUDES)


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ((52.52437, 13.41053), (53.55073, 9.99302), 255),  # Berlin, Hamburg
        ((48.85341, 2.3488), (51.50853, -0.12574), 344),  # Paris, London
        ((-18.1416, 178.4415), (-13.8333, -171.7667), 1151),  # Suva, Apia: over the 180th meridian
        ((90, 0), (-90, 0), math.pi * EARTH_RADIUS_KM),
    ],
)
def test_known_distances(start: tuple[float, float], end: tuple[float, float], km: float) -> None:
    assert distance_km(*start, *end) == pytest.approx(km, rel=0.005)


@given(POINTS, POINTS)
def test_the_way_back_is_as_long_and_never_longer_than_half_the_earth(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    there = distance_km(*start, *end)

    assert there == pytest.approx(distance_km(*end, *start), abs=1e-6)
    assert 0 <= there <= math.pi * EARTH_RADIUS_KM + 1e-6


@given(POINTS)
def test_a_point_is_no_way_from_itself(point: tuple[float, float]) -> None:
    assert distance_km(*point, *point) == 0


def test_only_degrees_on_earth_are_a_point() -> None:
    assert is_point(-90, 180)
    assert not is_point(90.01, 0)
    assert not is_point(0, -181)
    assert not is_point(math.nan, 0)
