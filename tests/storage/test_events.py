"""Events in the database: what goes in comes out, two writers never block each other, and ties find their kin."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, text

from rewrapped.domain import twins
from rewrapped.domain.events import EventSource, EventStatus, Listing, Offer, Performer, Venue
from rewrapped.storage import catalogue, events
from rewrapped.storage.events import Stored

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAIN = Listing(
    source=EventSource.TICKETMASTER,
    source_id="a1",
    title="Winter Nights",
    start_on=date(2026, 12, 5),
    zone="Europe/Berlin",
    venue=Venue("Lido", "Berlin", "DE"),
    performers=(Performer("Nordlicht"),),
    fetched_at=NOW,
    expires_at=NOW + timedelta(days=7),
)
FULL = replace(
    PLAIN,
    status=EventStatus.RESCHEDULED,
    is_on_sale=False,
    start_time=time(20),
    doors_time=time(19),
    end_on=date(2026, 12, 6),
    venue=Venue("Lido", "Berlin", "DE", "Berlin", "v1", 52.4991, 13.4453),
    performers=(Performer("Ólafía", True, {"spotify": "x"}), Performer("Low Harbour")),
    offers=(Offer("Shop", "https://shop.example", 1000, 2000, "EUR", is_primary=False),),
    genres=("Rock", "Indie"),
    image_url="https://img.example/1.jpg",
    url="https://shop.example/1",
    is_festival=True,
    attribution="Ticketmaster",
    bridges=(("axs", "9"),),
)


def put(engine: Engine, *listings: Listing, now: datetime = NOW) -> Stored:
    with engine.begin() as conn:
        return events.add_or_refresh(conn, listings, now, "DE")


def tied(engine: Engine, start_on: date = PLAIN.start_on) -> dict[int, int]:
    """Tie the day's shows; return twin_of of all that came along."""
    with engine.begin() as conn:
        found = twins.tie(events.list_shows(conn, start_on, start_on + timedelta(days=1)))
        events.set_twins(conn, found)
        return dict(conn.execute(text("SELECT id, twin_of FROM events")).all())


@pytest.mark.parametrize("listing", [PLAIN, FULL])
def test_a_listing_comes_out_as_it_went_in(engine: Engine, listing: Listing) -> None:
    assert put(engine, listing) == Stored(new=1)
    with engine.connect() as conn:
        found = events.find_event(conn, 1)
        assert events.find_event(conn, 2) is None
    assert found is not None
    assert found.listing == listing
    assert (found.id, found.twin_of, found.gone_at) == (1, 1, None)


def test_a_listing_told_twice_at_once_is_stored_as_it_was_told_last(engine: Engine) -> None:
    assert put(engine, PLAIN, replace(PLAIN, title="Later")) == Stored(new=1)
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT title FROM events")) == "Later"


def test_only_what_the_show_is_counts_as_a_change(engine: Engine) -> None:
    put(engine, FULL)
    later = NOW + timedelta(days=1)
    assert put(engine, replace(FULL, fetched_at=later, expires_at=later + timedelta(days=7)), now=later) == Stored()
    assert put(engine, replace(FULL, doors_time=None), now=later) == Stored(changed=1)


def test_nothing_to_store_is_fine(engine: Engine) -> None:
    assert put(engine) == Stored()


def test_a_performers_key_is_the_catalogues_key_of_an_artist_called_so(engine: Engine) -> None:
    put(engine, replace(PLAIN, performers=(Performer("NORDLICHT"),)))
    with engine.begin() as conn:
        catalogue.add_artists(conn, [catalogue.ArtistRow(catalogue.artist_key("Nordlicht"), "Nordlicht")])
        query = "SELECT a.name FROM event_performers p JOIN artists a ON a.key = p.artist_key"
        assert conn.scalar(text(query)) == "Nordlicht"


@pytest.mark.parametrize(
    ("title", "name", "is_tribute"),
    [("Winter Nights", "Nordlicht", False), ("A Tribute to Queen", "Queen", True), ("Winter", "Queen Tribute", True)],
)
def test_a_tribute_is_marked(engine: Engine, title: str, name: str, is_tribute: bool) -> None:
    put(engine, replace(PLAIN, title=title, performers=(Performer(name),)))
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT is_tribute FROM event_performers")) is is_tribute


def test_writers_of_the_same_events_in_any_order_all_finish(engine: Engine) -> None:
    many = [replace(PLAIN, source_id=f"a{number}", start_time=time(number % 24)) for number in range(60)]

    def write(seed: int) -> None:
        shuffled = [replace(one, title=f"Title {seed}") for one in many]
        Random(seed).shuffle(shuffled)
        for at in range(0, 60, 20):
            put(engine, *shuffled[at : at + 40])
            tied(engine)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT count(*) FROM events")) == 60


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_does_not_decide_what_is_tied(engine: Engine, seed: int) -> None:
    sources = (EventSource.TICKETMASTER, EventSource.JAMBASE, EventSource.DEMO)
    listed = [
        replace(PLAIN, source=source, source_id=f"x{n}", start_time=time(18 + n)) for n, source in enumerate(sources)
    ]
    listed.append(replace(PLAIN, source_id="matinee", start_time=time(14)))
    Random(seed).shuffle(listed)
    for one in listed:
        put(engine, one)
    assert tied(engine) == tied(engine)
    with engine.connect() as conn:
        groups = dict(conn.execute(text("SELECT source_id, twin_of FROM events")).all())
    assert groups["x0"] == groups["x1"] != groups["x2"]
    assert groups["matinee"] not in (groups["x0"], groups["x2"])


def test_kin_come_along_from_other_days(engine: Engine) -> None:
    far = PLAIN.start_on + timedelta(days=90)
    named = replace(PLAIN, start_on=far)
    naming = replace(PLAIN, source=EventSource.JAMBASE, source_id="j", bridges=(("ticketmaster", "a1"),), performers=())
    put(engine, named)
    put(engine, naming)
    assert tied(engine, far) == {1: 1, 2: 1}  # found from the one that is named,
    with engine.begin() as conn:
        conn.execute(text("UPDATE events SET twin_of = id"))
    assert tied(engine, PLAIN.start_on) == {1: 1, 2: 1}  # and from the one that names
    third = replace(PLAIN, source=EventSource.DEMO, source_id="d", start_on=far)
    put(engine, third)
    assert tied(engine, far) == {1: 1, 2: 1, 3: 1}
    assert tied(engine, PLAIN.start_on) == {1: 1, 2: 1, 3: 1}


def test_a_tie_ends_with_its_reason(engine: Engine) -> None:
    put(engine, PLAIN, replace(PLAIN, source=EventSource.JAMBASE))
    assert len(set(tied(engine).values())) == 1
    put(engine, replace(PLAIN, source=EventSource.JAMBASE, performers=(Performer("Somebody Else"),)))
    assert len(set(tied(engine).values())) == 2
