"""A promoter's listing beside somebody else's of the same show: it adds to it, and takes nothing over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.domain.notices import Kind
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.domain.shows import Search, Show
from rewrapped.services import accounts, events, interactions, keeping, notices, preferences, promoting
from rewrapped.services.interactions import Onlooker
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import events as stored
from tests.conftest import Clock
from tests.gigs import store
from tests.promoters import DRAFT, draft, person

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
EVIL = draft(
    title="Buy real tickets at evil.example",
    description="The **only** real tickets: [here](https://evil.example)",
    line_up="The Headliner\nA Support\nA Guest",
    ticket_url="https://evil.example/tickets",
    genres=("techno", "house"),
)


def show(deps: Deps, event_id: int) -> Show:
    return events.event(deps, Visitor(), event_id, Whereabouts()).show


def told(deps: Deps, visitor: Visitor) -> list[str]:
    return [message.body for message in reversed(notices.list_messages(deps, visitor))]


def sellers(deps: Deps, event_id: int) -> list[str]:
    return [sale.offer.seller for sale in show(deps, event_id).sales]


def from_outside(deps: Deps, owner: Visitor, **values: object) -> int:
    """Let Ticketmaster list the same show as DRAFT, with less to say of it; return its id."""
    own_id = promoting.create(deps, owner, DRAFT)
    own = promoting.find_event(deps, owner, own_id).event.listing
    told = {"source": EventSource.TICKETMASTER, "source_id": "t1", "title": "The Headliner", "doors_time": None}
    offers = (replace(own.offers[0], seller="Ticketmaster", url="https://ticketmaster.example/1"),)
    plain = replace(own, **{**told, "offers": offers, "attribution": "Ticketmaster", "genres": (), **values})
    [event_id] = store(deps, plain)
    return event_id


@pytest.fixture
def rival(deps: Deps) -> Visitor:
    return person(deps, Role.PROMOTER)


@pytest.fixture
def outside(deps: Deps) -> int:
    """Return the id of a show that Ticketmaster alone lists."""
    nobody = person(deps, Role.PROMOTER)
    event_id = from_outside(deps, nobody)
    [own] = promoting.list_events(deps, nobody)
    promoting.edit(deps, nobody, own.id, draft(start_on=date(2027, 6, 1)))  # out of the way
    return event_id


# Two promoters ------------------------------------------------------------------------------------


def test_two_promoters_events_are_never_one_show(deps: Deps, rival: Visitor) -> None:
    owner, fan = person(deps, Role.PROMOTER), person(deps)
    own_id = promoting.create(deps, owner, DRAFT)
    keeping.save(deps, fan, own_id)
    evil_id = promoting.create(deps, rival, EVIL)
    assert (show(deps, own_id).listing.title, sellers(deps, own_id)) == ("Harbour Nights", ["tickets.example.org"])
    promoting.edit(deps, rival, evil_id, replace(EVIL, start_time=time(21)))
    promoting.cancel(deps, rival, evil_id)
    assert show(deps, own_id).listing.status is EventStatus.SCHEDULED
    assert show(deps, evil_id).listing.status is EventStatus.CANCELLED
    assert told(deps, fan) == []


def test_another_source_doesnt_bring_two_promoters_together_and_the_older_event_keeps_its_place(
    deps: Deps, rival: Visitor
) -> None:
    owner = person(deps, Role.PROMOTER)
    outside = from_outside(deps, owner, start_time=time(20))
    [own] = promoting.list_events(deps, owner)
    evil_id = promoting.create(deps, rival, replace(EVIL, start_time=time(20)))  # nearer to Ticketmaster's time
    promoting.edit(deps, owner, own.id, DRAFT)
    assert show(deps, own.id).group == show(deps, outside).group != show(deps, evil_id).group
    assert sellers(deps, outside) == ["Ticketmaster", "tickets.example.org"]
    assert sellers(deps, evil_id) == ["evil.example"]


def test_events_of_promoters_who_left_are_not_taken_for_one_promoters(deps: Deps) -> None:
    ids = []
    for _ in range(2):
        owner = person(deps, Role.PROMOTER)
        ids.append(promoting.create(deps, owner, DRAFT))
        accounts.delete_person(deps, owner.signed_in())
    promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)  # ties the day anew
    assert len({show(deps, event_id).group for event_id in ids}) == 2


def test_one_promoters_two_listings_of_a_show_are_still_one(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    pair = [promoting.create(deps, owner, DRAFT) for _ in range(2)]
    assert {show(deps, event_id).id for event_id in pair} == {pair[0]}


# Another source -----------------------------------------------------------------------------------


def test_beside_another_source_a_promoters_listing_adds_offer_and_description_alone(
    deps: Deps, rival: Visitor, outside: int
) -> None:
    before = show(deps, outside)
    evil_id = promoting.create(deps, rival, EVIL)
    after = show(deps, evil_id)
    assert (after.id, after.listing) == (outside, before.listing)
    assert [sale.offer.seller for sale in after.sales] == ["Ticketmaster", "evil.example"]
    assert [credit.source for credit in after.credits] == [EventSource.TICKETMASTER, EventSource.INTERNAL]
    assert events.description(deps, after) == EVIL.description


def test_whichever_was_listed_first_the_other_source_leads(deps: Deps, rival: Visitor) -> None:
    event_id = from_outside(deps, rival)
    [own] = promoting.list_events(deps, rival)
    assert own.id < event_id
    promoting.edit(deps, rival, own.id, EVIL)
    found = show(deps, own.id)
    assert (found.id, found.listing.title) == (event_id, "The Headliner")
    assert [sale.offer.seller for sale in found.sales] == ["Ticketmaster", "evil.example"]


def test_a_show_that_its_source_no_longer_lists_stays_its_sources(deps: Deps, rival: Visitor, outside: int) -> None:
    evil_id = promoting.create(deps, rival, EVIL)
    with deps.engine.begin() as conn:
        conn.execute(stored.events.update().where(stored.events.c.id == outside).values(gone_at=deps.now()))
    found = show(deps, evil_id)
    assert (found.id, found.listing.title, found.is_gone) == (outside, "The Headliner", False)


def test_whoever_saved_another_sources_listing_is_told_nothing_by_a_promoter(
    deps: Deps, rival: Visitor, outside: int
) -> None:
    before, after = person(deps), person(deps)
    keeping.save(deps, before, outside)
    evil_id = promoting.create(deps, rival, EVIL)
    keeping.save(deps, after, show(deps, evil_id).id)  # as the cards do
    promoting.edit(deps, rival, evil_id, replace(EVIL, start_time=time(21)))
    promoting.cancel(deps, rival, evil_id)
    assert (told(deps, before), told(deps, after)) == ([], [])
    found = show(deps, outside)
    assert (found.listing.status, [sale.offer.seller for sale in found.sales]) == (
        EventStatus.SCHEDULED,
        ["Ticketmaster"],
    )
    assert show(deps, evil_id).listing.status is EventStatus.CANCELLED


def test_whoever_saved_the_promoters_own_listing_is_told_also_after_it_was_tied(deps: Deps, outside: int) -> None:
    owner, before, after, elsewhere = person(deps, Role.PROMOTER), person(deps), person(deps), person(deps)
    own_id = promoting.create(deps, owner, draft(start_on=date(2026, 12, 20)))
    keeping.save(deps, before, own_id)
    promoting.edit(deps, owner, own_id, DRAFT)
    assert show(deps, own_id).id == outside
    keeping.save(deps, after, own_id)  # by the promoter's own link
    keeping.save(deps, elsewhere, outside)
    promoting.cancel(deps, owner, own_id)
    assert told(deps, before)[-1].endswith("it is called off.")
    assert told(deps, after) == ["Harbour Nights: it is called off."]
    assert told(deps, elsewhere) == []
    saved = events.saved(deps, after, Whereabouts())
    assert [card.show.listing.status for card in saved] == [EventStatus.CANCELLED]


def test_a_promoters_fuller_line_up_brings_another_sources_show_before_nobody_else(
    deps: Deps, rival: Visitor, outside: int
) -> None:
    promoting.create(deps, rival, replace(EVIL, line_up="The Headliner\nSomebody Famous"))
    wanted = Search(start_on=date(2026, 12, 1), end_on=date(2026, 12, 31), artist="Somebody Famous")
    assert events.board(deps, Visitor(), wanted, Whereabouts()).total == 0
    whole = events.board(deps, Visitor(), replace(wanted, artist=""), Whereabouts())
    assert (whole.total, [card.show.id for card in whole.everything]) == (1, [outside])
    assert [act for spot in whole.spots for _, act in spot.bill.performers] == ["The Headliner", "A Support"]


def test_a_sponsored_listing_beside_another_sources_is_found_as_the_one_show(deps: Deps, outside: int) -> None:
    promoting.create(deps, person(deps, Role.PROMOTER), draft(is_sponsored=True))
    wanted = Search(start_on=date(2026, 12, 1), end_on=date(2026, 12, 31))
    found = events.board(deps, Visitor(), wanted, Whereabouts())
    assert [card.show.id for card in found.sponsored] == [outside]


def test_what_people_do_counts_for_the_show_and_its_promoter_and_clicks_where_they_lead(
    deps: Deps, rival: Visitor, outside: int
) -> None:
    own_id = promoting.create(deps, rival, EVIL)
    somebody = Onlooker(person(deps), None, FIREFOX)
    for kind in (Interaction.IMPRESSION, Interaction.VIEW, Interaction.SAVE):
        assert interactions.record(deps, somebody, outside, kind, Placement.DIRECT) is True
        assert interactions.record(deps, somebody, own_id, kind, Placement.DIRECT) is False
    assert interactions.record(deps, somebody, outside, Interaction.CLICK, Placement.DIRECT) is True
    assert counts(deps, own_id) == {Interaction.IMPRESSION: 1, Interaction.VIEW: 1, Interaction.SAVE: 1}
    assert interactions.record(deps, somebody, own_id, Interaction.CLICK, Placement.DIRECT) is True
    assert counts(deps, own_id)[Interaction.CLICK] == counts(deps, outside)[Interaction.CLICK] == 1


def counts(deps: Deps, event_id: int) -> dict[Interaction, int]:
    from sqlalchemy import func, select

    from rewrapped.storage.tables import event_interactions as table

    query = select(table.c.kind, func.count()).where(table.c.event_id == event_id).group_by(table.c.kind)
    with deps.engine.connect() as conn:
        return {Interaction(kind): count for kind, count in conn.execute(query)}


# Floods -------------------------------------------------------------------------------------------


def test_many_changes_are_one_message_that_tells_how_it_is_now(deps: Deps, clock: Clock) -> None:
    owner, fan = person(deps, Role.PROMOTER), person(deps)
    own_id = promoting.create(deps, owner, DRAFT)
    keeping.save(deps, fan, own_id)
    promoting.edit(deps, owner, own_id, draft(start_on=date(2026, 12, 13)))
    first = notices.take_messages(deps, fan)
    notices.mark_read(deps, fan, first[0].id)
    for minute in range(25):
        clock.advance(minutes=10)
        promoting.edit(deps, owner, own_id, draft(start_on=date(2026, 12, 13), start_time=time(21, minute)))
    now = "it is on Sunday, 13 December 2026, begins at 21:24, and is at Doca de Santo Amaro in Lisbon."
    assert told(deps, fan) == [f"Harbour Nights has changed several times. Now {now}"]
    assert notices.count_unread(deps, fan) == 1  # it says something new
    assert notices.take_messages(deps, fan) == []  # and pops up no second time
    promoting.cancel(deps, owner, own_id)
    assert told(deps, fan) == ["Harbour Nights: it is called off."]
    assert len(notices.take_messages(deps, fan)) == 1  # which nobody may miss


def test_whoever_switched_such_messages_off_is_not_sent_the_rest(deps: Deps) -> None:
    owner, fan = person(deps, Role.PROMOTER), person(deps)
    own_id = promoting.create(deps, owner, DRAFT)
    keeping.save(deps, fan, own_id)
    promoting.edit(deps, owner, own_id, draft(start_time=time(21)))
    preferences.set_told(deps, fan, Kind.EVENT, is_told=False)
    promoting.edit(deps, owner, own_id, draft(start_time=time(22)))
    assert told(deps, fan) == ["Harbour Nights: it begins at 21:00 now."]


def test_a_change_after_some_hours_is_a_message_of_its_own(deps: Deps, clock: Clock) -> None:
    owner, fan = person(deps, Role.PROMOTER), person(deps)
    own_id = promoting.create(deps, owner, DRAFT)
    keeping.save(deps, fan, own_id)
    for at in (time(21), time(22)):
        promoting.edit(deps, owner, own_id, draft(start_time=at))
        clock.advance(hours=6, seconds=1)
    assert told(deps, fan) == [f"Harbour Nights: it begins at {hour}:00 now." for hour in (21, 22)]
