"""The map of shows: what it frames, what it draws, and that names don't run into each other."""

from __future__ import annotations

import json
from datetime import date

import pytest
from altair import Chart

from rewrapped.charts.eventmap import Centre, Dot, Surroundings, Town, dots_frame, event_map, frame_of, towns_apart
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
    used = {said["field"] for said in spec["layer"][-1]["encoding"].values() if isinstance(said, dict)}
    assert used <= set(drawn.columns)
