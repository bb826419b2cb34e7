"""`/preferences`: interests, place, what one is told of, and what may choose sponsored events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from rewrapped import running
from rewrapped.domain import genres
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import NAME_MAX
from rewrapped.domain.following import Follow, Followed
from rewrapped.domain.interests import TAG_MAX
from rewrapped.domain.notices import CAN_BE_MUTED, Kind
from rewrapped.domain.peers import COMPARABLE
from rewrapped.domain.plays import Source
from rewrapped.domain.targeting import SHAREABLE
from rewrapped.errors import AccessDenied, NotFound
from rewrapped.services import keeping, preferences, whereabouts
from rewrapped.services.whereabouts import FARTHEST_KM, NEAREST_KM
from rewrapped.web.v1.asking import Preferring, Read, zone_of

router = APIRouter(prefix="/preferences", tags=["preferences"])

_KINDS = {str(kind): kind for kind in CAN_BE_MUTED}
_SOURCES = {source.word: source for source in Source if source in SHAREABLE}
_COMPARED = {source.word: source for source in COMPARABLE}
_T = TypeVar("_T", Kind, Source)
_FAMILIES = len(genres.families())

Tag = Annotated[str, Path(min_length=1, max_length=TAG_MAX)]


class Followee(Read):
    """An artist or a venue that is followed; `key` is how it is let go."""

    key: UUID
    name: str


class Here(Read):
    """Where shows are looked for; `place_id` is GeoNames', null while none was told."""

    place_id: int | None
    name: str | None
    radius_km: int


class Chosen(Read):
    """Everything somebody chose.

    `genres` are keys of families, `told` says of each kind of message that can be switched off whether it comes,
    `shared` of each source whether its plays may choose sponsored events, `compared` whether they are compared with
    those of other listeners here.
    """

    genres: list[str]
    tags: list[str]
    artists: list[Followee]
    venues: list[Followee]
    here: Here
    told: dict[str, bool]
    shared: dict[str, bool]
    compared: dict[str, bool]
    zone: str


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Genres(_Sent):
    """The families of genres somebody likes, in place of those before."""

    genres: Annotated[list[str], Field(max_length=_FAMILIES)]


class Place(_Sent):
    """Where somebody is, and how far they go; null takes the place away."""

    place_id: Annotated[int, Field(ge=1, lt=2**63)] | None
    radius_km: Annotated[int, Field(ge=NEAREST_KM, le=FARTHEST_KM)] = whereabouts.DEFAULT_KM


class Artist(_Sent):
    """An artist to follow."""

    name: Annotated[str, Field(min_length=1, max_length=NAME_MAX)]


class Venue(_Sent):
    """A venue to follow."""

    city: Annotated[str, Field(max_length=NAME_MAX)] = ""
    name: Annotated[str, Field(min_length=1, max_length=NAME_MAX)]


class Switch(_Sent):
    """On or off."""

    is_on: bool


@router.get("")
def read_preferences(visitor: Preferring) -> Chosen:
    """Return everything that was chosen."""
    return _chosen(visitor)


@router.put("/genres")
def set_genres(visitor: Preferring, sent: Genres) -> Chosen:
    """Replace the genres."""
    preferences.set_genres(running.deps(), visitor, sent.genres)
    return _chosen(visitor)


@router.put("/tags/{tag:path}")
def add_tag(visitor: Preferring, tag: Tag) -> Chosen:
    """Add a tag."""
    preferences.add_tag(running.deps(), visitor, tag)
    return _chosen(visitor)


@router.delete("/tags/{tag:path}")
def remove_tag(visitor: Preferring, tag: Tag) -> Chosen:
    """Take a tag away."""
    preferences.remove_tag(running.deps(), visitor, tag)
    return _chosen(visitor)


@router.put("/place")
def set_place(visitor: Preferring, sent: Place) -> Chosen:
    """Tell where one is, as a GeoNames id, and how far one goes."""
    whereabouts.set_whereabouts(running.deps(), visitor, sent.place_id, sent.radius_km)
    return _chosen(visitor)


@router.post("/artists")
def follow_artist(visitor: Preferring, sent: Artist) -> Chosen:
    """Follow an artist, played before or not."""
    keeping.follow_artist(running.deps(), visitor, sent.name)
    return _chosen(visitor)


@router.post("/venues")
def follow_venue(visitor: Preferring, sent: Venue) -> Chosen:
    """Follow a venue."""
    keeping.follow_venue(running.deps(), visitor, sent.city, sent.name)
    return _chosen(visitor)


@router.delete("/{kind}s/{key}")
def unfollow(visitor: Preferring, kind: Followed, key: UUID) -> Chosen:
    """Let an artist or a venue go."""
    keeping.unfollow(running.deps(), visitor, kind, key)
    return _chosen(visitor)


@router.put("/told/{kind}")
def set_told(visitor: Preferring, kind: str, sent: Switch) -> Chosen:
    """Switch a kind of message on or off."""
    preferences.set_told(running.deps(), visitor, _one_of(_KINDS, kind), is_told=sent.is_on)
    return _chosen(visitor)


@router.put("/shared/{source}")
def set_shared(visitor: Preferring, source: str, sent: Switch, request: Request) -> Chosen:
    """Let plays of a source no longer choose sponsored events; a person with their session switches it on, too."""
    _refuse_programs(sent, request)
    preferences.set_shared(running.deps(), visitor, _one_of(_SOURCES, source), is_shared=sent.is_on)
    return _chosen(visitor)


@router.put("/compared/{source}")
def set_compared(visitor: Preferring, source: str, sent: Switch, request: Request) -> Chosen:
    """Let plays of a source no longer be compared with others'; a person with their session switches it on, too."""
    _refuse_programs(sent, request)
    preferences.set_compared(running.deps(), visitor, _one_of(_COMPARED, source), is_compared=sent.is_on)
    return _chosen(visitor)


def _refuse_programs(sent: Switch, request: Request) -> None:
    if sent.is_on and "authorization" in request.headers:
        raise AccessDenied("Only you can switch this on, on the page Preferences: no program can agree for you.")


def _one_of(known: Mapping[str, _T], word: str) -> _T:
    if word not in known:
        raise NotFound(f"There is no such switch; there are: {', '.join(known)}.")
    return known[word]


def _chosen(visitor: Visitor) -> Chosen:
    found = preferences.preferences(running.deps(), visitor)
    place = found.here.place
    return Chosen(
        genres=list(found.genres),
        tags=list(found.tags),
        artists=_followed(found.artists),
        venues=_followed(found.venues),
        here=Here(
            place_id=place.id if place else None, name=place.name if place else None, radius_km=found.here.radius_km
        ),
        told={str(kind): on for kind, on in found.told.items()},
        shared={source.word: on for source, on in found.shared.items()},
        compared={source.word: on for source, on in found.compared.items()},
        zone=zone_of(visitor),
    )


def _followed(follows: tuple[Follow, ...]) -> list[Followee]:
    return [Followee.model_validate(one) for one in follows]
