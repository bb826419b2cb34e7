"""A place on Earth, and how far it is from another."""

from __future__ import annotations

import math
from dataclasses import dataclass

#: The mean radius of the Earth (IUGG).
EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Place:
    """A city: `id` is its GeoNames id, `country` ISO 3166 alpha-2, `zone` an IANA name.

    `region` is the name of the state where we know it (US), else "".
    """

    id: int
    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    zone: str
    population: int

    def distance_km(self, latitude: float, longitude: float) -> float:
        """Return how far a point in degrees is from here."""
        return distance_km(self.latitude, self.longitude, latitude, longitude)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance of two points in degrees: haversine, on a sphere of the mean radius."""
    north = math.radians(other_latitude - latitude)
    east = math.radians(other_longitude - longitude)
    cosines = math.cos(math.radians(latitude)) * math.cos(math.radians(other_latitude))
    half_chord = math.sin(north / 2) ** 2 + cosines * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half_chord)))


def is_point(latitude: float, longitude: float) -> bool:
    """Tell whether two numbers are degrees on Earth; NaN isn't."""
    return -90 <= latitude <= 90 and -180 <= longitude <= 180
