"""Shows as listeners find them: by every filter, each once, with true reasons, and nobody else's saves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource, EventStatus, Offer, Performer, Venue
from rewrapped.domain.fit import FamilyShare, Followed, Heard, Near, VenueFollowed
from rewrapped.domain.places import distance_km
from rewrapped.domain.shows import Around, Search
from rewrapped.errors import AccessDenied, NotFound, SignInNeeded
from rewrapped.services import events, keeping, whereabouts
from rewrapped.services.events import Board, Card
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage.tables import events as table
from tests.conftest import Clock
from tests.gigs import BERLIN_ID, HALL, TODAY, a_person, gig, heard, promote, store, tie

NOWHERE = Whereabouts()
BERLIN = Whereabouts(whereabouts.find(BERLIN_ID), 50)


def degrees(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low * 1000, high * 1000).map(lambda thousandths: thousandths / 1000)


def board(deps: Deps, visitor: Visitor | None = None, here: Whereabouts = NOWHERE, **wanted: object) -> Board:
    return events.board(deps, visitor or Visitor(), Search(**wanted), here)


def titles(cards: tuple[Card, ...]) -> list[str]:
    return [card.show.listing.title for card in cards]


def found(deps: Deps, **wanted: object) -> list[str]:
    return titles(board(deps, **wanted).everything)


def at(latitude: float | None, longitude: float | None, city: str = "Town", country: str = "DE") -> Venue:
    return Venue("Somewhere", city, country, latitude=latitude, longitude=longitude)


# Later ----------------------------------------------------------------------------------------------


def test_shows_that_fit_after_the_days_looked_at_are_counted_and_no_others(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Mitski", 10)] * 3)
    lasting = gig("Mitski", on=29, end_on=TODAY + timedelta(days=40), venue=replace(HALL, name="Other"))
    store(deps, gig("Mitski"), lasting, gig("Mitski", on=35), gig("Nobody", on=36), gig("Mitski", on=91))
    month = Search(TODAY, TODAY + timedelta(days=30))
    until_on = TODAY + timedelta(days=91)
    assert events.count_later(deps, visitor, month, NOWHERE, until_on) == 1
    assert events.count_later(deps, visitor, Search(TODAY, until_on), NOWHERE, until_on) == 0
    assert events.count_later(deps, Visitor(), month, NOWHERE, until_on) == 0


# Of artists -----------------------------------------------------------------------------------------


def test_the_next_shows_of_artists_are_theirs_alone_and_the_soonest(deps: Deps) -> None:
    store(
        deps,
        gig("Mitski", on=9, title="Later"),
        gig("Opener", "MITSKI", on=3, title="Sooner"),
        gig("Mitski Miyawaki Band", on=2),
        gig("Queen", on=2, title="A Tribute to Mitski"),
        gig("Zoe", on=4, title="Of another"),
    )

    def next_of(*names: str, limit: int = 9) -> list[str]:
        return titles(events.upcoming(deps, Visitor(), names, NOWHERE, limit))

    assert next_of("Mitski") == ["Sooner", "Later"]
    assert next_of("Mitski", "Zoe", "Nobody") == ["Sooner", "Of another", "Later"]
    assert next_of("Mitski", limit=1) == ["Sooner"]
    assert next_of() == next_of("Nobody") == []


# Searching ----------------------------------------------------------------------------------------


def test_the_soonest_show_comes_first_and_an_unknown_time_closes_its_day(deps: Deps) -> None:
    store(deps, gig("Late", on=3), gig("Unknown", on=2, start_time=None), gig("Early", on=2))
    assert found(deps) == ["Early", "Unknown", "Late"]


def test_days_are_half_open_and_a_festival_counts_on_all_of_its_days(deps: Deps) -> None:
    store(deps, gig("One", on=5), gig("Two", on=6), gig("Festival", on=3, end_on=TODAY + timedelta(days=5)))
    day = TODAY + timedelta(days=5)
    assert found(deps, start_on=day, end_on=day + timedelta(days=1)) == ["Festival", "One"]


def test_a_country_narrows(deps: Deps) -> None:
    store(deps, gig("Here"), gig("There", venue=replace(HALL, country="FR")))
    assert found(deps, country="FR") == ["There"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    latitude=degrees(-89, 89),
    longitude=degrees(-180, 180),
    radius_km=st.integers(5, 500),
    turns=st.lists(st.tuples(degrees(-6, 6), degrees(-12, 12)), min_size=1, max_size=8),
)
def test_a_radius_holds_exactly_what_is_within_it_wherever_on_earth(
    deps: Deps, latitude: float, longitude: float, radius_km: int, turns: list[tuple[float, float]]
) -> None:
    with deps.engine.begin() as conn:
        conn.execute(delete(table))
    points = [(max(-90.0, min(90.0, latitude + up)), (longitude + right + 180) % 360 - 180) for up, right in turns]
    store(deps, *(gig(str(number), venue=at(*point)) for number, point in enumerate(points)))
    near = {str(number) for number, point in enumerate(points) if distance_km(latitude, longitude, *point) <= radius_km}
    around = Around(latitude, longitude, radius_km, "Nowhere", "XX")
    assert set(found(deps, around=around)) == near


@pytest.mark.parametrize("odd", [5e-324, 1e-170, -1e-300, 90.0, -90.0])
def test_no_place_a_source_may_tell_breaks_everybodys_search(deps: Deps, odd: float) -> None:
    store(deps, gig("Odd", venue=at(odd, odd)), gig("Even"))
    assert found(deps, around=BERLIN.around) == ["Even"]
    assert "Odd" in found(deps, around=Around(0.0, 0.0, 50, "Null Island", "XX")) or abs(odd) == 90


def test_a_venue_without_a_place_is_near_when_its_city_is_the_one_asked_for(deps: Deps) -> None:
    store(deps, gig("Named", venue=at(None, None, "berlin")), gig("Other", venue=at(None, None, "Berlin", "US")))
    assert found(deps, around=BERLIN.around) == ["Named"]


def test_an_artist_is_found_by_the_exact_name_first_and_by_a_part_of_it_else(deps: Deps) -> None:
    store(deps, gig("Mitski"), gig("Mitski Miyawaki Band"), gig("Queen"))
    assert found(deps, artist=" MITSKI ") == ["Mitski"]
    assert found(deps, artist="miyawaki") == ["Mitski Miyawaki Band"]
    assert found(deps, artist="100%_") == []


def test_a_tribute_is_no_show_of_the_artist(deps: Deps) -> None:
    store(deps, gig("Queen", title="A Tribute to Queen"), gig("Queen", "Guest", on=9, title="Queen live"))
    assert found(deps, artist="queen") == ["Queen live"]


def test_words_are_looked_for_in_title_venue_city_and_line_up(deps: Deps) -> None:
    store(deps, gig("A", "Zoë", title="Night of Stars"), gig("B", venue=replace(HALL, name="Old Mill")))
    assert found(deps, text="stars") == ["Night of Stars"]
    assert found(deps, text="zoë night") == ["Night of Stars"]
    assert found(deps, text="old berlin") == ["B"]
    assert found(deps, text="old stars") == []


def test_what_is_over_at_its_venue_gone_or_cancelled_is_not_on(deps: Deps, clock: Clock) -> None:
    [west, _, _, gone] = store(
        deps,
        gig("Honolulu", on=0, zone="Pacific/Honolulu"),
        gig("Auckland", on=1, zone="Pacific/Auckland"),
        gig("Cancelled", status=EventStatus.CANCELLED),
        gig("Gone", on=1),
    )
    with deps.engine.begin() as conn:
        conn.execute(update(table).where(table.c.id == gone).values(gone_at=deps.now()))
    assert set(found(deps)) == {"Honolulu", "Auckland"}
    clock.advance(hours=20)  # 8:00 UTC on the 23rd: 22:00 on the 22nd in Honolulu, 21:00 on the 23rd in Auckland
    assert set(found(deps)) == {"Honolulu", "Auckland"}
    clock.advance(hours=2.5)  # midnight has passed in Honolulu, and comes in half an hour in Auckland
    assert found(deps) == ["Auckland"]
    assert events.event(deps, Visitor(), west, NOWHERE).is_over is True


def test_pages_hold_everything_once_and_one_past_the_end_is_the_last(deps: Deps) -> None:
    store(deps, *(gig(f"Act {number}", on=1 + number % 9) for number in range(events.PAGE * 2 + 5)))
    pages = [events.board(deps, Visitor(), Search(), NOWHERE, number) for number in (1, 2, 3)]
    assert [len(page.everything) for page in pages] == [events.PAGE, events.PAGE, 5]
    assert len({title for page in pages for title in titles(page.everything)}) == events.PAGE * 2 + 5
    last = events.board(deps, Visitor(), Search(), NOWHERE, 99)
    assert (last.number, last.pages, last.total) == (3, 3, events.PAGE * 2 + 5)


def test_nothing_known_at_all_is_told_apart_from_nothing_that_fits(deps: Deps) -> None:
    assert board(deps).is_any_known is False
    store(deps, gig("One"))
    assert board(deps, artist="Nobody").is_any_known is True


# Twins --------------------------------------------------------------------------------------------


def test_a_show_from_two_sources_is_one_card_with_both_offers_and_both_named(deps: Deps) -> None:
    [one, other] = store(
        deps,
        gig("Xenia", start_time=None, offers=(Offer("A", "https://a.example/1"),)),
        gig(
            "Xenia",
            source=EventSource.JAMBASE,
            attribution="JamBase",
            offers=(Offer("B", "https://b.example/1"), Offer("A again", "https://a.example/1")),
        ),
    )
    tie(deps, one, other)
    [card] = board(deps).everything
    assert [(sale.event_id, sale.number, sale.offer.seller) for sale in card.show.sales] == [
        (one, 0, "A"),
        (other, 0, "B"),
    ]
    assert [credit.words for credit in card.show.credits] == ["Ticketmaster", "JamBase"]
    assert card.show.listing.start_time is not None  # the fuller listing's fields
    assert {events.event(deps, Visitor(), each, NOWHERE).show.id for each in (one, other)} == {one}


def test_one_source_that_says_cancelled_is_enough_to_warn(deps: Deps) -> None:
    pair = store(deps, gig("Xenia"), gig("Xenia", source=EventSource.JAMBASE, status=EventStatus.CANCELLED))
    tie(deps, *pair)
    assert events.event(deps, Visitor(), pair[0], NOWHERE).show.listing.status is EventStatus.CANCELLED


def test_our_own_promoters_listing_stands_for_a_show_that_nobody_else_lists(deps: Deps) -> None:
    pair = store(deps, gig("Xenia"), gig("Xenia", source=EventSource.INTERNAL, title="Xenia, solo", attribution=""))
    tie(deps, *pair)
    [card] = board(deps).everything
    assert (card.show.id, card.show.listing.title) == (pair[0], "Xenia")
    [alone] = store(deps, gig("Xenia", on=8, source=EventSource.INTERNAL, title="Xenia, solo", attribution=""))
    assert [(one.show.id, one.show.listing.title) for one in board(deps).everything][1:] == [(alone, "Xenia, solo")]


# For you ------------------------------------------------------------------------------------------


def test_reasons_are_the_listeners_own_figures(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Mitski", 10)] * 4 + [("Mitski", 300)] * 8 + [("Somebody", 3)] * 5)
    store(deps, gig("Support", "MITSKI"), gig("Stranger"))
    seen = board(deps, visitor, BERLIN)
    assert (titles(seen.for_you), seen.for_you_total) == (["Support"], 1)
    [card] = seen.for_you
    [said] = [reason for reason in card.fitness.reasons if isinstance(reason, Heard)]
    assert (said.performer, said.plays, said.recent_plays) == ("MITSKI", 12, 4)
    assert said.last_played_on == TODAY - timedelta(days=10)
    assert [act.name for act in card.performers] == ["MITSKI", "Support"]
    assert any(isinstance(reason, Near) for reason in card.fitness.reasons)


def test_more_plays_rank_higher_and_recent_ones_weigh_more(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Old", 400)] * 20 + [("New", 5)] * 20 + [("Rare", 5)] * 2)
    store(deps, gig("Rare", on=1), gig("Old", on=1), gig("New", on=1))
    assert titles(board(deps, visitor).for_you) == ["New", "Old", "Rare"]


def test_a_genre_the_listener_gives_much_time_to_is_a_reason(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Miles Davis", 3)] * 10)
    store(deps, gig("Unknown Trio", genres=("Jazz", "Bebop")), gig("Loud Ones", genres=("Metal",)))
    seen = board(deps, visitor)
    assert titles(seen.for_you) == ["Unknown Trio"]
    assert [type(reason) for reason in seen.for_you[0].fitness.reasons][:1] == [FamilyShare]


def test_following_works_without_any_plays(deps: Deps) -> None:
    visitor = a_person(deps)
    store(deps, gig("Followed"), gig("Other", venue=replace(HALL, name="My Hall")), gig("Neither"))
    assert keeping.follow_artist(deps, visitor, "followed") is True
    assert keeping.follow_artist(deps, visitor, "FOLLOWED") is False
    keeping.follow_venue(deps, visitor, "Berlin", "My Hall")
    seen = board(deps, visitor)
    kinds = {
        title: [type(one) for one in card.fitness.reasons]
        for title, card in zip(titles(seen.for_you), seen.for_you, strict=True)
    }
    assert Followed in kinds["Followed"]
    assert VenueFollowed in kinds["Other"]
    assert "Neither" not in kinds


def test_a_tribute_to_somebody_played_is_no_reason(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Queen", 3)] * 9)
    store(deps, gig("Queen", title="Queen Tribute Night", genres=()))
    [card] = board(deps, visitor).everything
    assert not any(isinstance(reason, Heard) for reason in card.fitness.reasons)


def test_nobody_gets_somebody_elses_reasons(deps: Deps, tmp_path: Path) -> None:
    heard(deps, a_person(deps), tmp_path, [("Mitski", 10)] * 4)
    store(deps, gig("Mitski"))
    for other in (Visitor(), a_person(deps)):
        seen = board(deps, other)
        assert (seen.for_you, seen.has_plays) == ((), False)


def test_podcasts_and_short_rows_are_no_plays_of_a_performer(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Mitski", 10)])
    [event_id] = store(deps, gig("Mitski", "Nobody"))
    acts = events.event(deps, visitor, event_id, NOWHERE).performers
    assert [(act.name, act.plays) for act in acts] == [("Mitski", 1), ("Nobody", 0)]


# Sponsored ----------------------------------------------------------------------------------------


def test_sponsored_shows_are_those_aimed_at_everybody_and_within_the_search(deps: Deps) -> None:
    ids = store(deps, gig("Paid"), gig("Aimed"), gig("Plain"), gig("Late", on=60))
    promote(deps, ids[0], is_sponsored=True)
    promote(deps, ids[1], is_sponsored=True, targeting={"countries": ["FR"]})
    promote(deps, ids[2])
    promote(deps, ids[3], is_sponsored=True)
    seen = board(deps, end_on=TODAY + timedelta(days=30))
    assert titles(seen.sponsored) == ["Paid"]


# Saved --------------------------------------------------------------------------------------------


def test_saving_is_idempotent_over_all_listings_of_a_show(deps: Deps) -> None:
    visitor, pair = a_person(deps), store(deps, gig("Xenia"), gig("Xenia", source=EventSource.JAMBASE))
    tie(deps, *pair)
    assert keeping.save(deps, visitor, pair[1]) is True
    assert keeping.save(deps, visitor, pair[0]) is False
    assert len(events.saved(deps, visitor, NOWHERE)) == 1
    assert keeping.unsave(deps, visitor, pair[0]) is True
    assert keeping.unsave(deps, visitor, pair[0]) is False


def test_a_save_from_before_two_listings_were_tied_holds_for_both(deps: Deps) -> None:
    visitor, pair = a_person(deps), store(deps, gig("Xenia"), gig("Xenia", source=EventSource.JAMBASE))
    keeping.save(deps, visitor, pair[0])
    keeping.save(deps, visitor, pair[1])
    tie(deps, *pair)
    assert len(events.saved(deps, visitor, NOWHERE)) == 1
    keeping.unsave(deps, visitor, pair[1])
    assert events.saved(deps, visitor, NOWHERE) == ()


def test_saved_shows_stay_when_they_are_cancelled_gone_or_over(deps: Deps, clock: Clock) -> None:
    visitor = a_person(deps)
    show = gig("Cancelled", on=3)
    ids = store(deps, show, gig("Soon", on=1), gig("Later", on=9))
    for event_id in ids:
        keeping.save(deps, visitor, event_id)
    store(deps, replace(show, status=EventStatus.CANCELLED))
    clock.advance(days=2)
    cards = events.saved(deps, visitor, NOWHERE)
    assert [(title, card.is_over) for title, card in zip(titles(cards), cards, strict=True)] == [
        ("Cancelled", False),
        ("Later", False),
        ("Soon", True),
    ]
    assert cards[0].show.listing.status is EventStatus.CANCELLED
    assert sorted(events.saved_on(deps, visitor)) == sorted(card.show.listing.start_on for card in cards)


def test_nobody_sees_or_changes_what_others_saved(deps: Deps) -> None:
    visitor, other = a_person(deps), a_person(deps)
    [event_id] = store(deps, gig("Xenia"))
    keeping.save(deps, visitor, event_id)
    assert events.saved(deps, other, NOWHERE) == ()
    assert events.saved_on(deps, other) == ()
    assert board(deps, other).everything[0].is_saved is False
    assert keeping.unsave(deps, other, event_id) is False
    assert board(deps, visitor).everything[0].is_saved is True


@pytest.mark.parametrize(("visitor", "error"), [(Visitor(), SignInNeeded), (Visitor.demo(1), AccessDenied)])
def test_only_people_with_an_account_keep_anything(deps: Deps, visitor: Visitor, error: type[Exception]) -> None:
    [event_id] = store(deps, gig("Xenia"))
    acts = (
        lambda: keeping.save(deps, visitor, event_id),
        lambda: keeping.unsave(deps, visitor, event_id),
        lambda: events.saved(deps, visitor, NOWHERE),
        lambda: keeping.add_tag(deps, visitor, event_id, "x"),
        lambda: keeping.remove_tag(deps, visitor, event_id, "x"),
        lambda: keeping.follow_artist(deps, visitor, "x"),
        lambda: keeping.follow_venue(deps, visitor, "x", "y"),
        lambda: whereabouts.set_whereabouts(deps, visitor, BERLIN_ID, 50),
    )
    for act in acts:
        with pytest.raises(error):
            act()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_every_role_with_an_account_can_save(deps: Deps, role: Role) -> None:
    [event_id] = store(deps, gig("Xenia"))
    assert keeping.save(deps, a_person(deps, role), event_id) is True


@pytest.mark.parametrize("event_id", [0, -1, 4711, 1 << 63, 10**30])
def test_an_event_nobody_knows_is_not_found(deps: Deps, event_id: int) -> None:
    with pytest.raises(NotFound):
        events.event(deps, Visitor(), event_id, NOWHERE)


def test_a_name_of_many_acts_keeps_its_order_without_plays(deps: Deps) -> None:
    acts = tuple(f"Act {number:03d}" for number in range(100))
    [event_id] = store(deps, gig(*acts, performers=tuple(Performer(name) for name in acts)))
    assert [act.name for act in events.event(deps, Visitor(), event_id, NOWHERE).performers] == list(acts)
