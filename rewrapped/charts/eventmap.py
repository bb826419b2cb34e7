"""Shows on a map of our own: the lands, a ring for the listener's reach, and a dot for every venue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from rewrapped.charts import outline
from rewrapped.charts.legends import legend
from rewrapped.charts.outline import Box
from rewrapped.charts.palettes import Tokens
from rewrapped.domain.days import weekday_and_day

_WIDEST: Final = 4.0  # width to height of the widest picture drawn
_TALLEST: Final = 0.8  # width to height of the narrowest
_ROOM: Final = 0.12  # of the frame, at its edges
_SMALLEST_KM: Final = 9.0
_HEAP: Final = 0.3  # of the radius
_NARROWEST: Final = 0.02  # what a degree of longitude is never drawn narrower than, near the poles
_MOST_TOWNS: Final = 14
_LETTER_PX: Final = 7  # of a town's name


@dataclass(frozen=True, slots=True)
class Dot:
    """A show on the map: `weight` from 0 to 1 is how large it is drawn."""

    title: str
    on: date
    venue: str
    latitude: float
    longitude: float
    weight: float = 0.5
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class Centre:
    """Where a listener is, in degrees, and how far they go."""

    name: str
    latitude: float
    longitude: float
    radius_km: int


@dataclass(frozen=True, slots=True)
class Town:
    """A town that helps to find one's way, in degrees."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a map shows beside its dots: the listener's place, if they told it, and towns."""

    centre: Centre | None = None
    towns: tuple[Town, ...] = ()


def frame_of(dots: Sequence[Dot], centre: Centre | None) -> Box:
    """Return the frame that holds all dots and the listener's place, if there is one; never closer than a city.

    It holds the ring around the place too, unless all dots lie so near to it that they would be one heap.
    """
    if not dots and centre is None:
        return Box(-30.0, 30.0, 40.0, 65.0)
    across, up = [dot.longitude for dot in dots], [dot.latitude for dot in dots]
    if centre is not None:
        heap = Box.around(centre.latitude, centre.longitude, max(_SMALLEST_KM, centre.radius_km * _HEAP))
        is_heap = not dots or heap.holds(Box(min(across), min(up), max(across), max(up)))
        near = Box.around(centre.latitude, centre.longitude, _SMALLEST_KM if is_heap else centre.radius_km)
    else:
        near = Box.around(dots[0].latitude, dots[0].longitude, _SMALLEST_KM)
    low, high = (min([near.west, *across]), min([near.south, *up])), (max([near.east, *across]), max([near.north, *up]))
    return Box(*low, *high).grown(_ROOM)


def shows_ring(frame: Box, centre: Centre) -> bool:
    """Return whether the whole ring around a place lies in the frame."""
    return frame.holds(Box.around(centre.latitude, centre.longitude, centre.radius_km))


def towns_apart(towns: Sequence[Town], frame: Box, room: float) -> list[Town]:
    """Return the towns whose names don't run into one of a larger town; the largest come first.

    `room` is the part of the frame's height that a name needs for itself; it is three times as long as high.
    """
    kept: list[Town] = []
    high = (frame.north - frame.south) * room
    wide = 3 * high / max(_NARROWEST, math.cos(math.radians(frame.north)))
    for town in (town for town in towns if town.latitude < frame.north - high):
        close = (
            abs(town.longitude - one.longitude) < wide and abs(town.latitude - one.latitude) < high for one in kept
        )
        if not any(close):
            kept.append(town)
    return kept[:_MOST_TOWNS]


def dots_frame(dots: Sequence[Dot], frame: Box) -> pd.DataFrame:
    """Return what the map draws of the dots within its frame: one place may hold several, side by side.

    Those that stand out come last, and of equals the smaller ones, so that none is hidden under others.
    """
    held: dict[tuple[float, float], int] = {}
    rows = []
    for dot in dots:
        if not (frame.west <= dot.longitude <= frame.east and frame.south <= dot.latitude <= frame.north):
            continue
        place = round(dot.latitude, 4), round(dot.longitude, 4)
        longitude, latitude = _beside(dot, held.get(place, 0), frame)
        held[place] = held.get(place, 0) + 1
        rows.append(
            {
                "longitude": longitude,
                "latitude": latitude,
                "size": 40 + 260 * max(0.0, min(1.0, dot.weight)) ** 2,
                "kind": "yours" if dot.stands_out else "others",
                "title": dot.title[:80],
                "when": weekday_and_day(dot.on),
                "venue": dot.venue[:80],
            }
        )
    columns = ["longitude", "latitude", "size", "kind", "title", "when", "venue"]
    return pd.DataFrame(rows, columns=columns).sort_values(["kind", "size"], ascending=[True, False])


def event_map(tokens: Tokens, frame: Box, around: Surroundings, height: int, says: str) -> dict[str, Any]:
    """Return the spec of the map; its frame is that of `dots_frame`. `says` is what a screen reader says."""
    shapes = outline.features(_heightened(frame.widened(_WIDEST)))
    drawn = {"type": "geoshape", "fill": tokens.edge, "stroke": tokens.muted, "strokeWidth": 0.6}
    land = {
        "data": {"values": shapes},
        "mark": {**drawn, "strokeOpacity": 0.45, "clip": True, "aria": False, "tooltip": None},
    }
    points, *names = _towns(tokens, around.towns, frame)
    return {
        "description": says,
        "height": height,
        "projection": outline.projection(frame),
        "layer": [land, *_reach(tokens, around.centre), points, _dots(tokens), *names],
    }


def dot_key(tokens: Tokens) -> str:
    """Return the key of the dots' colours as HTML."""
    yours, others = _dot_colours(tokens)
    return legend([(yours, "fits you"), (others, "other shows")])


def _heightened(frame: Box) -> Box:
    """Return a frame high enough for a picture that is narrower than it is high."""
    wide = (frame.east - frame.west) * math.cos(math.radians((frame.north + frame.south) / 2))
    missing = max(0.0, wide / _TALLEST - (frame.north - frame.south)) / 2
    return Box(frame.west, max(frame.south - missing, -85.0), frame.east, min(frame.north + missing, 85.0))


def _dot_colours(tokens: Tokens) -> tuple[str, str]:
    """Return the colour of dots that stand out, and the quiet one of all others."""
    return tokens.categorical[2], tokens.muted


def _towns(tokens: Tokens, towns: Sequence[Town], frame: Box) -> list[dict[str, Any]]:
    """Return towns as points and, to be drawn above the dots, their names on a pale rim.

    Names near an edge are written away from it; the picture's width isn't known here.
    """
    rows = [{"longitude": town.longitude, "latitude": town.latitude, "name": town.name} for town in towns]
    place = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    left, half = outline.from_left(frame, "datum.longitude"), f"length(datum.name) * {_LETTER_PX / 2}"
    aligned = f"{left} < {half} ? 'left' : {left} > width - {half} ? 'right' : 'center'"
    text = {"type": "text", "fontSize": 12, "dy": -9, "align": {"expr": aligned}}
    text |= {"color": tokens.text, "clip": True, "aria": False, "tooltip": None}
    rim = {**text, "stroke": tokens.edge, "strokeWidth": 3, "strokeJoin": "round", "strokeOpacity": 0.85}
    named = {**place, "text": {"field": "name"}}
    point = {"type": "circle", "size": 14, "color": tokens.muted, "opacity": 0.8, "clip": True, "aria": False}
    own = {"data": {"values": rows}, "transform": [{"filter": f"{left} > 0 && {left} < width"}]}
    return [
        {**own, "mark": {**point, "tooltip": None}, "encoding": place},
        {**own, "mark": rim, "encoding": named},
        {**own, "mark": text, "encoding": named},
    ]


def _reach(tokens: Tokens, centre: Centre | None) -> list[dict[str, Any]]:
    """Return the ring of a listener's radius, drawn as a shape so that it is round on the ground."""
    if centre is None:
        return []
    steps = [math.radians(angle) for angle in range(0, -361, -6)]
    ring = [_towards(centre, step) for step in steps]
    shape = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": ring}}
    mark = {"type": "geoshape", "filled": False, "stroke": tokens.primary, "strokeDash": [4, 4], "strokeOpacity": 0.8}
    here = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [centre.longitude, centre.latitude]}}
    point = {"type": "geoshape", "fill": tokens.text, "aria": False, "clip": True}
    return [
        {"data": {"values": [shape]}, "mark": {**mark, "aria": False, "clip": True}},
        {"data": {"values": [here]}, "mark": point},
    ]


def _towards(centre: Centre, angle: float) -> list[float]:
    """Return the point at the radius in one direction; exact enough at some hundred km."""
    high = centre.radius_km / 111.195
    latitude = centre.latitude + high * math.sin(angle)
    wide = high / max(_NARROWEST, math.cos(math.radians(latitude)))
    return [centre.longitude + wide * math.cos(angle), latitude]


def _dots(tokens: Tokens) -> dict[str, Any]:
    return {
        "mark": {
            "type": "circle",
            "opacity": 0.92,
            "stroke": tokens.card,
            "strokeWidth": 1.5,
            "clip": True,
            "aria": False,
        },
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "size": {"field": "size", "type": "quantitative", "scale": None, "legend": None},
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": ["yours", "others"], "range": list(_dot_colours(tokens))},
                "legend": None,
            },
            "tooltip": [
                {"field": "title", "title": "Show"},
                {"field": "when", "title": "On"},
                {"field": "venue", "title": "At"},
            ],
        },
    }


def _beside(dot: Dot, number: int, frame: Box) -> tuple[float, float]:
    """Return where the next dot of one place is drawn: round about it, as seeds in a sunflower."""
    angle, away = number * 2.39996, 0.012 * math.sqrt(number) * (frame.north - frame.south)
    narrow = max(_NARROWEST, math.cos(math.radians(dot.latitude)))
    return dot.longitude + away * math.cos(angle) / narrow, dot.latitude + away * math.sin(angle)
