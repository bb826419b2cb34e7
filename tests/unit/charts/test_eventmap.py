"""The map of shows: what it frames, what it draws, and that names don't run into each other."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from altair import Chart

from rewrapped.charts.eventmap import (
    Centre,
    Dot,
    Surroundings,
    Town,
    dot_key,
    dots_frame,
    event_map,
    frame_of,
    shows_ring,
    towns_apart,
)
from rewrapped.charts.outline import Box
from rewrapped.charts.palettes import DARK

BERLIN = Centre("Berlin", 52.52, 13.4, 50)


def dot(latitude: float, longitude: float, weight: float = 0.5) -> Dot:
    return Dot("Show", date(2026, 12, 1), "Hall", latitude, longitude, weight)


@pytest.mark.parametrize(
    "dots",
    [
        [dot(52.5, 13.4)],
        [dot(52.5, 13.4), dot(40.7, -74.0), dot(-33.9, 151.2)],
        [dot(84.0, 0.0)],
        [],
    ],
)
@pytest.mark.parametrize("centre", [None, BERLIN])
def test_every_dot_lies_in_the_frame_and_is_drawn(dots: list[Dot], centre: Centre | None) -> None:
    frame = frame_of(dots, centre)
    assert frame.west < frame.east
    assert frame.south < frame.north
    assert len(dots_frame(dots, frame)) == len(dots)


@pytest.mark.parametrize("radius_km", [5, 50, 500])
def test_the_ring_lies_in_the_frame_where_shows_are_spread_over_it(radius_km: int) -> None:
    centre = Centre("Berlin", 52.52, 13.4, radius_km)
    frame = frame_of([dot(52.52, 13.4), dot(52.52 + 0.6 * radius_km / 111.2, 13.4)], centre)
    spec = event_map(DARK, frame, Surroundings(centre), 300, "a map")
    (ring,) = [
        feature["geometry"]["coordinates"]
        for layer in spec["layer"]
        for feature in layer.get("data", {}).get("values", [])
        if feature.get("geometry", {}).get("type") == "LineString"
    ]
    assert all(frame.west < x < frame.east and frame.south < y < frame.north for x, y in ring)
    assert shows_ring(frame, centre)


def test_shows_of_one_town_are_not_heaped_up_for_the_sake_of_a_wide_ring() -> None:
    centre = Centre("Berlin", 52.52, 13.4, 500)
    frame = frame_of([dot(52.5, 13.4), dot(52.55, 13.3)], centre)
    assert not shows_ring(frame, centre)
    assert frame.north - frame.south < 0.5


def test_shows_that_fit_are_drawn_above_the_others_and_below_the_names_of_towns() -> None:
    fitting = Dot("Yours", date(2026, 12, 1), "Hall", 52.5, 13.4, 0.9, stands_out=True)
    frame = frame_of([fitting], None)
    drawn = dots_frame([fitting, dot(52.5, 13.4, 0.1), dot(52.5, 13.4, 0.2)], frame)
    assert drawn["kind"].tolist() == ["others", "others", "yours"]
    spec = event_map(DARK, frame, Surroundings(None, (Town("Berlin", 52.52, 13.4),)), 300, "a map")
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks[-3:] == ["circle", "text", "text"]


def test_the_key_tells_both_colours_of_dots() -> None:
    frame = frame_of([dot(52.5, 13.4)], None)
    colours = _dots_of(event_map(DARK, frame, Surroundings(), 300, "a map"))["color"]["scale"]["range"]
    assert len(set(colours)) == 2
    assert all(colour in dot_key(DARK) for colour in colours)


def test_shows_at_one_place_stand_side_by_side() -> None:
    drawn = dots_frame([dot(52.5, 13.4)] * 5, frame_of([dot(52.5, 13.4)], None))
    assert len(set(zip(drawn["longitude"], drawn["latitude"], strict=True))) == 5


def test_a_better_fit_is_drawn_larger_and_whatever_it_is_stays_in_bounds() -> None:
    sizes = [dots_frame([dot(1, 1, weight)], Box(0, 0, 2, 2))["size"][0] for weight in (-1, 0, 0.5, 1, 7)]
    assert sizes == sorted(sizes)
    assert sizes[0] == sizes[1]
    assert sizes[3] == sizes[4]


def test_names_of_towns_keep_apart_and_the_larger_one_stays() -> None:
    towns = [Town("Large", 52.5, 13.4), Town("Beside", 52.51, 13.41), Town("Far", 52.9, 12.0)]
    assert [town.name for town in towns_apart(towns, Box(11, 52, 15, 53.5), 0.1)] == ["Large", "Far"]


@pytest.mark.parametrize("centre", [None, BERLIN])
def test_the_spec_is_one_that_draws_and_names_only_what_its_frame_has(centre: Centre | None) -> None:
    frame = frame_of([dot(52.5, 13.4)], centre)
    spec = event_map(DARK, frame, Surroundings(centre, (Town("Berlin", 52.52, 13.4),)), 300, "a map")
    drawn = dots_frame([dot(52.5, 13.4)], frame)
    Chart.from_dict({**spec, "data": {"values": json.loads(drawn.to_json(orient="records"))}})
    used = {said["field"] for said in _dots_of(spec).values() if isinstance(said, dict)}
    assert used <= set(drawn.columns)


def _dots_of(spec: dict[str, Any]) -> dict[str, Any]:
    (found,) = [layer["encoding"] for layer in spec["layer"] if "color" in layer.get("encoding", {})]
    return dict(found)
