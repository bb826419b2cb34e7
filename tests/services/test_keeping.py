"""Tags, follows, places, and finishing a save that was begun before signing in."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import EventSource
from rewrapped.domain.following import Followed
from rewrapped.errors import InvalidInput, NotFound
from rewrapped.services import accounts, browsers, events, keeping, whereabouts
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import follows, saves
from rewrapped.storage.tables import follows as follows_table
from rewrapped.storage.tables import saved_events, user_preferences, user_tags
from tests.conftest import Clock
from tests.gigs import BERLIN_ID, a_person, gig, store, tie


def test_a_tag_is_shown_to_others_only_once_five_people_gave_it(deps: Deps) -> None:
    pair = store(deps, gig("Xenia"), gig("Xenia", source=EventSource.JAMBASE))
    tie(deps, *pair)
    people = [a_person(deps) for _ in range(5)]
    for number, person in enumerate(people[:4]):
        assert keeping.add_tag(deps, person, pair[number % 2], "  #Loud\n") == "loud"
        keeping.add_tag(deps, person, pair[0], "loud")
    assert keeping.tags(deps, Visitor(), pair[0]).shared == {}
    assert keeping.tags(deps, people[0], pair[1]).own == ("loud",)
    keeping.add_tag(deps, people[4], pair[0], "LOUD")
    assert keeping.tags(deps, Visitor(), pair[0]).shared == {"loud": 5}
    keeping.remove_tag(deps, people[0], pair[0], "loud")
    assert keeping.tags(deps, people[0], pair[0]) == keeping.Tags((), {})


@pytest.mark.parametrize("text", ["", " # ", "x" * 41, "\u202e"])
def test_what_is_no_tag_is_refused(deps: Deps, text: str) -> None:
    [event_id] = store(deps, gig("Xenia"))
    with pytest.raises(InvalidInput):
        keeping.add_tag(deps, a_person(deps), event_id, text)


def test_tags_of_one_person_are_bounded(deps: Deps) -> None:
    [event_id] = store(deps, gig("Xenia"))
    visitor = a_person(deps)
    for number in range(keeping.TAGS_MAX):
        keeping.add_tag(deps, visitor, event_id, f"tag {number}")
    keeping.add_tag(deps, visitor, event_id, "tag 0")
    with pytest.raises(InvalidInput):
        keeping.add_tag(deps, visitor, event_id, "one more")


def test_following_can_be_taken_back(deps: Deps) -> None:
    visitor = a_person(deps)
    keeping.follow_artist(deps, visitor, "Mitski")
    keeping.follow_venue(deps, visitor, "Berlin", "Hall")
    assert [(one.kind, one.name) for one in keeping.list_follows(deps, visitor)] == [
        (Followed.VENUE, "Hall, Berlin"),
        (Followed.ARTIST, "Mitski"),
    ]
    assert keeping.unfollow(deps, visitor, Followed.ARTIST, keeping.artist_id("mitski")) is True
    assert keeping.unfollow(deps, visitor, Followed.ARTIST, keeping.artist_id("mitski")) is False
    with deps.engine.connect() as conn:
        key = keeping.venue_id("BERLIN", "hall")
        assert [one.key for one in follows.list_follows(conn, visitor.signed_in()) if one.kind is Followed.VENUE] == [
            key
        ]


def test_savers_are_found_by_any_listing_of_the_show(deps: Deps) -> None:
    pair = store(deps, gig("Xenia"), gig("Xenia", source=EventSource.JAMBASE))
    people = [a_person(deps), a_person(deps)]
    for event_id, person in zip(pair, people, strict=True):
        keeping.save(deps, person, event_id)
    tie(deps, *pair)
    with deps.engine.connect() as conn:
        for event_id in pair:
            assert saves.list_savers(conn, event_id) == sorted(person.signed_in() for person in people)


def test_a_place_is_kept_until_it_is_taken_away(deps: Deps) -> None:
    visitor = a_person(deps)
    assert whereabouts.whereabouts(deps, visitor) == Whereabouts()
    whereabouts.set_whereabouts(deps, visitor, BERLIN_ID, 120)
    told = whereabouts.whereabouts(deps, visitor)
    assert told.place is not None
    assert (told.place.name, told.radius_km) == ("Berlin", 120)
    assert whereabouts.whereabouts(deps, a_person(deps)).place is None
    whereabouts.set_whereabouts(deps, visitor, None, 120)
    assert whereabouts.whereabouts(deps, visitor).place is None


@pytest.mark.parametrize(("place_id", "radius_km"), [(1, 50), (BERLIN_ID, 0), (BERLIN_ID, 501)])
def test_a_place_or_radius_that_cannot_be_is_refused(deps: Deps, place_id: int, radius_km: int) -> None:
    with pytest.raises(InvalidInput):
        whereabouts.set_whereabouts(deps, a_person(deps), place_id, radius_km)


def test_a_save_is_finished_only_in_the_browser_it_was_begun_in(deps: Deps, clock: Clock) -> None:
    visitor, visit, strangers = a_person(deps), browsers.new_visit(deps.site), browsers.new_visit(deps.site)
    [event_id, other] = store(deps, gig("Xenia"), gig("Other"))
    ticket = browsers.save_ticket(deps.site, visit, event_id, deps.now())
    for refused in (
        (visitor, event_id, strangers, ticket),
        (visitor, event_id, None, ticket),
        (visitor, other, visit, ticket),
        (visitor, event_id, visit, ticket[:-1] + ("0" if ticket[-1] != "0" else "1")),
        (visitor, event_id, visit, "9" + ticket),
        (visitor, event_id, visit, "."),
        (Visitor(), event_id, visit, ticket),
        (Visitor.demo(1), event_id, visit, ticket),
    ):
        assert keeping.finish_save(deps, *refused) is False
    assert events.saved(deps, visitor, Whereabouts()) == ()
    assert keeping.finish_save(deps, visitor, event_id, visit, ticket) is True
    assert len(events.saved(deps, visitor, Whereabouts())) == 1
    clock.advance(hours=1, seconds=1)
    assert keeping.finish_save(deps, visitor, event_id, visit, ticket) is False


def test_saving_an_event_that_is_not_there_is_refused(deps: Deps) -> None:
    with pytest.raises(NotFound):
        keeping.save(deps, a_person(deps), 4711)


def test_what_somebody_kept_goes_with_their_account(deps: Deps) -> None:
    visitor = a_person(deps)
    [event_id] = store(deps, gig("Xenia"))
    keeping.save(deps, visitor, event_id)
    keeping.add_tag(deps, visitor, event_id, "mine")
    keeping.follow_artist(deps, visitor, "Xenia")
    whereabouts.set_whereabouts(deps, visitor, BERLIN_ID, 50)
    accounts.delete_person(deps, visitor.signed_in())
    with deps.engine.connect() as conn:
        for table in (saved_events, user_tags, follows_table, user_preferences):
            assert conn.scalar(select(func.count()).select_from(table)) == 0, table.name
