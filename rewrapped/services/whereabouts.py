"""Where a listener is, and how far they go for a show."""

from __future__ import annotations

from dataclasses import dataclass

from rewrapped.clients import gazetteer
from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.places import Place
from rewrapped.domain.shows import Around
from rewrapped.errors import InvalidInput, NotFound
from rewrapped.storage import follows as rows
from rewrapped.storage.follows import StoredPlace

DEFAULT_KM, NEAREST_KM, FARTHEST_KM = 50, 5, 500


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place, None where it isn't told, and a radius in km."""

    place: Place | None = None
    radius_km: int = DEFAULT_KM

    @property
    def around(self) -> Around | None:
        """Return where shows are near."""
        place = self.place
        if place is None:
            return None
        return Around(place.latitude, place.longitude, self.radius_km, place.name, place.country)


def whereabouts(deps: Deps, visitor: Visitor) -> Whereabouts:
    """Return where the visitor's listener said they are; the sample listener's for whoever looks around."""
    if visitor.listener_id is None:
        return Whereabouts()
    with deps.engine.connect() as conn:
        stored = rows.find_place(conn, visitor.listener_id)
    if stored is None:
        return Whereabouts()
    return Whereabouts(None if stored.place_id is None else find(stored.place_id), stored.radius_km)


def set_whereabouts(deps: Deps, visitor: Visitor, place_id: int | None, radius_km: int) -> None:
    """Store where the visitor is; None takes the place away.

    Raises:
        SignInNeeded, AccessDenied: this visitor has no preferences.
        InvalidInput: the place isn't known, or the radius is out of bounds.
    """
    user_id = visitor.allowed(Permission.KEEP_EVENTS)
    store_place(deps, user_id, place_id, radius_km)


def store_place(deps: Deps, user_id: int, place_id: int | None, radius_km: int) -> None:
    """Store where somebody is, at their own word or for the sample listener.

    Raises:
        InvalidInput: the place isn't known, or the radius is out of bounds.
    """
    if not NEAREST_KM <= radius_km <= FARTHEST_KM:
        raise InvalidInput(f"A radius is {NEAREST_KM} to {FARTHEST_KM} km.")
    place = find(place_id) if place_id is not None else None
    if place is None and place_id is not None:
        raise InvalidInput("That place isn't known here.")
    point = (place.latitude, place.longitude) if place else None
    with deps.engine.begin() as conn:
        rows.set_place(conn, user_id, StoredPlace(place.id if place else None, radius_km), point, deps.now())


def find(place_id: int) -> Place | None:
    """Return the place of a GeoNames id, None where we don't know it."""
    try:
        return gazetteer.find(place_id)
    except NotFound:
        return None


def search(text: str, limit: int = 8) -> tuple[Place, ...]:
    """Return places by any of their names, from the offline list."""
    return gazetteer.search(text, limit=limit)


def towns(south: float, west: float, north: float, east: float, limit: int) -> tuple[Place, ...]:
    """Return the largest places of a frame in degrees, the largest first."""
    return gazetteer.within(south, west, north, east, limit)


def country_name(code: str) -> str:
    """Return a country's English name, the code itself where we don't know it."""
    return gazetteer.countries().get(code, code)


def countries() -> tuple[str, ...]:
    """Return the codes of all countries, by their English names."""
    return tuple(gazetteer.countries())
