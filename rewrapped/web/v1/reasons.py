"""Why a show fits whoever asks, in figures."""

from __future__ import annotations

from enum import StrEnum

from rewrapped.domain import fit, genres
from rewrapped.web.v1.asking import Read


class Because(StrEnum):
    """What speaks for a show."""

    PLAYS = "plays"
    FOLLOWED = "followed"
    GENRE_SHARE = "genre_share"
    GENRE_CHOSEN = "genre_chosen"
    TAG_CHOSEN = "tag_chosen"
    VENUE_FOLLOWED = "venue_followed"
    NEAR = "near"
    SOON = "soon"


class Reason(Read):
    """One reason, the weightier kinds first.

    `name` is the performer, genre or tag it is about. Of plays there are all and those of the last six months;
    `share`, 0 to 1, is the part of your time; what doesn't apply is null.
    """

    because: Because
    name: str | None = None
    plays: int | None = None
    recent_plays: int | None = None
    share: float | None = None
    distance_km: float | None = None
    days_until: int | None = None


def reason(found: fit.Reason) -> Reason:
    """Return a reason as programs get it."""
    match found:
        case fit.Heard(performer, plays, recent, _):
            return Reason(because=Because.PLAYS, name=performer, plays=plays, recent_plays=recent)
        case fit.Followed(performer):
            return Reason(because=Because.FOLLOWED, name=performer)
        case fit.FamilyShare(family, share):
            return Reason(because=Because.GENRE_SHARE, name=genres.family(family).name, share=share)
        case fit.FamilyFollowed(family):
            return Reason(because=Because.GENRE_CHOSEN, name=genres.family(family).name)
        case fit.TagFollowed(tag):
            return Reason(because=Because.TAG_CHOSEN, name=tag)
        case fit.VenueFollowed():
            return Reason(because=Because.VENUE_FOLLOWED)
        case fit.Near(km):
            return Reason(because=Because.NEAR, distance_km=km)
        case fit.Soon(days):
            return Reason(because=Because.SOON, days_until=days)
