"""The map of a search, and the small one of a venue, each with its places as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rewrapped.charts.calendar import LEGEND_CSS
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
from rewrapped.components.svg import svg
from rewrapped.domain.days import weekday_and_day
from rewrapped.services import whereabouts
from rewrapped.services.events import Board, Card, Spot
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.ui import figures, look, wording
from rewrapped.ui.cards import card
from rewrapped.ui.eventcards import distance
from rewrapped.ui.eventfilters import Sought

_HEIGHT, _SMALL = 360, 220
_WIDE = 2.2  # width to height of a picture on a usual screen
_NAME_PX = 32
_TOWNS = 60  # looked at, of which those far enough apart are named


def show_map(board: Board, sought: Sought) -> None:
    """Show where a page's shows are. A phone has little room: there the map waits behind a switch."""
    dots = [_dot(spot) for spot in board.spots]
    if not dots:
        return
    centre = None if sought.asked.country else _centre(sought.here)
    frame = frame_of(dots, centre)
    drawn = dots_frame(dots, frame)
    with st.container(key="map_switch"):
        st.toggle("Show the map", key="map_shown")
    with card("map"):
        says = f"Map of {len(drawn)} shows{sought.where} {sought.when}. View as table has the same as text."
        around = Surroundings(centre, _towns(frame, _HEIGHT))
        figures.draw(drawn, event_map(look.tokens(), frame, around, _HEIGHT, says), key="event_map")
        if board.for_you_total:
            svg(dot_key(look.tokens()), key="event_map_key", css=LEGEND_CSS)
        st.caption(_key_said(board, frame, centre))
        figures.foot(_table(board.spots, sought.here), _COUNTS, key="event_map")


def show_venue(shown: Card) -> None:
    """Show where the venue of a show lies."""
    venue = shown.show.listing.venue
    if venue.latitude is None or venue.longitude is None:
        return
    dot = Dot(
        shown.show.listing.title, shown.show.listing.start_on, venue.name, venue.latitude, venue.longitude, 0.6, True
    )
    frame = frame_of([dot], None)
    says = f"Map: {venue.name} lies in {venue.city}."
    spec = event_map(look.tokens(), frame, Surroundings(None, _towns(frame, _SMALL)), _SMALL, says)
    figures.draw(dots_frame([dot], frame), spec, key="venue_map")


_COUNTS = (
    "A dot is a show at its venue; shows at one place stand side by side. The larger, the better it fits you, "
    "by your plays, what you follow, genres, distance and how soon it is. No map server is asked."
)


def _dot(spot: Spot) -> Dot:
    bill = spot.bill
    assert bill.latitude is not None and bill.longitude is not None  # noqa: S101, PT018 - spots have a place
    return Dot(
        bill.title,
        bill.start_on,
        bill.venue_name,
        bill.latitude,
        bill.longitude,
        spot.score / 100,
        spot.is_for_listener,
    )


def _centre(here: Whereabouts) -> Centre | None:
    place = here.place
    return None if place is None else Centre(place.name, place.latitude, place.longitude, here.radius_km)


def _key_said(board: Board, frame: Box, centre: Centre | None) -> str:
    reach = f"{centre.radius_km} km around {wording.plain(centre.name)}" if centre else ""
    ring = ""
    if centre:
        ring = f" The ring is {reach}." if shows_ring(frame, centre) else f" Your {reach} reach beyond this picture."
    larger = "; the larger, the better it fits" if board.for_you_total else ""
    return f"Each dot is a show{larger}.{ring}"


def _towns(frame: Box, height: int) -> tuple[Town, ...]:
    """Return towns to name, also beside the frame, where a wide picture shows more."""
    wide = frame.widened(_WIDE)
    held = whereabouts.towns(wide.south, wide.west, wide.north, wide.east, _TOWNS)
    return tuple(towns_apart([Town(one.name, one.latitude, one.longitude) for one in held], frame, _NAME_PX / height))


def _table(spots: Sequence[Spot], here: Whereabouts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Show": [spot.bill.title for spot in spots],
            "On": [weekday_and_day(spot.bill.start_on) for spot in spots],
            "At": [spot.bill.venue_name for spot in spots],
            "Distance": [_away(spot, here) for spot in spots],
            "Fit, of 100": [round(spot.score) for spot in spots],
        }
    )


def _away(spot: Spot, here: Whereabouts) -> str:
    dot = _dot(spot)
    return distance(here.place.distance_km(dot.latitude, dot.longitude)) if here.place else ""
