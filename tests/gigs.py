"""Shows for tests: listings of any source in the database, and plays of those who play."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource, Listing, Offer, Performer, Venue
from rewrapped.services import importing
from rewrapped.storage import events, people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import promotions
from tests.exports import extended_row, to_json

TODAY = date(2026, 11, 22)  # of the tests' clock
BERLIN_ID = 2950159
HALL = Venue("Hall", "Berlin", "DE", latitude=52.5, longitude=13.4)
_numbers = itertools.count(1)


def gig(*acts: str, on: int = 7, **values: Any) -> Listing:
    """Return a show of some acts, so many days from today, in Berlin unless a venue is given."""
    names = acts or ("Xenia",)
    plain = {
        "source": EventSource.TICKETMASTER,
        "source_id": f"g{next(_numbers)}",
        "title": names[0],
        "start_on": TODAY + timedelta(days=on),
        "start_time": time(20),
        "zone": "Europe/Berlin",
        "venue": HALL,
        "performers": tuple(Performer(name) for name in names),
        "offers": (Offer("Seller", "https://tickets.example/1", 2000, 3000, "EUR"),),
        "attribution": "Ticketmaster",
        "fetched_at": datetime(2026, 11, 22, tzinfo=UTC),
        "expires_at": datetime(2027, 11, 22, tzinfo=UTC),
    }
    return Listing(**{**plain, **values})


def store(deps: Deps, *gigs: Listing) -> list[int]:
    """Store listings one after the other; return their ids, which are in the order given."""
    with deps.engine.begin() as conn:
        for one in gigs:
            events.add_or_refresh(conn, [one], deps.now())
        known = {(one.listing.source, one.listing.source_id): one.id for one in events.list_where(conn, _all())}
    return [known[one.source, one.source_id] for one in gigs]


def tie(deps: Deps, *event_ids: int) -> None:
    """Make listings twins of each other."""
    with deps.engine.begin() as conn:
        events.set_twins(conn, dict.fromkeys(event_ids, min(event_ids)))


def promote(deps: Deps, event_id: int, promoter_id: int | None = None, **values: Any) -> None:
    """Let somebody promote an event."""
    with deps.engine.begin() as conn:
        conn.execute(insert(promotions).values(event_id=event_id, promoter_id=promoter_id, **values))


def a_person(deps: Deps, role: Role = Role.REGULAR) -> Visitor:
    """Return somebody new, in Berlin's time zone."""
    with deps.engine.begin() as conn:
        email = f"someone{next(_numbers)}@example.org"
        user_id = people.add_person(conn, NewPerson(email, role, "Europe/Berlin"))
    assert user_id is not None
    return Visitor.person(user_id, role)


def heard(deps: Deps, visitor: Visitor, folder: Path, plays: Iterable[tuple[str, int]]) -> None:
    """Let somebody have played artists, each once at so many days before now."""
    rows = [
        _play(deps.now() - timedelta(days=days, minutes=4 * number), artist)
        for number, (artist, days) in enumerate(plays)
    ]
    path = folder / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json(rows))
    importing.import_files(deps, visitor.signed_in(), [path])


def _play(at: datetime, artist: str) -> dict[str, object]:
    return extended_row(
        ts=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        spotify_track_uri="spotify:track:" + sha256(artist.encode()).hexdigest()[:22],
        master_metadata_track_name="Tide",
        master_metadata_album_artist_name=artist,
        ms_played=200_000,
    )


def _all() -> Any:
    return events.events.c.id > 0
